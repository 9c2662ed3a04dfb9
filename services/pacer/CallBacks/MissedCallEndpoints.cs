using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.CallBacks;

/// <summary>Who called us and reached nobody, and whether and why they are called back.</summary>
internal static class MissedCallEndpoints
{
    public static void MapMissedCalls(this IEndpointRouteBuilder routes) => routes
        .MapGet("/missed-calls", List).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
        .WithSummary("Customers who reached nobody, newest first, and what became of it and why; state=Waiting, Promised or Refused; "
            + "code=campaign-over: those whom nobody calls back because the campaign is over; page on with after=<last id>");

    private static async Task<Results<Ok<List<MissedCallView>>, ProblemHttpResult>> List(
        [OneOf(typeof(MissedCallStates))] string? state, [OneOf(typeof(MissedCallCodes))] string? code, Guid? campaign, Guid? after, int? limit,
        HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (await db.UnknownCampaign(campaign, cancel) is { } unknown)
            return ApiProblem.Invalid(unknown);
        var missed = await db.MissedCalls.AsNoTracking()
            .Where(m => (state == null || m.State == state) && (code == null || m.Code == code) && (campaign == null || m.CampaignId == campaign)
                && (after == null || m.Id < after))
            .OrderByDescending(m => m.Id).PageAsync(http, limit, m => m.Id, cancel);
        var ids = missed.ConvertAll(m => m.LeadId);
        var leads = await db.Leads.AsNoTracking().Where(l => ids.Contains(l.Id))
            .Select(l => new MissedCallLead(l.Id, l.State, l.Reason, l.ReasonText, l.DueAt)).ToDictionaryAsync(l => l.Id, cancel);
        return TypedResults.Ok(missed.ConvertAll(m => MissedCallView.Of(m, m.LeadId is { } lead ? leads.GetValueOrDefault(lead) : null)));
    }
}

/// <summary>A missed call as the API shows it, with the lead as it is now: a promise may wait, or be kept, or have become void.</summary>
internal sealed record MissedCallView
{
    public required Guid Id { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }
    public required string Number { get; init; }
    public required string Did { get; init; }
    public required Guid? CampaignId { get; init; }
    public required DateTimeOffset MissedAt { get; init; }
    [OneOf(typeof(MissedCallStates))]
    public required string State { get; init; }
    public required string Reason { get; init; }
    public required string? Code { get; init; }
    public required int Looks { get; init; }
    public required bool Seen { get; init; }
    public required DateTimeOffset? LookedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required DateTimeOffset? DecidedAt { get; init; }
    public required Guid? LeadId { get; init; }
    public required MissedCallLead? Lead { get; init; }

    public static MissedCallView Of(MissedCall m, MissedCallLead? lead) => new()
    {
        Id = m.Id,
        Account = m.Account,
        ProviderCallId = m.ProviderCallId,
        Number = m.Number,
        Did = m.Did,
        CampaignId = m.CampaignId,
        MissedAt = m.MissedAt,
        State = m.State,
        Reason = m.Reason,
        Code = m.Code,
        Looks = m.Looks,
        Seen = m.Seen,
        LookedAt = m.LookedAt,
        DueAt = m.DueAt,
        DecidedAt = m.DecidedAt,
        LeadId = m.LeadId,
        Lead = lead,
    };
}

internal sealed record MissedCallLead(Guid Id, [OneOf(typeof(LeadStates))] string State, string Reason, string? ReasonText, DateTimeOffset DueAt);
