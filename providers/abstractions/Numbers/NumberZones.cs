using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using NodaTime.TimeZones;
using PhoneNumbers;
using Number = PhoneNumbers.PhoneNumber;

namespace Outdial.Providers;

/// <summary>The time zones that a number may be in.</summary>
/// <remarks>
/// The library tells zones by a number's first digits. Where it knows some exchanges of an area better than others its answer for one of
/// them is narrower than the area, and says more than a number that can be carried from one exchange to the next does. So the answer for
/// an area is that for all numbers of it. A number that is tied to no area has its whole country's, and so has one that is not valid. Of some
/// countries it knows one zone of several (Chile), or names another country's that seldom differs (Morocco): the zones that the time zone
/// database places in the country are added.
/// </remarks>
internal static class NumberZones
{
    private const int NorthAmerica = 1, Indonesia = 62;

    /// <summary>By so many national digits, at most, the library's data tells zones apart.</summary>
    internal const int Deepest = 6;

    /// <summary>
    /// Area codes, after the country's, of which the library's data knows one zone and people live by another as well, or by another only: mostly
    /// codes laid over older ones, of which it knows both zones. 334, 432 and 580 have places that keep the clock of the neighbours they trade with.
    /// </summary>
    /// <remarks>Source: NANPA's and Anatel's area codes, and the counties and districts of the IANA time zone database.</remarks>
    internal static readonly FrozenDictionary<string, string> AlsoIn = new Dictionary<string, string>
    {
        ["America/Chicago"] = "1364 1448 1930",
        ["America/Denver"] = "1432 1458 1580",
        ["America/Edmonton"] = "1236 1257 1306 1474 1639 1672 1778",
        ["America/Eirunepe"] = "5597",
        ["America/Halifax"] = "1273 1367 1581",
        ["America/New_York"] = "1334 1689 1931",
    }
    .SelectMany(zone => zone.Value.Split(' '), (zone, code) => KeyValuePair.Create(code, zone.Key)).ToFrozenDictionary();

    private static readonly PhoneNumberToTimeZonesMapper Mapper = PhoneNumberToTimeZonesMapper.GetInstance();
    private static readonly ConcurrentDictionary<(int Country, string Area, string Regions), IReadOnlyList<string>> Areas = new();

    public static IReadOnlyList<string> Of(Number number)
    {
        var area = number.CountryCode == NorthAmerica ? 3 : IsOfNoArea(number) ? 0 : PhoneNumber.Util.GetLengthOfGeographicalAreaCode(number);
        var national = PhoneNumber.Util.GetNationalSignificantNumber(number);
        return Areas.GetOrAdd(
            (number.CountryCode, national[..Math.Min(area, national.Length)], area == 0 ? Regions(number) : ""),
            static at => Union(at.Country, at.Area, at.Regions));
    }

    /// <summary>
    /// The first digits of Indonesia's mobiles are the operator's, of the whole country. The library takes them for an area's: some once were.
    /// </summary>
    private static bool IsOfNoArea(Number number) =>
        number.CountryCode == Indonesia && PhoneNumber.Util.GetNumberType(number) == PhoneNumberType.MOBILE;

    /// <summary>
    /// Of several countries under one code those in which the number is valid (+7 701 is Kazakhstan's, and not Russia's); empty: it may be in any.
    /// </summary>
    private static string Regions(Number number)
    {
        var all = PhoneNumber.Util.GetRegionCodesForCountryCode(number.CountryCode);
        var valid = all.Count < 2 ? [] : all.Where(region => PhoneNumber.Util.IsValidNumberForRegion(number, region)).ToList();
        return valid.Count == all.Count ? "" : string.Join(' ', valid);
    }

    private static IReadOnlyList<string> Union(int country, string area, string regionsOnly)
    {
        if (regionsOnly.Length > 0 && Placed(regionsOnly.Split(' ')) is { Count: > 0 } placed)
            return [.. placed];
        var everywhere = Ask(country, "0");   // no number begins so: what is left is the country
        var zones = new SortedSet<string>(StringComparer.Ordinal);
        if (country != NorthAmerica && (area.Length == 0 || everywhere.Count < 2))
            return [.. everywhere.Union(Placed(PhoneNumber.Util.GetRegionCodesForCountryCode(country)))];

        var more = Math.Max(0, Deepest - area.Length);
        for (var rest = 0; rest < Math.Pow(10, more); rest++)
        {
            var found = Ask(country, more == 0 ? area : area + rest.ToString(CultureInfo.InvariantCulture).PadLeft(more, '0'));
            // An exchange that nobody has yet is not elsewhere in the continent. Of other countries we know no better.
            if (country != NorthAmerica || found.Count < everywhere.Count)
                zones.UnionWith(found);
        }
        if (zones.Count == 0)
            return everywhere;
        if (AlsoIn.TryGetValue($"{country}{area}", out var also))
            zones.Add(also);
        return [.. zones];
    }

    /// <summary>The zones that the time zone database places in these countries.</summary>
    private static SortedSet<string> Placed(IReadOnlyCollection<string> regions) => new(
        TzdbDateTimeZoneSource.Default.ZoneLocations!.Where(zone => regions.Contains(zone.CountryCode)).Select(zone => zone.ZoneId),
        StringComparer.Ordinal);

    private static List<string> Ask(int country, string national)
    {
        var zeros = national.Length - national.TrimStart('0').Length;
        var number = new Number.Builder().SetCountryCode(country).SetNationalNumber(ulong.Parse(national, CultureInfo.InvariantCulture));
        if (zeros > 0 && zeros < national.Length)
            number.SetNumberOfLeadingZeros(zeros);
        var found = Mapper.GetTimeZonesForGeographicalNumber(number.Build());
        found.Remove(Mapper.GetUnknownTimeZone());
        return found;
    }
}
