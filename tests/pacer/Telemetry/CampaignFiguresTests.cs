using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Tests.Pacing;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Telemetry;

/// <summary>What a scrape tells of campaigns and accounts: by name, once, and nothing of what is over.</summary>
public sealed class CampaignFiguresTests
{
    private static readonly DateTimeOffset Now = PacerNode.Noon;

    [Theory]
    [InlineData("Running", 1, 5, null, "Pace", 1, true)]
    [InlineData("Paused", 1, 5, null, "Pace", 1, false)]
    [InlineData("Running", 0, 5, null, "OutsideWindow", 0, false)]
    [InlineData("Running", 1, 0, null, "NothingDue", 0, false)]
    [InlineData("Running", 1, 5, 10, "Throttled", 0, false)]
    [InlineData("Running", 1, 5, -10, "Pace", 1, true)]
    [InlineData("Running", 1, 5, null, "Budget", 0, false)]
    [InlineData("Running", 1, 5, null, "Concurrency", 0, false)]
    [InlineData("Running", 1, 5, null, "Budget", 2, true)]
    public void A_campaign_may_dial_where_nothing_that_is_known_speaks_against_it(
        string state, int openZones, int due, int? blockedFor, string code, int calls, bool may)
    {
        var snapshot = Snapshot() with
        {
            OpenZones = openZones,
            LeadsDue = due,
            BlockedUntil = blockedFor is { } seconds ? Now.AddSeconds(seconds) : null,
        };

        Assert.Equal(may, Figure(state, snapshot, code, calls).MayDial(Now));
    }

    [Theory]
    [InlineData(0, "NoAgents", 0, false)]
    [InlineData(3, "Hopper", 2, true)]
    [InlineData(3, "HopperFull", 0, false)]   // all of them may be talking, for another campaign
    public void A_campaign_that_dials_over_agents_lines_may_dial_where_an_agent_is_at_work_and_wants_a_lead(
        int atWork, string code, int calls, bool may) =>
        Assert.Equal(may, Figure("Running", Snapshot() with { Hopper = new(atWork, 3, 2, 0) }, code, calls).MayDial(Now));

    [Fact]
    public void A_campaign_without_a_decision_may_not_dial_yet() =>
        Assert.False(new CampaignFigure(Campaign("Running"), null, null, new(Guid.Empty, 0, 0, null), []).MayDial(Now));

    [Theory]
    [InlineData("Running", 30, 0)]
    [InlineData("Running", -30, 30)]
    [InlineData("Running", null, 300)]
    [InlineData("Paused", null, 0)]
    [InlineData("Paused", -30, 30)]
    public void A_running_campaign_that_is_not_looked_at_is_overdue_and_one_that_a_person_paused_is_not(string state, int? nextIn, int overdue)
    {
        var pulse = new CampaignPulseRow { LastAt = Now.AddMinutes(-5), NextAt = nextIn is { } seconds ? Now.AddSeconds(seconds) : null };

        Assert.Equal(overdue, new CampaignFigure(Campaign(state), pulse, null, new(Guid.Empty, 0, 0, null), []).LookOverdue(Now).TotalSeconds);
    }

