using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Leads;

/// <summary>What is to be changed of a lead. What is left out stays as it is.</summary>
internal sealed record LeadChangeRequest
{
    /// <summary>Higher is dialed first; from -1000 to 1000. Null: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>The caller's own name for it, at most 200 characters. Null: it has none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>
    /// Those that are named are written over, those that are null are taken out, and the others stay. Null itself: all are taken out.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>Not to be called before; null: as soon as its turn comes.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>Why a lead is taken back.</summary>
internal sealed record WithdrawRequest
{
    /// <summary>In words, at most 500 characters; left out: none is told.</summary>
    public string? Reason { get; init; }
}

/// <summary>Leads that wait are changed and withdrawn.</summary>
internal static class LeadChangeEndpoints
{
    private const int LongestReason = 500;
    private const int LargestChange = 64 * 1024;

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static void MapLeadChanges(this IEndpointRouteBuilder api)
    {
        var leads = api.MapGroup("/leads").WithTags("Leads").RequireAuthorization(ApiPolicies.Operate);
        leads.MapPatch("/{id:guid}", Change).Accepts<LeadChangeRequest>("application/json")
            .WithSummary("Change a lead that waits: priority, attributes, external id, not before")
            .WithDescription("What is left out stays. A lead whose attempt is open, or that is in its final state, is not changed (409).");
        leads.MapPost("/{id:guid}/withdraw", Withdraw).WithSummary("Take a lead back before it is dialed: it ends as Canceled with the reason Withdrawn")
            .WithDescription("One that is in the agents' hopper is asked back (202): it ends when it comes back, or after the call "
                + "if it was dialed meanwhile. One that is being dialed is refused (409). Sent again it changes nothing: the answer is the lead as it is, "
                + "and another reason than the first is refused (409).");
    }

    private static async Task<Results<Ok<LeadView>, ProblemHttpResult>> Change(
        Guid id, HttpRequest request, PacerDbContext db, StandingLeads standing, PulseSignal signal, IOptions<ImportOptions> options,
        ClaimsPrincipal user, TimeProvider clock, CancellationToken cancel)
    {
        var (body, wrong) = await JsonBody.Read(request, LargestChange, cancel);
        if (wrong is not null)
            return wrong;
        var (now, by) = (clock.GetUtcNow(), user.Identity?.Name ?? "unknown");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockedLead(id).SingleOrDefaultAsync(cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        var rules = await db.Campaigns.AsNoTracking().Where(c => c.CorrelationId == lead.CampaignId).Select(c => c.Rules).SingleAsync(cancel);
        var reader = new LeadJson(null, rules.Window, rules.EndsAt, options.Value.Limits, by, now);
        var (change, problems) = reader.ReadChange(body, lead.Attributes);
        if (change is null)
            return ApiProblem.Invalid(problems);
        if (lead.State != LeadStates.Waiting)
        {
            return ApiProblem.Conflict(lead.IsOpen
                ? $"The lead has an open attempt ({lead.Reason}) and is not changed meanwhile; expected one that waits."
                : $"The lead is {lead.State}: it is not called any more, and not changed.");
        }
        if (change.DueAt is { } due && lead.WhyNotDue(due, now) is { } why)
            return ApiProblem.Conflict(why);
        if (lead.Take(change, reader.NotBefore, now) is { Count: > 0 } changes)
        {
            db.Trail.Add(TrailEntry.Of(lead, now, "changed", $"{string.Join("; ", changes)}; by {by}"));
            await db.SaveChangesAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        // Afterwards: the pulse holds its own row while it waits for leads.
        await db.LookAt(lead.CampaignId, now, CancellationToken.None);
        signal.Set();
        return TypedResults.Ok(await standing.View(lead, now, CancellationToken.None));
    }

    private static async Task<Results<Ok<LeadView>, Accepted<LeadView>, ProblemHttpResult>> Withdraw(
        Guid id, WithdrawRequest? request, PacerDbContext db, IOutbox<PacerDbContext> outbox, PulseSignal signal, ClaimsPrincipal user,
        TimeProvider clock, CancellationToken cancel)
    {
        if (request?.Reason is { Length: > LongestReason } reason)
            return ApiProblem.Invalid("reason", $"{reason.Length} characters", $"at most {LongestReason} characters");
        var now = clock.GetUtcNow();
        var why = string.IsNullOrWhiteSpace(request?.Reason) ? "." : $": {request.Reason.Trim()}";
        var text = $"Withdrawn by {user.Identity?.Name ?? "unknown"}{why}";
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockedLead(id).SingleOrDefaultAsync(cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        if (!lead.IsOpen)
        {
            return lead.Reason != LeadReasons.Withdrawn ? ApiProblem.Conflict($"The lead is {lead.State} ({lead.Reason}): it is not called any more.")
                : IsSaid(request, lead.ReasonText) ? TypedResults.Ok(LeadView.Of(lead, null, now))
                : WithdrawnBefore(lead.ReasonText!);
        }
        if (lead.Withdrawal is { } earlier)
            return IsSaid(request, earlier) ? TypedResults.Accepted($"/api/v1/leads/{id}", LeadView.Of(lead, null, now)) : WithdrawnBefore(earlier);
        // Read without its lock, which comes before the lead's. Whatever it becomes meanwhile looks at the lead after us.
        var attempt = await db.Attempts.AsNoTracking().Where(a => a.LeadId == id && a.State != CallStates.Ended)
            .Select(a => new { a.CorrelationId, a.State }).SingleOrDefaultAsync(cancel);
        if (attempt is not null && attempt.State != CallStates.Offered)
            return ApiProblem.Conflict($"The lead is being dialed (its attempt is {attempt.State}): expected one that waits, or is in the hopper.");
        if (attempt is null && lead.State != LeadStates.Waiting)
            return ApiProblem.Conflict("The lead's attempt ends at this moment: ask again.");
        lead.Withdraw(text, now);
        db.Trail.Add(attempt is null ? TrailEntry.Of(lead, now, "final", $"Canceled: {text}")
            : TrailEntry.Of(lead, now, "withdrawn", $"Asked back from the hopper. {text}"));
        if (attempt is not null)
        {
            await outbox.Publish(
                new ReturnLeads { CampaignId = lead.CampaignId, AttemptIds = [attempt.CorrelationId], Reason = "withdrawn" }, cancel);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await db.LookAt(lead.CampaignId, now, CancellationToken.None);
        signal.Set();
        var view = LeadView.Of(lead, null, now);
        return attempt is null ? TypedResults.Ok(view) : TypedResults.Accepted($"/api/v1/leads/{id}", view);
    }

    /// <summary>The reason that is given is that of the withdrawal there was, or none is given.</summary>
    private static bool IsSaid(WithdrawRequest? request, string? withdrawal) =>
        string.IsNullOrWhiteSpace(request?.Reason) || withdrawal?.EndsWith($": {request.Reason.Trim()}", StringComparison.Ordinal) == true;

    private static ProblemHttpResult WithdrawnBefore(string withdrawal) =>
        ApiProblem.Conflict($"The lead was withdrawn before, and its reason stays: {withdrawal}");
}
