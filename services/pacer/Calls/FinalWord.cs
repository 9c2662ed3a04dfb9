using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>
/// What became of a call, weighed from all that was told of it: the one place that decides between Completed (somebody talked to the lead) and
/// Abandoned (nobody did). The same words give the same outcome in whatever order they come, so it is asked again with each that comes late. Pure.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A step of a flow ends nothing. It says how a call ended of which the final word says only that it was answered.</item>
/// <item>Of two final words the records' stands; of two of one kind that which says more.</item>
/// <item>Whoever talked was reached: a conversation overrules a word that knows of none.</item>
/// <item>A machine is a machine, whoever learned of it and when: where no agent was reached it is nobody's conversation. And without agents a
/// person who left before <see cref="Attempt.ReachedAfter"/> was not reached: Abandoned.</item>
/// <item>A provisional word (PortaSwitch, after an agent declined) ends a call with agents that the ledger saw connected before it, as Completed.
/// Else the lead may still wait: the provider's records are asked. Completed without a word of any conversation, and "no answer" of a lead who had
/// answered, are in doubt in the same way.</item>
/// <item>Everything else is taken as it is told; a provider that says Abandoned has its reasons.</item>
/// </list>
/// A connection that is heard of later and happened before the doubtful word settles it: Completed, at the time of that word.
/// </remarks>
internal static class FinalWord
{
    /// <summary>As <see cref="CallTerminated.Source"/> of a word that was read from the provider's records.</summary>
    public const string Reconciliation = "reconciliation";

    /// <summary>As <see cref="Attempt.ToldSource"/>: it was known that the call was over, and the ledger decided how.</summary>
    public const string Ledger = "ledger";

    /// <summary>From the word that says least of how a call ended to the one that says most.</summary>
    private static readonly string[] Weights =
        [Outcomes.InvalidNumber, Outcomes.Barred, Outcomes.Completed, Outcomes.Abandoned, Outcomes.MachineAnswered];

    /// <summary>True for a word that says how the call ended: no step, no guess, no doubt.</summary>
    public static bool IsFinal(CallTerminated said) =>
        said is { Provisional: false, Step: false } && said.Source != EndSources.Inferred && said.Outcome != Outcomes.Unknown;

    /// <summary>Keeps a final word if it weighs more than the one that is known; of two alike the earlier: the same one in any order.</summary>
    public static void Keep(Attempt call, CallTerminated said)
    {
        if (!IsFinal(said) || (call.ToldOutcome is { } known && !Outweighs(call, known, said)))
            return;
        (call.ToldOutcome, call.ToldSource, call.ToldAt) = (said.Outcome, said.Source, call.At(said));
    }

    /// <summary>The records tell, some time after the end, that the call reached nobody. When it ended stays what the final word said.</summary>
    public static void Keep(Attempt call, CallDetailed said, string outcome)
    {
        if (call.ToldSource == Reconciliation || call.ToldOutcome is Outcomes.Abandoned or Outcomes.MachineAnswered)
            return;
        (call.ToldOutcome, call.ToldSource) = (outcome, Reconciliation);
        call.ToldAt ??= ForeignClock.Held(said.EndedAt ?? said.ReceivedAt, call.Earliest(), said.ReceivedAt).At;
    }

    /// <summary>
    /// How the call ended by what is known of it now; null: that was no weighing but a guess, a refusal, or before words were kept.
    /// </summary>
    public static string? Outcome(Attempt call) => call switch
    {
        { ToldOutcome: { } told } => Reached(call, Weighed(call, told)),
        { ToldSource: Ledger } => Reached(call, FromLedger(call)),
        _ => null,
    };

    /// <summary>The outcome of a call that is over by this word, which was learned already.</summary>
    public static string Outcome(Attempt call, CallTerminated said) =>
        said.Provisional || IsFinal(said) ? Reached(call, call.ToldOutcome is { } told ? Weighed(call, told) : FromLedger(call)) : said.Outcome;

    /// <summary>
    /// When a call ended that is over by this word, which was learned already, as it was told. <see cref="HeldTimes.KeepOrder"/> puts it behind the
    /// conversation.
    /// </summary>
    public static DateTimeOffset EndedAt(Attempt call, CallTerminated said) => IsFinal(said) ? call.ToldAt!.Value : call.At(said);

    /// <summary>True for a word that cannot end a call which the ledger has not seen connected.</summary>
    public static bool IsDoubtful(Attempt call, CallTerminated said) =>
        call.Mode == CampaignModes.Power && said is { Step: false, Source: not Reconciliation }
        && (said.Provisional || (said.Outcome == Outcomes.Completed && !(said.TalkTime > TimeSpan.Zero)) || IsOfAnother(call, said.Outcome));

    /// <summary>True when the call is not to be closed on this word alone.</summary>
    public static bool IsInDoubt(Attempt call, CallTerminated said) =>
        IsDoubtful(call, said) && !(call.ConnectedAt <= call.At(said)) && (said.Provisional || !Talked(call, said));

