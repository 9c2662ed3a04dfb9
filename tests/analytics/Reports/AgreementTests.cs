using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Reports;
using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Reports;

/// <summary>The figures of one report agree with each other, whichever of its files they stand in.</summary>
public sealed class AgreementTests
{
    private static readonly Guid Campaign = Guid.NewGuid();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Law_5_every_file_of_a_campaigns_report_adds_up_to_the_same_figures(int seed)
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app, new Random(seed), 150);
        app.Clock.SetUtcNow(Told.Noon.AddHours(3));

        var report = await app.Client.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{Campaign}/report");
        var totals = report.GetProperty("totals");
        foreach (var by in new[] { "circle", "circleMatch", "callerId", "hour", "attempt" })
        {
            var lines = await Csv(app, $"report.csv?by={by}");
            foreach (var figure in new[] { "attempts", "open", "refused", "dialed", "completed", "withoutPrice", "talkSeen", "talkUnknown" })
                Assert.Equal((by, figure, totals.GetProperty(figure).GetDecimal()), (by, figure, Sum(lines, figure)));
            Assert.Equal((by, totals.GetProperty("cost").GetDecimal()), (by, Sum(lines, "cost")));
            Assert.Equal((by, Seconds(totals.GetProperty("talkTime"))), (by, Sum(lines, "talkSeconds")));
        }

        var outcomes = await Csv(app, "report.csv?by=outcome");
        Assert.Equal(Figure(totals, "attempts") - Figure(totals, "open"), Sum(outcomes, "attempts"));
        Assert.Equal(Figure(totals, "completed"), Sum(outcomes.Where(o => o["outcome"] == Outcomes.Completed && o["dialed"] == "true"), "attempts"));
        Assert.Equal(Figure(totals, "dialed"), Sum(outcomes.Where(o => o["dialed"] == "true"), "attempts"));

        var attempts = await Csv(app, "report.csv?by=attempts");
        Assert.Equal(Figure(totals, "attempts"), attempts.Count);
        Assert.Equal(Figure(totals, "completed"), attempts.Count(a => a["outcome"] == Outcomes.Completed && a["dialed"] == "true"));
        Assert.Equal(Figure(totals, "talkSeen"), attempts.Count(a => a["talkSource"] == "seen"));
        Assert.Equal(Figure(totals, "talkUnknown"), attempts.Count(a => a["talkSource"] == "unknown" && a["dialed"] == "true"));
        Assert.Equal(Seconds(totals.GetProperty("talkTime")), Sum(attempts, "talkSeconds"));

        var queue = Assert.Single(await Csv(app, "report.csv?by=queue"));
        var agents = await Csv(app, "agents.csv");
        var all = agents.Single(line => line["name"] == "all");
        Assert.Equal(Number(all["calls"]), Sum(agents.Where(line => line["agentId"] != ""), "calls"));
        Assert.Equal(Number(queue["connected"]), Number(all["calls"]) + Sum(agents.Where(line => line["name"] == "unknown"), "calls"));
        Assert.Equal(Number(queue["answered"]), Number(queue["connected"]) + Number(queue["notConnected"]));
        Assert.Equal(Figure(report.GetProperty("agents"), "calls"), Number(all["calls"]));
    }

    [Fact]
    public async Task Conversations_of_which_the_provider_tells_no_talk_are_measured_as_we_saw_them_and_are_as_long_as_the_agents_own()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var (session, attempt, at) = (Guid.NewGuid(), Guid.NewGuid(), Told.Noon);
        await Tell(app,
        [
            Told.Agent(session, 1, AgentStates.Ready, at) with { Campaigns = [Campaign] },
            Told.Agent(session, 2, AgentStates.OnCall, at.AddSeconds(10)) with { Campaigns = [Campaign], CampaignId = Campaign, AttemptId = attempt },
            Told.Agent(session, 3, AgentStates.Ready, at.AddSeconds(40)) with { Campaigns = [Campaign] },
            Told.Ended(Campaign, attempt) with { Mode = CampaignModes.Power, ConnectedAt = at.AddSeconds(10), AgentId = session, TalkTime = null },
            // Nobody told with whom, and no state of an agent shows it.
            Told.Ended(Campaign, Guid.NewGuid()) with { Mode = CampaignModes.Power, ConnectedAt = at.AddSeconds(20), TalkTime = null },
            // Nobody told when it ended: it was noticed long afterwards.
            Told.Ended(Campaign, Guid.NewGuid()) with
            {
                Mode = CampaignModes.Power,
                ConnectedAt = at.AddSeconds(-600),
                TalkTime = null,
                Source = "reconciliation",
            },
        ]);
        app.Clock.SetUtcNow(at.AddMinutes(5));

        var report = (await app.InScope(services => services.GetRequiredService<ReportQuery>().RunAsync(Campaign, default)))!;
        var agents = await app.Services.GetRequiredService<AgentQuery>().OfCampaignAsync(Campaign, default);

        Assert.Equal((TimeSpan.FromSeconds(50), 2, 1), (report.Totals.TalkTime, report.Totals.TalkSeen, report.Totals.TalkUnknown));
        Assert.Equal((TimeSpan.FromSeconds(30), 1, 2), (agents.Totals.Talk, agents.Totals.Calls, agents.CallsWithoutAgent));
    }

    [Fact]
    public async Task A_machine_that_is_learned_of_after_the_end_leaves_the_completed_and_their_rate_wherever_they_stand()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var attempt = Guid.NewGuid();
        var ended = Told.Ended(Campaign, attempt) with { Mode = CampaignModes.Notification, Revision = 3 };
        await Tell(app, [Told.Started(Campaign, attempt), ended with { Outcome = Outcomes.MachineAnswered, AnsweredBy = "machine", Revision = 4 }, ended]);

        var report = (await app.InScope(services => services.GetRequiredService<ReportQuery>().RunAsync(Campaign, default)))!;

        Assert.Equal((1, 0, 0d), (report.Totals.Dialed, report.Totals.Completed, report.Totals.CompletionRate));
        Assert.Equal((1, 0), (report.Leads.Answered, report.Leads.Completed));
        Assert.Equal(Outcomes.MachineAnswered, Assert.Single(report.Outcomes).Outcome);
    }

    /// <summary>Calls of a power campaign, in any order: some corrected, some without agent, talk, price or end, and the agents' states.</summary>
    private static async Task Tell(AnalyticsApp app, Random dice, int calls)
    {
        var agents = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        var sequence = agents.ToDictionary(agent => agent, _ => 1L);
        List<object> events = [.. agents.Select(agent => Told.Agent(agent, 0, AgentStates.Ready, Told.Noon) with { Campaigns = [Campaign] })];
        for (var n = 0; n < calls; n++)
        {
            var (attempt, at) = (Guid.NewGuid(), Told.Noon.AddMinutes(n));
            var agent = agents[dice.Next(agents.Length)];
            events.Add(Told.Started(Campaign, attempt, at) with { Mode = CampaignModes.Power, AttemptNumber = n % 3 + 1 });
            if (dice.Next(12) == 0)
                continue;   // goes on
            var outcome = dice.Next(2) == 0 ? Outcomes.Completed : Outcomes.All[dice.Next(Outcomes.All.Count)];
            var connected = outcome == Outcomes.Completed && dice.Next(4) > 0;
            var ended = Told.Ended(Campaign, attempt, outcome, at) with
            {
                Mode = CampaignModes.Power,
                AttemptNumber = n % 3 + 1,
                Circle = dice.Next(3) == 0 ? null : "KA",
                Dialed = outcome == Outcomes.Completed || dice.Next(5) > 0,
                ConnectedAt = connected ? at.AddSeconds(10) : null,
                AgentId = outcome == Outcomes.Completed && dice.Next(5) > 0 ? agent : null,
                TalkTime = outcome == Outcomes.Completed && dice.Next(3) == 0 ? TimeSpan.FromSeconds(dice.Next(1, 30)) : null,
                Revision = 2,
            };
            events.Add(ended);
            if (dice.Next(6) == 0)
                events.Add(ended with { Outcome = Outcomes.Busy, ConnectedAt = null, AgentId = null, TalkTime = null, Revision = 1 });
            if (dice.Next(3) > 0)
                events.Add(Told.Detailed(Campaign, attempt, at.AddMinutes(2), price: 1.25m));
            if (connected && dice.Next(4) > 0)   // else the word that they talked was lost
            {
                foreach (var (state, seconds) in new[] { (AgentStates.OnCall, 10), (AgentStates.Ready, 40) })
                {
                    events.Add(Told.Agent(agent, sequence[agent]++, state, at.AddSeconds(seconds)) with
                    {
                        Campaigns = [Campaign],
                        CampaignId = state == AgentStates.OnCall ? Campaign : null,
                        AttemptId = state == AgentStates.OnCall ? attempt : null,
                    });
                }
            }
        }
        var shuffled = events.ToArray();
        dice.Shuffle(shuffled);
        await Tell(app, shuffled);
    }

    private static Task Tell(AnalyticsApp app, IEnumerable<object> events) => app.InScope(async services =>
    {
        var (facts, stretches) = (services.GetRequiredService<CallFacts>(), services.GetRequiredService<AgentStretches>());
        foreach (var told in events)
            await (told switch
            {
                AttemptStarted started => facts.RecordAsync(started, default),
                AttemptEnded ended => facts.RecordAsync(ended, default),
                CallDetailed detailed => facts.RecordAsync(detailed, default),
                _ => stretches.RecordAsync((AgentStateChanged)told, default),
            });
        return true;
    });

    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> Csv(AnalyticsApp app, string path)
    {
        var lines = (await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/{path}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static decimal Sum(IEnumerable<IReadOnlyDictionary<string, string>> lines, string column) => lines.Sum(line => Number(line[column]));

    private static decimal Number(string cell) => cell == "" ? 0 : decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static decimal Figure(JsonElement of, string name) => of.GetProperty(name).GetDecimal();

    private static decimal Seconds(JsonElement duration) => (decimal)TimeSpan.Parse(duration.GetString()!, CultureInfo.InvariantCulture).TotalSeconds;
}
