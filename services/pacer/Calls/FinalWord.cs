using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>
/// What becomes of a customer-first call with agents when the provider says that it is over: the one place that decides between
/// Completed (an agent talked) and Abandoned (none did). Pure.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A provisional word (PortaSwitch, after an agent declined) ends a call that the ledger saw connected before it, as Completed.
/// Else the lead may still wait: the provider's records are asked.</item>
/// <item>Completed without a word of any conversation (Exotel: a flow that ended after the answer, no second leg told, no talk time) is
/// in doubt in the same way, because the event of the connection may be on its way. Confirmed by the records, it is Abandoned.</item>
/// <item>Everything else is taken as it is told; a provider that says Abandoned has its reasons.</item>
/// </list>
/// A connection that is heard of later and happened before the doubtful word settles it: Completed, at the time of that word.
/// </remarks>
public static class FinalWord
{
    /// <summary>True for a word that cannot end a call which the ledger has not seen connected.</summary>
    public static bool IsDoubtful(Attempt call, CallTerminated said) =>
        call.Mode == CampaignModes.Power && said.Source != Reconciliation
        && (said.Provisional || (said.Outcome == Outcomes.Completed && !(said.TalkTime > TimeSpan.Zero)));

    /// <summary>True when the call is not to be closed on this word alone.</summary>
    public static bool IsInDoubt(Attempt call, CallTerminated said) =>
        IsDoubtful(call, said) && !(call.ConnectedAt <= call.At(said)) && (said.Provisional || !Talked(call, said));

    /// <summary>The doubt is settled: the call was connected before it was said to be over.</summary>
    public static bool IsSettled(Attempt call) => call.ConnectedAt <= call.ProvisionalEndedAt;

    /// <summary>The outcome of a call that is over by this word.</summary>
    public static string Outcome(Attempt call, CallTerminated said)
    {
        if (said.Provisional)
            return FromLedger(call);
        if (call.Mode != CampaignModes.Power)
            return said.Outcome;
        return said.Outcome switch
        {
            Outcomes.Completed when call.ConnectedAt is null && call.AnsweredAt is not null && !Talked(call, said) => FromLedger(call),
            // The records were read before a connection was heard of that was on its way.
            Outcomes.Abandoned when said.Source == Reconciliation && call.ConnectedAt is not null => Outcomes.Completed,
            var told => told,
        };
    }

    /// <summary>When a call ended that is over by this word, as it tells. <see cref="HeldTimes.KeepOrder"/> puts it behind the conversation.</summary>
    public static DateTimeOffset EndedAt(Attempt call, CallTerminated said) => call.At(said);

    /// <summary>
    /// How a call ended of which it is only known that it is over. One that was never answered ends Unknown: no answer, busy and
    /// unreachable look the same from here.
    /// </summary>
    public static string FromLedger(Attempt call) => call switch
    {
        { ConnectedAt: not null } => Outcomes.Completed,
        { AnsweredAt: null } => Outcomes.Unknown,
        _ when !LawfulDrop.IsPerson(call.AnsweredBy) => Outcomes.MachineAnswered,
        _ => CampaignModes.HasAgents(call.Mode) ? Outcomes.Abandoned : Outcomes.Completed,
    };

    /// <summary>As <see cref="CallTerminated.Source"/> of a word that was read from the provider's records.</summary>
    public const string Reconciliation = "reconciliation";

    private static bool Talked(Attempt call, CallTerminated said) => said.TalkTime > TimeSpan.Zero || call.TalkTime > TimeSpan.Zero;
}
