using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Data;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Analytics.Tests.Agents;

public class AgentReportTests
{
    private static readonly Guid Campaign = Guid.NewGuid(), Other = Guid.NewGuid();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Law_5_every_time_of_a_campaigns_agents_equals_a_recount_second_by_second(int seed)
    {
        await using var app = await AnalyticsApp.StartAsync();
        var shift = new Shift(seed, [Campaign, Other], sessions: 12);
        await Tell(app, shift.Deliveries);
        var now = Told.Noon.AddMinutes(40);
        app.Clock.SetUtcNow(now);

        var report = await Query(app).OfCampaignAsync(Campaign, default);

        Assert.Equal(Text(shift.Recount(Campaign, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, now)), Text(report));
        Assert.Equal(
            shift.Calls(Campaign, DateTimeOffset.MinValue, now).OrderBy(c => c.Key),
            report.Agents.Where(a => a.Calls > 0).ToDictionary(a => a.AgentId, a => (int)a.Calls).OrderBy(c => c.Key));
        Assert.Equal(report.Totals.Talk.TotalSeconds, report.Agents.Sum(agent => agent.Talk.TotalSeconds));
        Assert.Equal(report.Totals.SignedIn.TotalSeconds, report.Agents.Sum(agent => agent.SignedIn.TotalSeconds));
    }

    [Theory, InlineData(4, 5, 15), InlineData(5, 0, 60), InlineData(6, 12, 13)]
    public async Task Law_5_a_report_of_some_minutes_counts_only_what_lies_within_them(int seed, int fromMinute, int toMinute)
    {
        await using var app = await AnalyticsApp.StartAsync();
        var shift = new Shift(seed, [Campaign, Other], sessions: 12);
        await Tell(app, shift.Deliveries);
        var (from, to, now) = (Told.Noon.AddMinutes(fromMinute), Told.Noon.AddMinutes(toMinute), Told.Noon.AddMinutes(40));
        app.Clock.SetUtcNow(now);

        var report = await Query(app).OfTimeAsync(from, to, default);

        Assert.Equal(Text(shift.Recount(null, from, to, now)), Text(report));
        Assert.Equal(shift.Calls(null, from, to).Values.Sum(), report.Totals.Calls);
    }

    [Fact]
    public async Task Law_4_the_rows_of_a_session_are_the_same_whatever_the_order_and_the_repetitions()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var shift = new Shift(7, [Campaign], sessions: 6);
        await Tell(app, shift.Deliveries);
        await Tell(app, [.. shift.Deliveries.Reverse()]);

        var rows = await app.Rows(db => db.AgentStretches.AsNoTracking().ToListAsync());
        var sessions = await app.Rows(db => db.AgentSessions.AsNoTracking().ToListAsync());

