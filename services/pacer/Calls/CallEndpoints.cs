using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.SingleCalls;
using Outdial.Platform;
using Outdial.Providers;

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
            .Produces<TriggeredCall>(StatusCodes.Status202Accepted)
            .WithHeader("Idempotency-Key", isRequired: true, "Names this call, in 1 to 200 characters; the same key never calls twice.", "alert-17")
            .WithSummary("One call now: an alert or a reminder. The header Idempotency-Key is required; the same key never calls twice");
    }

    private static async Task<Results<Ok<List<CallView>>, ProblemHttpResult>> List(
        [AsParameters] CallFilter filter, Guid? after, int? limit, HttpContext http, PacerDbContext db, AccountSettings accounts,
        CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } beyond)
            return beyond;
        if (await filter.Refusal(db, accounts, cancel) is { } wrong)
            return wrong;
        var calls = await filter.Of(db).Where(a => after == null || a.CorrelationId > after)
            .OrderBy(a => a.CorrelationId).PageAsync(http, limit, a => a.CorrelationId, cancel);
        var leads = calls.Select(a => a.LeadId).Distinct().ToArray();
        var named = await db.Leads.AsNoTracking().Where(l => leads.Contains(l.Id) && l.ExternalId != null)
            .ToDictionaryAsync(l => l.Id, l => l.ExternalId, cancel);
        return TypedResults.Ok(calls.ConvertAll(call => CallView.Of(call, named.GetValueOrDefault(call.LeadId))));
    }

    private static async Task<Results<Ok<CallView>, ProblemHttpResult>> Get(Guid attemptId, PacerDbContext db, CancellationToken cancel) =>
        await db.Attempts.AsNoTracking().SingleOrDefaultAsync(a => a.CorrelationId == attemptId, cancel) is { } call
            ? TypedResults.Ok(CallView.Of(
                call, await db.Leads.Where(l => l.Id == call.LeadId).Select(l => l.ExternalId).SingleOrDefaultAsync(cancel)))
            : ApiProblem.NotFound("call", attemptId);

    private static Task<IResult> Trigger(
        TriggerRequest request, HttpRequest http, TriggeredCalls triggered, ClaimsPrincipal user, CancellationToken cancel) =>
        triggered.Trigger(request, http.Headers["Idempotency-Key"].ToString(), user.Identity?.Name ?? "unknown", cancel);
}

/// <summary>An attempt as the API shows it. Durations as <c>hh:mm:ss</c>, instants UTC.</summary>
internal sealed record CallView
{
    public required Guid AttemptId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid LeadId { get; init; }

    /// <summary>The caller's own name for the lead; null: it has none.</summary>
    public string? ExternalId { get; init; }

    public required string Number { get; init; }
    public required int AttemptNumber { get; init; }
    public required string Account { get; init; }
    public required string CallerId { get; init; }
    public required string? CallerIdCircle { get; init; }
    public required string? Circle { get; init; }
    [OneOf(typeof(CallFilter), nameof(CallFilter.States))]
    public required string State { get; init; }
    [OneOf(typeof(Outcomes))]
    public required string? Outcome { get; init; }
    public required string? ProviderCallId { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset? SubmittedAt { get; init; }
    public required DateTimeOffset? RingingAt { get; init; }
    public required DateTimeOffset? AnsweredAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    public required bool Dialed { get; init; }
    public required bool CountsAsTry { get; init; }
    public required string? Source { get; init; }
    public required string? RawStatus { get; init; }
    public required int? Cause { get; init; }
    public required string? CauseName { get; init; }
    public required string? Reason { get; init; }
    public required string? UncertainReason { get; init; }
    public required TimeSpan? TalkTime { get; init; }
    public required TimeSpan? Duration { get; init; }
    public required decimal? Price { get; init; }
    public required string? AnsweredBy { get; init; }
    public required string? Digits { get; init; }
    public required string? RecordingUrl { get; init; }
    public required long? DecisionId { get; init; }
    public required int LookUps { get; init; }
    [OneOf(typeof(CampaignModes))]
    public required string Mode { get; init; }
    public required DateTimeOffset? OfferedAt { get; init; }
    public required DateTimeOffset? QueuedAt { get; init; }
    public required DateTimeOffset? ConnectedAt { get; init; }
    public required Guid? AgentId { get; init; }
    public required bool Dropped { get; init; }
    public required string? Disposition { get; init; }
    public required string? Note { get; init; }

    /// <param name="externalId">The lead's.</param>
    public static CallView Of(Attempt a, string? externalId) => new()
    {
        AttemptId = a.CorrelationId,
        CampaignId = a.CampaignId,
        LeadId = a.LeadId,
        ExternalId = externalId,
        Number = a.Number,
        AttemptNumber = a.AttemptNumber,
        Account = a.Account,
        CallerId = a.CallerId,
        CallerIdCircle = a.CallerIdCircle,
        Circle = a.Circle,
        State = a.State,
        Outcome = a.Outcome,
        ProviderCallId = a.ProviderCallId,
        RequestedAt = a.RequestedAt,
        SubmittedAt = a.SubmittedAt,
        RingingAt = a.RingingAt,
        AnsweredAt = a.AnsweredAt,
        EndedAt = a.EndedAt,
        Dialed = a.Dialed,
        CountsAsTry = a.CountsAsTry,
        Source = a.Source,
        RawStatus = a.RawStatus,
        Cause = a.Cause,
        CauseName = a.CauseName,
        Reason = a.Reason,
        UncertainReason = a.UncertainReason,
        TalkTime = a.TalkTime,
        Duration = a.Duration,
        Price = a.Price,
        AnsweredBy = a.AnsweredBy,
        Digits = a.Digits,
        RecordingUrl = a.RecordingUrl,
        DecisionId = a.DecisionId,
        LookUps = a.LookUps,
        Mode = a.Mode,
        OfferedAt = a.OfferedAt,
        QueuedAt = a.QueuedAt,
        ConnectedAt = a.ConnectedAt,
        AgentId = a.AgentId,
        Dropped = a.Dropped,
        Disposition = a.Disposition,
        Note = a.Note,
    };
}
