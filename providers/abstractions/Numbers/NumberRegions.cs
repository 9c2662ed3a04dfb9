namespace Outdial.Providers;

/// <summary>
/// The countries in which a number may be meant that is written without its country's code: one where it belongs to something that has a country,
/// several where nothing says which, none where there is nothing to go by. Of several readings none is ever chosen. Immutable.
/// </summary>
public sealed class NumberRegions
{
    private NumberRegions(IEnumerable<string?> regions) => All = [.. regions.OfType<string>().Distinct()];

    /// <summary>Only numbers with the code of their country are read.</summary>
    public static NumberRegions None { get; } = new([]);

    /// <summary>As ISO 3166 codes, each one of <see cref="PhoneNumber.Regions"/>.</summary>
    public IReadOnlyList<string> All { get; }

    public static NumberRegions Of(params IEnumerable<string?> regions) => new(regions);

    /// <summary>These and one more; null: these.</summary>
    public NumberRegions And(string? region) => new(All.Append(region));

    /// <summary>Every number that the text can stand for, as E.164, with the first region in which it does.</summary>
    public IReadOnlyList<(string E164, string? Region)> Readings(string? text)
    {
        List<(string E164, string? Region)> readings = [];
        foreach (var region in All.DefaultIfEmpty<string?>(null))
        {
            if (PhoneNumber.TryParse(text, region, out var e164, out _) && !readings.Exists(known => known.E164 == e164))
                readings.Add((e164, region));
        }
        return readings;
    }

    /// <summary>Reads a number, whatever may be done with it; false also where it has more than one reading.</summary>
    /// <param name="expected">What would be one clear number, for the person who has to correct it; empty when true is returned.</param>
    public bool TryParse(string? text, out string e164, out string expected)
    {
        var readings = Readings(text);
        (e164, expected) = readings.Count == 1 ? (readings[0].E164, "") : ("", Expected(text, readings));
        return readings.Count == 1;
    }

    /// <summary>
    /// As <see cref="TryParse"/>, for a number that is to be called. One that could also be nobody's to be called is not clear either.
    /// </summary>
    public bool TryParseCallee(string? text, out string e164, out string expected)
    {
        if (!TryParse(text, out e164, out expected))
            return false;
        var number = e164;
        var refusals = All.DefaultIfEmpty<string?>(null)
            .Select(region => PhoneNumber.TryParseCallee(number, region, out _, out var why) ? "" : why).ToList();
        if (refusals.Contains(""))
            return true;
        (e164, expected) = ("", refusals[0]);
        return false;
    }

    /// <summary>What to write where a number has several readings.</summary>
    public static string ExpectedOf(IEnumerable<(string E164, string? Region)> readings) =>
        "the number with + and the code of its country, because as it is written it may be "
        + string.Join(" or ", readings.Select(reading => reading.Region is null ? reading.E164 : $"{reading.E164} ({reading.Region})"));

    private string Expected(string? text, IReadOnlyList<(string E164, string? Region)> readings)
    {
        if (readings.Count > 1)
            return ExpectedOf(readings);
        _ = PhoneNumber.TryParse(text, All.Count == 1 ? All[0] : null, out _, out var expected);
        return All.Count < 2 ? expected : $"{expected}, or one of {string.Join(", ", All)} as it is written there";
    }
}
