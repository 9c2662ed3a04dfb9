using Microsoft.Extensions.Options;

namespace Outdial.Providers;

/// <summary>The section <c>Accounts</c> as a whole: which account is at which provider. Each provider reads the rest of its own.</summary>
internal sealed class TelephonyAccounts
{
    /// <summary>Account to provider.</summary>
    public IReadOnlyDictionary<string, string> Providers { get; set; } = new Dictionary<string, string>();

    /// <summary>What is wrong with what all services read of them.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}

/// <summary>A provider that this process can speak to, by the word in <c>Accounts:{name}:Provider</c>.</summary>
internal sealed record KnownProvider(string Name);

/// <summary>Stops a start without any account, or with one that nobody would ever serve.</summary>
internal sealed class TelephonyAccountsValidation(IEnumerable<KnownProvider> known) : IValidateOptions<TelephonyAccounts>
{
    public ValidateOptionsResult Validate(string? name, TelephonyAccounts options)
    {
        if (options.Providers.Count == 0)
        {
            return ValidateOptionsResult.Fail(
                "No telephony account is configured: the section Accounts is empty. For Exotel set Accounts:default:AccountSid, :ApiKey, :ApiToken and "
                + ":CallbackBaseAddress; for PortaSwitch also Accounts:default:Provider = portaswitch, and :BaseAddress, :Login, :Password, "
                + ":AutoAttendantId, :CustomerId and :CallbackBaseAddress.");
        }
        var words = known.Select(provider => provider.Name).Order(StringComparer.Ordinal).ToList();
        var faults = options.Providers.Where(account => !words.Contains(account.Value, StringComparer.Ordinal))
            .Select(account => $"Accounts:{account.Key}:Provider is \"{account.Value}\"; expected one of {string.Join(", ", words)}.")
            .Concat(options.Faults)
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
