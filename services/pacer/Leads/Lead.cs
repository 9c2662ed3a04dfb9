using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Leads;

/// <summary>The states of a lead. Exactly one of the final ones is where each lead ends.</summary>
internal static class LeadStates
{
    public const string Waiting = "Waiting";

    /// <summary>Has an open attempt: it waits in the hopper, is being dialed or is being talked to. The reason tells which.</summary>
    public const string Dialing = "Dialing";

    public const string Completed = "Completed";

    /// <summary>Every allowed try was made.</summary>
    public const string Exhausted = "Exhausted";

    /// <summary>On the do-not-disturb registry, or barred by the network.</summary>
    public const string Barred = "Barred";

    public const string OptedOut = "OptedOut";
    public const string Invalid = "Invalid";

    /// <summary>The campaign was stopped or ended first.</summary>
    public const string Canceled = "Canceled";

    public static readonly IReadOnlyList<string> Open = [Waiting, Dialing];
    public static readonly IReadOnlyList<string> All = [Waiting, Dialing, Completed, Exhausted, Barred, OptedOut, Invalid, Canceled];
    public static readonly IReadOnlyList<string> Final = [Completed, Exhausted, Barred, OptedOut, Invalid, Canceled];
}

/// <summary>What a lead waits for, or how it ended.</summary>
internal sealed record LeadStanding
{
    public required string State { get; init; }
    public required string Reason { get; init; }
    public required string? ReasonText { get; init; }
    public required DateTimeOffset? ReasonAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset? CallBackAt { get; init; }
    public required Guid? CallBackAgentId { get; init; }
    public required string? CallBackNote { get; init; }
    public required bool CallBackWithinCaps { get; init; }

    public string ToJson() => StoredJson.Write(this);

    public static LeadStanding Read(string json) => StoredJson.Read<LeadStanding>(json);
}

