using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// Finds the client's address behind trusted load balancers, before anything else looks at it. Without <c>Gateway:TrustedProxies</c> the
/// header <c>X-Forwarded-For</c> is a claim of a stranger and not read at all.
/// </summary>
internal sealed class ClientAddresses(IOptions<GatewayOptions> options) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options.Value.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Trusting(options.Value.TrustedProxies));
        next(app);
    };

    private static ForwardedHeadersOptions Trusting(List<string> ranges)
    {
        // As many hops as are trusted: the first address that no trusted proxy vouches for is the client's.
        var trusting =
            new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        trusting.KnownProxies.Clear();
        trusting.KnownIPNetworks.Clear();
        foreach (var range in ranges)
            trusting.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(range));
        return trusting;
    }
}
