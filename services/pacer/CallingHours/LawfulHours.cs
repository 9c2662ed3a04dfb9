using System.Globalization;
using Outdial.Contracts;

namespace Outdial.Pacer.CallingHours;

/// <summary>
/// The hours outside of which the regulator of a country allows no call of some purposes, on the clock of whoever is called. Pure.
/// </summary>
/// <remarks>
/// Sources: India, commercial calls: Telecom Commercial Communications Customer Preference Regulations 2010 (09:00 to 21:00); recovery of debts:
/// Reserve Bank of India, circular of 12 August 2022 (08:00 to 19:00). United States: Telemarketing Sales Rule and TCPA (08:00 to 21:00); collectors:
/// Regulation F (08:00 to 21:00). Of a country that is not among them the narrowest known hours hold, until an operator says what its law allows
/// (<c>Pacer:LawfulHours</c>).
/// </remarks>
internal sealed record LawfulHours(TimeOnly From, TimeOnly To)
{
    /// <summary>Of a country whose law is not known here.</summary>
    private static readonly Dictionary<string, LawfulHours> Narrowest = new()
    {
        [Purposes.Promotional] = new(new(9, 0), new(21, 0)),
        [Purposes.Collections] = new(new(8, 0), new(19, 0)),
    };

    private static readonly Dictionary<(string Country, string Purpose), LawfulHours> Known = new()
    {
        [("IN", Purposes.Promotional)] = new(new(9, 0), new(21, 0)),
        [("IN", Purposes.Collections)] = new(new(8, 0), new(19, 0)),
        [("US", Purposes.Promotional)] = new(new(8, 0), new(21, 0)),
        [("US", Purposes.Collections)] = new(new(8, 0), new(21, 0)),
    };

    /// <summary>Null: calls of this purpose are at no regulated hours.</summary>
    /// <param name="country">ISO 3166; null: not known.</param>
    /// <param name="configured">By <c>country:purpose</c>: <c>08:00-20:00</c>.</param>
    public static LawfulHours? Of(string? country, string purpose, IReadOnlyDictionary<string, string> configured) =>
        Find(country, purpose, configured) ?? Narrowest.GetValueOrDefault(purpose);

    /// <summary>Whether the law of this country says something of such calls, as far as it is known.</summary>
    public static bool AreKnown(string? country, string purpose, IReadOnlyDictionary<string, string> configured) =>
        Find(country, purpose, configured) is not null;

    /// <summary>Whether the law of some country says anything of calls of this purpose.</summary>
    public static bool ConcernPurpose(string purpose, IReadOnlyDictionary<string, string> configured) =>
        Narrowest.ContainsKey(purpose) || configured.Keys.Any(key => key.EndsWith($"-{purpose}", StringComparison.Ordinal));

    /// <summary>Whether a time of the day is within them.</summary>
    public bool Holds(TimeOnly time) => time >= From && (IsMidnight(To) || time < To);

    /// <summary>Whether no call within the window is outside of the hours.</summary>
    public bool Allow(CallingWindow window) =>
        window.From >= From && (window.To > window.From || IsMidnight(window.To)) && (IsMidnight(To) || (!IsMidnight(window.To) && window.To <= To));

    /// <summary>The window, cut to the hours; null: nothing is left of it.</summary>
    public CallingWindow? Cut(CallingWindow window)
    {
        var from = window.From < From ? From : window.From;
        var to = IsMidnight(To) ? window.To : IsMidnight(window.To) || window.To < window.From || window.To > To ? To : window.To;
        return IsMidnight(to) || from < to ? new(from, to, window.Days, window.Holidays) : null;
    }

    /// <summary>Reads <c>08:00-20:00</c>; the second may be <c>24:00</c>.</summary>
    public static bool TryRead(string? text, out LawfulHours hours)
    {
        hours = new(default, default);
        if (text?.Split('-') is not [var from, var to] || !Time(from, out var first))
            return false;
        if (to.Trim() == "24:00")
            hours = new(first, TimeOnly.MinValue);
        else if (Time(to, out var last) && first < last)
            hours = new(first, last);
        else
            return false;
        return true;
    }

    public override string ToString() => $"{From:HH\\:mm} to {(IsMidnight(To) ? "24:00" : To.ToString("HH:mm", CultureInfo.InvariantCulture))}";

    private static LawfulHours? Find(string? country, string purpose, IReadOnlyDictionary<string, string> configured) =>
        country is null ? null
        : configured.TryGetValue($"{country}-{purpose}", out var text) && TryRead(text, out var hours) ? hours
        : Known.GetValueOrDefault((country, purpose));

    private static bool IsMidnight(TimeOnly time) => time == TimeOnly.MinValue;

    private static bool Time(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
