namespace Outdial.Cli.Verdicts;

/// <summary>What Outdial says of one campaign, as read over its HTTP API when the campaign has ended.</summary>
/// <param name="Imported">How many leads the upload says it accepted.</param>
/// <param name="Leads">Every lead of the campaign.</param>
/// <param name="Calls">Every attempt of the campaign, dialed or not.</param>
public sealed record Ledger(long Imported, IReadOnlyList<LedgerLead> Leads, IReadOnlyList<LedgerCall> Calls);

/// <param name="Number">E.164.</param>
/// <param name="State">Waiting, Dialing, or one of the final states.</param>
public sealed record LedgerLead(Guid Id, string Number, string State)
{
    private static readonly HashSet<string> FinalStates =
        new(["Completed", "Exhausted", "Barred", "OptedOut", "Invalid", "Canceled"], StringComparer.Ordinal);

    /// <summary>Nothing more will happen to this lead.</summary>
    public bool IsFinal => FinalStates.Contains(State);
}

/// <param name="Number">The number dialed, E.164.</param>
/// <param name="State">One of the call states; <c>Ended</c> is the last.</param>
/// <param name="Outcome">Null until the attempt has ended.</param>
/// <param name="StartedAt">When the attempt was written, UTC.</param>
/// <param name="AnsweredAt">Null when nobody picked up, as far as Outdial knows.</param>
/// <param name="Dialed">Whether Outdial believes that a phone may have rung.</param>
public sealed record LedgerCall(
    Guid AttemptId, Guid LeadId, string Number, string State, string? Outcome, string? ProviderCallId,
    DateTimeOffset StartedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, bool Dialed)
{
    public bool HasEnded => State == "Ended" && Outcome is not null;

    /// <summary>Somebody or something picked up: by the time stamp, or because the outcome says so.</summary>
    public bool ShowsAnswer => AnsweredAt is not null || Outcome is "Completed" or "MachineAnswered" or "Abandoned";
}