    /// <summary>The doubt is settled: the call was connected before it was said to be over.</summary>
    public static bool IsSettled(Attempt call) => call.ConnectedAt <= call.ProvisionalEndedAt;

    /// <summary>
    /// How a call ended of which it is only known that it is over. One that was never answered ends Unknown: no answer, busy and
    /// unreachable look the same from here.
    /// </summary>
    public static string FromLedger(Attempt call) => call switch
    {
        { ConnectedAt: not null } or { TalkTime.Ticks: > 0 } => Outcomes.Completed,
        { AnsweredAt: null } => Outcomes.Unknown,
        _ => Unconnected(call, Outcomes.Completed),
    };

    /// <summary>
    /// How long the person was on the call: by the records, else by the conversation and by the instants of answer and end. Null: nobody told, and so
    /// it was long enough.
    /// </summary>
    internal static TimeSpan? Heard(Attempt call)
    {
        var seen = (call.ToldAt ?? call.ProvisionalEndedAt) - call.AnsweredAt is { } time && time > TimeSpan.Zero ? time : (TimeSpan?)null;
        return new[] { call.TalkTime > TimeSpan.Zero ? call.TalkTime : null, call.Duration ?? seen }.Max();
    }

    /// <summary>An answered call, by who picked up and for how long.</summary>
    private static string Reached(Attempt call, string outcome)
    {
        if (CampaignModes.IsAgentFirst(call.Mode))
            return outcome;
        var agents = CampaignModes.HasAgents(call.Mode);
        return outcome switch
        {
            Outcomes.Completed or Outcomes.Abandoned when AnsweredBy.IsMachine(call.AnsweredBy) && !(agents && outcome == Outcomes.Completed) =>
                Outcomes.MachineAnswered,
            Outcomes.Completed when !agents && Heard(call) < call.ReachedAfter => Outcomes.Abandoned,
            _ => outcome,
        };
    }

    /// <summary>Answered, and no word of a conversation.</summary>
    /// <param name="withoutAgents">How a call that was to reach no agent ended, if no step of its flow says it.</param>
    private static string Unconnected(Attempt call, string withoutAgents) =>
        AnsweredBy.IsMachine(call.AnsweredBy) ? Outcomes.MachineAnswered
        : CampaignModes.HasAgents(call.Mode) ? Outcomes.Abandoned
        : call.StepOutcome ?? withoutAgents;

    private static string Weighed(Attempt call, string told)
    {
        if (CampaignModes.IsAgentFirst(call.Mode))
            return told;   // the router has weighed it
        var talked = call.TalkTime > TimeSpan.Zero;
        var connected = talked || call.ConnectedAt is not null;
        // A better word on who picked up was a person's.
        if (told == Outcomes.MachineAnswered && call.AnsweredBy is { } who && !AnsweredBy.IsMachine(who))
            told = Outcomes.Completed;
        return told switch
        {
            not Outcomes.MachineAnswered when talked => Outcomes.Completed,
            Outcomes.Completed when !connected && (call.Mode == CampaignModes.Power || call.StepOutcome is not null) => Unconnected(call, told),
            Outcomes.Abandoned when connected && call.ToldSource == Reconciliation => Outcomes.Completed,
            // A message was left where there are no agents to reach: final words know of conversations only.
            Outcomes.Abandoned when call.StepOutcome == Outcomes.Completed && !CampaignModes.HasAgents(call.Mode) => Outcomes.Completed,
            _ when IsOfAnother(call, told) => connected ? Outcomes.Completed : Unconnected(call, Outcomes.Abandoned),
            _ => told,
        };
    }

    /// <summary>The lead had picked up, so the word is about somebody who was dialed for the lead.</summary>
    private static bool IsOfAnother(Attempt call, string told) =>
        !CampaignModes.IsAgentFirst(call.Mode) && call.AnsweredAt is not null
        && told is Outcomes.NoAnswer or Outcomes.Busy or Outcomes.Rejected or Outcomes.Unreachable or Outcomes.Canceled or Outcomes.InvalidNumber
            or Outcomes.Barred or Outcomes.NetworkFailure;

    private static bool Outweighs(Attempt call, string known, CallTerminated said)
    {
        var (byRecords, was) = (said.Source == Reconciliation, call.ToldSource == Reconciliation);
        if (byRecords != was)
            return byRecords;
        var (one, other) = (Array.IndexOf(Weights, said.Outcome), Array.IndexOf(Weights, known));
        if (one != other)
            return one > other;
        var words = string.CompareOrdinal(said.Outcome, known);
        return words != 0 ? words < 0 : call.At(said) < call.ToldAt;
    }

    private static bool Talked(Attempt call, CallTerminated said) => said.TalkTime > TimeSpan.Zero || call.TalkTime > TimeSpan.Zero;
}
