using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Outdial.Providers;

/// <summary>
/// One section <c>Accounts:{name}</c> as every service reads it: one set of defaults, and one set of rules that stop a start. What only one provider
/// has, its own project validates.
/// </summary>
public static class AccountSection
{
    public const int CallsPerMinute = 200, MaxConcurrentCalls = 100;

    internal const string PortaSwitch = "portaswitch";

    private static readonly string[] Counts =
        ["CallsPerMinute", "MaxConcurrentCalls", "NumberLookupsPerMinute", "PeopleLookupsPerMinute", "CallDetailsPerMinute", "MaxConcurrentReads"];

    private static readonly string[] Flags = ["AllowPrivateAddresses", "AgentFlowWaits"];

    private static readonly string[] Durations = ["RequestTimeout", "RenewBefore"];

    /// <summary>All that an account may say, to any service.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Counts, .. Flags, .. Durations, "Provider", "BaseAddress", "AccountSid", "ApiKey", "ApiToken", "Flow", "AgentFlow", "AgentCallerId",
        "CallbackBaseAddress", "TimeZone", "Region", "StatusCallbackEvents", "Login", "Password", "Token", "AutoAttendantId", "CustomerId",
        "NumberForm", "Fields", "Webhooks",
    ];

    /// <summary>The word of its provider.</summary>
    public static string ProviderOf(this IConfigurationSection account) => account["Provider"] ?? ProviderRegistration.DefaultProvider;

    /// <summary>The zone of a provider's times where the account names none: Exotel writes Indian time, a PortaSwitch its server's.</summary>
    public static string DefaultZone(string provider) => provider == PortaSwitch ? "UTC" : "Asia/Kolkata";

    /// <summary>The zone in which the provider's times are written. Only after validation.</summary>
    public static TimeZoneInfo ZoneOf(this IConfigurationSection account) =>
        TimeZoneInfo.FindSystemTimeZoneById(account["TimeZone"] ?? DefaultZone(account.ProviderOf()));

    /// <summary>
    /// Sentences about what cannot be read, and about names that are nearly those of settings. How much of something is too much, says whoever
    /// uses it.
    /// </summary>
    public static IEnumerable<string> Faults(IConfigurationSection account)
    {
        if (account["TimeZone"] is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return $"{account.Path}:TimeZone is \"{zone}\", which is no IANA zone known here; "
                + $"expected one such as {DefaultZone(account.ProviderOf())}.";
        foreach (var name in Counts)
        {
            if (account[name] is { } text && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                yield return $"{account.Path}:{name} is \"{text}\"; expected a whole number above zero.";
        }
        foreach (var name in Flags)
        {
            if (account[name] is { } text && !bool.TryParse(text, out _))
                yield return $"{account.Path}:{name} is \"{text}\"; expected true or false.";
        }
        foreach (var name in Durations)
        {
            if (account[name] is { } text && !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _))
                yield return $"{account.Path}:{name} is \"{text}\"; expected a duration such as 00:00:30 (a bare number counts days).";
        }
        foreach (var name in account.GetChildren().Select(child => child.Key).Where(key => !Names.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            if (Names.FirstOrDefault(known => Distance(known.ToUpperInvariant(), name.ToUpperInvariant()) <= 2) is { } meant)
                yield return $"{account.Path}:{name} is no setting of an account; {meant} is.";
        }
    }

    /// <summary>How many letters have to be put in, left out or changed (V. I. Levenshtein, 1965).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (corner, left) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
            {
                var best = Math.Min(Math.Min(row[j], left) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1));
                (corner, row[j]) = (row[j], best);
                left = best;
            }
        }
        return row[^1];
    }
}
