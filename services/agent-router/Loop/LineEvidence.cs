using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Streams;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Loop;

/// <summary>
/// What is learned of a lead's dialing goes into its row, the earliest time of each, and is told once in neutral words with the attempt's
/// id. Repeated, late and unordered words give the same row.
/// </summary>
public sealed class LineEvidence(RouterDbContext db, IOutbox<RouterDbContext> outbox, AgentScreen screen, RouterMetrics metrics, TimeProvider clock)
{
    /// <summary>
    /// The lead that a line's event is about: by the dialed number, else the one that the line was given last before the event. A number that the
    /// line was not given is a forwarded phone's. Not locked: the session's lock comes first.
    /// </summary>
    /// <param name="since">When what the event tells began: of two leads given in one second the earlier is meant.</param>
    public Task<HopperLead?> Find(
        string account, string callId, IEnumerable<string?> numbers, DateTimeOffset at, DateTimeOffset since, CancellationToken cancel)
    {
        var named = numbers.OfType<string>().ToArray();
        return db.Hopper.FromSql(
            $"""
            select * from hopper where account = {account} and provider_call_id = {callId}
            order by number = any({named}) desc, asked_at < {since} desc, asked_at <= {at} desc, asked_at desc limit 1
            """).AsNoTracking().SingleOrDefaultAsync(cancel);
    }

    public async Task Dialing(HopperLead lead, IProviderEvent word, bool ringing, CancellationToken cancel)
    {
        var first = lead.DialingAt is null && lead.RingingAt is null;
        if (ringing)
            lead.RingingAt = Earlier(lead.RingingAt, word.OccurredAt);
        else
            lead.DialingAt = Earlier(lead.DialingAt, word.OccurredAt);
        if (!first)
            return;
        await outbox.Publish(new CallRinging
        {
            EventId = Guid.CreateVersion7(clock.GetUtcNow()),
            AttemptId = lead.AttemptId,
            Account = word.Account,
            ProviderCallId = word.ProviderCallId,
            OccurredAt = word.OccurredAt,
            ReceivedAt = word.ReceivedAt,
            RawStatus = word.RawStatus,
        }, cancel);
        await Show(lead, new(lead.AttemptId, ringing ? "ringing" : "dialing", word.OccurredAt), cancel);
    }

    /// <summary>The lead picked up, and talks to the agent whose line it is.</summary>
    public async Task Answered(HopperLead lead, IProviderEvent word, DateTimeOffset at, CancellationToken cancel)
    {
        await PickedUp(lead, word, at, cancel);
        if (lead.State == HopperStates.Over && (lead.Outcome != Outcomes.Completed || (lead.TalkTime is null && Talk(lead) is not null)))
            await Close(lead, Outcomes.Completed, "corrected", cancel);   // it was over by what was known before
    }

    private async Task PickedUp(HopperLead lead, IProviderEvent word, DateTimeOffset at, CancellationToken cancel)
    {
        var first = lead.AnsweredAt is null;
        lead.AnsweredAt = Earlier(lead.AnsweredAt, at);
        if (!first)
            return;
        var now = clock.GetUtcNow();
        TimeSpan? back = word.OccurredAt > at ? word.OccurredAt - at : null;
        await outbox.Publish(new CallAnswered
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = lead.AttemptId,
            Account = word.Account,
            ProviderCallId = word.ProviderCallId,
            OccurredAt = at,
            ReceivedAt = word.ReceivedAt,
            RawStatus = word.RawStatus,
            ReckonedBack = back,
        }, cancel);
        await outbox.Publish(new CallConnected
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = lead.AttemptId,
            Account = word.Account,
            ProviderCallId = word.ProviderCallId,
            OccurredAt = at,
            ReceivedAt = word.ReceivedAt,
            RawStatus = word.RawStatus,
            ReckonedBack = back,
            AgentId = lead.DialedBy,
        }, cancel);
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
    /// The Passthru's word. It decides the outcome, and corrects one that was settled without it, or by a step of the flow after which it dialed the lead again
    /// and they talked. Where an earlier word of its kind decided, it changes nothing else. One that knows of no conversation does not overrule that the lead was
    /// told to have picked up.
    /// </summary>
    /// <returns>True when it decided.</returns>
    public async Task<bool> Ended(HopperLead lead, DialEnded word, CancellationToken cancel)
    {
        var told = word.Outcome ?? Outcomes.Unknown;
        var outcome = lead.AnsweredAt is null ? told : Outcomes.Completed;
        var talkedAfterAll = told == Outcomes.Completed && lead.ToldOutcome is not (null or Outcomes.Completed);
        var wasSettled = lead.State == HopperStates.Over && (lead.ToldOutcome is null || talkedAfterAll);
        if (lead.ToldOutcome is null || talkedAfterAll)
        {
            (lead.ToldOutcome, lead.EndedAt, lead.RawStatus) = (told, word.OccurredAt, word.RawStatus);
            (lead.TalkTime, lead.Cause, lead.CauseName, lead.RecordingUrl) = (word.TalkTime, word.Cause, word.CauseName, word.RecordingUrl);
        }
        var corrects = wasSettled && outcome != Outcomes.Unknown && (outcome != lead.Outcome || talkedAfterAll);
        if (lead.State != HopperStates.Taken && !corrects)
            return false;
        if (told == Outcomes.Completed)
            await PickedUp(lead, word, word.OccurredAt - (word.TalkTime ?? TimeSpan.Zero), cancel);
        await Close(lead, outcome, corrects ? "corrected" : "passthru", cancel);
        return !corrects;
    }

    /// <summary>
    /// No Passthru came: what the popups said decides. Of a lead that was given, and of which there is no word, nobody knows whether its phone rang.
    /// </summary>
    public Task Settle(HopperLead lead, CancellationToken cancel) => Close(
        lead, lead.AnsweredAt is not null ? Outcomes.Completed : lead.LastWord is not null ? Outcomes.NoAnswer : Outcomes.Unknown, "settled", cancel);

    private async Task Close(HopperLead lead, string outcome, string source, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        (lead.State, lead.Outcome, lead.OverAt, lead.SettleAt) = (HopperStates.Over, outcome, now, null);
        if (outcome == Outcomes.Completed && lead.ToldOutcome is not (null or Outcomes.Completed))
            (lead.TalkTime, lead.Cause, lead.CauseName) = (null, null, null);   // of a call that nobody took
        lead.TalkTime ??= outcome == Outcomes.Completed ? Talk(lead) : null;
        await outbox.Publish(LeadDesk.TerminatedOf(lead, now), cancel);
        await Show(lead, new(lead.AttemptId, "ended", lead.EndedAt ?? lead.ReleasedAt ?? now, outcome, lead.TalkTime), cancel);
        metrics.Ended(outcome, source);
    }

    /// <summary>Where nobody told it, the talk lasted from the answer to the line's release.</summary>
    private static TimeSpan? Talk(HopperLead lead) => (lead.ReleasedAt ?? lead.EndedAt) - lead.AnsweredAt is { Ticks: > 0 } talk ? talk : null;

    private Task Show(HopperLead lead, CallStep step, CancellationToken cancel) => screen.Show(lead.DialedBy!.Value, AgentEventKinds.Call, step, cancel);

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset told) => known < told ? known.Value : told;
}
