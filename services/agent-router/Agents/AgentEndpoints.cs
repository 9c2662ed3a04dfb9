using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Agents;

/// <summary>Make, list, change and remove agents.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/agents").WithTags("Agents").RequireAuthorization(ApiPolicies.Read);
        read.MapGet("/", List).WithSummary("All agents, by name; page on as the header Link says");
        read.MapGet("/{id:guid}", Get).WithSummary("One agent");

        var operate = routes.MapGroup("/agents").WithTags("Agents").RequireAuthorization(ApiPolicies.Operate);
        operate.MapPost("/", Create).WithSummary("Make an agent");
        operate.MapPut("/{id:guid}", Update).WithSummary("Change an agent; campaigns and skills hold at once, also in an open session");
        operate.MapDelete("/{id:guid}", Remove).WithSummary("Remove an agent who is signed out");
    }

    private static async Task<Results<Ok<List<AgentView>>, ProblemHttpResult>> List(
        Guid? campaign, string? after, int? limit, HttpContext http, RouterDbContext db, CampaignCopies campaigns, CancellationToken cancel)
    {
        if (Paging.Refusal<Place>(limit, after, out var last) is { } wrong)
            return wrong;
        if (campaign is { } id && !await campaigns.Knows(id, cancel))
            return ApiProblem.Invalid("campaign", $"{campaign}", "the id of a campaign with agents");
        var agents = db.Agents.AsNoTracking().Where(a => a.RemovedAt == null && (campaign == null || a.Campaigns.Contains(campaign.Value)));
        if (last is not null)
            agents = agents.Where(a => string.Compare(a.Name, last.Name) > 0 || (a.Name == last.Name && a.Id > last.Id));
        var page = await agents.OrderBy(a => a.Name).ThenBy(a => a.Id).PageAsync(http, limit, a => Cursor.Of(new Place(a.Name, a.Id)), cancel);
        return TypedResults.Ok(page.ConvertAll(AgentView.Of));
    }

    private static async Task<Results<Ok<AgentView>, ProblemHttpResult>> Get(Guid id, RouterDbContext db, CancellationToken cancel) =>
        await Find(db, id, cancel) is { } agent ? TypedResults.Ok(AgentView.Of(agent)) : ApiProblem.NotFound("agent", id);

    private static async Task<Results<Created<AgentView>, ProblemHttpResult>> Create(
        AgentRequest request, RouterDbContext db, CampaignCopies campaigns, AccountSettings accounts, WrittenNumbers written, ClaimsPrincipal user,
        TimeProvider clock, CancellationToken cancel)
    {
        var wrong = request.Check(accounts, await written.OfAccount(request.Account, cancel), out var phone);
        if (!wrong.Exists(IsOfCampaigns) && await campaigns.FirstUnknown(Campaigns(request), cancel) is { } unknown)
            wrong.Add(new("campaigns", $"{unknown}", CampaignCopies.Expected));
        if (wrong.Count > 0)
            return ApiProblem.Invalid([.. wrong]);
        var now = clock.GetUtcNow();
        var agent = new Agent
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name!.Trim(),
            Phone = phone,
            Skills = Skills(request),
            Campaigns = Campaigns(request),
            Account = request.Account ?? "default",
            CreatedAt = now,
            CreatedBy = user.Identity?.Name ?? "unknown",
        };
        db.Agents.Add(agent);
        return await Saved(db, cancel) ? TypedResults.Created($"/api/v1/agents/{agent.Id}", AgentView.Of(agent)) : PhoneTaken();
    }

    private static async Task<Results<Ok<AgentView>, ProblemHttpResult>> Update(
        Guid id, AgentRequest request, RouterDbContext db, SessionChanges sessions, CampaignCopies campaigns, AccountSettings accounts,
        WrittenNumbers written, CancellationToken cancel)
    {
        var wrong = request.Check(accounts, await written.OfAccount(request.Account, cancel), out var phone);
        // Those that were good when they were named stay, though one may be over by now.
        var had = await db.Agents.AsNoTracking().Where(a => a.Id == id).Select(a => a.Campaigns).SingleOrDefaultAsync(cancel) ?? [];
        if (!wrong.Exists(IsOfCampaigns) && await campaigns.FirstUnknown([.. Campaigns(request).Except(had)], cancel) is { } unknown)
            wrong.Add(new("campaigns", $"{unknown}", CampaignCopies.Expected));
        if (wrong.Count > 0)
            return ApiProblem.Invalid([.. wrong]);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var session = await sessions.LockOpen(id, cancel);
        if (await Find(db, id, cancel) is not { } agent)
            return ApiProblem.NotFound("agent", id);
        if (session is not null && (phone != agent.Phone || (request.Account ?? "default") != agent.Account))
            return ApiProblem.Conflict("Phone and account of an agent who is signed in cannot be changed.");
        (agent.Name, agent.Phone, agent.Account) = (request.Name!.Trim(), phone, request.Account ?? "default");
        (agent.Skills, agent.Campaigns) = (Skills(request), Campaigns(request));
        if (session is not null && (!session.Campaigns.SequenceEqual(agent.Campaigns) || !session.Skills.SequenceEqual(agent.Skills)))
        {
            (session.Campaigns, session.Skills) = ([.. agent.Campaigns], [.. agent.Skills]);
            await sessions.Enter(session, session.State, session.Reason, session.DeadlineAt, cancel);   // told, so that the pacer counts anew
        }
        if (!await Saved(db, cancel))
            return PhoneTaken();
        await transaction.CommitAsync(cancel);
        return TypedResults.Ok(AgentView.Of(agent));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, RouterDbContext db, SessionChanges sessions, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await sessions.LockOpen(id, cancel) is not null)
            return ApiProblem.Conflict("The agent is signed in; sign out, or release the session, first.");
        if (await Find(db, id, cancel) is not { } agent)
            return ApiProblem.NotFound("agent", id);
        agent.RemovedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    private static bool IsOfCampaigns(FieldProblem problem) => problem.Field == "campaigns";

    private static List<string> Skills(AgentRequest request) => [.. (request.Skills ?? []).Select(s => s.Trim()).Distinct()];

    private static List<Guid> Campaigns(AgentRequest request) => [.. (request.Campaigns ?? []).Distinct()];

    private static Task<Agent?> Find(RouterDbContext db, Guid id, CancellationToken cancel) =>
        db.Agents.SingleOrDefaultAsync(a => a.Id == id && a.RemovedAt == null, cancel);

    private static async Task<bool> Saved(RouterDbContext db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    private static ProblemHttpResult PhoneTaken() => ApiProblem.Conflict("Another agent has this phone; a line is known by the phone it rings.");

    private sealed record Place(string Name, Guid Id);
}
