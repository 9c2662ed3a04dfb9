using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Screen;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Sessions;

/// <summary>What came of a conversation, and when to call again.</summary>
internal static class DispositionEndpoints
{
    public static void MapDispositions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/agents/{id:guid}/disposition", Say).WithName("DisposeOfCall").WithTags("Dispositions")
            .RequireAuthorization(policy => policy.RequireRole(ApiRoles.Agent, ApiRoles.Supervisor, ApiRoles.Admin))
            .WithSummary("Code, note and call-back for a lead that this agent talked to; ready=true ends its wrap-up");

    private static async Task<Results<Ok<DispositionRow>, ProblemHttpResult>> Say(
        Guid id, DispositionRequest request, RouterDbContext db, AllCalls calls, SessionChanges sessions, IOutbox<RouterDbContext> outbox,
        AgentScreen screen, TimeProvider clock, CancellationToken cancel)
    {
        if (request.AttemptId is not { } attempt)
            return ApiProblem.Invalid("attemptId", null, "the attempt that was talked to");
        if (await calls.Find(attempt, cancel) is not { } talk)
            return ApiProblem.NotFound("attempt", attempt);
        if (talk.AgentId != id)
            return ApiProblem.Conflict("This lead was not dialed for this agent.");
        var now = clock.GetUtcNow();
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == talk.CampaignId, cancel);
        if (request.Check(campaign, now) is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var session = await sessions.LockOpen(id, cancel);
        // Two words of a signed-out agent take turns here, too.
        await db.LockAgent(id, cancel);
        var row = await db.Dispositions.SingleOrDefaultAsync(d => d.AttemptId == attempt, cancel);
        if (row is null)
            db.Dispositions.Add(row = new() { AttemptId = attempt, CampaignId = talk.CampaignId, LeadId = talk.LeadId });
        (row.AgentId, row.Code, row.Note) = (id, request.Code, string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim());
        (row.CallBackAt, row.Personal, row.At) = (request.CallBackAt?.ToUniversalTime(), request.Personal ?? false, now);
        await outbox.Publish(new LeadDispositioned
        {
            EventId = Guid.CreateVersion7(now),
            AttemptId = attempt,
            CampaignId = talk.CampaignId,
            LeadId = talk.LeadId,
            AgentId = id,
            Code = row.Code,
            Note = row.Note,
            CallBackAt = row.CallBackAt,
            CallBackAgentId = row.CallBackAt is not null && row.Personal ? id : null,
            OccurredAt = now,
        }, cancel);
        if (request.Ready == true && session is { State: AgentStates.WrapUp } && session.AttemptId == attempt)
            await sessions.MakeReady(session, "dispositioned", cancel);
        await screen.Show(id, AgentEventKinds.Disposition, row, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Ok(row);
    }
}
