using Outdial.Cli.Api;

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
    /// <summary>The agents and what waits for them; null without agents.</summary>
    public FloorSnapshot? Floor { get; init; }

    /// <summary>What it waits for, where nothing is dialed at the moment; null while something is, or where nobody knows.</summary>
    public string? Waits { get; init; }

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
