using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Upkeep;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Hopper;

/// <summary>What a scrape tells of the hopper and of the agents: by the campaign's name, and nothing of what is over.</summary>
public sealed class HopperFiguresTests
{
    [Fact]
    public async Task Leads_and_agents_are_told_by_the_name_of_their_campaign_until_it_is_over()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Name = "Diwali offers" });
        await node.Offered(campaign, node.ALead(1), node.ALead(2));
        var line = await node.ALine(campaign);

        var running = await Scrape(node);
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Stopped'"));
        string[] over = [];
        // What the router's own loop had begun to count before may be told once more.
        await Eventually.Async(async () => !(over = await Scrape(node)).Any(text => text.Contains("Diwali offers", StringComparison.Ordinal)));

        Assert.NotNull(line);
        Assert.Contains(running, text => Is(text, "outdial_hopper_depth", "outdial_account=\"default\"", "outdial_campaign=\"Diwali offers\"", "} 2"));
        Assert.Contains(running, text => Is(text, "outdial_campaign_agents", "outdial_campaign=\"Diwali offers\"", "} 1"));
        Assert.DoesNotContain(running, text => text.Contains(campaign.ToString(), StringComparison.Ordinal));
        Assert.Contains(over, text => Is(text, "outdial_hopper_depth", "} 0"));   // nothing waits anywhere
    }

    [Fact]
    public async Task An_agent_whom_nobody_looked_at_past_the_deadline_is_overdue_and_one_who_is_in_time_is_not()
    {
        // Nobody looks at him meanwhile: that would give him another state.
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:SweepInterval"] = "01:00:00" });
        await node.ALine(await node.ACampaign());
        var before = await Scrape(node);

        var late = node.Clock.GetUtcNow().AddMinutes(-2);
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update sessions set deadline_at = {late}, state_since = {late}"));
        var after = await Scrape(node);

        var state = await node.Ask(db => db.Sessions.Select(session => session.State).SingleAsync());
        Assert.DoesNotContain(before, text => Is(text, "outdial_agent_sessions_overdue", "} 1"));
        Assert.Contains(after, text => Is(text, "outdial_agent_sessions_overdue", $"outdial_agent_state=\"{state}\"", "} 1"));
        Assert.Contains(after, text => Is(text, "outdial_agent_state_longest_seconds", $"outdial_agent_state=\"{state}\"", "} 120"));
    }

    /// <summary>Counted now, and scraped.</summary>
    private static async Task<string[]> Scrape(RouterNode node)
    {
        await using (var scope = node.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SharedUpkeep>().Count(default);
        return (await node.Http.GetStringAsync("/metrics")).Split('\n');
    }

    private static bool Is(string line, string name, params string[] parts) => line.StartsWith(name + "{", StringComparison.Ordinal)
        && Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal));
}
