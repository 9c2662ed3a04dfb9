using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Sections of a report as CSV. Durations are in seconds, rates in [0, 1].</summary>
internal static class ReportCsv
{
    /// <summary>The sections that <c>?by=</c> can ask for; <c>attempts</c> is served from the rows by <see cref="AttemptsCsv"/>.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["circle", "circleMatch", "callerId", "hour", "attempt", "outcome", "queue", "attempts"];

    /// <summary>The whole file for one section; for a null section all that share columns, each line naming its own.</summary>
    public static IEnumerable<CsvLine> Write(CampaignReport report, string? section) => section switch
    {
        "outcome" => Outcomes(report),
        "queue" => PeopleCsv.Queue(report.Queue),
        "circleMatch" => CircleMatch(report),
        "circle" => Groups("circle", report.ByCircle),
        "callerId" => Groups("callerId", report.ByCallerId),
        "hour" => Groups("hour", report.ByHour),
        "attempt" => Groups("attempt", report.ByAttempt),
        null => All(report),
        _ => throw new ArgumentOutOfRangeException(nameof(section), section, $"Expected one of {string.Join(", ", Sections)}."),
    };

    private static IEnumerable<CsvLine> Outcomes(CampaignReport report) =>
    [
        CsvLine.Of("outcome", "dialed", "attempts", "share"),
        .. report.Outcomes.Select(o => CsvLine.Of(o.Outcome, o.Dialed, o.Attempts, o.Share)),
    ];

    private static IEnumerable<CsvLine> CircleMatch(CampaignReport report) =>
    [
        CsvLine.Of(["circle", "match", .. SumNames]),
        .. report.ByCircleMatch.Select(g => CsvLine.Of([g.Circle, g.Match, .. Sums(g)])),
    ];

    private static IEnumerable<CsvLine> Groups(string key, IReadOnlyList<Group> groups) =>
        [CsvLine.Of([key, .. SumNames]), .. groups.Select(g => CsvLine.Of([g.Key, .. Sums(g)]))];

    private static IEnumerable<CsvLine> All(CampaignReport report)
    {
        IEnumerable<(string Section, string Key, Sums Sums)> lines =
        [
            ("total", "all", report.Totals),
            .. report.ByCircle.Select(g => ("circle", g.Key, (Sums)g)),
            .. report.ByCircleMatch.Select(g => ("circleMatch", $"{g.Circle}/{g.Match}", (Sums)g)),
            .. report.ByCallerId.Select(g => ("callerId", g.Key, (Sums)g)),
            .. report.ByHour.Select(g => ("hour", g.Key, (Sums)g)),
            .. report.ByAttempt.Select(g => ("attempt", g.Key, (Sums)g)),
        ];
        return [CsvLine.Of(["section", "key", .. SumNames]), .. lines.Select(line => CsvLine.Of([line.Section, line.Key, .. Sums(line.Sums)]))];
    }

    private static object?[] SumNames =>
        ["attempts", "open", "refused", "dialed", "completed", "completionRate", "talkSeconds", "cost", "withoutPrice", "talkSeen", "talkUnknown"];

    private static object?[] Sums(Sums s) =>
        [s.Attempts, s.Open, s.Refused, s.Dialed, s.Completed, s.CompletionRate, s.TalkTime, s.Cost, s.WithoutPrice, s.TalkSeen, s.TalkUnknown];
}
