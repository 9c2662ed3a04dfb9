using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Reports;
using Outdial.Analytics.Waiting;
using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Waiting;

public class AnsweredCallsTests
{
    private static readonly Guid Campaign = Guid.NewGuid();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Law_5_answered_connected_dropped_and_queue_times_equal_a_recount_of_the_attempts(int seed)
    {
        await using var app = await AnalyticsApp.StartAsync();
        var random = new Random(seed);
        AttemptEnded[] attempts = [.. Enumerable.Range(0, 200).Select(_ => OfPower(random))];
        await Tell(app, attempts);
        await Tell(app, [.. attempts.Take(50).Reverse()]);
        await Tell(app, [.. Enumerable.Range(0, 20).Select(_ => Told.Ended(Campaign, Guid.NewGuid()) with { Mode = CampaignModes.Notification })]);

        var queue = (await Report(app)).Queue!;

        var answered = attempts.Where(a => a.AnsweredAt is not null).ToList();
        var connected = answered.Where(a => a.ConnectedAt is not null).ToList();
        Assert.Equal(answered.Count, queue.Answered);
        Assert.Equal(answered.Count(a => a.Outcome == Outcomes.MachineAnswered), queue.Machines);
        Assert.Equal(connected.Count, queue.Connected);
        Assert.Equal(answered.Count - connected.Count, queue.NotConnected);
        Assert.Equal(Math.Round((answered.Count - connected.Count) / (double)answered.Count, 4), queue.NotConnectedShare);
        Assert.Equal(attempts.Count(a => a.Dropped), queue.Dropped);
        Assert.Equal(
            Waits(connected.Where(a => a.QueuedAt is not null).Select(a => a.ConnectedAt!.Value - a.QueuedAt!.Value)), queue.WaitOfConnected);
        Assert.Equal(Waits(attempts.Where(a => a.QueuedAt is not null && a.ConnectedAt is null).Select(a => a.OccurredAt - a.QueuedAt!.Value)),
            queue.WaitOfAbandoned);
    }

    [Fact]
    public async Task A_campaign_without_agents_has_no_queue_and_no_agents_in_its_report()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app, [Told.Ended(Campaign, Guid.NewGuid()) with { Mode = CampaignModes.Notification }]);

        var report = await Report(app);

        Assert.Null(report.Queue);
        Assert.Null(report.Agents);
        Assert.Null(report.Inbound);
    }

    [Fact]
    public async Task A_completed_call_reached_an_agent_also_where_no_event_told_when()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app, [Told.Ended(Campaign, Guid.NewGuid()) with { Mode = CampaignModes.Progressive }]);

        Assert.True(
            (await Report(app)).Queue is { Answered: 1, Connected: 1, NotConnectedShare: 0, DropRate: 0, WaitOfConnected: { Calls: 0, P50: null } });
    }

    [Theory]
    [InlineData("machine_end_beep", 1)]
    [InlineData("Fax", 1)]
    [InlineData("human", 0)]
    public async Task Who_is_no_person_in_the_ledger_is_none_in_the_share_of_dropped(string answeredBy, int machines)
    {
        await using var app = await AnalyticsApp.StartAsync();
        await Tell(app, [Told.Ended(Campaign, Guid.NewGuid(), Outcomes.Abandoned) with
        {
            Mode = CampaignModes.Power,
            AnsweredAt = Told.Noon.AddSeconds(20),
            AnsweredBy = answeredBy,
        }]);

        Assert.Equal((1, machines), (await Report(app)).Queue is { } queue ? (queue.Answered, queue.Machines) : default);
    }

    [Fact]
    public async Task The_queue_section_as_CSV_is_one_line_of_figures()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var waited = Told.Ended(Campaign, Guid.NewGuid(), Outcomes.Abandoned) with
        {
            Mode = CampaignModes.Power,
            AnsweredAt = Told.Noon.AddSeconds(20),
            QueuedAt = Told.Noon.AddSeconds(22),
            Dropped = true,
        };
        await Tell(app, [waited]);

        var csv = await app.Client.GetStringAsync($"/api/v1/campaigns/{Campaign}/report.csv?by=queue");

        Assert.EndsWith("\r\n1,0,0,1,1,1,1,0,,,,,1,18,18,18,18\r\n", csv, StringComparison.Ordinal);
    }

    private static AttemptEnded OfPower(Random random)
    {
        var answeredAt = Told.Noon.AddSeconds(random.Next(5, 25));
        DateTimeOffset? queuedAt = random.Next(3) > 0 ? answeredAt.AddMilliseconds(random.Next(0, 900)) : null;
        var connectedAt = (queuedAt ?? answeredAt).AddMilliseconds(random.Next(0, 20_000));
        var attempt = Told.Ended(Campaign, Guid.NewGuid()) with { Mode = CampaignModes.Power, OccurredAt = Told.Noon.AddSeconds(60) };
        return random.Next(4) switch
        {
            0 => attempt with { Outcome = Outcomes.NoAnswer },
            1 => attempt with { Outcome = Outcomes.MachineAnswered, AnsweredAt = answeredAt, AnsweredBy = "machine" },
            2 => attempt with { Outcome = Outcomes.Abandoned, AnsweredAt = answeredAt, QueuedAt = queuedAt, Dropped = random.Next(2) == 0 },
            _ => attempt with { AnsweredAt = answeredAt, QueuedAt = queuedAt, ConnectedAt = connectedAt, Dropped = random.Next(9) == 0 },
        };
    }

    private static QueueTimes Waits(IEnumerable<TimeSpan> waits)
    {
        var inOrder = waits.Order().ToList();
        if (inOrder.Count == 0)
            return new QueueTimes(0, null, null, null, null);
        var mean = TimeSpan.FromMilliseconds(Math.Floor(inOrder.Average(wait => wait.TotalMilliseconds)));
        return new QueueTimes(inOrder.Count, mean, Rank(0.5), Rank(0.95), inOrder[^1]);

        TimeSpan Rank(double share) => inOrder[(int)Math.Ceiling(share * inOrder.Count) - 1];
    }

    private static async Task<CampaignReport> Report(AnalyticsApp app) =>
        (await app.Services.GetRequiredService<ReportQuery>().RunAsync(Campaign, default))!;

    private static Task Tell(AnalyticsApp app, IReadOnlyList<AttemptEnded> attempts) => app.InScope(async services =>
    {
        foreach (var attempt in attempts)
            await services.GetRequiredService<CallFacts>().RecordAsync(attempt, default);
        return true;
    });
}
