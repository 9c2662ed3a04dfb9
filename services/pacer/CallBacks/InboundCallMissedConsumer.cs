using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;

namespace Outdial.Pacer.CallBacks;

/// <summary>
/// A customer called and reached nobody: noted once, and looked into before anybody is called back. If it is told that he did reach somebody, before
/// or later, he is not called back.
/// </summary>
internal sealed class InboundCallMissedConsumer(PacerDbContext db, PacerMetrics metrics, TimeProvider clock)
    : IConsumer<InboundCallMissed>, IConsumer<InboundCallReached>
{
    private const string Reached = "The caller reached somebody, or left a message, as was told later.";

    /// <summary>So many of an account are looked into at a time. Only a flood of forged callers is more.</summary>
    private const int MostWaiting = 1000;

    public async Task Consume(ConsumeContext<InboundCallMissed> context)
    {
        var (told, cancel, now) = (context.Message, context.CancellationToken, clock.GetUtcNow());
        // By a foreign clock: whoever called has called by now.
        var missedAt = told.OccurredAt.ToUniversalTime() is var at && at < now ? at : now;
        if (told.CampaignId is not null)
            await MakeRoom(told.Account, now, cancel);
        var (state, reason) = told.CampaignId is null
            ? (MissedCallStates.Refused, "The number that was called has no campaign that calls back.")
            : (MissedCallStates.Waiting, "The provider's records are asked for the call.");
        var code = told.CampaignId is null ? "no-campaign" : null;
        DateTimeOffset? decided = state == MissedCallStates.Refused ? now : null;
        await db.Note(told, missedAt, state, reason, code, decided, now, cancel);
    }

    public async Task Consume(ConsumeContext<InboundCallReached> context)
    {
        var (told, cancel, now) = (context.Message, context.CancellationToken, clock.GetUtcNow());
        var refused = await db.RefuseAsReached(told, Reached, now, cancel);
        if (!refused)
            refused = await TakeBack(told, now, cancel);
        if (refused)
            metrics.MissedCall(MissedCallCodes.NotMissed);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The promise is void, unless its call is in an agent's hopper, is being made or was made: the lead is what it was before.</summary>
    private async Task<bool> TakeBack(InboundCallReached told, DateTimeOffset now, CancellationToken cancel)
    {
        var missed = await db.LockedPromise(told.Account, told.ProviderCallId).SingleOrDefaultAsync(cancel);
        if (missed?.LeadId is not { } id
            || await db.LockedLead(id).SingleOrDefaultAsync(cancel) is not { } lead)
            return false;
        var before = missed.LeadBefore is { } json ? LeadStanding.Read(json) : null;
        if (lead is not { State: LeadStates.Waiting, CallBackWithinCaps: true } || lead.CallBackAt != missed.MissedAt
            || before is { State: LeadStates.Dialing })
            return false;
        if (before is not null)
            lead.StandsAgain(before);
        else
            lead.Finish(LeadStates.Canceled, LeadReasons.CalledIn, Reached, now);
        db.Trail.Add(TrailEntry.Of(lead, now, "reached", "Reached somebody in the call that had been held to be missed: is not called back"));
        missed.Decide(MissedCallStates.Refused, Reached, now, lead.Id);
        missed.Code = MissedCallCodes.NotMissed;
        return true;
    }

    /// <summary>
    /// When too many wait, the one that was looked up in vain most often gives way: a flood is looked up in vain, a true call is found at once.
    /// </summary>
    private async Task MakeRoom(string account, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await db.MissedCalls.Where(m => m.Account == account && m.State == MissedCallStates.Waiting).Skip(MostWaiting - 1).AnyAsync(cancel))
            return;
        var reason = $"{MostWaiting} missed calls of the account are being looked into, and the records did not show this one.";
        await db.RefuseOneOfFlood(account, reason, now, cancel);
    }
}

internal sealed class InboundCallMissedConsumerDefinition() : OutboxConsumerDefinition<InboundCallMissedConsumer, PacerDbContext>("pacer-inbound-call-missed");
