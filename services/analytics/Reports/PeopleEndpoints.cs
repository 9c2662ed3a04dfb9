using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Inbound;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Reports about agents and inbound calls.</summary>
internal static class PeopleEndpoints
{
    private const string Range = " `from` and `to` are instants with their offset (2026-12-24T18:00:00Z); without them the last 24 hours.";

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var reports = routes.MapApi().WithTags("Reports").RequireAuthorization(ApiPolicies.Read);
        reports.MapGet("/campaigns/{id:guid}/agents", OfCampaign)
            .WithSummary("The agents of a campaign: talk, idle, dialing, wrap-up and paused time, occupancy, calls handled.")
            .WithDescription(AgentDefinitions.Occupancy + " All figures are sums over rows, made when asked.");
        reports.MapGet("/campaigns/{id:guid}/agents.csv", OfCampaignAsCsv)
            .WithSummary("The same as CSV, durations in seconds.")
            .ProducesCsv().ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/agents/report", OfTime)
            .WithSummary("All agents in a stretch of time, over all campaigns.").WithDescription(AgentDefinitions.Occupancy + Range);
        reports.MapGet("/agents/report.csv", OfTimeAsCsv).WithSummary("The same as CSV, durations in seconds.").WithDescription(Range.Trim())
            .ProducesCsv().ProducesProblem(StatusCodes.Status400BadRequest);
        reports.MapGet("/inbound/report", Inbound)
            .WithSummary("Customers' calls to our numbers: answered, answered in time, missed.").WithDescription(Range.Trim());
        reports.MapGet("/inbound/report.csv", InboundAsCsv).WithSummary("The same as CSV, durations in seconds.").WithDescription(Range.Trim())
            .ProducesCsv().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<AgentReport>, ProblemHttpResult>> OfCampaign(
        Guid id, ReportQuery reports, AgentQuery agents, CancellationToken cancel) =>
        await reports.KnowsAsync(id, cancel) ? TypedResults.Ok(await agents.OfCampaignAsync(id, cancel)) : ReportEndpoints.NotKnown(id);

    private static async Task<IResult> OfCampaignAsCsv(Guid id, ReportQuery reports, AgentQuery agents, CancellationToken cancel) =>
        await reports.KnowsAsync(id, cancel)
            ? CsvAnswer.Of($"campaign-{id:D}-agents.csv", PeopleCsv.Agents(await agents.OfCampaignAsync(id, cancel)))
            : ReportEndpoints.NotKnown(id);

    private static async Task<Results<Ok<AgentReport>, ProblemHttpResult>> OfTime(
        QueryInstant? from, QueryInstant? to, AgentQuery agents, TimeProvider clock, CancellationToken cancel)
    {
        var (range, problem) = TimeRange.Of(from?.Value, to?.Value, clock.GetUtcNow());
        return range is null ? problem! : TypedResults.Ok(await agents.OfTimeAsync(range.From, range.To, cancel));
    }

    private static async Task<IResult> OfTimeAsCsv(
        QueryInstant? from, QueryInstant? to, AgentQuery agents, TimeProvider clock, CancellationToken cancel)
    {
        var (range, problem) = TimeRange.Of(from?.Value, to?.Value, clock.GetUtcNow());
        return range is null ? problem! : CsvAnswer.Of("agents.csv", PeopleCsv.Agents(await agents.OfTimeAsync(range.From, range.To, cancel)));
    }

    private static async Task<Results<Ok<InboundReport>, ProblemHttpResult>> Inbound(
        QueryInstant? from, QueryInstant? to, InboundQuery inbound, TimeProvider clock, CancellationToken cancel)
    {
        var (range, problem) = TimeRange.Of(from?.Value, to?.Value, clock.GetUtcNow());
        return range is null ? problem! : TypedResults.Ok(await inbound.OfTimeAsync(range.From, range.To, cancel));
    }

    private static async Task<IResult> InboundAsCsv(
        QueryInstant? from, QueryInstant? to, InboundQuery inbound, TimeProvider clock, CancellationToken cancel)
    {
        var (range, problem) = TimeRange.Of(from?.Value, to?.Value, clock.GetUtcNow());
        return range is null ? problem! : CsvAnswer.Of("inbound.csv", PeopleCsv.Inbound(await inbound.OfTimeAsync(range.From, range.To, cancel)));
    }
}
