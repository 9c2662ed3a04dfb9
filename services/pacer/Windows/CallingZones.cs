using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Outdial.Pacer.Windows;

/// <summary>The IANA time zones that a campaign or a lead may name.</summary>
public static class CallingZones
{
    private static readonly FrozenDictionary<string, string> Names = DateTimeZoneProviders.Tzdb.Ids
        .ToFrozenDictionary(id => id, id => id, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a person should have written.</summary>
    public const string Expected = "an IANA time zone, such as Asia/Kolkata or Europe/London";

    /// <summary>Finds a zone whatever the case of the letters.</summary>
    /// <param name="text">As written, such as <c>asia/kolkata</c>.</param>
    /// <param name="zone">The name as IANA spells it.</param>
    public static bool TryFind(string? text, [NotNullWhen(true)] out string? zone)
    {
        zone = null;
        return text is not null && Names.TryGetValue(text.Trim(), out zone);
    }

    internal static DateTimeZone Get(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)
        ?? throw new ArgumentException($"'{zone}' is not a time zone: {Expected} was expected.", nameof(zone));
}
