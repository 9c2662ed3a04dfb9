using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>
/// What is learned of a lead's dialing goes into its row, the earliest time of each, and is told once in neutral words with the attempt's
/// id. Repeated, late and unordered words give the same row.
/// </summary>
internal sealed class LineEvidence(RouterDbContext db, IOutbox<RouterDbContext> outbox, AgentScreen screen, RouterMetrics metrics, TimeProvider clock)
{
    /// <summary>
    /// The lead that a line's event is about: by the dialed number, else the one that the line was given last before the event. A number that the
    /// line was not given is a forwarded phone's. Not locked: the session's lock comes first.
    /// </summary>
    /// <param name="since">When what the event tells began: of two leads given in one second the earlier is meant.</param>
    public Task<HopperLead?> Find(
        string account, string callId, IEnumerable<string?> numbers, DateTimeOffset at, DateTimeOffset since, CancellationToken cancel) =>
        db.Hopper.OfLine(account, callId, [.. numbers.OfType<string>()], at, since).AsNoTracking().SingleOrDefaultAsync(cancel);

    public async Task Dialing(HopperLead lead, IProviderEvent word, bool ringing, CancellationToken cancel)
    {
        var first = lead.DialingAt is null && lead.RingingAt is null;
        if (ringing)
            lead.RingingAt = Earlier(lead.RingingAt, word.OccurredAt);
        else
            lead.DialingAt = Earlier(lead.DialingAt, word.OccurredAt);
        if (!first)
            return;
        await outbox.Publish(Head(lead, word).Ringing(), cancel);
        await Show(lead, new(lead.AttemptId, ringing ? "ringing" : "dialing", word.OccurredAt), cancel);
    }

    /// <summary>The lead picked up, and talks to the agent whose line it is.</summary>
    public async Task Answered(HopperLead lead, IProviderEvent word, DateTimeOffset at, CancellationToken cancel)
    {
        await PickedUp(lead, word, at, cancel);
        if (lead.State == HopperStates.Over && (lead.Outcome != Outcomes.Completed || (lead.TalkTime is null && LineEnd.Talk(lead) is not null)))
            await Close(lead, "corrected", cancel);   // it was over by what was known before
    }

    private async Task PickedUp(HopperLead lead, IProviderEvent word, DateTimeOffset at, CancellationToken cancel)
    {
        var first = lead.AnsweredAt is null;
        lead.AnsweredAt = Earlier(lead.AnsweredAt, at);
        if (!first)
            return;
        TimeSpan? back = word.OccurredAt > at ? word.OccurredAt - at : null;
        await outbox.Publish(Head(lead, word, at).Answered() with { ReckonedBack = back }, cancel);
        await outbox.Publish(Head(lead, word, at).Connected() with { ReckonedBack = back, AgentId = lead.DialedBy }, cancel);
        await Show(lead, new(lead.AttemptId, "answered", at), cancel);
    }

    public async Task Released(HopperLead lead, IProviderEvent word, CancellationToken cancel)
    {
        var first = lead.ReleasedAt is null;
        lead.ReleasedAt = Earlier(lead.ReleasedAt, word.OccurredAt);
        if (first && lead.State == HopperStates.Taken)
            await Show(lead, new(lead.AttemptId, "over", word.OccurredAt), cancel);
    }

    /// <summary>
    /// The Passthru's word. It decides the outcome, and corrects one that was settled without it, or by a step of the flow after which it dialed the
    /// lead again and they talked. Where an earlier word of its kind decided, it changes nothing else. One that knows of no conversation does not
    /// overrule that the lead was told to have picked up.
    /// </summary>
    /// <returns>True when it decided.</returns>
    public async Task<bool> Ended(HopperLead lead, DialEnded word, CancellationToken cancel)
    {
        var told = word.Outcome ?? Outcomes.Unknown;
        var talkedAfterAll = told == Outcomes.Completed && lead.ToldOutcome is not (null or Outcomes.Completed);
        var wasSettled = lead.State == HopperStates.Over && (lead.ToldOutcome is null || talkedAfterAll);
        if (lead.ToldOutcome is null || talkedAfterAll)
        {
            (lead.ToldOutcome, lead.EndedAt, lead.RawStatus) = (told, word.OccurredAt, word.RawStatus);
            (lead.TalkTime, lead.Cause, lead.CauseName, lead.RecordingUrl) = (word.TalkTime, word.Cause, word.CauseName, word.RecordingUrl);
        }
        var outcome = LineEnd.Outcome(lead);
        var corrects = wasSettled && outcome != Outcomes.Unknown && (outcome != lead.Outcome || talkedAfterAll);
        if (lead.State != HopperStates.Taken && !corrects)
            return false;
        if (told == Outcomes.Completed)
            await PickedUp(lead, word, word.OccurredAt - (word.TalkTime ?? TimeSpan.Zero), cancel);
        await Close(lead, corrects ? "corrected" : "passthru", cancel);
        return !corrects;
    }

    /// <summary>No Passthru came in time: what is known decides.</summary>
    public Task Settle(HopperLead lead, CancellationToken cancel) => Close(lead, "settled", cancel);

    /// <param name="source">What led to it, for the metrics: <c>passthru</c>, <c>settled</c> or <c>corrected</c>.</param>
    private async Task Close(HopperLead lead, string source, CancellationToken cancel)
    {
        var (now, outcome) = (clock.GetUtcNow(), LineEnd.Outcome(lead));
        (lead.State, lead.Outcome, lead.OverAt, lead.SettleAt) = (HopperStates.Over, outcome, now, null);
        if (outcome == Outcomes.Completed && lead.ToldOutcome is not (null or Outcomes.Completed))
            (lead.TalkTime, lead.Cause, lead.CauseName) = (null, null, null);   // of a call that nobody took
        lead.TalkTime ??= outcome == Outcomes.Completed ? LineEnd.Talk(lead) : null;
        await outbox.Publish(LineEnd.Of(lead, now), cancel);
        await Show(lead, new(lead.AttemptId, "ended", LineEnd.At(lead, now), outcome, lead.TalkTime), cancel);
        metrics.Ended(outcome, source);
    }

    private CallEventHead Head(HopperLead lead, IProviderEvent word, DateTimeOffset? at = null) =>
        CallEventHead.Of(lead.AttemptId, word, clock.GetUtcNow(), at);

    private Task Show(HopperLead lead, CallStep step, CancellationToken cancel) =>
        screen.Show(lead.DialedBy!.Value, AgentEventKinds.Call, step, cancel);

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset told) => known < told ? known.Value : told;
}
