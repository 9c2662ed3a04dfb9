using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Reports;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Reports;

public class ExportTests
{
    private const string Formula = "=HYPERLINK(\"https://evil.example/\")", Other = " +1+1;@x";

    private static readonly Guid Campaign = Guid.NewGuid();

    [Fact]
    public async Task No_export_hands_a_spreadsheet_a_formula_that_somebody_outside_wrote()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app);

        var addresses = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!).Where(path => path.EndsWith(".csv", StringComparison.Ordinal))
            .Select(path => path.Replace("{id:guid}", $"{Campaign}", StringComparison.Ordinal)).ToList();
        var exports = addresses.Concat(ReportCsv.Sections.Select(by => $"/api/v1/campaigns/{Campaign}/report.csv?by={by}")).ToList();
        Assert.Equal(4 + ReportCsv.Sections.Count, exports.Count);
        var planted = 0;
        foreach (var export in exports)
        {
            var csv = await app.Client.GetStringAsync(export);

            Assert.DoesNotMatch("""(?m)(^|[,;"])[ ]*[=+@-](?!\d+(\.\d+)?[",\r])""", csv);
            planted += csv.Split("'=HYPERLINK(\"\"https://evil.example/\"\")").Length - 1;
            planted += csv.Split("' +1+1;'@x").Length - 1;
        }
        Assert.True(planted >= 16, $"only {planted} of the formulas came out at all");
    }

    /// <summary>Whatever a text can be in these rows, it is one of the two formulas.</summary>
    private static async Task Tell(AnalyticsApp app)
    {
        var attempt = Guid.NewGuid();
        var ended = Told.Ended(Campaign, attempt, Formula) with
        {
            Circle = Formula,
            CallerId = Other,
            CallerIdCircle = Other,
            Source = Formula,
            Mode = Other,
            AnsweredBy = Formula,
        };
        await app.InScope(async services =>
        {
            var facts = services.GetRequiredService<CallFacts>();
            await facts.RecordAsync(Told.Started(Campaign, attempt) with { Circle = Formula, CallerId = Other, CallerIdCircle = Other }, default);
            await facts.RecordAsync(ended, default);
            var agents = services.GetRequiredService<AgentStretches>();
            await agents.RecordAsync(
                Told.Agent(Guid.NewGuid(), 1, AgentStates.Ready, Told.Noon) with { AgentName = Formula, Campaigns = [Campaign] }, default);
            return true;
        });
        await app.Bus.Publish(new InboundCallEnded
        {
            EventId = Guid.NewGuid(),
            InboundId = Guid.NewGuid(),
            Account = "default",
            Did = Other,
            Outcome = "Missed",
            CampaignId = Campaign,
            StartedAt = Told.Noon,
            OccurredAt = Told.Noon.AddMinutes(1),
        });
        app.Clock.SetUtcNow(Told.Noon.AddHours(1));
        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.InboundCalls.Any())));
    }
}
