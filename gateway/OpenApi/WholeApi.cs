using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Outdial.Gateway.Forwarding;

namespace Outdial.Gateway.OpenApi;

/// <summary>
/// The description of the whole API at <c>/openapi/v1.json</c>, put together from the services' own and kept for a while: asking for it costs
/// the services nothing, and so it is open to all.
/// </summary>
internal sealed class WholeApi([FromKeyedServices(WholeApi.Name)] IOpenApiDocumentProvider own, AnyReplica services, TimeProvider clock) : IDisposable
{
    public const string Path = "/openapi/v1.json";

    private const string Name = "v1";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeptWithGaps = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (byte[] Json, DateTimeOffset Until)? _made;

    public async Task<byte[]> GetAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_made is not { } made || made.Until <= clock.GetUtcNow())
                _made = made = await MakeAsync(cancel);
            return made.Json;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<(byte[] Json, DateTimeOffset Until)> MakeAsync(CancellationToken cancel)
    {
        var said = await Task.WhenAll(services.Services.Select(async service =>
            (Service: service, Document: await services.GetAsync<JsonObject>(service, Path, null, null, cancel))));
        var document = await own.GetOpenApiDocumentAsync(cancel);
        document.Servers = null;   // it holds where it was read, by whatever name
        var whole = new MergedDocument(JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel))!.AsObject());
        foreach (var (service, described) in said.Where(one => one.Document is not null))
            whole.Add(service, described!);
        var missing = said.Where(one => one.Document is null).Select(one => one.Service).ToList();
        whole.Lacks(missing);
        return (System.Text.Encoding.UTF8.GetBytes(whole.Root.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })),
            clock.GetUtcNow() + (missing.Count == 0 ? Kept : KeptWithGaps));
    }

    public void Dispose() => _one.Dispose();
}

internal static class WholeApiEndpoint
{
    /// <summary>In the place of the document that every service has there.</summary>
    public static void MapWholeApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(WholeApi.Path, async (WholeApi api, CancellationToken cancel) => TypedResults.Bytes(await api.GetAsync(cancel), "application/json"))
            .AllowAnonymous().ExcludeFromDescription();
}
