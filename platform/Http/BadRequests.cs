using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
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
        if (error.StatusCode == StatusCodes.Status415UnsupportedMediaType)
            return ApiProblem.Of(error.StatusCode, ErrorAnswers.NoSuchContent(request));
        if (error.StatusCode != StatusCodes.Status400BadRequest)
            return ApiProblem.Of(error.StatusCode, error.Message);
        if (error.InnerException is JsonException json)
            return ApiProblem.Invalid(await ExplainAsync(json, request));
        if (BindingFailure().Match(error.Message) is { Success: true } failed)
            return ApiProblem.Invalid(
                AsSent(failed.Groups["name"].Value, request), failed.Groups["value"].Value, ExpectedValues.Of(failed.Groups["type"].Value));
        if (MissingParameter().Match(error.Message) is { Success: true } missing && missing.Groups["source"].Value != "body")
            return ApiProblem.Invalid(AsSent(missing.Groups["name"].Value, request), null, ExpectedValues.Of(missing.Groups["type"].Value));
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
        return type is not null && StrictBody.Wrong(body.Value, type, json) is { Count: > 0 } found ? found : [Explain(error, body.Value)];
    }

    /// <summary>Of a value that a reader of its own refuses: it says why, or nobody does.</summary>
    private static FieldProblem Explain(JsonException error, JsonElement body)
    {
        var path = (error.Path ?? "$").TrimStart('$').TrimStart('.');
        return new(path.Length == 0 ? "body" : path, Find(body, error.Path ?? "$") is { } value ? StrictBody.Shown(value) : "",
            $"another value ({FirstSentence(error.Message)})");
    }

    /// <summary>A parameter by the name that it has in a query, where the code gives it one of its own.</summary>
    private static string AsSent(string name, HttpRequest request) =>
        ErrorAnswers.EndpointOf(request.HttpContext) is not RouteEndpoint endpoint ? name
            : ApiGroup.KnownQuery.Of(endpoint).Sent.GetValueOrDefault(name, name);

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

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\S+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex BindingFailure();

    [GeneratedRegex("""^Required parameter "(?<type>.+) (?<name>\S+)" was not provided from (?<source>[a-z ]+)\.$""")]
    private static partial Regex MissingParameter();

    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\['(?<name>[^']+)'\]|\[(?<index>\d+)\]")]
    private static partial Regex Step();
}
