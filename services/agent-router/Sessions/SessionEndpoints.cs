using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Sessions;

/// <summary>Sign in and out, breaks, preview, and the supervisor's release.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sessions", List).WithTags("Sessions").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Open sessions, longest in their state first; all=true lists ended ones too, newest first; page on as the header Link says");
        routes.MapGet("/agents/{id:guid}/session", Get).WithTags("Sessions").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The agent's open session");

        var agent = routes.MapGroup("/agents/{id:guid}").WithTags("Sessions").RequireAuthorization(
            policy => policy.RequireRole(ApiRoles.Agent, ApiRoles.Supervisor, ApiRoles.Admin));
        agent.MapPost("/sign-in", Open).WithSummary("Open a session; reach is line or phone, by default as the agent's campaigns need it");
        agent.MapPost("/sign-out", SignOut).Produces<SessionView>().WithSummary("Sign out; during a call, after it");
        agent.MapPost("/pause", Pause).Produces<SessionView>().WithSummary("Begin a break with a reason; during a call, after it");
        agent.MapPost("/ready", Ready).Produces<SessionView>().WithSummary(
            "End a break or wrap-up, or take back the wish for a break or to sign out; who did not answer is rung again");
        agent.MapPost("/accept", Accept).Produces<SessionView>().WithSummary("Dial the lead on the screen (preview)");
        agent.MapPost("/skip", Skip).Produces<SessionView>().WithSummary("Give the lead on the screen back, with a reason (preview)");

        routes.MapPost("/agents/{id:guid}/release", Release).Produces<SessionView>().WithTags("Sessions").RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Free an agent from whatever state; kept in the audit with who, when and why");
        routes.MapGet("/audit", Audit).WithTags("Sessions").RequireAuthorization(ApiPolicies.Operate).WithSummary("Who released whom, newest first; page on with after=<last id>");
    }

    private static async Task<Results<Ok<List<SessionView>>, ProblemHttpResult>> List(
        bool? all, string? after, int? limit, HttpContext http, RouterDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal<Place>(limit, after, out var last) is { } wrong)
            return wrong;
        var sessions = db.Sessions.AsNoTracking();
        var page = all == true
            ? await sessions.Where(s => last == null || s.Id < last.Id)
                .OrderByDescending(s => s.Id).PageAsync(http, limit, s => Cursor.Of(new Place(s.StartedAt, s.Id)), cancel)
            : await sessions.Where(s =>
                s.State != AgentStates.Ended && (last == null || s.StateSince > last.Since || (s.StateSince == last.Since && s.Id > last.Id)))
                .OrderBy(s => s.StateSince).ThenBy(s => s.Id).PageAsync(http, limit, s => Cursor.Of(new Place(s.StateSince, s.Id)), cancel);
        return TypedResults.Ok(page.ConvertAll(SessionView.Of));
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> Get(Guid id, RouterDbContext db, CancellationToken cancel) =>
        await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.AgentId == id && s.State != AgentStates.Ended, cancel) is { } session
            ? TypedResults.Ok(SessionView.Of(session))
            : ApiProblem.Of(StatusCodes.Status404NotFound, $"Agent {id} is not signed in.");

    private static async Task<Results<Ok<SessionView>,
    ProblemHttpResult>> Open(Guid id, SignInRequest? request, SignIn signIn, CancellationToken cancel)
    {
        if (request?.Reach is { } reach && reach is not (AgentReach.Line or AgentReach.Phone))
            return ApiProblem.Invalid("reach", reach, "line or phone");
        return await signIn.Open(id, request?.Reach, cancel) switch
        {
            { Unknown: true } => ApiProblem.NotFound("agent", id),
            { Refusal: { } refusal } => ApiProblem.Conflict(refusal),
            var opened => TypedResults.Ok(SessionView.Of(opened.Session!)),
        };
    }

    private static Task<IResult> SignOut(Guid id, AgentVerbs verbs, CancellationToken cancel) => Answer(id, verbs.SignOut(id, cancel));

    private static Task<IResult> Pause(Guid id, ReasonRequest request, AgentVerbs verbs, CancellationToken cancel) =>
        request.Refusal is { } wrong ? Task.FromResult<IResult>(wrong) : Answer(id, verbs.Pause(id, request.Reason!.Trim(), cancel));

    private static Task<IResult> Ready(Guid id, AgentVerbs verbs, CancellationToken cancel) => Answer(id, verbs.Ready(id, cancel));

    private static Task<IResult> Accept(Guid id, AgentVerbs verbs, CancellationToken cancel) => Answer(id, verbs.Accept(id, cancel));

    private static Task<IResult> Skip(Guid id, ReasonRequest request, AgentVerbs verbs, CancellationToken cancel) =>
        request.Refusal is { } wrong ? Task.FromResult<IResult>(wrong) : Answer(id, verbs.Skip(id, request.Reason!.Trim(), cancel));

    private static Task<IResult> Release(Guid id, ReasonRequest request, AgentVerbs verbs, ClaimsPrincipal user, CancellationToken cancel) =>
        request.Refusal is { } wrong
            ? Task.FromResult<IResult>(wrong)
            : Answer(id, verbs.Release(id, user.Identity?.Name ?? "unknown", request.Reason!.Trim(), cancel));

    private static async Task<Results<Ok<List<AuditEntry>>, ProblemHttpResult>> Audit(
        Guid? agent, long? after, int? limit, HttpContext http, RouterDbContext db, CancellationToken cancel) =>
        Paging.Refusal(limit) is { } wrong ? wrong
            : agent is not null && !await db.Agents.AnyAsync(a => a.Id == agent, cancel)
                ? ApiProblem.Invalid("agent", $"{agent}", "the id of an agent")
            : TypedResults.Ok(await db.Audit.AsNoTracking().Where(a => (agent == null || a.AgentId == agent) && (after == null || a.Id < after))
                .OrderByDescending(a => a.Id).PageAsync(http, limit, a => a.Id, cancel));

    private static async Task<IResult> Answer(Guid id, Task<AgentVerbs.Result> verb) => await verb switch
    {
        { Session: null } => ApiProblem.Of(StatusCodes.Status404NotFound, $"Agent {id} is not signed in."),
        { Refusal: { } refusal } => ApiProblem.Conflict(refusal),
        { Session: { } session } => TypedResults.Ok(SessionView.Of(session)),
    };

    private sealed record Place(DateTimeOffset Since, Guid Id);

    public sealed record SignInRequest
    {
        /// <summary><c>line</c> or <c>phone</c>; left out: as the agent's campaigns need it.</summary>
        [OneOf(typeof(AgentReach))]
        public string? Reach { get; init; }
    }

    public sealed record ReasonRequest
    {
        /// <summary>Why, in words, 1 to 200 characters.</summary>
        [Required, StringLength(200, MinimumLength = 1)]
        public string? Reason { get; init; }

        internal ProblemHttpResult? Refusal =>
            Reason?.Trim() is { Length: >= 1 and <= 200 } ? null : ApiProblem.Invalid("reason", Reason, "a reason of 1 to 200 characters");
    }
}
