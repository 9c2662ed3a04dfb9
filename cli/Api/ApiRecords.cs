using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>A number of ours. See the API's <c>/caller-ids</c>.</summary>
/// <param name="Purposes">Null: all.</param>
public sealed record CallerId(string Number, string Account, string? Circle, bool IsDefault, IReadOnlyList<string>? Purposes);

/// <summary>Where the provider's flows are to report. The addresses are secrets.</summary>
/// <param name="Popup">For the popups of a Connect applet.</param>
/// <param name="Dialed">For the Passthru behind a Connect applet of agents' lines.</param>
public sealed record FlowAddresses(Uri Passthru, Uri? Popup = null, Uri? Dialed = null);

/// <param name="State">Draft, Scheduled, Running, Paused, Completed or Stopped.</param>
public sealed record CampaignStatus(
    Guid Id, string Name, string State, string? PauseReason, string? PauseExplanation, LastDecision? LastDecision, CampaignProgress? Progress)
{
    public bool IsOver => State is "Completed" or "Stopped";

    /// <summary>Agents and queue of a power campaign; null in the other modes.</summary>
    public CampaignFloor? Floor { get; init; }
}

/// <param name="Queued">Answered leads who wait for an agent, as far as Outdial knows.</param>
public sealed record CampaignFloor(int Queued, int Connected, int AgentsSignedIn, int AgentsReady, int AgentsFree, int HighMark, int LowMark);

public sealed record LastDecision(DateTimeOffset At, int Calls, string Reason);

/// <param name="Open">Leads that are in no final state yet.</param>
/// <param name="CallsLastMinute">Attempts begun in the last 60 seconds of the platform's clock.</param>
public sealed record CampaignProgress(
    long Imported, long Open, IReadOnlyDictionary<string, long> ByState, long OpenAttempts, long Attempts, long CallsLastMinute);

/// <param name="Waiting">Leads that wait.</param>
/// <param name="Groups">By what they wait for, and where; largest first.</param>
public sealed record WaitingStatus(int Waiting, IReadOnlyList<WaitingGroup> Groups);

/// <param name="Text">In words, with the count: <c>312 wait for 09:00 in GJ</c>.</param>
public sealed record WaitingGroup(int Count, string Text);

public sealed record ImportResult(
    Guid ImportId, long Accepted, long Rejected, long Duplicates, IReadOnlyList<RowError> Errors, string? ErrorsUrl, string? Region = null,
    IReadOnlyList<ColumnMeaning>? Columns = null);

/// <summary>How a column of the list was understood.</summary>
public sealed record ColumnMeaning(string Name, string Meaning);

/// <param name="Row">1 is the first line after the header.</param>
public sealed record RowError(long Row, string Field, string? Value, string Expected);

public sealed record LeadRow(Guid Id, string Number, string State)
{
    public LedgerLead ToLedger() => new(Id, Number, State);
}

public sealed record CallRow(
    Guid AttemptId, Guid LeadId, string Number, string State, string? Outcome, string? ProviderCallId,
    DateTimeOffset RequestedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, bool Dialed)
{
    public LedgerCall ToLedger() =>
        new(AttemptId, LeadId, Number, State, Outcome, ProviderCallId, RequestedAt, AnsweredAt, EndedAt, Dialed);
}
