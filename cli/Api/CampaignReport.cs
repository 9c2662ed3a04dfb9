namespace Outdial.Cli.Api;

/// <summary>The part of the campaign's report that the terminal shows.</summary>
public sealed record CampaignReport
{
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset AsOf { get; init; }
    public string Definition { get; init; } = "";
    public ReportSums Totals { get; init; } = new();
    public ReportRetries Retries { get; init; } = new(0, 0);
    public IReadOnlyList<ReportOutcome> Outcomes { get; init; } = [];
    public IReadOnlyList<ReportGroup> ByCircle { get; init; } = [];
    public IReadOnlyList<ReportMatch> ByCircleMatch { get; init; } = [];
    public IReadOnlyList<ReportGroup> ByAttempt { get; init; } = [];
    public IReadOnlyList<ReportPause> Pauses { get; init; } = [];
    public TimeSpan PausedTime { get; init; }

    /// <summary>Null for a campaign without agents.</summary>
    public AnsweredCalls? Queue { get; init; }
}

public record ReportSums
{
    public long Attempts { get; init; }
    public long Open { get; init; }
    public long Refused { get; init; }
    public long Dialed { get; init; }
    public long Completed { get; init; }

    /// <summary>In [0, 1]; null when nothing was dialed.</summary>
    public double? CompletionRate { get; init; }

    public TimeSpan TalkTime { get; init; }

    /// <summary>Conversations whose talk is measured by us.</summary>
    public long TalkSeen { get; init; }

    /// <summary>Conversations of unknown length.</summary>
    public long TalkUnknown { get; init; }

    /// <summary>Null when the provider has told the price of no call.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Calls that rang and whose price the provider has not told.</summary>
    public long WithoutPrice { get; init; }
}

public sealed record ReportGroup : ReportSums
{
    public string Key { get; init; } = "";
}

public sealed record ReportMatch : ReportSums
{
    public string Circle { get; init; } = "";

    /// <summary>Whether the caller ID was of the lead's circle: <c>yes</c>, <c>no</c>, <c>none</c> or <c>unknown</c>.</summary>
    public string Match { get; init; } = "";
}

public sealed record ReportOutcome(string Outcome, bool Dialed, long Attempts, double Share);

public sealed record ReportRetries(long Attempts, long Completed);

public sealed record ReportPause(string Reason, string? Explanation, bool Automatic, DateTimeOffset From, DateTimeOffset? To);
