using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Campaigns;

public class SkillTests
{
    [Fact]
    public async Task What_a_campaign_asks_for_and_what_an_agent_can_do_are_kept_as_they_were_told()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var (asking, open, session) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

        await app.Bus.Publish(Told.Campaign(asking) with { Skill = "tamil" });
        await app.Bus.Publish(Told.Campaign(open));
        await app.Bus.Publish(Told.Agent(session, 1, AgentStates.Ready, Told.Noon) with { Skills = ["hindi", "tamil"] });
        await app.Bus.Publish(Told.Agent(session, 2, AgentStates.Paused, Told.Noon.AddMinutes(1)));

        await Eventually.Async(() => app.Rows(async db => await db.AgentStretches.CountAsync() == 2 && await db.Campaigns.CountAsync() == 2));
        var skills = await app.Rows(db => db.Campaigns.ToDictionaryAsync(campaign => campaign.CampaignId, campaign => campaign.Skill));
        Assert.Equal(("tamil", null), (skills[asking], skills[open]));
        var stretches = await app.Rows(db => db.AgentStretches.OrderBy(stretch => stretch.Sequence).Select(stretch => stretch.Skills).ToListAsync());
        Assert.Equal([["hindi", "tamil"], null], stretches);
    }
}
