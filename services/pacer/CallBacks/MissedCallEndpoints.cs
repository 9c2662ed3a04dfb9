using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
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
        string? state, string? code, Guid? campaign, Guid? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel)
    {
        if (state is not null && !MissedCallStates.All.Contains(state))
            return ApiProblem.Invalid("state", state, $"one of {string.Join(", ", MissedCallStates.All)}");
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
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
internal sealed record MissedCallView(
    Guid Id, string Account, string ProviderCallId, string Number, string Did, Guid? CampaignId, DateTimeOffset MissedAt, string State, string Reason,
    string? Code, int Looks, bool Seen, DateTimeOffset? LookedAt, DateTimeOffset DueAt, DateTimeOffset? DecidedAt, Guid? LeadId, MissedCallLead? Lead)
{
    public static MissedCallView Of(MissedCall m, MissedCallLead? lead) => new(
        m.Id, m.Account, m.ProviderCallId, m.Number, m.Did, m.CampaignId, m.MissedAt, m.State, m.Reason, m.Code, m.Looks, m.Seen, m.LookedAt, m.DueAt,
        m.DecidedAt, m.LeadId, lead);
}

internal sealed record MissedCallLead(Guid Id, string State, string Reason, string? ReasonText, DateTimeOffset DueAt);
