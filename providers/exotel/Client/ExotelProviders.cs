using Microsoft.Extensions.Options;

namespace Outdial.Providers.Exotel.Client;

/// <summary>The configured accounts as providers.</summary>
internal sealed class ExotelProviders(IOptions<ExotelAccounts> accounts, IHttpClientFactory http, TimeProvider clock) : IProviderAccounts
{
    public IReadOnlyList<ITelephonyProvider> All { get; } =
        [.. accounts.Value.ByName.Select(account => new ExotelClient(account.Key, account.Value, http, clock))];
}
