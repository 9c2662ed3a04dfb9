using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>A running campaign at one instant.</summary>
/// <param name="At">On the run's clock.</param>
/// <param name="Speed">Virtual seconds per real second.</param>
/// <param name="Elapsed">Real time since the campaign was started.</param>
/// <param name="CallBudget">How many the account allows; null when not known.</param>
/// <param name="Faults">What the simulator did to us so far, by kind; empty with a real provider.</param>
public sealed record ProgressSnapshot(
    DateTimeOffset At, double Speed, TimeSpan Elapsed, CampaignStatus Campaign, CampaignReport Report, int? CallBudget,
    IReadOnlyDictionary<string, int> Faults)
{
    /// <summary>A silence of real time that needs no explanation.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>The agents and what waits for them; null without agents.</summary>
    public FloorSnapshot? Floor { get; init; }

    /// <summary>What it waits for, where nothing is dialed at the moment; null while something is, or where nobody knows.</summary>
    public string? Waits { get; init; }

    /// <summary>When it goes on, where it pauses because it is nobody's calling hour; null otherwise, and where that is not known.</summary>
    public DateTimeOffset? OpensAt =>
        Campaign is { State: "Paused", PauseReason: "OutsideWindow", PauseExplanation: { } text } && Words.InstantIn(text) is { } at && at > At ? at : null;

    /// <summary>How long one waits for that, and what can be done about it; null where it is a moment.</summary>
    public string? Advice
    {
        get
        {
            if (OpensAt is not { } opens || (opens - At) / Speed is var wait && wait < LongestSilence)
                return null;
            var begins = $"Everybody who is left is outside their calling hours; the next begins at {Words.Clock(opens, At)}";
            return Speed == 1
                ? $"{begins}, in {Words.Duration(wait)}. It goes on by itself then; Ctrl-C ends it."
                : $"{begins}, {Words.Duration(opens - At)} from now on the run's clock and {Words.Duration(wait)} on yours. It goes on by itself then; "
                    + $"Ctrl-C ends it{Faster(opens - At)}.";
        }
    }

    private string Faster(TimeSpan wait) => Speed >= DemoOptions.HighestSpeed
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", and with --speed {DemoOptions.HighestSpeed} the wait is {Words.Duration(wait / DemoOptions.HighestSpeed)}");

    /// <summary>Calls begun each minute of the run's clock since an earlier snapshot: a fast clock lets many minutes pass meanwhile.</summary>
    /// <param name="before">Null: there is none, and the last minute is what there is.</param>
    public long PaceSince(ProgressSnapshot? before)
    {
        var lately = Campaign.Progress?.CallsLastMinute ?? 0;
        if (before is null || (At - before.At).TotalMinutes is var minutes && minutes <= 1)
            return lately;
        var begun = (Campaign.Progress?.Attempts ?? 0) - (before.Campaign.Progress?.Attempts ?? 0);
        return (long)Math.Round(begun / minutes, MidpointRounding.AwayFromZero);
    }

    public long Imported => Campaign.Progress?.Imported ?? 0;

    public long Done => Imported - (Campaign.Progress?.Open ?? 0);

    /// <summary>Leads by state, those that are done last.</summary>
    public IEnumerable<(string State, long Leads)> ByState =>
        from state in LeadStates
        let leads = Campaign.Progress?.ByState.GetValueOrDefault(state) ?? 0
        where leads > 0
        select (state, leads);

    public static readonly IReadOnlyList<string> LeadStates =
        ["Completed", "Exhausted", "Barred", "OptedOut", "Invalid", "Canceled", "Dialing", "Waiting"];
}
