using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Reports;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Reports;

public class ReportTests
{
    private static readonly Guid Campaign = Guid.Parse("00000000-0000-0000-0000-00000000c001");

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Law_5_every_figure_equals_a_recount_of_the_attempts(int seed)
    {
        await using var app = await AnalyticsApp.StartAsync();
        var ledger = new Ledger(seed, Campaign, 400);
        await Tell(app, ledger.Events);
        await Tell(app, new Ledger(seed + 100, Guid.NewGuid(), 50).Events);   // another campaign's are not counted

        var report = (await app.InScope(services => services.GetRequiredService<ReportQuery>().RunAsync(Campaign, default)))!;

        Assert.Equal(Recount.All(ledger.Attempts), Line(report.Totals));
        Assert.Equal(Recount.By(ledger.Attempts, a => a.Circle ?? "unknown"), report.ByCircle.ToDictionary(g => g.Key, Line));
        Assert.Equal(Recount.By(ledger.Attempts, a => a.CallerId), report.ByCallerId.ToDictionary(g => g.Key, Line));
        Assert.Equal(Recount.By(ledger.Attempts, a => a.Hour ?? "unknown"), report.ByHour.ToDictionary(g => g.Key, Line));
        Assert.Equal(Recount.By(ledger.Attempts, a => $"{a.Number}"), report.ByAttempt.ToDictionary(g => g.Key, Line));
        Assert.Equal(
            Recount.By(ledger.Attempts, a => $"{a.Circle ?? "unknown"}/{a.Match}"), report.ByCircleMatch.ToDictionary(g => $"{g.Circle}/{g.Match}", Line));
        Assert.Equal(
            ledger.Attempts.Where(a => a.Outcome is not null).GroupBy(a => (a.Outcome!, a.Dialed)).ToDictionary(g => g.Key, g => g.LongCount()),
            report.Outcomes.ToDictionary(o => (o.Outcome, o.Dialed), o => o.Attempts));
        Assert.Equal(ledger.Attempts.Count(a => a.Number > 1), report.Retries.Attempts);
        Assert.Equal(ledger.Attempts.Where(a => a is { Outcome: Outcomes.Completed, Dialed: true }).Select(a => a.Lead).Distinct()
            .Count(), report.Leads.Completed);
        Assert.Equal(ledger.Attempts.Select(a => a.Lead).Distinct().Count(), report.Leads.Tried);
    }

    [Fact]
    public async Task The_report_over_HTTP_is_the_golden_one()
    {
        await using var app = await AGoldenCampaign();

        using var document = JsonDocument.Parse(await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/report"));
        Golden("report.json", JsonSerializer.Serialize(document, new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }) + "\n");
    }

    [Fact]
    public async Task Every_CSV_section_is_the_golden_one_and_carries_no_number_of_a_lead()
    {
        await using var app = await AGoldenCampaign();

        foreach (var by in ReportCsv.Sections)
            Golden($"{by}.csv", await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/report.csv?by={by}"));
        Golden("all.csv", await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/report.csv"));
        Assert.DoesNotContain("+91", await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/report.csv?by=attempts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_that_does_not_exist_is_named_with_those_that_do()
    {
        await using var app = await AnalyticsApp.StartAsync();

        var answer = await app.Client.GetAsync($"/api/v1/campaigns/{Campaign}/report.csv?by=weekday");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("one of circle, circleMatch, callerId", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_that_nobody_has_heard_of_is_not_found_and_a_caller_without_key_is_refused()
    {
        await using var app = await AnalyticsApp.StartAsync();
        using var stranger = new HttpClient { BaseAddress = app.Client.BaseAddress };

        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/report")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/report.csv")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync($"/api/v1/campaigns/{Campaign}/report")).StatusCode);
    }

    private static async Task<AnalyticsApp> AGoldenCampaign()
    {
        var app = await AnalyticsApp.StartAsync();
        await Tell(app, GoldenCampaign.Attempts(Campaign));
        foreach (var happened in GoldenCampaign.History(Campaign))
            await app.Bus.Publish(happened, happened.GetType());
        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.CampaignEvents.Count() == 4)));
        app.Clock.SetUtcNow(Told.Noon.AddHours(2));
        return app;
    }

    private static Task Tell(AnalyticsApp app, IEnumerable<object> events) => app.InScope(async services =>
    {
        var facts = services.GetRequiredService<CallFacts>();
        foreach (var told in events)
            await (told switch
            {
                AttemptStarted started => facts.RecordAsync(started, default),
                AttemptEnded ended => facts.RecordAsync(ended, default),
                _ => facts.RecordAsync((CallDetailed)told, default),
            });
        return true;
    });

    private static string Line(Sums s) => Recount.Line(s.Attempts, s.Open, s.Refused, s.Dialed, s.Completed, s.TalkTime, s.Cost, s.WithoutPrice);

    /// <summary>Compares with a file beside this one; OUTDIAL_WRITE_GOLDEN=1 writes it instead, to be read before it is committed.</summary>
    private static void Golden(string name, string actual, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("OUTDIAL_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
