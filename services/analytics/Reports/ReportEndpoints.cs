using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var campaigns = routes.MapApi("/campaigns").WithTags("Reports").RequireAuthorization(ApiPolicies.Read);
        campaigns.MapGet("/{id:guid}/report", Report)
            .WithSummary("What came of a campaign so far: outcomes, completion rates, talk time, cost, retries and pauses.")
            .WithDescription(CompletionRate.Definition + " All figures are sums over the attempts, made when asked.");
        campaigns.MapGet("/{id:guid}/report.csv", ReportAsCsv)
            .WithSummary("One section of the report, or every attempt, as CSV (RFC 4180).")
            .WithDescription($"`by` is one of {string.Join(", ", ReportCsv.Sections)}; without it all sections that share columns. "
                + "`attempts` lists every attempt without telephone numbers. Durations are in seconds. " + CompletionRate.Definition)
            .ProducesCsv()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<CampaignReport>, ProblemHttpResult>> Report(Guid id, ReportQuery reports, CancellationToken cancel) =>
        await reports.RunAsync(id, cancel) is { } report ? TypedResults.Ok(report) : NotKnown(id);

    private static async Task<IResult> ReportAsCsv(
        Guid id, [OneOf(typeof(ReportCsv), nameof(ReportCsv.Sections))] string? by, ReportQuery reports, AttemptsCsv attempts,
        CancellationToken cancel)
    {
        if (await reports.RunAsync(id, cancel) is not { } report)
            return NotKnown(id);

        var name = $"campaign-{id:D}-{by ?? "report"}.csv";
        return by == "attempts" ? CsvAnswer.Of(name, attempts.LinesAsync(id, cancel)) : CsvAnswer.Of(name, ReportCsv.Write(report, by));
    }

    internal static ProblemHttpResult NotKnown(Guid id) => ApiProblem.Of(StatusCodes.Status404NotFound,
        $"There is no report of campaign {id} yet: a campaign has one once it was started or somebody was called.");
}
