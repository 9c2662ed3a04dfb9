using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.DialWhom;
using Outdial.AgentRouter.Offers;
using Outdial.AgentRouter.Streams;

namespace Outdial.AgentRouter.Customers;

/// <summary>Answers for a customer of a power campaign who picked up: one free agent, kept for him; else he waits and the flow asks again.</summary>
internal sealed class CustomerRoute(
    RouterDbContext db, CustomerDesk desk, AgentOffers offers, AgentScreen screen, IOptions<RouterOptions> options, TimeProvider clock) : ICallerRoute
{
    public async Task<DialWhomAnswer?> AnswerAsync(DialWhomRequest request, CancellationToken cancel)
    {
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await Find(request, cancel) is not { } call)
            return null;
        var answer = await Decide(call, await desk.CampaignOf(call, cancel), request, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);   // its end is never in doubt for want of time
        return answer;
    }

    public async Task<bool?> StaysAsync(DialWhomRequest request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        return await Find(request, cancel) is { } call ? call.OverAt is null && call.ConnectedAt is null : null;
    }

    /// <summary>By the call's id; else the newest call to this number that nobody has named yet. A customer who calls in meanwhile is not meant.</summary>
    private async Task<CustomerCall?> Find(DialWhomRequest request, CancellationToken cancel)
    {
        if (request.CallId.Length == 0)
            return null;
        if (await desk.Lock(request.Account, request.CallId, cancel) is { } known)
            return known;
        var call = await db.Set<CustomerCall>().FromSql(
            $"""
            select * from customer_calls where account = {request.Account} and number = {request.From ?? ""} and over_at is null and provider_call_id is null
            order by placed_at desc limit 1 for update
            """).SingleOrDefaultAsync(cancel);
        if (call is not null)
            call.ProviderCallId = request.CallId;
        return call;
    }

    private async Task<DialWhomAnswer> Decide(CustomerCall call, CampaignRow? campaign, DialWhomRequest request, CancellationToken cancel)
    {
        var json = request.WantsJson || campaign is { AnswerForm: not "text" };
        if (call.OverAt is not null || call.ConnectedAt is not null)
            return DialWhomAnswer.Nobody(json, "over");

        foreach (var open in await offers.Open(call.AttemptId, cancel))
        {
            if (open.Offer.IsStillMeantBy(request, options.Value.SameLeadWithin))
                return AnswerOf(call, campaign, open.Offer.Phone, json, "same");
            await desk.Release(call, open, "did not answer", cancel);
        }
        // The campaign may be paused: whoever is on the line was called while it ran, and is not let down.
        if (await offers.Free(new(call.Account, call.CampaignId, campaign?.Skill, null, call.Tried), 1, cancel) is not [var agent])
        {
            await desk.Queue(call, cancel);
            return DialWhomAnswer.Nobody(json, "queued");
        }
        await desk.Dequeue(call, cancel);
        var deadline = clock.GetUtcNow() + (campaign?.RingTimeout ?? TimeSpan.FromMinutes(1)) + options.Value.DialingGrace;
        await offers.Make(agent, call.AttemptId, 1, call.AttemptId, call.CampaignId, request.AskedAt, deadline, "a customer answered", cancel);
        await screen.Show(agent.AgentId, AgentEventKinds.Lead, LeadScreen.Of(call.CampaignId, campaign, call.Offered(), decide: false), cancel);
        return AnswerOf(call, campaign, agent.Phone, json, "agents");
    }

    private static DialWhomAnswer AnswerOf(CustomerCall call, CampaignRow? campaign, string phone, bool json, string result) => new()
    {
        Numbers = [phone],
        Json = json,
        CallerId = call.Offered().CallerId,
        Record = campaign?.Record ?? false,
        MaxRinging = campaign?.RingTimeout,
        MaxConversation = campaign?.MaxConversation,
        Result = result,
    };
}
