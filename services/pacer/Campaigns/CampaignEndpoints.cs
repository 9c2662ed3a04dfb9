using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>Make, list, start, pause, resume and stop campaigns, and see what was decided.</summary>
internal static class CampaignEndpoints
{
    private const int LongestExplanation = 500;
    private const int MostCounted = 200;   // the progress of each is counted from its rows
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(ApiPolicies.Read);
        read.MapGet("/", List).WithSummary("All campaigns, newest first; page on with after=<last id>");
        read.MapGet("/{id:guid}", Get).WithSummary("One campaign with its progress, counted from rows");
        read.MapGet("/{id:guid}/decisions", Decisions)
            .WithSummary("Pacing decisions with the snapshot each saw, newest first; page on with after=<last id>");
        read.MapGet("/{id:guid}/trail", Trail).WithSummary("What happened to the campaign itself, in order; page on with after=<last id>");

        var operate = routes.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(ApiPolicies.Operate);
        operate.MapPost("/", Create).WithSummary("Make a draft");
        operate.MapPost("/{id:guid}/start", Start).Produces<CampaignChange>().Produces<CampaignChange>(StatusCodes.Status202Accepted)
            .WithSummary("Start now, or schedule with {\"at\": instant}");
        operate.MapPost("/{id:guid}/pause", Pause).Produces<CampaignChange>().Produces<CampaignChange>(StatusCodes.Status202Accepted)
            .WithSummary("Pause by hand; no automatism undoes it");
        operate.MapPost("/{id:guid}/resume", Resume).Produces<CampaignChange>().Produces<CampaignChange>(StatusCodes.Status202Accepted)
            .WithSummary("Go on");
        operate.MapPost("/{id:guid}/stop", Stop).Produces<CampaignChange>().Produces<CampaignChange>(StatusCodes.Status202Accepted)
            .WithSummary("End for good; waiting leads become Canceled");
    }

    private static async Task<Results<Created<CampaignView>, ProblemHttpResult>> Create(
        CampaignRequest request, PacerDbContext db, IOutbox<PacerDbContext> outbox, PowerFloors floors, AccountSettings accounts,
        CampaignSetup setup, WrittenNumbers written, NumberDoors doors, HttpContext http, TimeProvider clock, CancellationToken cancel)
    {
        // Ours, of the account; where the campaign calls in another country, that is meant as well.
        var where = CallingZones.TryFind(request.TimeZone, out var zone) ? Countries.OfZone(zone) : null;
        var regions = (await written.OfAccount(request.Account, cancel)).And(where);
        if (request.Check(accounts, regions) is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);
        var now = clock.GetUtcNow();
        var campaign = new Campaign
        {
            CorrelationId = Guid.CreateVersion7(now),
            Name = request.Name!.Trim(),
            Mode = request.Mode ?? CampaignModes.Notification,
            Purpose = request.Purpose!,
            Account = request.Account ?? "default",
            State = CampaignStates.Draft,
            Rules = request.Rules(regions, doors.Zone(request.Account)),
            CreatedAt = now,
            CreatedBy = Name(http.User),
        };
        // Hours that nobody asked for are those that the law allows.
        if (request.Window is null && setup.Lawful(campaign)?.Cut(campaign.Rules.Window) is { } lawful)
            campaign.Rules = campaign.Rules with { Window = lawful };
        if (await setup.Check(campaign, null, cancel) is { Count: > 0 } impossible)
            return ApiProblem.Invalid([.. impossible]);
        db.Campaigns.Add(campaign);
        db.Pulses.Add(new() { CampaignId = campaign.CorrelationId });
        if (AgentCampaign.Of(campaign, now) is { } told)   // agents may sign in before it starts
            await outbox.Publish(told with { Version = 0 }, cancel);
        db.Trail.Add(TrailEntry.Of(campaign, now, "created", $"Created by {campaign.CreatedBy}"));
        await db.SaveChangesAsync(cancel);
        http.Response.Headers.ETag = CampaignHistories.ETag(0);
        return TypedResults.Created($"/api/v1/campaigns/{campaign.CorrelationId}", await db.ViewOf(floors, campaign, now, cancel));
    }

    private static async Task<Results<Ok<List<CampaignView>>, ProblemHttpResult>> List(
        [AsParameters] CampaignFilter filter, Guid? after, [Range(1, MostCounted)] int? limit, HttpContext http, PacerDbContext db,
        PowerFloors floors, AccountSettings accounts, TimeProvider clock, CancellationToken cancel)
    {
        if (Paging.Refusal(limit, MostCounted) is { } wrong)
            return wrong;
        if (await filter.Check(db, accounts, cancel) is { Count: > 0 } unknown)
            return ApiProblem.Invalid([.. unknown]);
        var campaigns = await filter.Of(db).Where(c => after == null || c.CorrelationId < after)
            .OrderByDescending(c => c.CorrelationId).PageAsync(http, limit, c => c.CorrelationId, cancel);
        List<CampaignView> views = [];
        foreach (var campaign in campaigns)
            views.Add(await db.ViewOf(floors, campaign, clock.GetUtcNow(), cancel));
        return TypedResults.Ok(views);
    }

    private static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> Get(
        Guid id, HttpContext http, PacerDbContext db, PowerFloors floors, TimeProvider clock, CancellationToken cancel)
    {
        if (await Find(db, id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        var view = await db.ViewOf(floors, campaign, clock.GetUtcNow(), cancel);
        http.Response.Headers.ETag = CampaignHistories.ETag(view.Revision);
        return TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<List<DecisionRow>>, ProblemHttpResult>> Decisions(
        Guid id, long? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (await Find(db, id, cancel) is null)
            return ApiProblem.NotFound("campaign", id);
        return TypedResults.Ok(await db.Decisions.AsNoTracking().Where(d => d.CampaignId == id && (after == null || d.Id < after))
            .OrderByDescending(d => d.Id).PageAsync(http, limit, d => d.Id, cancel));
    }

    private static async Task<Results<Ok<List<TrailEntry>>, ProblemHttpResult>> Trail(
        Guid id, long? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (await Find(db, id, cancel) is null)
            return ApiProblem.NotFound("campaign", id);
        return TypedResults.Ok(await db.Trail.AsNoTracking().Where(t => t.CampaignId == id && t.LeadId == null && (after == null || t.Id > after))
            .OrderBy(t => t.Id).PageAsync(http, limit, t => t.Id, cancel, usual: Paging.MostRows));
    }

    private static async Task<IResult> Start(
        Guid id, StartRequest? request, IRequestClient<StartCampaign> client, CampaignSetup setup, ClaimsPrincipal user, TimeProvider clock,
        CancellationToken cancel)
    {
        if (request?.At is { } at && at <= clock.GetUtcNow())
            return ApiProblem.Invalid("at", $"{at:u}", $"an instant to come, or nothing for now; it is {clock.GetUtcNow():u}");
        if (await setup.WhyNotStart(id, cancel) is { } why)
            return ApiProblem.Conflict($"The campaign is not started, because it would dial nobody. {why}");
        var notice = await setup.Notice(id, cancel);
        return await Ask(client, id, new StartCampaign { CampaignId = id, At = request?.At?.ToUniversalTime(), By = Name(user) }, cancel, notice);
    }

    private static Task<IResult> Pause(
        Guid id, PauseRequest? request, IRequestClient<PauseCampaign> client, ClaimsPrincipal user, CancellationToken cancel) =>
        request?.Explanation is { Length: > LongestExplanation } text
            ? Task.FromResult<IResult>(ApiProblem.Invalid("explanation", $"{text.Length} characters", $"at most {LongestExplanation} characters"))
            : Ask(
                client, id, new PauseCampaign { CampaignId = id, Reason = PauseReasons.Person, Explanation = request?.Explanation, By = Name(user) },
                cancel);

    private static Task<IResult> Resume(Guid id, IRequestClient<ResumeCampaign> client, ClaimsPrincipal user, CancellationToken cancel) =>
        Ask(client, id, new ResumeCampaign { CampaignId = id, By = Name(user) }, cancel);

    private static Task<IResult> Stop(Guid id, IRequestClient<StopCampaign> client, ClaimsPrincipal user, CancellationToken cancel) =>
        Ask(client, id, new StopCampaign { CampaignId = id, By = Name(user) }, cancel);

    /// <summary>The saga decides and answers; 202 when its answer does not come in time, because the request is in its queue.</summary>
    private static async Task<IResult> Ask<T>(
        IRequestClient<T> client, Guid id, T request, CancellationToken cancel, string? notice = null) where T : class
    {
        try
        {
            var answer = await client.GetResponse<CampaignChange>(request, cancel, Patience);
            return answer.Message switch
            {
                { Accepted: true } change => TypedResults.Ok(change with { Notice = notice }),
                { State: "Missing" } change => ApiProblem.NotFound("campaign", change.CampaignId),
                var change => ApiProblem.Conflict($"{change.Refusal} (state: {change.State})"),
            };
        }
        catch (RequestTimeoutException)
        {
            return TypedResults.Accepted((string?)null, new LaterChange
            {
                CampaignId = id,
                Accepted = true,
                State = "Unknown",
                Detail = "Accepted; the campaign changes as soon as its queue is worked off.",
            });
        }
    }

    internal static string Name(ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";

    private static Task<Campaign?> Find(PacerDbContext db, Guid id, CancellationToken cancel) =>
        db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel);

    /// <summary>The campaign changes later, and what it is until then is not known here.</summary>
    public sealed record LaterChange : CampaignChange
    {
        /// <summary>When, in words.</summary>
        public required string Detail { get; init; }
    }

    public sealed record StartRequest
    {
        /// <summary>Left out: now.</summary>
        public DateTimeOffset? At { get; init; }
    }

    public sealed record PauseRequest
    {
        /// <summary>Why, in words, at most 500 characters; left out: none is told.</summary>
        [StringLength(LongestExplanation)]
        public string? Explanation { get; init; }
    }
}
