using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>
/// Says what is wrong with a request that could not be bound: which field, what it holds, what was expected.
/// ASP.NET and System.Text.Json know all three, but only say so in the sentences of their exceptions.
/// </summary>
internal static partial class BadRequests
{
    public static async Task<ProblemHttpResult> ExplainAsync(HttpRequest request, BadHttpRequestException error)
    {
        if (error.StatusCode != StatusCodes.Status400BadRequest)
            return ApiProblem.Of(error.StatusCode, error.Message);
        if (error.InnerException is JsonException json)
            return ApiProblem.Invalid(await ExplainAsync(json, request));
        if (BindingFailure().Match(error.Message) is { Success: true } failed)
            return ApiProblem.Invalid(failed.Groups["name"].Value, failed.Groups["value"].Value, ExpectedValues.Of(failed.Groups["type"].Value));
        if (MissingParameter().Match(error.Message) is { Success: true } missing)
            return ApiProblem.Invalid(
                missing.Groups["source"].Value == "body" ? "body" : missing.Groups["name"].Value, null, ExpectedValues.Of(missing.Groups["type"].Value));
        return ApiProblem.Invalid("body", null, "a JSON document");
    }

    private static async Task<IReadOnlyList<FieldProblem>> ExplainAsync(JsonException error, HttpRequest request)
    {
        JsonElement? body;
        FieldProblem? wrong;
        try
        {
            (body, wrong) = await JsonText.ReadAsync(request);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException)   // it goes on for too long, or was cut
        {
            (body, wrong) = (null, null);
        }
        if (wrong is not null)
            return [wrong];
        if (body is null)   // nothing, or it was not kept
            return [new FieldProblem("body", $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}", $"valid JSON ({FirstSentence(error.Message)})")];

        var type = ErrorAnswers.EndpointOf(request.HttpContext)?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        var json = request.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var passedOver = type is null ? [] : StrictBody.PassedOver(body.Value, type, json);
        return passedOver.Count > 0 && NotRead().IsMatch(error.Message) ? passedOver : [.. Explain(error, body.Value), .. passedOver];
    }

    private static IReadOnlyList<FieldProblem> Explain(JsonException error, JsonElement body)
    {
        var path = (error.Path ?? "$").TrimStart('$').TrimStart('.');
        if (MissingProperties().Match(error.Message) is { Success: true } missing)
            return [.. Quoted().Matches(missing.Groups["names"].Value).Select(name => new FieldProblem(Join(path, name.Groups[1].Value), null, "a value"))];

        var field = path.Length == 0 ? "body" : path;
        var value = Find(body, error.Path ?? "$")?.GetRawText().Trim('"') ?? "";
        if (error.Message.StartsWith(StorableText.Expected, StringComparison.Ordinal))
            return [new FieldProblem(field, value, StorableText.Expected)];
        return NotNull().IsMatch(error.Message)
            ? [new FieldProblem(field, "null", "a value")]
            : [new FieldProblem(field, value, ExpectedValues.OfValueAt(WantedType().Match(error.Message).Groups["type"].Value, path))];
    }

    private static JsonElement? Find(JsonElement element, string path)
    {
        foreach (Match step in Step().Matches(path))
        {
            var found = element.ValueKind switch
            {
                JsonValueKind.Array when int.TryParse(step.Groups["index"].ValueSpan, out var index) && index < element.GetArrayLength() => element[index],
                JsonValueKind.Object when Property(element, step.Groups["name"].Value) is { } property => property,
                _ => (JsonElement?)null,
            };
            if (found is null)
                return null;
            element = found.Value;
        }
        return element;
    }

    private static JsonElement? Property(JsonElement element, string name)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                return property.Value;
        }
        return null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\S+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex BindingFailure();

    [GeneratedRegex("""^Required parameter "(?<type>.+) (?<name>\S+)" was not provided from (?<source>[a-z ]+)\.$""")]
    private static partial Regex MissingParameter();

    [GeneratedRegex("could not be mapped to any .NET member|^Duplicate propert")]
    private static partial Regex NotRead();

    [GeneratedRegex("missing required properties including: (?<names>.+)")]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("doesn't allow (setting )?null values")]
    private static partial Regex NotNull();

    [GeneratedRegex(@"could not be converted to (?<type>.+?)\. Path:")]
    private static partial Regex WantedType();

    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\['(?<name>[^']+)'\]|\[(?<index>\d+)\]")]
    private static partial Regex Step();
}
