using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Hopper;

/// <summary>
/// A router's process is killed after it asked the database to commit a pop and before it heard of the commit, so before any answer.
/// Whichever way the commit went, and whoever asks next, the lead is dialed once or given back.
/// </summary>
[Collection("router processes")]
public sealed class KilledProcessTests(RouterProcesses routers)
{
    private static int _agents = 1000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Law_1_a_line_whose_router_was_killed_between_pop_and_answer_gets_that_lead_from_another_and_it_is_dialed_once(bool committed)
    {
        var node = routers.Node;
        var (campaign, line, lead) = await AKilledPop(committed);
        var next = node.ALead(2, priority: -1);
        await node.Offered(campaign, next);

        Assert.Equal(lead.Number, await line.Ask(at: node.Time.GetUtcNow() + TimeSpan.FromSeconds(3)));

        await node.Hears<LeadDialed>(d => d.AttemptId == lead.AttemptId, "the lead is told as dialed");
        Assert.Equal((HopperStates.Taken, HopperStates.Waiting), ((await node.Row(lead)).State, (await node.Row(next)).State));
        Assert.Single(node.Heard.Of<LeadDialed>().Where(d => d.AttemptId == lead.AttemptId).Select(d => d.EventId).Distinct());
        Assert.DoesNotContain(node.Heard.Of<LeadReturned>(), r => r.AttemptId == lead.AttemptId);
    }

    [Fact]
    public async Task Law_1_a_lead_that_a_killed_router_had_given_to_a_line_is_not_given_back()
    {
        var node = routers.Node;
        var (campaign, line, lead) = await AKilledPop(committed: true);

        await node.Publish(new ReturnLeads { CampaignId = campaign, AttemptIds = [lead.AttemptId], Reason = "are you there?" });

        // Told with the pop by whom it left its outbox to, and again because it was asked for.
        await Eventually.Async(() =>
            node.Heard.Of<LeadDialed>().Where(d => d.AttemptId == lead.AttemptId).Select(d => d.EventId).Distinct().Count() == 2, what: "it is told twice");
        Assert.Equal(lead.Number, await line.Ask(at: node.Time.GetUtcNow() + TimeSpan.FromSeconds(3)));
        Assert.DoesNotContain(node.Heard.Of<LeadReturned>(), r => r.AttemptId == lead.AttemptId);
    }

    [Fact]
    public async Task Law_1_a_lead_whose_pop_died_with_its_router_and_that_went_back_is_never_dialed()
    {
        var node = routers.Node;
        var (campaign, line, lead) = await AKilledPop(committed: false);

        await node.Publish(new ReturnLeads { CampaignId = campaign, AttemptIds = [lead.AttemptId], Reason = "no answer in time" });

        await node.Hears<LeadReturned>(r => r.AttemptId == lead.AttemptId, "the lead went back");
        Assert.Null(await line.Ask(at: node.Time.GetUtcNow() + TimeSpan.FromSeconds(3)));
        Assert.DoesNotContain(node.Heard.Of<LeadDialed>(), d => d.AttemptId == lead.AttemptId);
    }

    /// <summary>A line that waits in vain for an answer, and asks another router from now on.</summary>
    private async Task<(Guid Campaign, AgentLine Line, OfferedLead Lead)> AKilledPop(bool committed)
    {
        var node = routers.Node;
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.ALine(campaign, Interlocked.Increment(ref _agents));
        await using var doomed = await routers.Another();
        await using var gate = await CommitGate.Close(node);

        var question = line.At(doomed).Ask(at: node.Time.GetUtcNow());
        await gate.Reached();
        await doomed.Kill();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => question);
        Assert.Equal(HopperStates.Waiting, (await node.Row(lead)).State);   // as far as anyone can see
        await (committed ? gate.Open() : gate.Break());
        if (committed)
            await Eventually.Async(async () => (await node.Row(lead)).State == HopperStates.Taken, what: "the pop is committed");
        return (campaign, line.At(routers.Three[0]), lead);
    }
}
