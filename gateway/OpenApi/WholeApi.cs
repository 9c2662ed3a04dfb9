using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Gateway.Forwarding;
using Outdial.Platform;

namespace Outdial.Gateway.OpenApi;

/// <summary>
/// The description of the whole API at <c>/openapi/v1.json</c>, put together from the services' own and kept for a while: asking for it costs
/// the services nothing, and so it is open to all.
/// </summary>
internal sealed class WholeApi
{
    public const string Path = "/openapi/v1.json";

    private static readonly TimeSpan KeptWhole = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeptWithGaps = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Readable = new(
        JsonSerializerDefaults.Web)
    { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ApiDescription _own;
    private readonly AnyReplica _services;
    private readonly Kept<Document> _kept;

    public WholeApi(ApiDescription own, AnyReplica services, TimeProvider clock)
    {
        (_own, _services) = (own, services);
        _kept = new(MakeAsync, made => made.IsWhole ? KeptWhole : KeptWithGaps, clock);
    }

    public async Task<byte[]> GetAsync(CancellationToken cancel) => (await _kept.GetAsync(cancel)).Json;

    private async Task<Document> MakeAsync()
    {
        var said = await Task.WhenAll(_services.Services.Select(async service =>
            (Service: service, Document: await _services.GetAsync<JsonObject>(service, Path, null, null, CancellationToken.None))));
        var whole = new MergedDocument(JsonNode.Parse(await _own.GetAsync())!.AsObject());
        foreach (var (service, described) in said.Where(one => one.Document is not null))
            whole.Add(service, described!);
        var missing = said.Where(one => one.Document is null).Select(one => one.Service).ToList();
        whole.Lacks(missing);
        return new(Encoding.UTF8.GetBytes(whole.Root.ToJsonString(Readable)), missing.Count == 0);
    }

    /// <param name="Json">As it is sent.</param>
    /// <param name="IsWhole">Every service was asked and answered.</param>
    private sealed record Document(byte[] Json, bool IsWhole);
}

internal static class WholeApiEndpoint
{
    /// <summary>In the place of the document that every service has there.</summary>
    public static void MapWholeApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet(WholeApi.Path, async (WholeApi api, CancellationToken cancel) => TypedResults.Bytes(await api.GetAsync(cancel), "application/json"))
            .OpenWithinLimits();
}
