using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>Changes the calls of customers who were called first, and tells it with the row. Only inside a transaction.</summary>
internal sealed class CustomerChanges(
    RouterDbContext db, IOutbox<RouterDbContext> outbox, AgentOffers offers, LastAgents lastAgents, AgentScreen screen,
    IOptions<RouterOptions> options, TimeProvider clock)
{
    public Task<CustomerCall?> Lock(Guid attemptId, CancellationToken cancel) =>
        db.CustomerCalls.Locked(attemptId).SingleOrDefaultAsync(cancel);

    public Task<CustomerCall?> Lock(string account, string callId, CancellationToken cancel) =>
        db.CustomerCalls.Locked(account, callId).SingleOrDefaultAsync(cancel);

    public Task Placed(CustomerCallPlaced placed, CancellationToken cancel) => db.AddCustomerCall(placed, clock.GetUtcNow(), cancel);

    /// <summary>Waits for an agent from now on; told once.</summary>
    public async Task Queue(CustomerCall call, CancellationToken cancel)
    {
        if (call.QueuedAt is not null)
            return;
        var now = clock.GetUtcNow();
        call.QueuedAt = now;
        await outbox.Publish(Head(call, now).Queued(), cancel);
    }

    /// <summary>An agent was found for one who waited.</summary>
    public async Task Dequeue(CustomerCall call, CancellationToken cancel)
    {
        if (call.QueuedAt is null)
            return;
        var now = clock.GetUtcNow();
        call.QueuedAt = null;
        await outbox.Publish(Head(call, now).Dequeued(), cancel);
    }

    /// <summary>Customer and agent hear each other; told once.</summary>
    public async Task Connect(CustomerCall call, OpenOffer agent, IProviderEvent word, DateTimeOffset at, CancellationToken cancel)
    {
        if (call.ConnectedAt is not null)
            return;
        (call.ConnectedAt, call.AgentId) = (at, agent.Session.AgentId);
        await offers.Connect(agent, clock.GetUtcNow() + options.Value.TalkDeadline(await CampaignOf(call, cancel)), cancel);
        await TalkedLast(call, cancel);
        await Tell(call, word, at, agent.Offer.Phone, cancel);
    }

    /// <summary>The customer talked to somebody whose phone was let go already, or of whom nobody knows who it was; told once.</summary>
    /// <param name="agent">Who has the phone that is named; null: it is not known who it was.</param>
    public async Task ConnectUnasked(
        CustomerCall call, Session? agent, IProviderEvent word, DateTimeOffset at, DateTimeOffset until, CancellationToken cancel)
    {
        if (call.ConnectedAt is not null)
            return;
        (call.ConnectedAt, call.AgentId) = (at, agent?.AgentId);
        if (agent is not null)
        {
            await offers.TalkedAfterAll(agent, await CampaignOf(call, cancel), call.AttemptId, until, cancel);
            await TalkedLast(call, cancel);
        }
        await Tell(call, word, at, agent?.Phone, cancel);
    }

    private async Task Tell(CustomerCall call, IProviderEvent word, DateTimeOffset at, string? phone, CancellationToken cancel)
    {
        await outbox.Publish(Head(call, at, word).Connected() with { AgentId = call.AgentId, AgentNumber = phone }, cancel);
        await Show(call, "answered", at, cancel);
    }

    /// <summary>What is only known when a conversation is over, how long it was and its recording, goes to the ledger. The flow may go on.</summary>
    public async Task TellTalk(CustomerCall call, DialEnded ended, CancellationToken cancel)
    {
        if (ended.RecordingUrl is null && !(ended.TalkTime > TimeSpan.Zero))
            return;
        await outbox.Publish(
            Head(call, ended.OccurredAt, ended).Terminated(ended.Outcome == Outcomes.Completed ? Outcomes.Completed : Outcomes.Abandoned) with
            {
                TalkTime = ended.TalkTime,
                RecordingUrl = ended.RecordingUrl,
                Provisional = true,
                Step = true,
            }, cancel);
    }

    /// <summary>
    /// This agent is through with the customer: wrap-up after a conversation, else free; who did not answer is not asked first again.
    /// </summary>
    /// <param name="missed">The agent's phone rang and was declined or not picked up.</param>
    public async Task Release(CustomerCall call, OpenOffer agent, string reason, CancellationToken cancel, bool missed = false)
    {
        var talked = call.AgentId == agent.Session.AgentId;
        if (!talked)
            call.Tried = [.. call.Tried, agent.Session.AgentId];
        await offers.End(agent, await CampaignOf(call, cancel), talked, reason, cancel, missed);
        await screen.Show(agent.Session.AgentId, AgentEventKinds.Call, new CallStep(call.AttemptId, "over", clock.GetUtcNow()), cancel);
    }

    /// <summary>Tells the agent who talks or talked a step of the call; nobody when there is none.</summary>
    public async Task Show(
        CustomerCall call, string stage, DateTimeOffset at, CancellationToken cancel, string? outcome = null, TimeSpan? talkTime = null)
    {
        if (call.AgentId is { } agent)
            await screen.Show(agent, AgentEventKinds.Call, new CallStep(call.AttemptId, stage, at, outcome, talkTime), cancel);
    }

    /// <summary>Whoever calls back is led to this agent first.</summary>
    public Task TalkedLast(CustomerCall call, CancellationToken cancel) =>
        lastAgents.Dialed(call.Number, call.AgentId!.Value, call.CampaignId, call.AttemptId, call.LeadId, cancel);

    /// <param name="word">What told it; null: the router itself did.</param>
    private CallEventHead Head(CustomerCall call, DateTimeOffset at, IProviderEvent? word = null) => new(
        Guid.CreateVersion7(clock.GetUtcNow()), call.AttemptId, call.Account, call.ProviderCallId, at, word?.ReceivedAt ?? at, word?.RawStatus);

    public Task<CampaignRow?> CampaignOf(CustomerCall call, CancellationToken cancel) =>
        db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == call.CampaignId, cancel);
}
