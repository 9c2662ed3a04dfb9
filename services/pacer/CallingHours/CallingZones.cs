using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using NodaTime;
using NodaTime.TimeZones;
using Outdial.Providers;

namespace Outdial.Pacer.CallingHours;

/// <summary>
/// The IANA time zones that a campaign or a lead may name. A lead whose number leaves several open has all of them in its one text, parted by
/// commas: <c>America/Boise, America/Los_Angeles</c>.
/// </summary>
internal static class CallingZones
{
    private const string Between = ", ";

    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    private static readonly FrozenDictionary<string, string> Names = DateTimeZoneProviders.Tzdb.Ids
        .ToFrozenDictionary(id => id, id => id, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Countries = Source.ZoneLocations!
        .ToFrozenDictionary(location => location.ZoneId, location => location.CountryCode);

    /// <summary>Zones whose clocks agree from here on count as one. What was before decides about no call.</summary>
    private static readonly Interval Compared = new(Instant.FromUtc(2025, 1, 1, 0, 0), Instant.FromUtc(2040, 1, 1, 0, 0));

    private static readonly ConcurrentDictionary<string, IReadOnlyList<DateTimeZone>> Read = new();
    private static readonly ConcurrentDictionary<(string? Region, string Zones), string> Written = new();
    private static readonly ConcurrentDictionary<(string? Region, string Zones, string Own), string> Joined = new();

    /// <summary>Somebody of whom nothing is known may be anywhere: all whole hours that clocks differ by.</summary>
    public static string Anywhere { get; } =
        string.Join(Between, Enumerable.Range(-12, 27).Select(hours => hours == 0 ? "Etc/UTC" : $"Etc/GMT{-hours:+0;-0}"));

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

    /// <summary>The zones that a number may be in, as the text of a lead: of those with the same clock one. Null when nothing is known.</summary>
    public static string? OfNumber(string e164) =>
        PhoneNumber.TimeZones(e164) is { Count: > 0 } zones ? Written.GetOrAdd((PhoneNumber.Region(e164), string.Join(Between, zones)), Write) : null;

    /// <summary>
    /// The zones that are minded for a number, as the text of a lead. A zone that a list or a person named stands for itself where the number may be
    /// in it, or tells nothing. Where it may not, one of the two is wrong, or the number's holder has moved: then both are minded.
    /// </summary>
    /// <param name="own">IANA name; null or empty: none was named.</param>
    public static string Of(string e164, string? own)
    {
        var known = PhoneNumber.TimeZones(e164);
        if (string.IsNullOrEmpty(own))
            return OfNumber(e164) ?? Anywhere;
        return known.Count == 0 ? own : Joined.GetOrAdd((PhoneNumber.Region(e164), string.Join(Between, known), own), Join);
    }

    private static string Join((string? Region, string Zones, string Own) found)
    {
        var clock = Clock(One(found.Own));
        return Get(found.Zones).Any(zone => Clock(zone) == clock) ? found.Own : Write((found.Region, found.Zones + Between + found.Own));
    }

    /// <summary>The zones for people to read, in few words.</summary>
    public static string Shown(string zones) =>
        zones == Anywhere ? "any time zone"
        : zones.Split(Between) is { Length: > 4 } many ? $"{string.Join(Between, many.Take(3))} and {many.Length - 3} more"
        : zones;

    /// <summary>The country in which a zone lies, as an ISO 3166 code; null for one that lies in none, such as UTC.</summary>
    public static string? Country(string zone) => Providers.Countries.OfZone(zone);

    /// <summary>Those of each of the zones; null where one lies in none.</summary>
    public static IEnumerable<string?> CountriesOf(string zones) => Get(zones).Select(zone => Country(zone.Id)).Distinct();

    /// <summary>An instant by the clock of that of the zones which is furthest behind, and so opens last.</summary>
    public static LocalDateTime Clock(DateTimeOffset at, string zones) =>
        Get(zones).Min(zone => Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime);

    /// <param name="zones">One IANA name, or several parted by commas.</param>
    /// <exception cref="ArgumentException">One of them is no zone.</exception>
    internal static IReadOnlyList<DateTimeZone> Get(string zones) => Read.GetOrAdd(zones, static zones => [.. zones.Split(Between).Select(One)]);

    private static DateTimeZone One(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)
        ?? throw new ArgumentException($"'{zone}' is not a time zone: {Expected} was expected.", nameof(zone));

    /// <summary>Of zones with one clock that in the number's own country is named.</summary>
    private static string Write((string? Region, string Zones) found) => string.Join(Between, Get(found.Zones)
        .GroupBy(Clock)
        .Select(same => same.Select(zone => Countries.ContainsKey(zone.Id) ? zone.Id : Source.CanonicalIdMap[zone.Id])
            .OrderByDescending(zone => Countries.GetValueOrDefault(zone) == found.Region).First())
        .Order(StringComparer.Ordinal));

    private static string Clock(DateTimeZone zone) =>
        string.Join(' ', zone.GetZoneIntervals(Compared, ZoneEqualityComparer.Options.OnlyMatchWallOffset)
        .Select(offset => $"{(offset.HasStart ? Instant.Max(offset.Start, Compared.Start) : Compared.Start):g}{offset.WallOffset:g}"));
}
