using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace Outdial.Gateway.Routing;

/// <summary>
/// Finds the replicas behind a name: each address that DNS has for it is one, such as a pod of a headless service or a container of a scaled
/// one. In the place of Microsoft.Extensions.ServiceDiscovery.Dns.
/// </summary>
internal sealed class DnsReplicas(IOptions<GatewayOptions> options) : IServiceEndpointProviderFactory
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _known = new(StringComparer.OrdinalIgnoreCase);

    private TimeSpan LookUpAgain => options.Value.Health.LookUp;

    /// <summary>Asks for the addresses of a host, as <see cref="Dns"/> does.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Ask { get; init; } = Dns.GetHostAddressesAsync;

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = Uri.TryCreate(query.ToString(), UriKind.Absolute, out var address) && address.HostNameType == UriHostNameType.Dns
            ? new Name(this, address.IdnHost, address.Port)
            : null;
        return provider is not null;
    }

    /// <summary>The addresses of a host; none when there is nobody of that name, or the answer is not known.</summary>
    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancel)
    {
        try
        {
            return _known[host] = await Ask(host, cancel).WaitAsync(options.Value.Health.Timeout, TimeProvider.System, cancel);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            _known.TryRemove(host, out _);   // what was its address may be a stranger's by now
            return [];
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return _known.GetValueOrDefault(host, []);   // the replicas are where they were, though nobody can say so
        }
    }

    private sealed class Name(DnsReplicas replicas, string host, int port) : IServiceEndpointProvider
    {
        public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            if (endpoints.Endpoints.Count > 0)
                return;   // somebody before us knows better
            foreach (var address in await replicas.LookUpAsync(host, cancellationToken))
                endpoints.Endpoints.Add(ServiceEndpoint.Create(new IPEndPoint(address, port)));
            // The proxy asks again when it fires, in real time.
            endpoints.AddChangeToken(new CancellationChangeToken(new CancellationTokenSource(replicas.LookUpAgain, TimeProvider.System).Token));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
