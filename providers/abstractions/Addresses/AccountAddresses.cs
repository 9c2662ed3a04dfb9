namespace Outdial.Providers;

/// <summary>
/// The addresses of a section <c>Accounts:{name}</c>: sentences that say which setting is wrong, why, and what to do. Never repeats a password.
/// </summary>
public static class AccountAddresses
{
    /// <param name="section"><c>Accounts:{name}</c>.</param>
    /// <param name="provider">Where the provider's API is.</param>
    /// <param name="callbacks">Our public address, which the provider is told.</param>
    public static IEnumerable<string> Faults(string section, string? provider, string? callbacks, bool allowPrivate)
    {
        if (Fault($"{section}:BaseAddress", provider, section, allowPrivate, mayNameUser: false) is { } wrong)
            yield return $"{wrong}; expected where the provider's API is, such as https://api.example.com/.";
        if (CallbackFault(section, callbacks, allowPrivate) is { } away)
            yield return away;
    }

    /// <summary>What is wrong with our public address; null: nothing.</summary>
    public static string? CallbackFault(string section, string? callbacks, bool allowPrivate) =>
        Fault($"{section}:CallbackBaseAddress", callbacks, section, allowPrivate, mayNameUser: true) is { } wrong
            ? $"{wrong}; the provider sends its webhooks there." : null;

    /// <param name="flows">Setting and value; null and blank mean that there is none.</param>
    public static IEnumerable<string> FlowFaults(string section, bool allowPrivate, params IEnumerable<(string Setting, string? Flow)> flows) =>
        from flow in flows
        where !string.IsNullOrWhiteSpace(flow.Flow) && !FlowAddress.IsGood(flow.Flow, allowPrivate)
        select $"{section}:{flow.Setting} is \"{HttpAddress.Shown(flow.Flow)}\"; expected {FlowAddress.Expected}.";

    private static string? Fault(string setting, string? address, string section, bool allowPrivate, bool mayNameUser)
    {
        if (HttpAddress.Fault(address, allowPrivate, mayNameUser) is not { } fault)
            return null;
        var way = !allowPrivate && HttpAddress.Fault(address, allowPrivate: true, mayNameUser) is null ? $" ({section}:AllowPrivateAddresses = true allows it)" : "";
        return $"{setting} is \"{HttpAddress.Shown(address)}\", which {fault}{way}";
    }
}
