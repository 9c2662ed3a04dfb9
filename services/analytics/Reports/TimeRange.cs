using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>The stretch of time that a report is asked for: by default the last 24 hours.</summary>
/// <param name="To">Not part of it.</param>
internal sealed record TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <returns>Either a range, or the problem that names what is wrong with it.</returns>
    public static (TimeRange? Range, ProblemHttpResult? Problem) Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now)
    {
        var end = to ?? now;
        var start = from ?? (end - TimeSpan.FromDays(1));
        if (start >= end)
            return (null, ApiProblem.Invalid("from", Text(start), $"an instant before 'to' ({Text(end)})"));
        if (end - start > Longest)
            return (null, ApiProblem.Invalid("from", Text(start), $"an instant at most {Longest.TotalDays:0} days before 'to' ({Text(end)})"));
        return (new TimeRange(start, end), null);
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
