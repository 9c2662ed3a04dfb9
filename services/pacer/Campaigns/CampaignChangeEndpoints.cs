using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.OpenApi;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>Change a campaign, copy it, put its leads back, take it off the schedule, out of lists, or away.</summary>
internal static class CampaignChangeEndpoints
{
    /// <summary>Outcomes of leads that were not reached, and might be yet.</summary>
    private static readonly string[] Recyclable = [.. CampaignRules.DefaultRedial.Keys];

    private const int MostNamed = 20;

    private const string IfMatch = "The ETag of the campaign as it was read: changed since, nothing is changed (412). Left out: whatever holds is changed.";

    public static void MapCampaignChanges(this IEndpointRouteBuilder routes)
    {
        var operate = routes.MapGroup("/campaigns/{id:guid}").WithTags("Campaigns").RequireAuthorization(ApiPolicies.Operate);
        operate.MapPatch("/", Change).WithSummary("Change a campaign: a draft whole, a started one but for its mode, purpose and account")
            .Accepts<CampaignRequest>("application/merge-patch+json", "application/json")
            .AddOpenApiOperationTransformer((operation, context, _) =>
            {
                // What is read is any document, and what is meant by it a part of the one that makes a campaign.
                foreach (var content in operation.RequestBody!.Content!.Values)
                    content.Schema = new OpenApiSchemaReference(nameof(CampaignRequest), context.Document);
                return Task.CompletedTask;
            });
        operate.MapDelete("/", Delete).WithSummary("Remove a campaign that never dialed, with its leads");
        operate.MapPost("/copy", Copy).WithSummary("Make a draft with the same rules, and with its leads if wanted");
        operate.MapPost("/recycle", Recycle).WithSummary("Dial leads again that used up their tries, by how they ended; the caps of each person hold");
        operate.MapPost("/unschedule", Unschedule).WithSummary("Take a scheduled campaign off the schedule: it is a draft again");
        operate.MapPost("/archive", Archive).WithSummary("Leave it out of lists");
        operate.MapDelete("/archive", Unarchive).WithSummary("Have it in lists again");
        routes.MapGet("/campaigns/{id:guid}/changes", Changes).WithTags("Campaigns").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Who changed what of the campaign, from what to what, newest first; page on with after=<last revision>");
    }

