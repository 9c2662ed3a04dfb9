using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.SingleCalls;
using Outdial.Platform;

namespace Outdial.Pacer.Calls;

/// <summary>The ledger of attempts, and single triggered calls.</summary>
internal static class CallEndpoints
{
    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var calls = routes.MapGroup("/calls").WithTags("Calls");
        calls.MapGet("/", List).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Attempts in order of id; page on with after=<last attemptId>, or as the header Link says");
        calls.MapGet("/{attemptId:guid}", Get).RequireAuthorization(ApiPolicies.Read).WithSummary("One attempt");
        calls.MapPost("/", Trigger).RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("One call now: an alert or a reminder. The header Idempotency-Key is required; the same key never calls twice");
    }

    private static async Task<Results<Ok<List<CallView>>, ProblemHttpResult>> List(
        Guid? campaign, Guid? lead, string? state, string? outcome, Guid? after, int? limit, HttpContext http, PacerDbContext db,
        CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        var calls = await db.Attempts.AsNoTracking()
            .Where(a => (campaign == null || a.CampaignId == campaign) && (lead == null || a.LeadId == lead) && (state == null || a.State == state)
                && (outcome == null || a.Outcome == outcome) && (after == null || a.CorrelationId > after))
            .OrderBy(a => a.CorrelationId).PageAsync(http, limit, a => a.CorrelationId, cancel);
        return TypedResults.Ok(calls.ConvertAll(CallView.Of));
    }

    private static async Task<Results<Ok<CallView>, ProblemHttpResult>> Get(Guid attemptId, PacerDbContext db, CancellationToken cancel) =>
        await db.Attempts.AsNoTracking().SingleOrDefaultAsync(a => a.CorrelationId == attemptId, cancel) is { } call
            ? TypedResults.Ok(CallView.Of(call))
            : ApiProblem.NotFound("call", attemptId);

    private static Task<IResult> Trigger(
        TriggerRequest request, HttpRequest http, TriggeredCalls triggered, ClaimsPrincipal user, CancellationToken cancel) =>
        triggered.Trigger(request, http.Headers["Idempotency-Key"].ToString(), user.Identity?.Name ?? "unknown", cancel);
}

/// <summary>An attempt as the API shows it. Durations as <c>hh:mm:ss</c>, instants UTC.</summary>
internal sealed record CallView(
    Guid AttemptId, Guid CampaignId, Guid LeadId, string Number, int AttemptNumber, string Account, string CallerId, string? CallerIdCircle,
    string? Circle, string State, string? Outcome, string? ProviderCallId, DateTimeOffset RequestedAt, DateTimeOffset? SubmittedAt,
    DateTimeOffset? RingingAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, bool Dialed, bool CountsAsTry, string? Source, string? RawStatus,
    int? Cause, string? CauseName, string? Reason, string? UncertainReason, TimeSpan? TalkTime, TimeSpan? Duration, decimal? Price,
    string? AnsweredBy,
    string? Digits, string? RecordingUrl, long? DecisionId, int LookUps, string Mode, DateTimeOffset? OfferedAt,
    DateTimeOffset? QueuedAt, DateTimeOffset? ConnectedAt, Guid? AgentId, bool Dropped, string? Disposition, string? Note)
{
    public static CallView Of(Attempt a) => new(
        a.CorrelationId, a.CampaignId, a.LeadId, a.Number, a.AttemptNumber, a.Account, a.CallerId, a.CallerIdCircle, a.Circle, a.State, a.Outcome,
        a.ProviderCallId, a.RequestedAt, a.SubmittedAt, a.RingingAt, a.AnsweredAt, a.EndedAt, a.Dialed, a.CountsAsTry, a.Source, a.RawStatus, a.Cause,
        a.CauseName, a.Reason, a.UncertainReason, a.TalkTime, a.Duration, a.Price, a.AnsweredBy, a.Digits, a.RecordingUrl, a.DecisionId, a.LookUps,
        a.Mode, a.OfferedAt, a.QueuedAt, a.ConnectedAt, a.AgentId, a.Dropped, a.Disposition, a.Note);
}
