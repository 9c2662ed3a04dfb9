using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Leads whose number a line asked for, and of which nobody said that they were dialed.</summary>
public sealed class InVainTests
{
    private static async Task<(PacerNode Node, Guid Campaign, Guid Agent)> ACampaign()
    {
        var node = await PacerNode.Start(settings: PacerNode.AgentsStay);
        var campaign = await node.ACampaign(
            new
            {
                name = "agents",
                purpose = "service",
                dnd = "consented",
                mode = "progressive",
                maxAttempts = 1,
                maxAttemptsPerDay = 10,
                minimumGap = "01:00:00"
            });
        await node.WithLeads(campaign, 1);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        return (node, campaign, agent);
    }

    /// <summary>The lead is offered, asked for, and ends without a word of any dialing.</summary>
    private static async Task<OfferedLead> AskedForInVain(PacerNode node, Guid campaign, Guid agent, int time)
    {
        await node.Until(_ => Task.FromResult(node.Router.Offered.Count == time), $"it is offered, time {time}", TimeSpan.FromMinutes(1));
        var lead = node.Router.Offered.MaxBy(l => l.AttemptNumber)!;
        await node.Publish(node.Router.Dials(lead, campaign, agent));
        await node.Publish(lead.Ended(Outcomes.Unknown, node.Clock.GetUtcNow()) with { InVain = true, Source = EndSources.Inferred });
        await node.Until(db =>
            db.Attempts.AnyAsync(a => a.CorrelationId == lead.AttemptId && a.State == CallStates.Ended), "it is over", TimeSpan.FromSeconds(1));
        return lead;
    }

    private static Task<Lead> TheLead(PacerNode node) => node.Ask(db => db.Leads.AsNoTracking().SingleAsync());

    [Fact]
    public async Task A_lead_that_was_asked_for_in_vain_keeps_its_try_and_the_person_is_left_alone_for_the_gap()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var _ = node;
        await AskedForInVain(node, campaign, agent, 1);
        var (lead, ended) = (await TheLead(node), node.Clock.GetUtcNow());
        Assert.Equal((LeadStates.Waiting, 0), (lead.State, lead.Tries));

        await node.Until(__ => Task.FromResult(node.Router.Offered.Count == 2), "it is offered again", TimeSpan.FromMinutes(1));

        Assert.True(node.Clock.GetUtcNow() - ended >= TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_lead_that_is_asked_for_in_vain_again_and_again_uses_up_its_try_in_the_end()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var _ = node;
        foreach (var time in Enumerable.Range(1, 4))
            await AskedForInVain(node, campaign, agent, time);

        var lead = await TheLead(node);
        Assert.Equal((LeadStates.Exhausted, 1, 4), (lead.State, lead.Tries, lead.Attempts));
    }

    [Fact]
    public async Task A_promised_call_back_that_was_asked_for_in_vain_is_still_owed_and_not_at_once()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var _ = node;
        await node.Until(__ => Task.FromResult(node.Router.Offered.Count == 1), "it is offered", TimeSpan.FromSeconds(15));
        var first = node.Router.Offered[0];
        await node.Publish(node.Router.Dials(first, campaign, agent));
        await node.Publish(new LeadDispositioned
        {
            EventId = Guid.NewGuid(),
            AttemptId = first.AttemptId,
            CampaignId = campaign,
            LeadId = first.LeadId,
            AgentId = agent,
            Code = "later",
            CallBackAt = node.Clock.GetUtcNow().AddMinutes(2),
            OccurredAt = node.Clock.GetUtcNow(),
        });
        await Eventually.Async(async () => (await TheLead(node)).CallBackAt is not null, what: "the call-back is promised");
        await node.Publish(first.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await AskedForInVain(node, campaign, agent, 2);

        var (lead, now) = (await TheLead(node), node.Clock.GetUtcNow());
        Assert.Equal((LeadStates.Waiting, LeadReasons.CallBack), (lead.State, lead.Reason));
        Assert.NotNull(lead.CallBackAt);
        Assert.True(lead.DueAt >= now + TimeSpan.FromMinutes(9), $"due at {lead.DueAt:u}, asked for at {now:u}");
    }

    [Fact]
    public async Task A_late_word_that_it_was_dialed_after_all_uses_up_the_try()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var _ = node;
        var asked = await AskedForInVain(node, campaign, agent, 1);

        await node.Publish(asked.Ended(Outcomes.NoAnswer, node.Clock.GetUtcNow()));

        await Eventually.Async(() => node.Ask(db => db.Attempts.AnyAsync(a => a.Outcome == Outcomes.NoAnswer && a.CountsAsTry)), what: "the word holds");
        var lead = await TheLead(node);
        Assert.Equal((LeadStates.Exhausted, 1, Outcomes.NoAnswer), (lead.State, lead.Tries, lead.LastOutcome));
    }
}
