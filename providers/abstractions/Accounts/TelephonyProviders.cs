namespace Outdial.Providers;

/// <summary>The accounts of one kind of provider; each provider's project has one.</summary>
public interface IProviderAccounts
{
    IReadOnlyList<ITelephonyProvider> All { get; }
}

/// <summary>The accounts of all providers of this process, by name.</summary>
internal sealed class TelephonyProviders : ITelephonyProviders
{
    private readonly Dictionary<string, ITelephonyProvider> _byName;

    public TelephonyProviders(IEnumerable<IProviderAccounts> accounts)
    {
        All = [.. accounts.SelectMany(provider => provider.All)];
        _byName = All.ToDictionary(account => account.Account, StringComparer.Ordinal);
    }

    public IReadOnlyList<ITelephonyProvider> All { get; }

    public ITelephonyProvider Get(string account) => _byName.TryGetValue(account, out var found)
        ? found
        : throw new KeyNotFoundException(
            $"There is no account \"{account}\"; there are: {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}.");
}
