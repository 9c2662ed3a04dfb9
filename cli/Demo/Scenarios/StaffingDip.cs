using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>
/// When agents leave and come back: they leave when a quarter of the leads is done, and are back half a minute after the campaign
/// has paused for its queue, or when it does not pause at all. Knows no clock: told where the campaign stands, it says what to do.
/// </summary>
/// <param name="agents">All of them.</param>
public sealed class StaffingDip(int agents)
{
    public const string PauseReason = "QueueExcess";

    private const double After = 0.25;

    /// <summary>On the run's clock.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15), PausedFor = TimeSpan.FromSeconds(30);

    private readonly List<string> _remarks = [];
    private DateTimeOffset? _leftAt, _pausedAt, _backAt, _resumedAt;

    /// <summary>What happened so far, a sentence each.</summary>
    public IReadOnlyList<string> Remarks => [.. _remarks];

    /// <summary>How many are there in the dip.</summary>
    public int Few => Math.Max(1, agents / 20);

    /// <returns>How many agents are to be there from now on; null: no change.</returns>
    public int? Next(CampaignStatus campaign, DateTimeOffset now)
    {
        var paused = campaign is { State: "Paused", PauseReason: PauseReason };
        if (_leftAt is null)
        {
            if (campaign.Progress is not { Imported: > 0 } progress || progress.Imported - progress.Open < After * progress.Imported)
                return null;
            _leftAt = now;
            Tell(now, $"{agents - Few} of {Words.Count(agents, "agent")} leave; Outdial is not told");
            return Few;
        }
        if (paused && _pausedAt is null)
        {
            _pausedAt = now;
            Tell(now, $"the campaign pauses: {campaign.PauseExplanation}");
        }
        if (_backAt is null && (now - _pausedAt > PausedFor || now - _leftAt > Longest))
        {
            _backAt = now;
            Tell(now, "the agents are back");
            return agents;
        }
        if (_backAt is not null && _pausedAt is not null && _resumedAt is null && !paused)
        {
            _resumedAt = now;
            Tell(now, "the campaign goes on");
        }
        return null;
    }

    /// <summary>What the report lacks of the pause and its end; null when both are there.</summary>
    public static Finding? Missing(CampaignReport report)
    {
        var pauses = report.Pauses.Where(pause => pause.Reason == PauseReason).ToList();
        return pauses.Count == 0 ? new(FindingKinds.Queue, "no-pause", "too many waited for an agent, and the campaign did not pause for it")
            : pauses.TrueForAll(pause => pause.To is null) ? new(FindingKinds.Queue, "no-resume", "the campaign paused for its queue and did not go on by itself")
            : pauses.Find(pause => !pause.Automatic) is not null ? new(FindingKinds.Queue, "by-hand", "a pause for the queue is not marked as automatic")
            : null;
    }

    private void Tell(DateTimeOffset now, string what) =>
        _remarks.Add($"{now.ToOffset(TimeSpan.FromHours(5.5)).ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {what}");
}
