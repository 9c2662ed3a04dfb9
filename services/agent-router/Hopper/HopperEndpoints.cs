using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Hopper;

/// <summary>What is in the hopper, and what became of what was.</summary>
internal static class HopperEndpoints
{
    public static void MapHopper(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/campaigns/{id:guid}/hopper/leads", List).WithTags("Hopper").RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Leads of the campaign's hopper: those that wait in the order of dialing, then those at hand; state=… asks for others; page on as the header Link says");

    private static async Task<Results<Ok<List<HopperLeadView>>, ProblemHttpResult>> List(
        Guid id, [OneOf(typeof(HopperStates))] string? state, string? after, int? limit, HttpContext http, RouterDbContext db,
        CancellationToken cancel)
    {
        if (Paging.Refusal<Place>(limit, after, out var last) is { } wrong)
            return wrong;
        if (!await db.Campaigns.AnyAsync(c => c.Id == id, cancel))
            return ApiProblem.NotFound("campaign with agents", id);
        string[] wanted = state is null ? [HopperStates.Waiting, HopperStates.Shown, HopperStates.Taken] : [state];
        var leads = db.Hopper.AsNoTracking().Where(h => h.CampaignId == id && wanted.Contains(h.State) && h.Number != "");
        if (last is not null)
        {
            leads = leads.Where(h => (last.Waits && h.State != HopperStates.Waiting) || ((h.State == HopperStates.Waiting) == last.Waits
                && (h.Priority < last.Priority || (h.Priority == last.Priority
                    && (h.DueAt > last.DueAt || (h.DueAt == last.DueAt && h.AttemptId > last.AttemptId))))));
        }
        var page = await leads
            .OrderByDescending(h => h.State == HopperStates.Waiting).ThenByDescending(h => h.Priority).ThenBy(h => h.DueAt).ThenBy(h => h.AttemptId)
            .PageAsync(http, limit, h => Cursor.Of(new Place(h.State == HopperStates.Waiting, h.Priority, h.DueAt, h.AttemptId)), cancel);
        return TypedResults.Ok(page.ConvertAll(HopperLeadView.Of));
    }

    private sealed record Place(bool Waits, int Priority, DateTimeOffset DueAt, Guid AttemptId);
}

internal sealed record HopperLeadView
{
    public required Guid AttemptId { get; init; }
    public required Guid LeadId { get; init; }
    public required string Number { get; init; }
    public required string CallerId { get; init; }
    public required int Priority { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Not dialed from then on; it goes back.</summary>
    public required DateTimeOffset DialUntil { get; init; }

    [OneOf(typeof(HopperStates))]
    public required string State { get; init; }

    /// <summary>Only this agent dials it.</summary>
    public required Guid? AgentId { get; init; }

    /// <summary>The agent whose line got it.</summary>
    public required Guid? DialedBy { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }
    public required DateTimeOffset? TakenAt { get; init; }
    public required DateTimeOffset? AnsweredAt { get; init; }
    [OneOf(typeof(Outcomes))]
    public required string? Outcome { get; init; }
    [OneOf(typeof(Outcomes))]
    public required string? ToldOutcome { get; init; }
    public required string? ReturnedReason { get; init; }

    public static HopperLeadView Of(HopperLead h) => new()
    {
        AttemptId = h.AttemptId,
        LeadId = h.LeadId,
        Number = h.Number,
        CallerId = h.CallerId,
        Priority = h.Priority,
        DueAt = h.DueAt,
        DialUntil = h.DialUntil,
        State = h.State,
        AgentId = h.AgentId,
        DialedBy = h.DialedBy,
        OfferedAt = h.OfferedAt,
        TakenAt = h.TakenAt,
        AnsweredAt = h.AnsweredAt,
        Outcome = h.Outcome,
        ToldOutcome = h.ToldOutcome,
        ReturnedReason = h.ReturnedReason,
    };
}