    private static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> Change(
        Guid id, JsonElement patch, [FromHeader(Name = "If-Match"), Description(IfMatch)] string? ifMatch, CampaignChanges changes, PacerDbContext db,
        PowerFloors floors, HttpContext http, TimeProvider clock, CancellationToken cancel)
    {
        if (patch.ValueKind != JsonValueKind.Object)
            return ApiProblem.Invalid("body", StrictBody.Shown(patch), "an object that names what is to be changed");
        if (MergePatch.Repeated(patch) is { } twice)
            return ApiProblem.Invalid(twice, "given twice", "each field once");
        var (campaign, problem) = await changes.Change(
            id, JsonObject.Create(patch)!, ifMatch, CampaignEndpoints.Name(http.User), cancel);
        if (campaign is null)
            return problem!;
        var view = await db.ViewOf(floors, campaign, clock.GetUtcNow(), cancel);
        http.Response.Headers.ETag = CampaignHistories.ETag(view.Revision);
        return TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<List<RevisionView>>, ProblemHttpResult>> Changes(
        Guid id, int? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (!await db.Campaigns.AnyAsync(c => c.CorrelationId == id, cancel))
            return ApiProblem.NotFound("campaign", id);
        var rows = await db.Revisions.AsNoTracking().Where(r => r.CampaignId == id && (after == null || r.Revision < after))
            .OrderByDescending(r => r.Revision).PageAsync(http, limit, r => r.Revision, cancel);
        return TypedResults.Ok(rows.ConvertAll(row => new RevisionView(row.Revision, row.At, row.By, row.Read())));
    }

    private static async Task<Results<Created<CampaignView>, ProblemHttpResult>> Copy(
        Guid id, CopyRequest? request, CampaignCopies copies, PacerDbContext db, PowerFloors floors, HttpContext http, TimeProvider clock,
        CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        if (request?.Name is not null && !CampaignRequest.IsName(request.Name))
            wrong.Add(new("name", request.Name, CampaignRequest.ExpectedName));
        if (request?.Leads is { } leads && !CopiedLeads.All.Contains(leads))
            wrong.Add(new("leads", leads, $"one of {string.Join(", ", CopiedLeads.All)}"));
        if (wrong.Count > 0)
            return ApiProblem.Invalid(wrong);
        var (copy, problem) = await copies.Copy(
            id, request?.Name, request?.Leads ?? CopiedLeads.None, CampaignEndpoints.Name(http.User), cancel);
        if (copy is null)
            return problem!;
        http.Response.Headers.ETag = CampaignHistories.ETag(0);
        return TypedResults.Created($"/api/v1/campaigns/{copy.CorrelationId}", await db.ViewOf(floors, copy, clock.GetUtcNow(), cancel));
    }

    private static async Task<Results<Ok<Recycled>, ProblemHttpResult>> Recycle(
        Guid id, RecycleRequest request, CampaignCopies copies, HttpContext http, CancellationToken cancel)
    {
        if (request.Outcomes is not [_, ..] outcomes)
            return ApiProblem.Invalid("outcomes", request.Outcomes is null ? null : "[]", $"at least one of {string.Join(", ", Recyclable)}");
        if (outcomes.Index().Where(outcome => !Recyclable.Contains(outcome.Item)).ToList() is { Count: > 0 } unknown)
        {
            return ApiProblem.Invalid([.. unknown.Take(MostNamed).Select(outcome =>
                new FieldProblem($"outcomes[{outcome.Index}]", outcome.Item, $"one of {string.Join(", ", Recyclable)}"))]);
        }
        var (leads, state, problem) = await copies.Recycle(id, [.. outcomes], CampaignEndpoints.Name(http.User), cancel);
        return problem is null ? TypedResults.Ok(new Recycled(id, leads, state)) : problem;
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id, CampaignChanges changes, HttpContext http, CancellationToken cancel) =>
        Done(changes.Delete(id, CampaignEndpoints.Name(http.User), cancel));

    private static Task<Results<NoContent, ProblemHttpResult>> Unschedule(
        Guid id, CampaignChanges changes, HttpContext http, CancellationToken cancel) =>
        Done(changes.Unschedule(id, CampaignEndpoints.Name(http.User), cancel));

    private static Task<Results<NoContent, ProblemHttpResult>> Archive(
        Guid id, CampaignChanges changes, HttpContext http, CancellationToken cancel) =>
        Done(changes.Archive(id, CampaignEndpoints.Name(http.User), cancel));

    private static Task<Results<NoContent, ProblemHttpResult>> Unarchive(
        Guid id, CampaignChanges changes, HttpContext http, CancellationToken cancel) =>
        Done(changes.Unarchive(id, CampaignEndpoints.Name(http.User), cancel));

    private static async Task<Results<NoContent, ProblemHttpResult>> Done(Task<ProblemHttpResult?> change) =>
        await change is { } problem ? problem : TypedResults.NoContent();
}

internal sealed record CopyRequest
{
    /// <summary>What it is called, 1 to 200 characters; left out: the name, and that it is a copy.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// <c>none</c> (left out), <c>unreached</c> (those who wait, used up their tries, or were left over when it ended) or <c>all</c>. Numbers and
    /// attributes are copied, none of what happened to them.
    /// </summary>
    [OneOf(typeof(CopiedLeads))]
    public string? Leads { get; init; }
}

internal sealed record RecycleRequest
{
    /// <summary>How their last call ended: of leads that used up their tries.</summary>
    public List<string>? Outcomes { get; init; }
}

/// <param name="Leads">So many wait again.</param>
/// <param name="State">The campaign's; one that had completed is paused until it is resumed.</param>
internal sealed record Recycled(Guid CampaignId, int Leads, string State);

/// <summary>One change of a campaign.</summary>
internal sealed record RevisionView(int Revision, DateTimeOffset At, string By, IReadOnlyList<FieldChange> Changes);
