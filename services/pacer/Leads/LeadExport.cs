using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Leads;

/// <summary>A campaign's leads as a file: where each stands and what comes next. Sent page by page while it is read.</summary>
internal static class LeadExport
{
    private const int PageRows = 1000;

    public static void MapLeadExport(this IEndpointRouteBuilder routes) => routes.MapGet("/campaigns/{id:guid}/leads.csv", AsCsv)
        .WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
        .WithSummary("The campaign's leads as a CSV file: state, outcome, tries, reason, next try, disposition")
        .WithDescription("Reason and nextTryAt are those of the list of leads; nextTryAt is empty for a lead that does not wait, or is taken off "
            + "when its turn comes. A key of the role agent sees numbers masked.")
        .ProducesCsv().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> AsCsv(
        Guid id, [AsParameters] LeadFilter filter, [Description("true: with the attributes, as JSON in a column.")] bool? attributes,
        ClaimsPrincipal user, PacerDbContext db, StandingLeads standing, TimeProvider clock, CancellationToken cancel)
    {
        if (filter.Check() is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);
        if (!await db.Campaigns.AnyAsync(c => c.CorrelationId == id, cancel))
            return ApiProblem.NotFound("campaign", id);
        var now = clock.GetUtcNow();
        var leads = await filter.Of(db, standing, id, now, cancel);
        return CsvAnswer.Of($"campaign-{id:D}-leads.csv", Csv(leads, standing, now, user.IsInRole(ApiRoles.Agent), attributes == true, cancel));
    }

    private static async IAsyncEnumerable<CsvLine> Csv(
        IQueryable<Lead> leads, StandingLeads standing, DateTimeOffset now, bool masked, bool attributes,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        string[] names =
        [
            "leadId", "externalId", "number", "priority", "timeZone", "state", "outcome", "tries", "attempts", "reason", "reasonText", "nextTryAt",
            "callBackAt", "disposition", "note", "importedAt", "finishedAt",
        ];
        yield return CsvLine.Of([.. names, .. attributes ? ["attributes"] : Array.Empty<string>()]);
        Guid? after = null;
        while (true)
        {
            var page = await leads.Where(l => after == null || l.Id > after).OrderBy(l => l.Id).Take(PageRows).ToListAsync(cancel);
            foreach (var (l, view) in page.Zip(await standing.Views(page, now, cancel)))
            {
                object?[] cells =
                [
                    l.Id, l.ExternalId, masked ? Masked.Number(l.Number) : l.Number, l.Priority, l.TimeZone, l.State, l.LastOutcome, l.Tries,
                    l.Attempts, view.Reason, view.ReasonText, view.NextTryAt, l.CallBackAt, l.Disposition, l.Note, l.ImportedAt, l.FinishedAt,
                ];
                yield return CsvLine.Of([.. cells, .. attributes ? [l.Attributes] : Array.Empty<object?>()]);
            }
            if (page.Count < PageRows)
                yield break;
            after = page[^1].Id;
        }
    }
}