/// <summary>One person to reach in one campaign.</summary>
internal sealed class Lead
{
    public Guid Id { get; init; }
    public Guid CampaignId { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    public int Priority { get; set; }

    /// <summary>
    /// IANA; where the number leaves several open, all of them, parted by commas: it is dialed only when it is a calling hour in each.
    /// </summary>
    public required string TimeZone { get; set; }

    /// <summary>The zone that a list or a person named; empty: none, the number's hold; null: written by a version that did not say.</summary>
    public string? OwnZone { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>The uploaded columns, as a JSON object.</summary>
    public string Attributes { get; set; } = "{}";

    public string State { get; private set; } = LeadStates.Waiting;
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The number of the last attempt.</summary>
    public int Attempts { get; private set; }

    /// <summary>Attempts that count against the caps: the phone may have rung.</summary>
    public int Tries { get; private set; }

    public string? LastOutcome { get; private set; }

    /// <summary>Why it is not being dialed right now, or how it ended: one of <see cref="LeadReasons"/> or an outcome.</summary>
    public string Reason { get; private set; } = LeadReasons.InQueue;

    public string? ReasonText { get; private set; }
    public DateTimeOffset? ReasonAt { get; private set; }

    /// <summary>Promised by an agent, or owed after a missed call: dialed then, whatever the redial policy says. Null: none is.</summary>
    public DateTimeOffset? CallBackAt { get; private set; }

    /// <summary>The call-back is this agent's own; null: anyone's.</summary>
    public Guid? CallBackAgentId { get; private set; }

    public string? CallBackNote { get; private set; }

    /// <summary>The call-back is owed for a missed call: what a day allows of calls to the person, and the cool-down, hold for it.</summary>
    public bool CallBackWithinCaps { get; private set; }

    /// <summary>What an agent last said came of it: a code of the campaign.</summary>
    public string? Disposition { get; private set; }

    public string? Note { get; private set; }
    public Guid? ImportId { get; init; }
    public long? ImportRow { get; init; }
    public DateTimeOffset ImportedAt { get; init; }

    /// <summary>Who added it by itself; null: it came with a list, called us, or is a single call.</summary>
    public string? AddedBy { get; init; }

    /// <summary>Taken back by somebody while it was in the hopper, in words: if it is dialed all the same, it is not dialed again.</summary>
    public string? Withdrawal { get; private set; }

    /// <summary>
    /// An earlier call than the last reached the person, as was learned later, in words: no other is placed, and when the one under way is over the
    /// lead is completed. Null: none did.
    /// </summary>
    public string? Settled { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>
    /// Of a single call: under which key it was asked for, with the lead's id behind it where others have a call under that text. Null: it is of a
    /// list.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whose key it is.</summary>
    public string? KeyOwner { get; init; }

    public bool IsOpen => LeadStates.Open.Contains(State);

    /// <summary>Somebody says where the person lives: if it waited for that, it waits no more.</summary>
    /// <param name="own">IANA.</param>
    /// <param name="minded">All zones that are minded from now on.</param>
    public void LivesIn(string own, string minded, DateTimeOffset now)
    {
        (OwnZone, TimeZone) = (own, minded);
        if (Reason is not (LeadReasons.ZoneUnknown or LeadReasons.LawfulHours))
            return;
        DueAt = CallBackAt > now ? CallBackAt.Value : DueAt < now ? DueAt : now;
        Why(CallBackAt is null ? LeadReasons.InQueue : LeadReasons.CallBack, null, now);
    }

    /// <summary>A lead that waits is not dialed before <paramref name="due"/>; one that waits for its time zone does so still.</summary>
    public void NotBefore(DateTimeOffset due, string? text, DateTimeOffset now)
    {
        DueAt = due;
        // Whether its zone is known is asked when the time has come.
        if (text is not null || Reason != LeadReasons.ZoneUnknown)
            Why(text is null ? LeadReasons.InQueue : LeadReasons.NotBefore, text, now);
    }

    /// <summary>Why a person may not move it to another time, as a sentence; null: nothing speaks against it.</summary>
    public string? WhyNotDue(DateTimeOffset due, DateTimeOffset now) =>
        CallBackAt is { } promised ? $"A call-back is promised for {promised:u}: expected a lead without one."
        : due < DueAt && DueAt > now && Reason is not LeadReasons.InQueue && !(Reason == LeadReasons.NotBefore && Attempts == 0)
            ? $"It waits until {DueAt:u} ({Reason}): expected a later instant."
        : null;

    /// <summary>Takes over what is to be changed.</summary>
    /// <param name="notBefore">Says of an instant that it is not dialed before.</param>
    /// <returns>What is another now, in words without a number or a name; empty: nothing.</returns>
    public List<string> Take(LeadChange change, Func<DateTimeOffset, string> notBefore, DateTimeOffset now)
    {
        List<string> changes = [];
        if (change.Priority is { } priority && priority != Priority)
        {
            changes.Add($"Priority {Priority} → {priority}");
            Priority = priority;
        }
        if (change.ExternalId is (true, var externalId) && externalId != ExternalId)
        {
            changes.Add(externalId is null ? "External id taken out" : ExternalId is null ? "External id set" : "External id changed");
            ExternalId = externalId;
        }
        if (change.Attributes is { } attributes && LeadChange.Differing(Attributes, attributes) is { Count: > 0 } names)
        {
            changes.Add($"Attributes changed: {string.Join(", ", names)}");
            Attributes = attributes;
        }
        if (change.DueAt is { } due && (due > now ? due != DueAt : DueAt > now))
        {
            changes.Add(due > now ? $"Not before {due:u}" : "Due now");
            NotBefore(due, due > now ? notBefore(due) : null, now);
        }
        return changes;
    }

    /// <summary>Is not called any more. One that waits reaches its final state, one in the hopper when it comes back, or after its call.</summary>
    public void Withdraw(string text, DateTimeOffset now)
    {
        Withdrawal = text;
        ForgetCallBack();
        if (State == LeadStates.Waiting)
            Finish(LeadStates.Canceled, LeadReasons.Withdrawn, text, now);
    }

    /// <summary>An earlier call than the one that is under way reached the person; null: it did not, after all.</summary>
    public void Settle(string? text) => Settled = text;

    /// <summary>Takes the next attempt number; the attempt's row goes into the same transaction.</summary>
    public int BeginAttempt(DateTimeOffset now)
    {
        State = LeadStates.Dialing;
        Why(LeadReasons.BeingDialed, null, now);
        return ++Attempts;
    }

    /// <summary>As <see cref="BeginAttempt"/>, for an attempt that waits in the hopper.</summary>
    public int BeginOffer(DateTimeOffset now)
    {
        State = LeadStates.Dialing;
        Why(LeadReasons.InHopper, null, now);
        return ++Attempts;
    }

    /// <summary>Left the hopper for an agent's line.</summary>
    public void IsDialed(DateTimeOffset now)
    {
        if (State == LeadStates.Dialing)
            Why(LeadReasons.BeingDialed, null, now);
    }

    /// <summary>Came back from the hopper undialed: due as before or, if that is later, at <paramref name="due"/> or at its call-back.</summary>
    public void ComeBack(string reason, string text, DateTimeOffset due, DateTimeOffset now)
    {
        State = LeadStates.Waiting;
        DueAt = due > now ? due : DueAt < now ? DueAt : now;
        if (CallBackAt > DueAt)
            DueAt = CallBackAt.Value;
        Why(reason, text, now);
    }

    /// <summary>Until when a call-back is its agent's own; null: it is anyone's, or there is none.</summary>
    public DateTimeOffset? PersonalUntil(CampaignRules rules) =>
        CallBackAgentId is null || rules.Agents is not { } agents ? null : CallBackAt + agents.PersonalFor;

    /// <summary>What an agent says came of a conversation; what was left out stays as it was.</summary>
    public void IsDisposed(string? code, string? note)
    {
        Disposition = code ?? Disposition;
        Note = note ?? Note;
    }

    /// <summary>Owes a call. A lead without an open attempt waits for its time from now on; one with an open attempt when that is over.</summary>
    /// <param name="withinCaps">Owed for a missed call; one that an agent had promised stays as it was promised.</param>
    public void PromiseCallBack(DateTimeOffset at, Guid? agent, string? note, string text, DateTimeOffset now, bool withinCaps)
    {
        CallBackWithinCaps = withinCaps && (CallBackAt is null || CallBackWithinCaps);
        (CallBackAt, CallBackAgentId, CallBackNote) = (at, agent, note);
        Settled = null;
        if (State == LeadStates.Dialing)
            return;
        FinishedAt = null;
        Hold(LeadReasons.CallBack, text, at, now);
    }

    public LeadStanding Standing() => new()
    {
        State = State,
        Reason = Reason,
        ReasonText = ReasonText,
        ReasonAt = ReasonAt,
        DueAt = DueAt,
        FinishedAt = FinishedAt,
        CallBackAt = CallBackAt,
        CallBackAgentId = CallBackAgentId,
        CallBackNote = CallBackNote,
        CallBackWithinCaps = CallBackWithinCaps,
    };

    /// <summary>What had been promised meanwhile is not owed. Not for one that had an open attempt then, or has one now.</summary>
    public void StandsAgain(LeadStanding before)
    {
        (State, DueAt, FinishedAt) = (before.State, before.DueAt, before.FinishedAt);
        (Reason, ReasonText, ReasonAt) = (before.Reason, before.ReasonText, before.ReasonAt);
        (CallBackAt, CallBackAgentId, CallBackNote, CallBackWithinCaps) =
            (before.CallBackAt, before.CallBackAgentId, before.CallBackNote, before.CallBackWithinCaps);
    }

    /// <summary>The promised call was made, or will not be.</summary>
    public void ForgetCallBack() => (CallBackAt, CallBackAgentId, CallBackNote, CallBackWithinCaps) = (null, null, null, false);

    /// <summary>Not now: waits until <paramref name="until"/> for a reason that can be told.</summary>
    public void Hold(string reason, string text, DateTimeOffset until, DateTimeOffset now)
    {
        State = LeadStates.Waiting;
        DueAt = until;
        Why(reason, text, now);
    }

    /// <summary>Reaches its one final state. Said again of a lead that is in it, the time of the first word stays.</summary>
    public void Finish(string state, string reason, string text, DateTimeOffset now)
    {
        FinishedAt = State == state && FinishedAt is { } first ? first : now;
        State = state;
        ForgetCallBack();
        Why(reason, text, now);
    }

    /// <summary>Had been finished by how its last call ended, and that call ended otherwise.</summary>
    public void Reopen(string reason, string text, DateTimeOffset until, DateTimeOffset now)
    {
        FinishedAt = null;
        Hold(reason, text, until, now);
    }

    /// <summary>The outcome of the last attempt did not stand.</summary>
    public void Correct(string outcome) => LastOutcome = outcome;

    public void Remember(string outcome, bool countsAsTry)
    {
        LastOutcome = outcome;
        if (countsAsTry)
            CountTry();
    }

    /// <summary>An attempt used up a try.</summary>
    public void CountTry() => Tries++;

    private void Why(string reason, string? text, DateTimeOffset now)
    {
        Reason = reason;
        ReasonText = text;
        ReasonAt = now;
    }
}

internal sealed class LeadMapping : IEntityTypeConfiguration<Lead>
{
    public void Configure(EntityTypeBuilder<Lead> builder)
    {
        builder.ToTable("leads").HasKey(l => l.Id);
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.Attributes).HasColumnType("jsonb");
        builder.Ignore(l => l.IsOpen);
    }
}
