using Microsoft.Extensions.Options;

namespace Outdial.Providers.Exotel.Client;

/// <summary>The configured accounts as providers.</summary>
internal sealed class ExotelProviders : ITelephonyProviders
{
    private readonly Dictionary<string, ITelephonyProvider> _byName;

    public ExotelProviders(IOptions<ExotelAccounts> accounts, IHttpClientFactory http, TimeProvider clock)
    {
        _byName = accounts.Value.ByName.ToDictionary(
            account => account.Key, ITelephonyProvider (account) => new ExotelClient(account.Key, account.Value, http, clock), StringComparer.Ordinal);
        All = [.. _byName.Values];
    }

    public IReadOnlyList<ITelephonyProvider> All { get; }

    public ITelephonyProvider Get(string account) => _byName.TryGetValue(account, out var found)
        ? found
        : throw new KeyNotFoundException($"There is no account \"{account}\"; there are: {string.Join(", ", _byName.Keys)}.");
}
