namespace Outdial.Analytics.Facts;

/// <summary>The hour of the day where the lead is.</summary>
internal static class LocalHours
{
    /// <returns>0 to 23; null when it is not known in which of several zones the lead is, or the zone is not one that this machine knows.</returns>
    /// <param name="instant">Any instant.</param>
    /// <param name="zone">An IANA zone name, such as <c>Asia/Kolkata</c>, or several.</param>
    public static short? Of(DateTimeOffset instant, string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? (short)TimeZoneInfo.ConvertTime(instant, found).Hour : null;
}
