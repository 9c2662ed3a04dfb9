using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads;

/// <summary>Leads, everything that happened to one, and why one is not being dialed.</summary>
internal static class LeadEndpoints
{
    private static readonly NumberRegions Anywhere = NumberRegions.Of(PhoneNumber.Regions);

    public static void MapLeads(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns/{id:guid}/leads", List).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Leads of a campaign in order of id; page on with after=<last id>, or as the header Link says");
        var leads = routes.MapGroup("/leads").WithTags("Leads").RequireAuthorization(ApiPolicies.Read);
        leads.MapGet("/{id:guid}", Get).WithSummary("One lead");
        leads.MapGet("/{id:guid}/trail", Trail).WithSummary("Everything that happened to the lead, in order; page on with after=<last id>");
        leads.MapGet("/{id:guid}/explain", Explain).WithSummary("Why the lead is not being dialed right now");
        routes.MapPut("/leads/{id:guid}/time-zone", SetTimeZone).WithTags("Leads").RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Say in which time zone the person lives; where the number cannot be there, its own zones are minded too");
    }

    private static async Task<Results<Ok<List<LeadView>>, ProblemHttpResult>> List(
        Guid id, string? state, string? number, Guid? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (!await db.Campaigns.AnyAsync(c => c.CorrelationId == id, cancel))
            return ApiProblem.NotFound("campaign", id);
        // An upload, and each of its rows, may name a country of its own: whatever was read from what is written so is found.
        var numbers = Anywhere.Readings(NumberDoors.OfQuery(number)).Select(reading => reading.E164).ToList();
        if (number is not null && numbers.Count == 0)
            return ApiProblem.Invalid("number", number, PhoneNumber.ExpectedAbroad);
        var leads = await db.Leads.AsNoTracking()
            .Where(l => l.CampaignId == id && (state == null || l.State == state) && (number == null || numbers.Contains(l.Number))
                && (after == null || l.Id > after))
            .OrderBy(l => l.Id).PageAsync(http, limit, l => l.Id, cancel);
        return TypedResults.Ok(leads.ConvertAll(LeadView.Of));
    }

    private static async Task<Results<Ok<LeadView>, ProblemHttpResult>> Get(Guid id, PacerDbContext db, CancellationToken cancel) =>
        await Find(db, id, cancel) is { } lead ? TypedResults.Ok(LeadView.Of(lead)) : ApiProblem.NotFound("lead", id);

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
        Guid id, TimeZoneRequest request, PacerDbContext db, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancel)
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
        await db.LookAt(lead.CampaignId, now, cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Ok(LeadView.Of(lead));
    }

    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> Explain(
        Guid id, PacerDbContext db, TimeProvider clock, CancellationToken cancel)
    {
        if (await Find(db, id, cancel) is not { } lead)
            return ApiProblem.NotFound("lead", id);
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == lead.CampaignId, cancel);
        var pulse = await db.Pulses.AsNoTracking().SingleOrDefaultAsync(p => p.CampaignId == lead.CampaignId, cancel);
        var stored = new Explanation(lead.Id, lead.State, lead.Reason, lead.ReasonText ?? Words(lead.Reason), lead.ReasonAt ?? lead.ImportedAt,
            lead.IsOpen ? lead.DueAt : null, campaign.State);
        // Leads of zones whose hours are over are not looked at one by one, so their rows do not tell.
        var now = clock.GetUtcNow();
        if (lead.State == LeadStates.Waiting && lead.Reason is LeadReasons.InQueue or LeadReasons.CallBack && lead.DueAt <= now
            && LastLook.CheckWindow(campaign.Rules.Window, lead.TimeZone, now) is { } closed)
            stored = stored with { Reason = closed.Reason, Text = closed.Text };
        if (!lead.IsOpen || campaign.State == CampaignStates.Running)
        {
            return TypedResults.Ok(stored.Reason == LeadReasons.InQueue && pulse?.LastReason is { } why
                ? stored with { Text = $"{stored.Text} Last decision: {why}." }
                : stored);
        }
        return TypedResults.Ok(stored with
        {
            Reason = campaign.PauseReason ?? campaign.State,
            Text = campaign.PauseReason is { } pause
                ? $"The campaign is paused ({pause}): {campaign.PauseExplanation ?? $"by {campaign.PausedBy}"}. The lead itself: {stored.Text}"
                : $"The campaign is {campaign.State}. The lead itself: {stored.Text}",
        });
    }

    private static string Words(string reason) => reason switch
    {
        LeadReasons.InQueue => "Nothing speaks against dialing it; others come first.",
        LeadReasons.InHopper => "It waits in the hopper for the next free agent's line.",
        LeadReasons.BeingDialed => "It is being dialed.",
        _ => reason,
    };

    private static Task<Lead?> Find(PacerDbContext db, Guid id, CancellationToken cancel) =>
        db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancel);
}

/// <param name="DueAt">Not before; null when the lead is in its final state.</param>
internal sealed record Explanation(Guid LeadId, string State, string Reason, string Text, DateTimeOffset At, DateTimeOffset? DueAt,
    string CampaignState);

internal sealed record LeadView
{
    public required Guid Id { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Number { get; init; }
    public required int Priority { get; init; }
    public required string TimeZone { get; init; }
    public required string? ExternalId { get; init; }
    public required System.Text.Json.JsonElement Attributes { get; init; }
    public required string State { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required int Attempts { get; init; }
    public required int Tries { get; init; }
    public required string? LastOutcome { get; init; }
    public required string Reason { get; init; }
    public required string? ReasonText { get; init; }
    public required DateTimeOffset? ReasonAt { get; init; }
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

    public static LeadView Of(Lead l) => new()
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
        Reason = l.Reason,
        ReasonText = l.ReasonText,
        ReasonAt = l.ReasonAt,
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
    public string? TimeZone { get; init; }
}

internal sealed record TrailView(long Id, DateTimeOffset At, string Kind, string Text, Guid? AttemptId)
{
    public static TrailView Of(TrailEntry t) => new(t.Id, t.At, t.Kind, t.Text, t.AttemptId);
}
