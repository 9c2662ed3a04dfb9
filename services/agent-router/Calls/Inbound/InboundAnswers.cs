using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Telemetry;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>
/// Answers for a customer who called a number of ours: free agents, whoever talked to him last first; else the number's fallback,
/// else nobody. A repeated question gets the same answer.
/// </summary>
internal sealed class InboundAnswers(
    RouterDbContext db, InboundChanges changes, AgentOffers offers, LastAgents lastAgents, RouterMetrics metrics, IOptions<RouterOptions> options,
    TimeProvider clock)
{
    /// <summary>What the provider rings at the same time at most.</summary>
    public const int MostParallel = 5;

    /// <summary>One after the other, all of them kept for this caller meanwhile: more would stand idle for nothing.</summary>
    public const int MostInOrder = 3;

    /// <summary>After that a caller is let go and called back.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public async Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel)
    {
        if (request.CallId.Length == 0
            || await db.Dids.AsNoTracking().SingleOrDefaultAsync(d => d.Number == request.To && d.Account == request.Account, cancel) is not { } did)
            return null;
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await changes.Lock(request.Account, request.CallId, cancel) is null && await IsBeyondLimit(request, cancel) is { } limit)
        {
            metrics.InboundRefused(limit);
            return did.FallbackNumber is { } fallback
                ? AnswerOf(did, null, [fallback], request.WantsJson, "limited")
                : DialWhomAnswer.Nobody(request.WantsJson, "limited");
        }
        var call = await Known(request, did, cancel);
        var answer = await Decide(call, did, await changes.CampaignOf(call, cancel), request, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);   // its end is never in doubt for want of time
        return answer;
    }

    public async Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await changes.Lock(request.Account, request.CallId, cancel) is not { } call)
            return null;
        if (call.IsOver || call.ConnectedAt is not null)
            return false;
        var now = clock.GetUtcNow();
        var stays = now - call.StartedAt < LongestWait && await AnybodyThere(call, cancel);
        if (stays)
            call.DeadlineAt = now + options.Value.LineSilence;
        else
            await changes.End(call, "nobody was free", now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return stays;
    }

    private Task<bool> AnybodyThere(InboundCall call, CancellationToken cancel) => db.Sessions.AnyAsync(
        s => s.State != AgentStates.Ended && s.Reach == AgentReach.Phone && s.Account == call.Account
            && (call.CampaignId == null || s.Campaigns.Contains(call.CampaignId.Value)), cancel);

    /// <summary>
    /// Which limit one more call would pass; null: none. Anyone who has the address can claim any caller, so what is taken in is bounded. New calls
    /// of an account are counted by one router at a time.
    /// </summary>
    private async Task<string?> IsBeyondLimit(DialWhomRequest request, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.CountInboundAlone(request.Account, cancel);
        var lately = db.InboundCalls.Where(c => c.Account == request.Account);
        // Who withholds his number is not one caller.
        if (request.From is not null && await lately.Where(c => c.Number == request.From && c.StartedAt > now - TimeSpan.FromHours(1))
            .Take(options.Value.InboundPerCallerAndHour).CountAsync(cancel)
            >= options.Value.InboundPerCallerAndHour)
            return "caller";
        return await lately.Where(c => c.StartedAt > now - TimeSpan.FromMinutes(1)).Take(options.Value.InboundPerMinute).CountAsync(cancel)
            >= options.Value.InboundPerMinute ? "account" : null;
    }

    private async Task<InboundCall> Known(DialWhomRequest request, Did did, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.AddInboundCall(request, did, now, now + options.Value.LineSilence, cancel);
        return (await changes.Lock(request.Account, request.CallId, cancel))!;
    }

    private async Task<DialWhomAnswer> Decide(InboundCall call, Did did, CampaignRow? campaign, DialWhomRequest request, CancellationToken cancel)
    {
        var json = request.WantsJson || campaign is { AnswerForm: not "text" };
        if (call.IsOver || call.ConnectedAt is not null)
            return DialWhomAnswer.Nobody(json, "over");

        var open = await offers.Open(call.Id, cancel);
        if (open.Exists(o => o.Offer.IsStillMeantBy(request, options.Value.SameLeadWithin)))
            return AnswerOf(did, campaign, [.. open.Select(o => o.Offer.Phone)], json, "same");
        if (call.State == InboundStates.Fallback && request.LastDialed is not null)
            return DialWhomAnswer.Nobody(json, "fallback-over");
        await changes.FreeUnanswered(call, offer => IsMissed(offer, open, request), cancel);

        var now = clock.GetUtcNow();
        var free = await FreeAgents(call, did, json, cancel);
        if (free.Count == 0)
            return Nobody(call, did, campaign, json, now);
        for (var i = 0; i < free.Count; i++)
        {
            var deadline = now + did.Ring * Turns(did, i + 1) + options.Value.DialingGrace;
            await offers.Make(free[i], call.Id, i + 1, null, did.CampaignId, request, deadline, "a customer calls in", cancel);
        }
        (call.State, call.DeadlineAt) = (InboundStates.Offered, now + did.Ring * Turns(did, free.Count) + options.Value.TalkDeadline(campaign));
        return AnswerOf(did, campaign, [.. free.Select(s => s.Phone)], json, "agents");
    }

    /// <summary>The flow asks again: whether this phone is told to have rung in vain, one of several by its number, one alone by any.</summary>
    private static bool IsMissed(OpenOffer offer, List<OpenOffer> open, DialWhomRequest request) =>
        !request.TalkedBefore && (offer.Offer.ReleasedAt is not null
            || (offer.Offer.IsDialedSince(request) && (open.Count == 1 || WhosePhone.IsAlike(offer.Offer.Phone, request.LastDialed!))));

    private async Task<List<Session>> FreeAgents(InboundCall call, Did did, bool json, CancellationToken cancel)
    {
        var first = call.Number is null ? null : await lastAgents.Find(call.Number, cancel);
        var most = !json ? 1 : did.Strategy == Strategies.Parallel ? MostParallel : MostInOrder;
        var free = await offers.Free(new(call.Account, did.CampaignId, did.Skill, first, call.Tried), most, cancel);
        // Who did not answer is not rung again at once while this caller has other hope.
        return free.Exists(s => !call.Tried.Contains(s.AgentId)) ? free.FindAll(s => !call.Tried.Contains(s.AgentId)) : free;
    }

    private DialWhomAnswer Nobody(InboundCall call, Did did, CampaignRow? campaign, bool json, DateTimeOffset now)
    {
        if (did.FallbackNumber is { } fallback)
        {
            (call.State, call.DeadlineAt) = (InboundStates.Fallback, now + did.Ring + options.Value.TalkDeadline(campaign));
            return AnswerOf(did, campaign, [fallback], json, "fallback");
        }
        (call.State, call.DeadlineAt) = (InboundStates.Waiting, now + options.Value.LineSilence);
        return DialWhomAnswer.Nobody(json, "nobody-free");
    }

    /// <summary>Rings until the phone at this place has had its time.</summary>
    private static int Turns(Did did, int place) => did.Strategy == Strategies.Parallel ? 1 : place;

    private static DialWhomAnswer AnswerOf(Did did, CampaignRow? campaign, IReadOnlyList<string> phones, bool json, string result) => new()
    {
        Numbers = json ? phones : [.. phones.Take(1)],
        Json = json,
        CallerId = did.Number,
        Record = campaign?.Record ?? false,
        MaxRinging = did.Ring,
        MaxConversation = campaign?.MaxConversation,
        Parallel = did.Strategy == Strategies.Parallel && phones.Count > 1 ? phones.Count : null,
        Result = result,
    };
}