    [Fact]
    public async Task Two_campaigns_of_one_name_have_a_series_each_and_one_that_is_over_has_none()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Metrics:KeptFor"] = "00:00:00" });
        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add(await node.ACampaign(new { name = "Diwali offers", purpose = "service", dnd = "consented" }));
            await node.WithLeads(ids[i], [$"+91982501000{i}"]);
            await node.Started(ids[i]);
        }
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "both have dialed");

        var both = await Scrape(node);
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Completed' where id = {ids[0]}"));
        string[] one = [], none = [];
        // What the pacer's own loop had begun to count before may be told once more.
        await Eventually.Async(async () => Campaigns(one = await Scrape(node)).Length == 1);
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Completed'"));
        await Eventually.Async(async () => Campaigns(none = await Scrape(node)).Length == 0);

        Assert.Equal(["Diwali offers", "Diwali offers (2)"], Campaigns(both).Order());
        Assert.Equal(["Diwali offers"], Campaigns(one));
        Assert.Contains(none, line => line.StartsWith("outdial_campaigns_paused{", StringComparison.Ordinal));
        Assert.Contains(both, line => Is(line, "outdial_campaign_info", "outdial_account=\"default\"", "outdial_campaign_state=\"Running\""));
        Assert.DoesNotContain(both, line => line.Contains(ids[0].ToString(), StringComparison.Ordinal));
        Assert.Contains(both, line => Is(line, "outdial_campaign_calls_open", "} 1"));
        Assert.Contains(both, line => Is(line, "outdial_account_calls_per_minute", "outdial_account=\"default\""));
        Assert.Contains(both, line => Is(line, "outdial_account_calls_last_minute", "} 2"));
        Assert.Contains(both, line => Is(line, "outdial_originate_requests_total", "outdial_originate_result=\"accepted\"", "} 2"));
    }

    [Fact]
    public async Task What_cannot_be_counted_any_more_is_not_told_as_if_it_were_so_still()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Metrics:KeptFor"] = "00:00:00" });
        await node.Started(await node.ACampaign(new { name = "Diwali offers", purpose = "service", dnd = "consented", keepOpen = true }));
        Assert.NotEmpty(Campaigns(await Scrape(node)));

        await node.Ask(db => db.Database.ExecuteSqlAsync($"alter table decisions rename to decisions_away"));
        await Assert.ThrowsAnyAsync<Exception>(() => Scrape(node));

        var told = (await node.Http.GetStringAsync("/metrics")).Split('\n');
        Assert.Empty(Campaigns(told));
        Assert.DoesNotContain(told, line => line.StartsWith("outdial_attempts_open{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_campaign_whose_rules_nobody_understands_hides_no_other()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Metrics:KeptFor"] = "00:00:00" });
        var broken = await node.ACampaign(new { name = "broken", purpose = "service", dnd = "consented", keepOpen = true });
        await node.WithLeads(broken, ["+919825010001"]);
        await node.Started(broken);
        await node.Started(await node.ACampaign(new { name = "good", purpose = "service", dnd = "consented", keepOpen = true }));
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $$"""update campaigns set rules = jsonb_set(rules, '{timeZone}', '"Nowhere/Never"') where name = 'broken'"""));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update leads set time_zone = 'Nowhere/Never'"));

        await Assert.ThrowsAnyAsync<Exception>(() => Scrape(node));

        Assert.Contains("good", Campaigns((await node.Http.GetStringAsync("/metrics")).Split('\n')));
    }

    [Fact]
    public async Task An_attempt_that_nobody_has_looked_into_for_long_is_stuck_and_one_that_is_under_way_is_not()
    {
        // Nobody looks into it meanwhile: that would give it another deadline.
        await using var node = await PacerNode.Start(
            settings: new Dictionary<string, string?> { ["Metrics:KeptFor"] = "00:00:00", ["Pacer:SweepInterval"] = "01:00:00" });
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, ["+919825010001", "+919825010002"]);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "both are dialed");
        var before = Stuck(await Scrape(node));

        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"update attempts set deadline_at = {node.Clock.GetUtcNow().AddMinutes(-11)} where number = '+919825010001'"));

        Assert.Equal(0, before);
        Assert.Equal(1, Stuck(await Scrape(node)));

        static int Stuck(IEnumerable<string> scrape) => scrape.Where(line => line.StartsWith("outdial_attempts_stuck{", StringComparison.Ordinal))
            .Sum(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static bool Is(string line, string name, params string[] parts) => line.StartsWith(name + "{", StringComparison.Ordinal)
        && Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal));

    /// <summary>Counted now, and scraped.</summary>
    private static async Task<string[]> Scrape(PacerNode node)
    {
        await using (var scope = node.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<StandingCounts>().Count(default);
        return (await node.Http.GetStringAsync("/metrics")).Split('\n');
    }

    private static string[] Campaigns(IEnumerable<string> scrape) =>
    [
        .. scrape.Where(line => line.StartsWith("outdial_campaign_info{", StringComparison.Ordinal))
            .Select(line => line.Split("outdial_campaign=\"")[1].Split('"')[0]),
    ];

    private static CampaignFigure Figure(string state, PacingSnapshot snapshot, string code, int calls) => new(
        Campaign(state), new CampaignPulseRow { LastCode = code }, DecisionRow.Of(Guid.Empty, snapshot, new(calls, code, "")),
        new(Guid.Empty, 0, 0, null), []);

    private static Campaign Campaign(string state) => new()
    {
        Name = "Diwali offers",
        Mode = CampaignModes.Notification,
        Purpose = "service",
        Account = "main",
        State = state,
        Rules = new(),
        CreatedBy = "test",
        CreatedAt = Now.AddHours(-1),
        StartedAt = Now.AddHours(-1),
    };

    private static PacingSnapshot Snapshot() => Snapshots.Calm with { At = Now };
}
