using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Outdial.Platform.OpenApi;

namespace Outdial.Platform;

/// <summary>
/// The description of the HTTP API of this process, at <c>/openapi/v1.json</c>. Made once: it says what was built, and making it costs more than
/// any request of the API.
/// </summary>
public sealed class ApiDescription
{
    private const string Name = "v1";

    private static readonly JsonSerializerOptions Readable =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Kept<byte[]> _kept;

    public ApiDescription([FromKeyedServices(Name)] IOpenApiDocumentProvider provider) =>
        _kept = new(() => WriteAsync(provider), TimeSpan.MaxValue, TimeProvider.System);

    /// <summary>OpenAPI 3.1 as JSON.</summary>
    public Task<byte[]> GetAsync(CancellationToken cancel = default) => _kept.GetAsync(cancel);

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        document.Servers = null;   // it holds where it was read, by whatever name
        var root = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
        FinishedDocument.Finish(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString(Readable));
    }

    internal static void Describe(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = info => info.Type == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        options.AddOperationTransformer(DescribedOperations.Describe);
        options.AddSchemaTransformer(DescribedSchemas.Describe);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Outdial",
                Version = ProductVersion.Short,
                Description = "Outbound call campaigns. Errors are RFC 9457 problem details. What a request holds and nobody would read is refused by name: "
                    + "a field, a query parameter, a value of a closed set.",
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

    internal static bool Has(string document) => document == Name;

    internal static void Add(IServiceCollection services)
    {
        services.AddSingleton<ApiDescription>();
        services.AddOpenApi(Name, Describe);
    }
}

internal static class ApiDescriptionEndpoint
{
    public static void AddApiDescription(this IServiceCollection services) => ApiDescription.Add(services);

    /// <summary>Maps the document. A literal <c>/openapi/v1.json</c> stands before it, for a process that has a better one.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi/{document}.json", async (string document, ApiDescription own, CancellationToken cancel) =>
            ApiDescription.Has(document) ? Results.Bytes(await own.GetAsync(cancel), "application/json") : ApiProblem.NotFound("API", document))
            .OpenWithinLimits();
}
