using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Trunks;

internal sealed record DidView
{
    public required string Number { get; init; }
    public required string Account { get; init; }
    public required string? Trunk { get; init; }
    [OneOf(typeof(RoutingModes))]
    public required string Mode { get; init; }
    [OneOf(typeof(Applets))]
    public required string Applet { get; init; }
    public required string? Flow { get; init; }
    public required Guid? CampaignId { get; init; }
    public required string? Skill { get; init; }
    [OneOf(typeof(Strategies))]
    public required string Strategy { get; init; }
    public required int RingSeconds { get; init; }
    public required string? FallbackNumber { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
    public required string ChangedBy { get; init; }

    public Guid? CallBackCampaignId { get; init; }

    internal static DidView Of(Did d) => new()
    {
        Number = d.Number,
        Account = d.Account,
        Trunk = d.Trunk,
        Mode = d.Mode,
        Applet = d.Applet,
        Flow = d.Flow,
        CampaignId = d.CampaignId,
        Skill = d.Skill,
        Strategy = d.Strategy,
        RingSeconds = d.RingSeconds,
        FallbackNumber = d.FallbackNumber,
        ChangedAt = d.ChangedAt,
        ChangedBy = d.ChangedBy,
        CallBackCampaignId = d.CallBackCampaignId,
    };
}

/// <summary>The numbers that people call in to: list, set, remove.</summary>
internal static class DidEndpoints
{
    public static void MapDids(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dids", List).WithTags("Trunks").RequireAuthorization(ApiPolicies.Read).WithSummary("All numbers of ours that people call in to, in their order; page on with after=<last number>");
        routes.MapPut("/dids/{number}", Put).WithTags("Trunks").RequireAuthorization(ApiPolicies.Admin).WithSummary("Make or change a number: trunk, mode, flow, and who answers");
        routes.MapDelete("/dids/{number}", Remove).WithTags("Trunks").RequireAuthorization(ApiPolicies.Admin).WithSummary("Remove a number; calls to it reach nobody");
    }

    private static async Task<Results<Ok<List<DidView>>, ProblemHttpResult>> List(
        string? after, int? limit, HttpContext http, RouterDbContext db, CancellationToken cancel) =>
        Paging.Refusal(limit) is { } wrong
            ? wrong
            : TypedResults.Ok((await db.Dids.AsNoTracking()
                .Where(d => after == null || string.Compare(d.Number, NumberDoors.OfQuery(after)) > 0)
                .OrderBy(d => d.Number).PageAsync(http, limit, d => d.Number, cancel)).ConvertAll(DidView.Of));

    private static async Task<Results<Ok<DidView>, ProblemHttpResult>> Put(
        string number, DidRequest request, RouterDbContext db, CampaignCopies campaigns, AccountSettings accounts, WrittenNumbers written,
        IOptions<RouterOptions> options, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancel)
    {
        var regions = await written.OfAccount(request.Account, cancel);
        if (!regions.TryParse(number, out var e164, out var expected))
            return ApiProblem.Invalid("number", number, expected);
        var trunk = request.Trunk is { } name ? await db.Trunks.AsNoTracking().SingleOrDefaultAsync(t => t.Name == name, cancel) : null;
        if (request.Check(trunk, accounts, regions, options.Value.AllowPrivateDestinations, out var fallback) is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);
        var did = await db.Dids.SingleOrDefaultAsync(d => d.Number == e164, cancel);
        // Nobody would answer: a campaign without agents has none.
        if (request.AppletFor(trunk) == Applets.Connect && request.CampaignId is { } named && named != did?.CampaignId
            && await campaigns.FirstUnknown([named], cancel) is not null)
            return ApiProblem.Invalid("campaignId", $"{named}", $"{CampaignCopies.Expected}: its agents are rung");
        if (did is null)
        {
            db.Add(did = new Did { Number = e164, Account = "", Mode = "", Applet = "", Strategy = "", ChangedBy = "" });
        }
        (did.Account, did.Trunk, did.Mode, did.Applet) = (request.Account ?? "default", request.Trunk, request.Mode
            ?? RoutingModes.Pstn, request.AppletFor(trunk));
        (did.Flow, did.CampaignId, did.Skill, did.Strategy) = (request.Flow, request.CampaignId, request.Skill?.Trim(), request.Strategy
            ?? Strategies.Order);
        did.CallBackCampaignId = request.CallBackCampaignId;
        (did.RingSeconds, did.FallbackNumber) = (request.RingSeconds ?? 20, fallback);
        (did.ChangedAt, did.ChangedBy) = (clock.GetUtcNow(), user.Identity?.Name ?? "unknown");
        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(DidView.Of(did));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        string number, RouterDbContext db, WrittenNumbers written, CancellationToken cancel)
    {
        var dids = await db.Written(written, number, cancel);
        if (dids.Count > 1)
            return ApiProblem.Invalid("number", number, NumberRegions.ExpectedOf(dids.Select(did => (did.Number, PhoneNumber.Region(did.Number)))));
        return dids is [var did] && await db.Dids.Where(d => d.Number == did.Number).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.NoContent()
            : ApiProblem.NotFound("number", number);
    }

    /// <summary>The numbers that were made of this text, each as its own account's country reads it; more than one where that differs.</summary>
    internal static async Task<List<Did>> Written(this RouterDbContext db, WrittenNumbers written, string? number, CancellationToken cancel)
    {
        var readings = (await written.InUse(cancel)).Readings(number).Select(reading => reading.E164).ToList();
        var dids = await db.Dids.AsNoTracking().Where(d => readings.Contains(d.Number)).OrderBy(d => d.Number).ToListAsync(cancel);
        List<Did> meant = [];
        foreach (var did in dids)
        {
            if ((await written.OfAccount(did.Account, cancel)).Readings(number).Any(reading => reading.E164 == did.Number))
                meant.Add(did);
        }
        return meant;
    }
}
