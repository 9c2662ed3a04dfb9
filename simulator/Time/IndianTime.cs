using System.Globalization;

namespace Outdial.Simulator;

/// <summary>Exotel's times for Indian accounts: local, without a zone, to the second. India has one zone and no daylight saving.</summary>
public static class IndianTime
{
    public static readonly TimeSpan Offset = new(5, 30, 0);

    /// <summary>What a Passthru sends as <c>EndTime</c>: the epoch in Indian time, meaning "not known yet".</summary>
    public const string NoTime = "1970-01-01 05:30:00";

    private const string Format = "yyyy-MM-dd HH:mm:ss";

    public static DateTimeOffset Local(DateTimeOffset instant) => instant.ToOffset(Offset);

    /// <summary>Such as <c>2021-07-14 15:36:22</c>.</summary>
    public static string Text(DateTimeOffset instant) => Local(instant).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Such as <c>Wed, 14 Jul 2021 15:36:22</c>: the form of <c>Created</c> in the Passthru samples.</summary>
    public static string LongText(DateTimeOffset instant) =>
        Local(instant).ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        var ok = DateTime.TryParseExact(text.Trim(), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        instant = ok ? new DateTimeOffset(local, Offset) : default;
        return ok;
    }
}
