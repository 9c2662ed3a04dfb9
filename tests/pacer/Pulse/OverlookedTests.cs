using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Pulse;

public sealed class OverlookedTests
{
    [Fact]
    public async Task Leads_that_come_while_their_campaign_is_being_looked_at_are_dialed_at_the_next_tick()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "the first is dialed");
        await using var pulse = await PulseOfAnother.Looking(node);

        var upload = node.WithLeads(campaign, ["+919825019999"]);
        await pulse.IsWaitedFor();
        await pulse.Ends(nextLook: node.Clock.GetUtcNow().AddSeconds(15));
        await upload;
        await node.Clock.Turn(TimeSpan.FromSeconds(1));

        await Eventually.Async(() => node.Provider.Originated.Count == 2);
    }
}
