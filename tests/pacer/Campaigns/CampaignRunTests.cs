using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Campaigns;

public sealed class CampaignRunTests
{
    [Fact]
    public async Task A_campaign_dials_every_lead_redials_the_busy_ones_and_completes()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 12);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 12), "every lead is dialed");
        foreach (var (call, index) in node.Provider.Originated.ToArray().Select((c, i) => (c, i)))
            await node.Publish(call.Ended(index < 4 ? Outcomes.Busy : Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 16), "the four busy ones are redialed", TimeSpan.FromSeconds(5));
        foreach (var call in node.Provider.Originated.Skip(12))
            await node.Publish(call.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));

        Assert.Equal(12, await node.Ask(db => db.Leads.CountAsync(l => l.State == "Completed")));
        Assert.Equal(16, await node.Ask(db => db.Attempts.CountAsync(a => a.State == "Ended")));
    }

    [Fact]
    public async Task Who_may_live_in_one_of_two_zones_is_dialed_when_it_is_a_calling_hour_in_both()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "two zones", purpose = "service", dnd = "consented", timeZone = "America/New_York" });
        await node.WithLeads(campaign, ["+1 308 555 0123"]);   // Nebraska: Chicago or Denver, and never New York

        await node.Started(campaign);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Paused), "it waits for the first calling hour");
        var until = await node.Ask(db => db.Campaigns.Select(c => c.PausedUntil).SingleAsync());
        await node.Clock.Turn(until!.Value - node.Clock.GetUtcNow());
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it is dialed");

        var attempt = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal("America/Chicago, America/Denver", attempt.TimeZone);
        // 9 in Denver, 10 in Chicago
        Assert.InRange(attempt.RequestedAt, new(2026, 1, 14, 16, 0, 0, TimeSpan.Zero), new(2026, 1, 14, 16, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Law_8_every_stored_decision_gives_the_same_answer_again()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 30);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 30), "every lead is dialed");

        var decisions = await node.Ask(db => db.Decisions.AsNoTracking().ToListAsync());
        Assert.NotEmpty(decisions);
        Assert.All(decisions, d => Assert.Equal(new PacingDecision(d.Calls, d.Code, d.Reason), PacingCore.Decide(d.Snapshot)));
        Assert.Equal(30, decisions.Sum(d => Math.Min(d.Calls, d.Snapshot.LeadsDue)));
    }
}
