using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Outdial.Platform;

/// <summary>The description of the HTTP API, at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiDocument
{
    private const string Name = "v1";

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<OwnDocument>();
        services.AddOpenApi(Name, Describe);
    }

    /// <summary>Maps the document. A literal <c>/openapi/v1.json</c> stands before it, for a process that has a better one.</summary>
    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi/{document}.json", async (string document, OwnDocument own, CancellationToken cancel) =>
            document == Name ? Results.Bytes(await own.GetAsync(cancel), "application/json") : ApiProblem.NotFound("API", document)).OpenWithinLimits();

    private static void Describe(OpenApiOptions options)
    {
        // A type that reads itself is described as a text and no more.
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var asked in context.Description.ParameterDescriptions)
            {
                var type = asked.ParameterDescriptor?.ParameterType;
                if ((type == typeof(QueryInstant) || type == typeof(QueryInstant?))
                    && operation.Parameters?.FirstOrDefault(parameter => parameter.Name == asked.Name)?.Schema is OpenApiSchema schema)
                    (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
            }
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = context.JsonTypeInfo.Type;
            if (type == typeof(TimeSpan) || type == typeof(TimeSpan?))
                (schema.Type, schema.Pattern) = (type == typeof(TimeSpan) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null,
                    DurationJson.Pattern);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Outdial",
                Version = ProductVersion.Short,
                Description = "Outbound call campaigns. Errors are RFC 9457 problem details.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.HeaderName,
            };
            document.Security =
                [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyAuthentication.SchemeName, document)] = [] }];
            return Task.CompletedTask;
        });
    }

    /// <summary>Made once: it says what was built, and making it costs more than any request of the API.</summary>
    private sealed class OwnDocument([FromKeyedServices(Name)] IOpenApiDocumentProvider provider)
    {
        private readonly Kept<byte[]> _kept = new(() => WriteAsync(provider), TimeSpan.MaxValue, TimeProvider.System);

        public Task<byte[]> GetAsync(CancellationToken cancel) => _kept.GetAsync(cancel);

        private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
        {
            var document = await provider.GetOpenApiDocumentAsync();
            document.Servers = null;   // it holds where it was read, by whatever name
            return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
        }
    }
}
