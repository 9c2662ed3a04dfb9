using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Telemetry;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>Answers for a customer of a power campaign who picked up: one free agent, kept for him; else he waits and the flow asks again.</summary>
internal sealed class CustomerAnswers(
    RouterDbContext db, CustomerChanges changes, AgentOffers offers, AgentScreen screen, RouterMetrics metrics, IOptions<RouterOptions> options,
    TimeProvider clock, ILogger<CustomerAnswers> log)
{
    public async Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel)
    {
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (call, isAwaited) = await Find(request, cancel);
        if (call is null)
            return isAwaited ? DialWhomAnswer.Awaited(request.WantsJson) : null;
        if (IsStranger(call, request))
            return DialWhomAnswer.Nobody(request.WantsJson, "stranger");
        var answer = await Decide(call, await changes.CampaignOf(call, cancel), request, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);   // its end is never in doubt for want of time
        return answer;
    }

    public async Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (call, isAwaited) = await Find(request, cancel);
        if (call is null)
            return isAwaited ? true : null;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return !IsStranger(call, request) && call.OverAt is null && call.ConnectedAt is null;
    }

    /// <summary>
    /// By the id that the provider told us of the call, or by what we signed and gave along with our request for it. A number proves nothing, but it
    /// may be that of a call which the provider has not named yet.
    /// </summary>
    private async Task<(CustomerCall? Call, bool IsAwaited)> Find(DialWhomRequest request, CancellationToken cancel)
    {
        if (request.CallId.Length == 0)
            return default;
        if (await changes.Lock(request.Account, request.CallId, cancel) is { } known)
            return (known, false);
        if (request.EchoOf is { } attempt && await changes.Lock(attempt, cancel) is { } echoed && echoed.Account == request.Account)
        {
            echoed.ProviderCallId ??= request.CallId;
            return (echoed, false);
        }
        if (request.From is not { } number)
            return default;
        if (await db.CustomerCalls.AnyAsync(
            c => c.Account == request.Account && c.Number == number && c.OverAt == null && c.ProviderCallId == null, cancel))
            return (null, true);
        // The provider's word may have come since the first look: then the call is named by now.
        return (await changes.Lock(request.Account, request.CallId, cancel), false);
    }

    /// <summary>The provider has named another call for this attempt; counted and told.</summary>
    private bool IsStranger(CustomerCall call, DialWhomRequest request)
    {
        if (call.ProviderCallId == request.CallId)
            return false;
        metrics.Stranger("customer");
        log.StrangeCustomer(call.AttemptId);
        return true;
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
            var missed = !request.TalkedBefore && (open.Offer.ReleasedAt is not null || open.Offer.IsDialedSince(request));
            await changes.Release(call, open, "did not answer", cancel, missed);
        }
        // The campaign may be paused: whoever is on the line was called while it ran, and is not let down.
        if (await offers.Free(new(call.Account, call.CampaignId, campaign?.Skill, null, call.Tried), 1, cancel) is not [var agent])
        {
            await changes.Queue(call, cancel);
            return DialWhomAnswer.Nobody(json, "queued");
        }
        await changes.Dequeue(call, cancel);
        var deadline = clock.GetUtcNow() + options.Value.RingDeadline(campaign);
        await offers.Make(agent, call.AttemptId, 1, call.AttemptId, call.CampaignId, request, deadline, "a customer answered", cancel);
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
