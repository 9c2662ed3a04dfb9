using Microsoft.Extensions.Options;
using Outdial.Providers.PortaSwitch.Session;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>The configured accounts as providers.</summary>
internal sealed class PortaSwitchProviders(IOptions<PortaSwitchAccounts> accounts, IHttpClientFactory http, TimeProvider clock) : IProviderAccounts
{
    public IReadOnlyList<ITelephonyProvider> All { get; } = [.. accounts.Value.ByName.Select(named =>
    {
        var requests = new PortaRequests(named.Value, http, clock);
        return new PortaSwitchClient(named.Key, named.Value, requests, new PortaSession(named.Value, requests, clock));
    })];
}