        Assert.Equal(
            shift.Told.Select(told => (told.SessionId, told.Sequence, told.State, told.OccurredAt)).Order(),
            rows.Select(row => (row.SessionId, row.Sequence, row.State, row.FromAt)).Order());
        Assert.All(sessions, session => Assert.Equal(
            shift.Told.Where(told => told.SessionId == session.SessionId).Min(told => told.OccurredAt), session.FirstAt));
    }

    /// <summary>The other days are thousands.</summary>
    [Theory, InlineData(1), InlineData(5000)]
    public async Task A_report_of_a_day_reads_that_day_and_neither_what_went_before_nor_what_came_after(int daysAgo)
    {
        await using var app = await AnalyticsApp.StartAsync();
        await using var connection = await app.Services.GetRequiredService<ServiceDatabase<AnalyticsDbContext>>().OpenAsync(default);
        await using (var history = new NpgsqlCommand(
            """
            create temp table days as select gen_random_uuid() as id, $1 - day * interval '12 hours' as at from generate_series(0, 19999) as day;
            insert into agent_sessions (session_id, agent_id, first_at, ended_at) select id, id, at, at + interval '8 hours' from days;
            """.Replace("$1", $"timestamptz '{Told.Noon:u}'", StringComparison.Ordinal) + """
            insert into agent_stretches (session_id, sequence, agent_id, agent_name, state, reach, campaigns, attempt_id, from_at)
            select id, n, id, 'Asha', 'OnCall', 'line', '{}', id, at + n * interval '1 hour' from days, generate_series(1, 5) as n;
            insert into call_facts (attempt_id, campaign_id, account, mode, outcome, dialed, ended_at, recorded_at)
            select id, id, 'default', 'power', 'Completed', true, at, at from days;
            analyze;
            """, connection))
            await history.ExecuteNonQueryAsync();

        await using var explain = new NpgsqlCommand($"explain {Conversations.Sql("true", AgentQuery.OfTheTime)}", connection)
        {
            Parameters = { new() { Value = Guid.Empty }, new() { Value = Told.Noon.AddDays(-daysAgo).UtcDateTime },
                new() { Value = Told.Noon.AddDays(1 - daysAgo).UtcDateTime } },
        };
        await using var plan = await explain.ExecuteReaderAsync();
        List<string> steps = [];
        while (await plan.ReadAsync())
            steps.Add(plan.GetString(0));

        Assert.DoesNotContain(steps, step => step.Contains("Seq Scan on", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Contains("call_facts_talks", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Contains("ended_at <", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Contains("agent_sessions_begun", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agent_who_talks_and_wraps_up_for_six_of_ten_minutes_is_occupied_to_sixty_percent()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app, APlainSession());
        app.Clock.SetUtcNow(Told.Noon.AddMinutes(10));

        var agent = Assert.Single((await Query(app).OfCampaignAsync(Campaign, default)).Agents);

        Assert.Equal(0.6, agent.Occupancy);
        Assert.Equal(TimeSpan.FromMinutes(6), agent.AverageHandleTime);
        Assert.Equal(AgentStates.Ready, agent.State);
    }

    [Fact]
    public async Task Talk_that_no_state_told_is_taken_from_the_calls_and_the_times_still_add_up()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var told = APlainSession();
        var (agent, first, second) = (told[0].AgentId, told[3].AttemptId!.Value, Guid.NewGuid());
        // The first conversation lasted a minute longer than it seemed; the second was not seen at all.
        await Tell(
            app,
            [.. told, told[5] with { Sequence = 7, State = AgentStates.Dialing, OccurredAt = Told.Noon.AddSeconds(
                500), AttemptId = second, CampaignId = Campaign }]);
        await app.InScope(async services =>
        {
            foreach (var (attempt, seconds) in new[] { (first, 300), (second, 45) })
            {
                await services.GetRequiredService<Analytics.Facts.CallFacts>().RecordAsync(
                    Told.Ended(Campaign, attempt) with
                    {
                        AgentId = agent,
                        Mode = CampaignModes.Progressive,
                        TalkTime = TimeSpan.FromSeconds(
                        seconds)
                    }, default);
            }
            return true;
        });
        app.Clock.SetUtcNow(Told.Noon.AddMinutes(10));

        var report = await Query(app).OfCampaignAsync(Campaign, default);

        var line = Assert.Single(report.Agents);
        Assert.Equal((2, TimeSpan.FromSeconds(345), TimeSpan.FromSeconds(25)), (line.Calls, line.Talk, line.Dialing));
        Assert.Equal(line.SignedIn, line.Calling + line.Idle + line.Dialing + line.Talk + line.WrapUp);
        Assert.Equal((report.Totals.Calls, report.Totals.Talk, report.Totals.Dialing), (line.Calls, line.Talk, line.Dialing));
        var ofTime = await Query(app).OfTimeAsync(Told.Noon, Told.Noon.AddHours(1), default);
        Assert.Equal(line.Talk, ofTime.Totals.Talk);
    }

    [Fact]
    public async Task Over_HTTP_the_report_of_a_campaign_and_of_a_time_name_the_same_agent_and_CSV_does_too()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await app.InScope(async services =>
        {
            await services.GetRequiredService<Analytics.Facts.CallFacts>().RecordAsync(Told.Started(Campaign, Guid.NewGuid()), default);
            return true;
        });
        await Tell(app, APlainSession());
        app.Clock.SetUtcNow(Told.Noon.AddMinutes(10));

        var ofCampaign = await app.Client.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{Campaign}/agents");
        var ofTime = await app.Client.GetFromJsonAsync<JsonElement>("/api/v1/agents/report?from=2026-01-14T12:00:00Z&to=2026-01-14T13:00:00Z");
        var csv = await app.Client.GetStringAsync("/api/v1/agents/report.csv?from=2026-01-14T12:00:00Z&to=2026-01-14T13:00:00Z");

        Assert.Equal("00:04:00", ofCampaign.GetProperty("agents")[0].GetProperty("talk").GetString());
        Assert.Equal(ofCampaign.GetProperty("agents").ToString(), ofTime.GetProperty("agents").ToString());
        Assert.Contains(",Asha,Ready,1,600,240,120,150,30,0,0,60,1,360,0.6\r\n", csv, StringComparison.Ordinal);
        Assert.Contains(",all,,1,600,", await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/agents.csv"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=yesterday", "'from' is 'yesterday': expected an instant with its offset, such as")]
    [InlineData("from=2026-01-14T12:00:00", "'from' is '2026-01-14T12:00:00': expected an instant with its offset, such as")]
    [InlineData("from=2026-01-14T12:00:00Z&to=2026-01-14", "'to' is '2026-01-14': expected an instant with its offset, such as")]
    [InlineData("from=2026-01-14T13:00:00Z&to=2026-01-14T12:00:00Z", "an instant before 'to' (2026-01-14T12:00:00Z)")]
    [InlineData("from=2020-01-14T13:00:00Z&to=2026-01-14T12:00:00Z", "at most 366 days")]
    public async Task A_time_that_makes_no_sense_is_refused_with_what_was_expected(string query, string expected)
    {
        await using var app = await AnalyticsApp.StartAsync();

        foreach (var path in new[] { "agents/report", "agents/report.csv", "inbound/report", "inbound/report.csv" })
        {
            var answer = await app.Client.GetAsync($"/api/v1/{path}?{query}");

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_campaign_that_nobody_has_heard_of_has_no_agents_report()
    {
        await using var app = await AnalyticsApp.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/agents")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/agents.csv")).StatusCode);
    }

    // One minute of being called, half of one of dialing, four of talk, two of wrap-up, the rest ready.
    private static AgentStateChanged[] APlainSession()
    {
        var session = Guid.NewGuid();
        var attempt = Guid.NewGuid();
        return
        [
            Of(1, AgentStates.CallingAgent, 0), Of(2, AgentStates.Ready, 60), Of(3, AgentStates.Dialing, 90, attempt),
            Of(4, AgentStates.OnCall, 120, attempt), Of(5, AgentStates.WrapUp, 360, attempt), Of(6, AgentStates.Ready, 480),
        ];

        AgentStateChanged Of(long sequence, string state, int second, Guid? attempt = null) =>
            Told.Agent(session, sequence, state, Told.Noon.AddSeconds(second)) with
            {
                Campaigns = [Campaign],
                CampaignId = attempt is null ? null : Campaign,
                AttemptId = attempt,
            };
    }

    private static AgentQuery Query(AnalyticsApp app) => app.Services.GetRequiredService<AgentQuery>();

    private static Task Tell(AnalyticsApp app, IReadOnlyList<AgentStateChanged> events) => app.InScope(async services =>
    {
        foreach (var told in events)
            await services.GetRequiredService<AgentStretches>().RecordAsync(told, default);
        return true;
    });

    private static List<string> Text(Dictionary<(Guid Agent, string State), int> seconds) =>
        [.. seconds.Select(pair => $"{pair.Key.Agent} {pair.Key.State} {pair.Value}").Order(StringComparer.Ordinal)];

    private static List<string> Text(AgentReport report)
    {
        var times = report.Agents.SelectMany(agent => new (Guid Agent, string State, TimeSpan Time)[]
        {
            (agent.AgentId, AgentStates.CallingAgent, agent.Calling), (agent.AgentId, AgentStates.Ready, agent.Idle),
            (agent.AgentId, AgentStates.Previewing, agent.Previewing), (agent.AgentId, AgentStates.Dialing, agent.Dialing),
            (agent.AgentId, AgentStates.OnCall, agent.Talk), (agent.AgentId, AgentStates.WrapUp, agent.WrapUp),
            (agent.AgentId, AgentStates.Paused, agent.Paused),
        });
        return Text(times.Where(t => t.Time > TimeSpan.Zero).ToDictionary(t => (t.Agent, t.State), t => (int)t.Time.TotalSeconds));
    }
}
