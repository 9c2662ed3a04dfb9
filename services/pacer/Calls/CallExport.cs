using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The ledger as a file, one line for each call. It is sent while it is read, page by page in order of id: neither memory nor any transaction grows
/// with it, and a call that changes meanwhile is in it once, as it was when its page was read.
/// </summary>
internal static class CallExport
{
    private const int PageRows = 1000;
    private const string Lines = "application/x-ndjson";

    private const string About = "The filters are those of GET /calls. Durations are in seconds; ring, wait and talk are reckoned from the instants, "
        + "talk from the provider's word where there is one. A key of the role agent sees numbers masked.";

    public static void MapCallExport(this IEndpointRouteBuilder routes)
    {
        var calls = routes.MapGroup("").WithTags("Calls").RequireAuthorization(ApiPolicies.Read).WithDescription(About);
        calls.MapGet("/calls.csv", AsCsv).WithSummary("Calls as a CSV file, one line each: call detail records")
            .ProducesCsv().ProducesProblem(StatusCodes.Status400BadRequest);
        calls.MapGet("/calls.ndjson", AsLines).WithSummary("The same as NDJSON, one JSON object a line")
            .Produces<string>(StatusCodes.Status200OK, Lines).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> AsCsv(
        [AsParameters] CallFilter filter, [Description("true: with the lead's attributes, as JSON in a column.")] bool? attributes,
        ClaimsPrincipal user, PacerDbContext db, AccountSettings accounts, CancellationToken cancel)
    {
        if (await filter.Refusal(db, accounts, cancel) is { } wrong)
            return wrong;
        var (masked, with) = (IsMasked(user), attributes == true);
        return CsvAnswer.Of("calls.csv", Csv(Rows(db, filter, with, cancel), masked, with));
    }

    private static async Task<IResult> AsLines(
        [AsParameters] CallFilter filter, [Description("true: with the lead's attributes.")] bool? attributes,
        ClaimsPrincipal user, PacerDbContext db, AccountSettings accounts, CancellationToken cancel)
    {
        if (await filter.Refusal(db, accounts, cancel) is { } wrong)
            return wrong;
        var (masked, with) = (IsMasked(user), attributes == true);
        return TypedResults.Stream(async body =>
        {
            await body.FlushAsync(cancel);   // that it has begun is known at once, however long the first row takes to be found
            await foreach (var row in Rows(db, filter, with, cancel))
                await body.WriteAsync(Encoding.UTF8.GetBytes(CallLine.Json(row, masked, with)), cancel);
        }, Lines, "calls.ndjson");
    }

    /// <summary>An agent works for one lead at a time, and has no use for a list of numbers.</summary>
    private static bool IsMasked(ClaimsPrincipal user) => user.IsInRole(ApiRoles.Agent);

    private static async IAsyncEnumerable<CsvLine> Csv(IAsyncEnumerable<CallLine.Row> rows, bool masked, bool attributes)
    {
        yield return CallLine.Header(attributes);
        await foreach (var row in rows)
            yield return CallLine.Csv(row, masked, attributes);
    }

    private static async IAsyncEnumerable<CallLine.Row> Rows(
        PacerDbContext db, CallFilter filter, bool attributes, [EnumeratorCancellation] CancellationToken cancel)
    {
        Guid? after = null;
        while (true)
        {
            var page = await filter.Of(db).Where(a => after == null || a.CorrelationId > after).OrderBy(a => a.CorrelationId).Take(PageRows)
                .Join(
                    db.Leads.AsNoTracking(), a => a.LeadId, l => l.Id,
                    (a, l) => new CallLine.Row(a, l.ExternalId, attributes ? l.Attributes : null))
                .ToListAsync(cancel);
            foreach (var row in page.OrderBy(row => row.Call.CorrelationId))
                yield return row;
            if (page.Count < PageRows)
                yield break;
            after = page.Max(row => row.Call.CorrelationId);
        }
    }
}
