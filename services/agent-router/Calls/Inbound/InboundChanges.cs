using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>
/// Ends calls that came in, and tells it with the row that says so: once, and again when a better word came. Only inside a transaction that holds the
/// call's row.
/// </summary>
internal sealed class InboundChanges(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, AgentOffers offers, LastAgents lastAgents, TimeProvider clock)
{
    public Task<InboundCall?> Lock(string account, string callId, CancellationToken cancel) =>
        db.InboundCalls.Locked(account, callId).SingleOrDefaultAsync(cancel);

    public async Task End(InboundCall call, string reason, DateTimeOffset at, CancellationToken cancel)
    {
        if (call.IsOver)
            return;
        await Free(call, reason, cancel);
        call.Outcome ??= call.ConnectedAt is null ? InboundOutcomes.Missed
            : call.AgentId is null ? InboundOutcomes.Unidentified : InboundOutcomes.Completed;
        var endedAt = call.EndedAt ?? at;
        (call.State, call.DeadlineAt, call.EndedAt) = (InboundStates.Over, null, endedAt < call.ConnectedAt ? call.ConnectedAt : endedAt);
        if (call.ConnectedAt is { } connected)
            call.TalkTime ??= call.EndedAt > connected ? call.EndedAt - connected : TimeSpan.Zero;
        await Tell(call, call.EndedAt.Value, cancel);
    }

    /// <summary>
    /// A better word came than that by which the call was held to be over. It is told again when it ends, and at once that nobody has to call back.
    /// </summary>
    /// <returns>When it had been held to be over.</returns>
    public async Task<DateTimeOffset?> Reopen(InboundCall call, CancellationToken cancel)
    {
        var overAt = call.EndedAt;
        if (call.Outcome == InboundOutcomes.Missed)
            await TellReached(call, cancel);
        call.Revision++;
        call.State = InboundStates.Connected;
        if (call.Outcome is InboundOutcomes.Missed or InboundOutcomes.Voicemail)
            (call.Outcome, call.ConnectedAt, call.EndedAt, call.TalkTime) = (null, null, null, null);
        return overAt;
    }

    /// <summary>Frees whoever rings for this call or talks in it.</summary>
    public async Task Free(InboundCall call, string reason, CancellationToken cancel)
    {
        var campaign = await CampaignOf(call, cancel);
        foreach (var open in await offers.Open(call.Id, cancel))
            await offers.End(open, campaign, call.AgentId == open.Session.AgentId, reason, cancel);
    }

    /// <summary>Frees those who rang for this call and did not answer: they are not asked first again.</summary>
    /// <param name="missed">Whether it is told that this one's phone rang and was not picked up.</param>
    public async Task FreeUnanswered(InboundCall call, Func<OpenOffer, bool> missed, CancellationToken cancel)
    {
        var campaign = await CampaignOf(call, cancel);
        foreach (var open in await offers.Open(call.Id, cancel))
        {
            call.Tried = [.. call.Tried, open.Session.AgentId];
            await offers.End(open, campaign, talked: false, "did not answer", cancel, missed(open));
        }
    }

    /// <summary>Whoever was called for a campaign is led to the agent he talked to last when he calls in again.</summary>
    public async Task TalkedLast(InboundCall call, CancellationToken cancel)
    {
        if (call is { AgentId: { } agent, Number: { } number })
            await lastAgents.Talked(number, agent, cancel);
    }

    public async Task<CampaignRow?> CampaignOf(InboundCall call, CancellationToken cancel) =>
        call.CampaignId is { } id ? await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel) : null;

    private async Task Tell(InboundCall call, DateTimeOffset endedAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (call is { Outcome: InboundOutcomes.Missed, Number: { } number })   // who withheld the number cannot be called back
        {
            await outbox.Publish(new InboundCallMissed
            {
                EventId = Guid.CreateVersion7(now),
                Account = call.Account,
                ProviderCallId = call.ProviderCallId,
                Number = number,
                Did = call.Did,
                CampaignId = await CallsBack(call, cancel),
                OccurredAt = endedAt,
            }, cancel);
        }
        await outbox.Publish(new InboundCallEnded
        {
            EventId = Guid.CreateVersion7(now),
            InboundId = call.Id,
            Account = call.Account,
            Did = call.Did,
            Outcome = call.Outcome!,
            CampaignId = call.CampaignId,
            AgentId = call.AgentId,
            StartedAt = call.StartedAt,
            ConnectedAt = call.ConnectedAt,
            TalkTime = call.TalkTime,
            RecordingUrl = call.RecordingUrl,
            Revision = call.Revision,
            OccurredAt = endedAt,
        }, cancel);
    }

    private async Task TellReached(InboundCall call, CancellationToken cancel)
    {
        if (call.Number is not { } number)
            return;
        var now = clock.GetUtcNow();
        await outbox.Publish(new InboundCallReached
        {
            EventId = Guid.CreateVersion7(now),
            Account = call.Account,
            ProviderCallId = call.ProviderCallId,
            Number = number,
            Did = call.Did,
            CampaignId = await CallsBack(call, cancel),
            OccurredAt = now,
        }, cancel);
    }

    /// <summary>The campaign that calls back whom nobody answered; null: none.</summary>
    private async Task<Guid?> CallsBack(InboundCall call, CancellationToken cancel) =>
        await db.Dids.Where(d => d.Number == call.Did).Select(d => d.CallBackCampaignId).SingleOrDefaultAsync(cancel) ?? call.CampaignId;
}
