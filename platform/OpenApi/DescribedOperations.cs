using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Outdial.Platform.OpenApi;

/// <summary>A header that an endpoint reads.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="IsRequired">Without it the request is refused.</param>
/// <param name="Description">What it does.</param>
/// <param name="Example">A value that it may have.</param>
internal sealed record HeaderParameter(string Name, bool IsRequired, string Description, string Example);

/// <summary>What the framework does not know of our operations: their names, what they read by themselves, and how they refuse.</summary>
internal static class DescribedOperations
{
    private const string ProblemType = "application/problem+json";

    public static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var description = context.Description;
        var metadata = description.ActionDescriptor.EndpointMetadata;
        var method = description.HttpMethod ?? "GET";
        operation.OperationId = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName
            ?? OperationNames.Of(method, "/" + description.RelativePath, IsList(description));

        foreach (var asked in description.ParameterDescriptions)
        {
            if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == asked.Name) is OpenApiParameter parameter)
                Describe(parameter, asked, description.RelativePath ?? "");
        }
        foreach (var query in metadata.OfType<QueryParameter>())
            Add(operation, ParameterLocation.Query, query.Name, query.Description, required: false);
        foreach (var header in metadata.OfType<HeaderParameter>())
            Add(operation, ParameterLocation.Header, header.Name, header.Description, header.IsRequired, header.Example);
        if (metadata.OfType<UploadedBody>().LastOrDefault() is { } upload)
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = upload.Description,
                Required = true,
                Content = upload.ContentTypes.ToDictionary(
                    type => type, type => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };

        var problem = context.Document is { } document ? await Problem(document, context, cancel) : null;
        foreach (var (status, why) in Refusals(method, description, metadata, operation))
            Add(operation, status, why, problem);
        Headers(operation, method);
    }

    private static void Describe(OpenApiParameter parameter, ApiParameterDescription asked, string path)
    {
        var type = asked.ParameterDescriptor?.ParameterType;
        if (type == typeof(QueryInstant) || type == typeof(QueryInstant?))
            parameter.Schema = new OpenApiSchema();   // a type that reads itself is referred to, and described nowhere
        if (parameter.Schema is not OpenApiSchema schema)
            return;
        if (type == typeof(QueryInstant) || type == typeof(QueryInstant?))
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");   // a type that reads itself is described as a text and no more
        if (schema.Type is { } kind && kind.HasFlag(JsonSchemaType.Integer))
            (schema.Type, schema.Pattern) = (JsonSchemaType.Integer, null);
        var own = (asked.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
        if ((Nullable.GetUnderlyingType(type ?? typeof(object)) ?? type) == typeof(string))
            schema.Type = JsonSchemaType.String;
        if (own?.GetCustomAttribute<OneOfAttribute>() is { } set)
            DescribedSchemas.Close(schema, set.Values, set.Name);
        if (own?.GetCustomAttribute<RangeAttribute>() is { } range)
            (schema.Minimum, schema.Maximum) = (
                Convert.ToString(range.Minimum, CultureInfo.InvariantCulture), Convert.ToString(range.Maximum, CultureInfo.InvariantCulture));
        parameter.Description ??= asked.Name == "id" ? $"Id of the {OperationNames.Owner(path)}." : WrittenWords.OfParameter(asked.Name);
        parameter.Example ??= WrittenWords.Example(asked.Name, schema);
        if (asked.Name == "limit" && schema.Minimum is null)
            (schema.Minimum, schema.Maximum) = ("1", $"{Paging.MostRows}");
    }

    private static void Add(
        OpenApiOperation operation, ParameterLocation place, string name, string description, bool required, string? example = null)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.Any(parameter => parameter.Name == name))
            return;
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = place,
            Description = description,
            Required = required,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = example ?? WrittenWords.Example(name, null),
        });
    }

    private static bool IsList(Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription description) => description.SupportedResponseTypes.Any(answer =>
        answer is { StatusCode: StatusCodes.Status200OK, Type: { } type } && type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)));

    private static IEnumerable<(int Status, string Why)> Refusals(
        string method, Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription description, IList<object> metadata, OpenApiOperation operation)
    {
        yield return (StatusCodes.Status400BadRequest, "Something in the request is not valid; `errors` names each field, its value and what was expected.");
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            yield return (StatusCodes.Status401Unauthorized, "No key, or one that is not known.");
            yield return (StatusCodes.Status403Forbidden, "The key's role may not do this.");
        }
        if (description.ParameterDescriptions.Any(parameter => parameter.Source.Id == "Path"))
            yield return (StatusCodes.Status404NotFound, "There is no such thing.");
        if (method != "GET")
            yield return (StatusCodes.Status409Conflict, "The state of things forbids it.");
        if (description.ParameterDescriptions.Any(parameter => parameter.Name == HeaderNames.IfMatch))
            yield return (StatusCodes.Status412PreconditionFailed, "It was changed since it was read.");
        if (operation.RequestBody is not null || metadata.OfType<OwnBody>().Any())
        {
            yield return (StatusCodes.Status413PayloadTooLarge, "The body is too large.");
            yield return (StatusCodes.Status415UnsupportedMediaType, "The body is of a type that is not taken here.");
        }
        yield return (StatusCodes.Status429TooManyRequests, "More than the limit allows: ask again after the time in Retry-After.");
        if (metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == StatusCodes.Status502BadGateway))
            yield return (StatusCodes.Status502BadGateway, "The provider could not be asked.");
        yield return (StatusCodes.Status503ServiceUnavailable, "It cannot be answered now, and nothing was done: ask again later.");
    }

    private static void Add(OpenApiOperation operation, int status, string why, IOpenApiSchema? problem)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        operation.Responses ??= [];
        if (operation.Responses.TryGetValue(key, out var known) && known is OpenApiResponse { Content.Count: > 0 } told
            && told.Content.Keys.Any(type => type != ProblemType))
            return;
        operation.Responses[key] = new OpenApiResponse
        {
            Description = why,
            Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new() { Schema = problem } },
        };
    }

    private static void Headers(OpenApiOperation operation, string method)
    {
        foreach (var (status, described) in operation.Responses ?? [])
        {
            if (described is not OpenApiResponse answer)
                continue;
            if (status is "200" && method == "GET" && operation.Parameters?.Any(parameter => parameter.Name == "after") == true
                && operation.Parameters.Any(parameter => parameter.Name == "limit"))
                Header(answer, "Link", "The next page (RFC 8288, rel=\"next\"); a page without it is the last.", JsonSchemaType.String,
                    "</api/v1/campaigns?after=0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a>; rel=\"next\"");
            if (status is "201")
                Header(answer, "Location", "Where it is to be found from now on.", JsonSchemaType.String, "/api/v1/campaigns/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a");
            if (status is "429" or "503")
                Header(answer, "Retry-After", "Seconds until another try makes sense, where that is known.", JsonSchemaType.Integer, 10);
            if (status[0] == '2')   // a problem holds it
                Header(answer, CorrelationIds.HeaderName, "By this id the log knows the request.", JsonSchemaType.String, "0198c1a27b3c7d4e8f5a6b7c8d9e0f1a");
        }
    }

    private static void Header(OpenApiResponse answer, string name, string description, JsonSchemaType type, JsonNode example) =>
        (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] =
            new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type }, Example = example };

    private static async Task<IOpenApiSchema> Problem(OpenApiDocument document, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        const string name = "Problem";
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancel);
            document.AddComponent<IOpenApiSchema>(nameof(FieldProblem), await context.GetOrCreateSchemaAsync(typeof(FieldProblem), null, cancel));
            if (schema.Properties?["errors"] is OpenApiSchema errors)
                errors.Items = new OpenApiSchemaReference(nameof(FieldProblem), document);
            document.AddComponent<IOpenApiSchema>(name, schema);
        }
        return new OpenApiSchemaReference(name, document);
    }
}

/// <summary>Why a request was refused (RFC 9457).</summary>
/// <param name="Type">A page about the kind of refusal.</param>
/// <param name="Title">The kind of refusal.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Detail">What is wrong, in a sentence for people.</param>
/// <param name="CorrelationId">By this id the log knows the request.</param>
/// <param name="Errors">What is wrong with each field; null: it is not about fields.</param>
internal sealed record ProblemDocument(
    string? Type, string? Title, int Status, string? Detail, string? CorrelationId, IReadOnlyList<FieldProblem>? Errors = null);
