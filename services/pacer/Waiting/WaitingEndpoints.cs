using System.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Waiting;

/// <summary>Why a lead is not being dialed, and what all leads of a campaign wait for.</summary>
internal static class WaitingEndpoints
{
    public static void MapWaiting(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/leads/{id:guid}/explain", Explain).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Why the lead is not being dialed right now, by the rules by which it would be");
        routes.MapGet("/campaigns/{id:guid}/waiting", Waiting).WithTags("Campaigns").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("How many leads wait for what, and until when");
    }

    private static async Task<Results<Ok<WaitingView>, ProblemHttpResult>> Waiting(
        Guid id, PacerDbContext db, WhyWaiting why, AgentSessions agents, TimeProvider clock, CancellationToken cancel)
    {
        // Everything of one instant: a lead that is taken meanwhile is counted once.
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        var now = clock.GetUtcNow();
        var (groups, looked) = await why.Of(campaign, now, cancel);
        var pulse = await db.Pulses.AsNoTracking().SingleOrDefaultAsync(p => p.CampaignId == id, cancel);
        var open = await db.CountOpenLeads(id, cancel);
        var hopper = open.InHopper == 0 ? null : WaitingWords.InHopper(open.InHopper, await agents.OnLines(campaign, now, cancel));
        return TypedResults.Ok(new WaitingView
        {
            CampaignId = id,
            State = campaign.State,
            PauseReason = campaign.PauseReason,
            Text = WaitingWords.Sentence(
                campaign.State, campaign.PauseReason, open.HasLeads, groups, hopper, pulse?.LastReason, now),
            Waiting = groups.Sum(w => w.Count),
            Dialing = open.Dialing,
            InHopper = open.InHopper,
            Looked = looked,
            LastDecision = pulse?.LastReason,
            Groups = groups,
        });
    }

    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> Explain(
        Guid id, PacerDbContext db, WhyWaiting why, AgentSessions agents, TimeProvider clock, CancellationToken cancel)
    {
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        if (await db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == lead.CampaignId, cancel);
        var now = clock.GetUtcNow();
        if (lead is { State: LeadStates.Dialing, Reason: LeadReasons.InHopper, Settled: null })
        {
            var text = WaitingWords.InHopper(await agents.OnLines(campaign, now, cancel));
            return TypedResults.Ok(Explanation.Stored(lead, campaign) with { Text = text });
        }
        if (lead.State != LeadStates.Waiting)
            return TypedResults.Ok(Explanation.Stored(lead, campaign));
        var stand = await why.Of(lead, campaign, now, cancel);
        if (campaign.State != CampaignStates.Running)
            return TypedResults.Ok(Explanation.OfCampaign(lead, campaign, stand, why.Until(lead, campaign, stand), now));
        if (stand.Reason != LeadReasons.InQueue || stand.Until is not null)
            return TypedResults.Ok(Explanation.Of(lead, campaign, stand, stand.Text, now));
        var before = await why.Before(lead, campaign, now, cancel);
        var pulse = await db.Pulses.AsNoTracking().SingleOrDefaultAsync(p => p.CampaignId == campaign.CorrelationId, cancel);
        return TypedResults.Ok(Explanation.Of(lead, campaign, stand, WaitingWords.InQueue(before, pulse?.LastReason), now));
    }
}

/// <summary>Why a lead is not being dialed at one instant, or how it ended.</summary>
internal sealed record Explanation
{
    public required Guid LeadId { get; init; }

    /// <summary>The lead's.</summary>
    [OneOf(typeof(LeadStates))]
    public required string State { get; init; }

    /// <summary>
    /// One of <see cref="LeadReasons"/>, or the outcome that ended it; of a campaign that is not running why that is, or its state.
    /// </summary>
    public required string Reason { get; init; }

    public required string Text { get; init; }

    /// <summary>Since when the lead's row says so, or when it was looked at for this answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Not before; null when the lead is in its final state.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>When that which holds it back ends at the soonest; null: nothing does, it is not known, or it never will.</summary>
    public DateTimeOffset? Until { get; init; }

    [OneOf(typeof(CampaignStates))]
    public required string CampaignState { get; init; }

    /// <summary>Of a lead that does not wait: its row tells.</summary>
    public static Explanation Stored(Lead lead, Campaign campaign) => new()
    {
        LeadId = lead.Id,
        State = lead.State,
        Reason = lead.Reason,
        Text = WaitingWords.Settled(lead) ?? lead.ReasonText ?? lead.Reason switch
        {
            LeadReasons.BeingDialed => "It is being dialed.",
            var reason => reason,
        },
        At = lead.ReasonAt ?? lead.ImportedAt,
        DueAt = lead.IsOpen ? lead.DueAt : null,
        CampaignState = campaign.State,
    };

    public static Explanation Of(Lead lead, Campaign campaign, LeadStand stand, string text, DateTimeOffset now) => Stored(lead, campaign) with
    {
        Reason = stand.Reason,
        Text = text,
        At = lead.Reason == stand.Reason && lead.ReasonAt is { } since ? since : now,
        Until = stand.Until,
    };

    /// <summary>Nothing is dialed of a campaign that is not running.</summary>
    /// <param name="until">When the lead may be dialed at the soonest, its own hours minded.</param>
    public static Explanation OfCampaign(Lead lead, Campaign campaign, LeadStand stand, DateTimeOffset? until, DateTimeOffset now) =>
        Of(lead, campaign, stand, $"{WaitingWords.NotRunning(campaign)} The lead itself: {stand.Text}", now) with
        {
            Reason = campaign.PauseReason ?? campaign.State,
            Until = until,
        };
}
