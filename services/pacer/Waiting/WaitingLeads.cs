using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Waiting;

/// <summary>Leads of a campaign that wait for the same thing in the same place.</summary>
internal sealed record WaitingLeads
{
    /// <summary>One of <see cref="LeadReasons"/>; <see cref="LeadReasons.InQueue"/>: they are due and nothing holds them back.</summary>
    public required string Reason { get; init; }

    /// <summary>The circle, or the time zone of leads of no known circle.</summary>
    public required string Where { get; init; }

    /// <summary>IANA; of numbers that may be in several zones all of them, parted by commas.</summary>
    public required string TimeZone { get; init; }

    /// <summary>When the first of them may be dialed at the soonest; not in the past.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>When the last of them may be dialed at the soonest.</summary>
    public DateTimeOffset LastAt { get; init; }

    public required int Count { get; init; }

    /// <summary>
    /// Of <see cref="LeadReasons.LawfulHours"/>: what the law says, in words; null: it never allows the call at the campaign's hours, or it is
    /// another reason.
    /// </summary>
    public string? Law { get; init; }

    /// <summary>In words: <c>312 wait for 09:00 in GJ</c>.</summary>
    public string Text { get; init; } = "";
}

/// <summary>Why a campaign's leads wait, and for what the campaign itself waits.</summary>
internal sealed record WaitingView
{
    public required Guid CampaignId { get; init; }

    /// <summary>The campaign's.</summary>
    [OneOf(typeof(CampaignStates))]
    public required string State { get; init; }

    public required string? PauseReason { get; init; }

    /// <summary>All of it in one sentence.</summary>
    public required string Text { get; init; }

    /// <summary>Leads that wait; the groups add up to it.</summary>
    public required int Waiting { get; init; }

    /// <summary>Leads with a call that is not over.</summary>
    public required int Dialing { get; init; }

    /// <summary>Leads in the hopper, which wait for an agent; none of the groups counts them.</summary>
    public int InHopper { get; init; }

    /// <summary>
    /// Of the leads that are due so many were looked at one by one, in the order of dialing; those behind them are counted by their hours and their
    /// own rows alone.
    /// </summary>
    public required int Looked { get; init; }

    /// <summary>What the last decision said; null: none was made yet.</summary>
    public required string? LastDecision { get; init; }

    /// <summary>Largest first.</summary>
    public required IReadOnlyList<WaitingLeads> Groups { get; init; }
}
