using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>
/// Follows the calls of customers who are called first: whom they are about, what the provider calls them, which agent the provider's
/// own queue led them to, and their end.
/// </summary>
internal sealed class RouterCustomersConsumer(
    RouterDbContext db, CustomerChanges changes, AgentOffers offers, SessionChanges sessions, AgentScreen screen, IOptions<RouterOptions> options,
    TimeProvider clock)
    : IConsumer<CustomerCallPlaced>, IConsumer<CallOriginated>, IConsumer<CallConnected>, IConsumer<AttemptEnded>
{
    public Task Consume(ConsumeContext<CustomerCallPlaced> context) => changes.Placed(context.Message, context.CancellationToken);

    /// <summary>The provider's answer to our own request names the call: that overrules whoever came before.</summary>
    public Task Consume(ConsumeContext<CallOriginated> context) => db.CustomerCalls
        .Where(c => c.AttemptId == context.Message.AttemptId && c.ProviderCallId != context.Message.ProviderCallId)
        .ExecuteUpdateAsync(c => c.SetProperty(x => x.ProviderCallId, context.Message.ProviderCallId), context.CancellationToken);

    /// <summary>A provider with a queue of its own chose the agent; what the router itself chose, it told itself.</summary>
    public async Task Consume(ConsumeContext<CallConnected> context)
    {
        var (word, cancel) = (context.Message, context.CancellationToken);
        if (word is not { AgentId: null, AgentNumber: { } number } || await changes.Lock(word.AttemptId, cancel) is not { OverAt: null } call)
            return;
        var at = ForeignClock.Held(word.OccurredAt, call.PlacedAt, word.ReceivedAt).At;
        // The queue may ring people of whom we know nothing, at an extension or a forwarded number: then it is not known who it is.
        if (await offers.OfPhone(word.Account, cancel, PhoneOf(number)) is not { } session)
        {
            call.ConnectedAt ??= at;
            await db.SaveChangesAsync(cancel);
            return;
        }
        if (session.AttemptId == call.AttemptId)
            return;

        session.Misses = 0;
        if (await IsWithAnotherSince(session, at, cancel))
        {
            // A late word: who is talked to by now is not left for it.
            (call.AgentId, call.ConnectedAt) = (session.AgentId, call.ConnectedAt ?? at);
            await changes.TalkedLast(call, cancel);
            await db.SaveChangesAsync(cancel);
            return;
        }
        if (session is { State: AgentStates.Paused, IsNotAnswering: false })
            session.WantsPause ??= session.Reason;   // the break goes on afterwards
        await db.Offers.Where(o => o.SessionId == session.Id).ExecuteDeleteAsync(cancel);
        var campaign = await changes.CampaignOf(call, cancel);
        call.AgentId = session.AgentId;
        call.ConnectedAt ??= at;
        (session.AttemptId, session.CampaignId) = (call.AttemptId, call.CampaignId);
        await changes.TalkedLast(call, cancel);
        await sessions.Enter(session, AgentStates.OnCall, null, clock.GetUtcNow() + options.Value.TalkDeadline(campaign), cancel);
        await screen.Show(session.AgentId, AgentEventKinds.Lead, LeadScreen.Of(call.CampaignId, campaign, call.Offered(), decide: false), cancel);
        await changes.Show(call, "answered", call.ConnectedAt!.Value, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>The agent talks to another, or just did, and that began later than what is told now.</summary>
    private async Task<bool> IsWithAnotherSince(Session session, DateTimeOffset at, CancellationToken cancel)
    {
        if (session.State is not (AgentStates.OnCall or AgentStates.WrapUp))
            return false;
        // By the provider's clock, where it told of that one too; it may itself have been heard late.
        var began = await db.CustomerCalls.Where(c => c.AttemptId == session.AttemptId).Select(c => c.ConnectedAt).SingleOrDefaultAsync(cancel);
        return (began ?? session.StateSince) >= at;
    }

    /// <summary>From <c>918047851001</c>, <c>+918047851001</c>, <c>sip:918047851001@pbx</c>.</summary>
    private static string PhoneOf(string named)
    {
        var user = named.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? named[4..] : named;
        user = user.Split('@')[0].Trim();
        return user.StartsWith('+') ? user : "+" + user;
    }

    public async Task Consume(ConsumeContext<AttemptEnded> context)
    {
        var (attempt, cancel) = (context.Message.AttemptId, context.CancellationToken);
        if (await changes.Lock(attempt, cancel) is not { OverAt: null } call)
            return;
        (call.OverAt, call.QueuedAt) = (clock.GetUtcNow(), null);
        var campaign = await changes.CampaignOf(call, cancel);
        var holding = await db.Sessions.LockedInCall(attempt).ToListAsync(cancel);
        foreach (var session in holding)
            await sessions.AfterCall(session, campaign, session.State == AgentStates.OnCall, "the call ended", cancel);
        await db.Offers.Where(o => o.CallId == attempt).ExecuteDeleteAsync(cancel);
        await changes.Show(call, "ended", context.Message.OccurredAt, cancel, context.Message.Outcome, context.Message.TalkTime);
        await db.SaveChangesAsync(cancel);
    }
}

internal sealed class RouterCustomersConsumerDefinition : OutboxConsumerDefinition<RouterCustomersConsumer, RouterDbContext>;
