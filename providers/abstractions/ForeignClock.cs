namespace Outdial.Providers;

/// <summary>An instant that a foreign clock told, as it is believed.</summary>
/// <param name="At">Between what we know of the earliest and when we heard of it.</param>
/// <param name="Oddity">A bounded word for what did not fit; null: it fitted, but for what whole seconds and our machines' clocks explain.</param>
/// <param name="Behind">
/// How far the clock is behind ours in whole half-hours (negative: ahead), where that explains it: the mistake of a time zone. Null: it does not.
/// </param>
public readonly record struct HeldInstant(DateTimeOffset At, string? Oddity = null, TimeSpan? Behind = null);

/// <summary>
/// Holds what a foreign clock says to what we saw ourselves: nothing happened before it was asked for, nor after we heard of it. A late word keeps
/// its instant. One that is too early because the clock keeps another zone's time is put right by that; any other that cannot be true gives way to
/// the time of receipt. Pure, word by word: the order in which words come changes nothing.
/// </summary>
public static class ForeignClock
{
    /// <summary>The word for an instant after its receipt.</summary>
    public const string InFuture = "time-in-future";

    /// <summary>The word for an instant before what it is about can have begun.</summary>
    public const string BeforeCall = "time-before-call";

    /// <summary>The word for an instant that a mistaken time zone explains, beside one of the others.</summary>
    public const string OtherZone = "time-of-another-zone";

    /// <summary>Whole seconds, cut or rounded, and what two machines' clocks differ by.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromSeconds(2);

    /// <summary>A clock that is this far ahead is not worth a word.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>No clock that is set at all is this far off.</summary>
    public static readonly TimeSpan Drift = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    /// <summary>Zones are up to 26 hours apart.</summary>
    private static readonly TimeSpan FarthestZones = TimeSpan.FromHours(26);

    /// <summary>So long a word may have been on its way, and so far ahead the clock may be, for its distance to be one of zones.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(3), Ahead = TimeSpan.FromMinutes(1);

    /// <param name="said">By the foreign clock.</param>
    /// <param name="earliest">By ours: before that it cannot have happened. Null: that is not known here.</param>
    /// <param name="received">By ours.</param>
    public static HeldInstant Held(DateTimeOffset said, DateTimeOffset? earliest, DateTimeOffset received)
    {
        var from = earliest ?? DateTimeOffset.MinValue;
        if (received < from)
            return new(from);   // the clocks of two of our machines differ
        if (said >= from && said <= received)
            return new(said);
        if (said < from && from - said <= Precision)
            return new(from);
        var behind = ZonesBehind(said, received);
        if (said > received)
            return new(received, said - received <= Skew ? null : InFuture, behind);
        if (behind is { } apart && said + apart is var right && from - right <= Precision)
            return new(right < from ? from : right > received ? received : right, BeforeCall, apart);
        return new(received, BeforeCall);
    }

    /// <summary>
    /// For comparisons with other instants of the same clock. What a clock says that is a few minutes wrong stays as it is, so that the order among
    /// its instants stays; the mistake of a time zone is put right; what is farther off than clocks are gives way to the time of receipt.
    /// </summary>
    /// <param name="earliest">An instant that is not before it needs no putting right. Null: not known here, and only zones are put right.</param>
    public static DateTimeOffset Near(DateTimeOffset said, DateTimeOffset? earliest, DateTimeOffset received)
    {
        if (earliest is { } from && from - said <= Precision)
            return said;
        if (ZonesBehind(said, received) is { Ticks: > 0 } apart)
            return said + apart < received ? said + apart : received;
        return earliest - said > Drift ? received : said;
    }

    /// <summary>How many half-hours the clock must be behind, or ahead, for the word to have come as words come; null: none do.</summary>
    public static TimeSpan? ZonesBehind(DateTimeOffset said, DateTimeOffset received)
    {
        var late = received - said;
        var zones = HalfHour * Math.Floor((late + Ahead) / HalfHour);
        return zones != TimeSpan.Zero && zones.Duration() <= FarthestZones && late - zones <= OnItsWay ? zones : null;
    }

    /// <summary>What a person is told of an instant that was not believed.</summary>
    /// <param name="account">Whose clock it is.</param>
    public static string Sentence(HeldInstant held, DateTimeOffset said, string account)
    {
        var what = held.Oddity == InFuture ? "which was still to come" : "before the call was asked for";
        return held.Behind is { } behind
            ? $"the provider's clock said {said:u}, {what}: it is {Hours(behind)} {(behind > TimeSpan.Zero ? "behind" : "ahead of")} ours, "
                + $"as if its times were of another zone than Accounts:{account}:TimeZone"
            : $"the provider's clock said {said:u}, {what}: the time of receipt is taken";
    }

    private static string Hours(TimeSpan span)
    {
        var apart = span.Duration();
        return $"{(int)apart.TotalHours} h{(apart.Minutes == 0 ? "" : $" {apart.Minutes} min")}";
    }
}
