using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Routing;
using Outdial.Platform;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace Outdial.Gateway.Forwarding;

/// <summary>Asks services on the gateway's own behalf: one of the proxy's replicas after the other, until one answers.</summary>
internal sealed class AnyReplica(IOptions<GatewayOptions> options, IProxyStateLookup proxy, IdentityStatements statements) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(Handler(options.Value.Limits.Connect));

    /// <summary>The services that can be asked. The console has nothing of its own.</summary>
    public IReadOnlyList<string> Services =>
        [.. ServiceName.All.Where(service => service != ServiceName.Console && options.Value.AddressesOf(service).Count > 0)];

    /// <param name="who">In whose name; null: nobody's.</param>
    /// <returns>The answer, or null when no replica gave one that can be read.</returns>
    public Task<T?> GetAsync<T>(string service, string path, StatedIdentity? who, string? correlationId, CancellationToken cancel)
        where T : class => AskAsync(service, path, who, correlationId, async (answer, inTime) =>
            answer.StatusCode != HttpStatusCode.OK ? null
            : await JsonSerializer.DeserializeAsync<T>(await answer.Content.ReadAsStreamAsync(inTime), JsonSerializerOptions.Web, inTime), cancel);

    /// <summary>Whether a service has something at the path; null: no replica said it.</summary>
    /// <param name="who">In whose name; null: nobody's.</param>
    public async Task<bool?> HasAsync(string service, string path, StatedIdentity? who, string? correlationId, CancellationToken cancel) =>
        await AskAsync(service, path, who, correlationId, (answer, _) => Task.FromResult(answer.StatusCode switch
        {
            HttpStatusCode.OK => bool.TrueString,
            HttpStatusCode.NotFound => bool.FalseString,
            _ => null,
        }), cancel) is { } said ? said == bool.TrueString : null;

    private async Task<T?> AskAsync<T>(
        string service, string path, StatedIdentity? who, string? correlationId, Func<HttpResponseMessage, CancellationToken, Task<T?>> read,
        CancellationToken cancel) where T : class
    {
        foreach (var replica in Replicas(service))
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            time.CancelAfter(options.Value.Limits.ApiTimeout / 2);   // room for a second replica
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(replica.Address), path));
                request.Headers.Host = replica.Host;   // by which its certificate is checked, too
                if (correlationId is not null)
                    request.Headers.Add(CorrelationIds.HeaderName, correlationId);
                if (who is not null)
                    request.Headers.Add(IdentityStatements.HeaderName, statements.Issue(who, "GET", path));
                using var answer = await _http.SendAsync(request, time.Token);
                if (await read(answer, time.Token) is { } said)
                    return said;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException
                || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Another replica may know.
            }
        }
        return null;
    }

    /// <summary>The API's, those first that are held to be healthy.</summary>
    private IReadOnlyList<DestinationConfig> Replicas(string service)
    {
        if (!proxy.TryGetCluster(ProxyRoutes.ClusterId(new(service, LaneKind.Api)), out var cluster))
            return [];
        var (all, healthy) = (cluster.DestinationsState.AllDestinations, cluster.DestinationsState.AvailableDestinations);
        return [.. healthy.Union(all).Select(replica => replica.Model.Config)];
    }

    private static SocketsHttpHandler Handler(TimeSpan connect)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        Connections.Configure(handler, connect);
        return handler;
    }

    public void Dispose() => _http.Dispose();
}
