using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Leads;

/// <summary>Leads, and everything that happened to one.</summary>
internal static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns/{id:guid}/leads", List).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Leads of a campaign in order of id; page on with after=<last id>, or as the header Link says");
        var leads = routes.MapGroup("/leads").WithTags("Leads").RequireAuthorization(ApiPolicies.Read);
        leads.MapGet("/", ListAll).WithSummary("Leads of all campaigns, by number, external id, state, outcome or reason, in order of id");
        leads.MapGet("/{id:guid}", Get).WithSummary("One lead");
        leads.MapGet("/{id:guid}/trail", Trail).WithSummary("Everything that happened to the lead, in order; page on with after=<last id>");
        routes.MapPut("/leads/{id:guid}/time-zone", SetTimeZone).WithTags("Leads").RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Say in which time zone the person lives; where the number cannot be there, its own zones are minded too");
    }

    private static async Task<Results<Ok<List<LeadView>>, ProblemHttpResult>> List(
        Guid id, [AsParameters] LeadFilter filter, Guid? after, int? limit, HttpContext http, PacerDbContext db, StandingLeads standing,
        TimeProvider clock, CancellationToken cancel) =>
        await db.Campaigns.AnyAsync(c => c.CorrelationId == id, cancel)
            ? await Page(filter, id, null, after, limit, http, db, standing, clock.GetUtcNow(), cancel)
            : ApiProblem.NotFound("campaign", id);

    private static async Task<Results<Ok<List<LeadView>>, ProblemHttpResult>> ListAll(
        [AsParameters] LeadFilter filter, Guid? campaign, Guid? after, int? limit, HttpContext http, PacerDbContext db, StandingLeads standing,
        TimeProvider clock, CancellationToken cancel) =>
        await Page(filter, campaign, await db.UnknownCampaign(campaign, cancel), after, limit, http, db, standing, clock.GetUtcNow(), cancel);

    private static async Task<Results<Ok<List<LeadView>>, ProblemHttpResult>> Page(
        LeadFilter filter, Guid? campaign, FieldProblem? unknown, Guid? after, int? limit, HttpContext http, PacerDbContext db,
        StandingLeads standing, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } beyond)
            return beyond;
        var wrong = filter.Check();
        if (unknown is not null)
            wrong.Add(unknown);
        if (wrong.Count > 0)
            return ApiProblem.Invalid([.. wrong]);
        var those = await filter.Of(db, standing, campaign, now, cancel);
        var leads = await those.Where(l => after == null || l.Id > after).OrderBy(l => l.Id).PageAsync(http, limit, l => l.Id, cancel);
        return TypedResults.Ok(await standing.Views(leads, now, cancel));
    }

    private static async Task<Results<Ok<LeadView>, ProblemHttpResult>> Get(
        Guid id, PacerDbContext db, StandingLeads standing, TimeProvider clock, CancellationToken cancel) =>
        await Find(db, id, cancel) is { } lead
            ? TypedResults.Ok(await standing.View(lead, clock.GetUtcNow(), cancel)) : ApiProblem.NotFound("lead", id);

    private static async Task<Results<Ok<List<TrailView>>, ProblemHttpResult>> Trail(
        Guid id, long? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (await Find(db, id, cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        var entries = await db.Trail.AsNoTracking().Where(t => t.LeadId == id && (after == null || t.Id > after)).OrderBy(t => t.Id)
            .PageAsync(http, limit, t => t.Id, cancel, usual: Paging.MostRows);
        if (after is not null)
            return TypedResults.Ok(entries.ConvertAll(TrailView.Of));
        // The first thing that happened is the import; the lead's own row tells it, so that a million imports write no trail.
        var imported = (lead.IdempotencyKey, lead.ImportRow) switch
        {
            (null, null) when lead.AddedBy is { } by => new TrailView(0, lead.ImportedAt, "added", $"Added by {by}", null),
            (not null, _) => new TrailView(0, lead.ImportedAt, "triggered", "Asked for as a single call", null),
            (_, null) => new TrailView(0, lead.ImportedAt, "called-us", "Added because the person called us", null),
            (_, var row) => new TrailView(0, lead.ImportedAt, "imported", $"Imported from row {row}", null),
        };
        return TypedResults.Ok(entries.Select(TrailView.Of).Prepend(imported).ToList());
    }

    private static async Task<Results<Ok<LeadView>, ProblemHttpResult>> SetTimeZone(
        Guid id, TimeZoneRequest request, PacerDbContext db, StandingLeads standing, ClaimsPrincipal user, TimeProvider clock,
        CancellationToken cancel)
    {
        if (!CallingZones.TryFind(request.TimeZone, out var own))
            return ApiProblem.Invalid("timeZone", request.TimeZone, CallingZones.Expected);
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockedLead(id).SingleOrDefaultAsync(cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        if (!lead.IsOpen)
            return ApiProblem.Conflict($"The lead is {lead.State}: it is not called any more.");
        var rules = await db.Campaigns.AsNoTracking().Where(c => c.CorrelationId == lead.CampaignId).Select(c => c.Rules).SingleAsync(cancel);
        var minded = CallingZones.Of(lead.Number, own);
        if (!rules.Window.IsEverOpen(now, minded))
        {
            return ApiProblem.Invalid("timeZone", own, "a time zone that goes with the number, which may be in "
                + $"{CallingZones.Shown(CallingZones.Of(lead.Number, null))}: the campaign's hours are never there and here at once");
        }
        lead.LivesIn(own, minded, now);
        db.Trail.Add(TrailEntry.Of(
            lead, now, "time-zone", $"Lives in {own}, says {user.Identity?.Name ?? "unknown"}; called when it is a calling hour in {minded}"));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        // Afterwards: the pulse holds its own row while it waits for leads.
        await db.LookAt(lead.CampaignId, now, CancellationToken.None);
        return TypedResults.Ok(await standing.View(lead, now, CancellationToken.None));
    }

    private static Task<Lead?> Find(PacerDbContext db, Guid id, CancellationToken cancel) =>
        db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancel);
}

internal sealed record LeadView
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Number { get; init; }
    public required int Priority { get; init; }
    public required string TimeZone { get; init; }
    public required string? ExternalId { get; init; }
    public required System.Text.Json.JsonElement Attributes { get; init; }
    [OneOf(typeof(LeadStates))]
    public required string State { get; init; }

    /// <summary>Not before that; when it may be dialed then, says nextTryAt.</summary>
    public required DateTimeOffset DueAt { get; init; }
    public required int Attempts { get; init; }
    public required int Tries { get; init; }
    [OneOf(typeof(Outcomes))]
    public required string? LastOutcome { get; init; }

    /// <summary>
    /// Why it is not being dialed, as far as that is told of many leads at once: of one that is not due, or does not wait, what its row says; of one
    /// that is due the campaign's end, a withdrawal, an opt-out, used tries, or the hours where it lives; otherwise it is in the queue, and explain
    /// looks at it more closely. Of the lead itself, whether its campaign runs or not.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>In words; null: it is in the queue, or the reason says it.</summary>
    public required string? ReasonText { get; init; }

    /// <summary>Since when its row says so; otherwise as of when it was looked at for this answer.</summary>
    public required DateTimeOffset? ReasonAt { get; init; }

    /// <summary>
    /// When it may be dialed at the soonest, its hours minded; not in the past. Null: it does not wait, or is taken off when its turn comes.
    /// </summary>
    public DateTimeOffset? NextTryAt { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset? CallBackAt { get; init; }
    public required Guid? CallBackAgentId { get; init; }
    public required string? CallBackNote { get; init; }
    public required string? Disposition { get; init; }
    public required string? Note { get; init; }

    /// <summary>The time zone that a list or a person named; empty: none; null: not known whether any.</summary>
    public string? OwnTimeZone { get; init; }

    /// <summary>Who took it back, and why, in words; in the hopper it ends when it comes back. Null: nobody did.</summary>
    public string? Withdrawal { get; init; }

    /// <param name="stand">Of a lead that waits.</param>
    public static LeadView Of(Lead l, LeadStand? stand, DateTimeOffset now) => new()
    {
        Id = l.Id,
        CampaignId = l.CampaignId,
        Number = l.Number,
        Priority = l.Priority,
        TimeZone = l.TimeZone,
        ExternalId = l.ExternalId,
        Attributes = System.Text.Json.JsonElement.Parse(l.Attributes),
        State = l.State,
        DueAt = l.DueAt,
        Attempts = l.Attempts,
        Tries = l.Tries,
        LastOutcome = l.LastOutcome,
        Reason = stand?.Reason ?? l.Reason,
        ReasonText = stand is null ? l.ReasonText : stand == LeadStand.Free ? null : stand.Text,
        ReasonAt = stand is null || stand.Reason == l.Reason ? l.ReasonAt : now,
        NextTryAt = stand is null or { IsNever: true } ? null : stand.Until ?? now,
        ImportedAt = l.ImportedAt,
        FinishedAt = l.FinishedAt,
        CallBackAt = l.CallBackAt,
        CallBackAgentId = l.CallBackAgentId,
        CallBackNote = l.CallBackNote,
        Disposition = l.Disposition,
        Note = l.Note,
        OwnTimeZone = l.OwnZone,
        Withdrawal = l.Withdrawal,
    };
}

internal sealed record TimeZoneRequest
{
    /// <summary>IANA, such as <c>America/Boise</c>.</summary>
    [Required]
    public string? TimeZone { get; init; }
}

internal sealed record TrailView(long Id, DateTimeOffset At, string Kind, string Text, Guid? AttemptId)
{
    public static TrailView Of(TrailEntry t) => new(t.Id, t.At, t.Kind, t.Text, t.AttemptId);
}
