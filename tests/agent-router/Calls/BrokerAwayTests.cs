using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Calls;

public sealed class BrokerAwayTests
{
    [Fact]
    public async Task DialWhom_goes_on_answering_from_the_hopper_while_the_broker_is_away_and_tells_it_all_afterwards()
    {
        await using var broker = await RabbitServer.StartOwnAsync();
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?>
        {
            ["Messaging:Transport"] = "rabbitmq",
            ["Messaging:QuorumQueues"] = "false",
            ["ConnectionStrings:rabbitmq"] = broker.Node.Address.ToString(),
        });
        await node.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(2));
        var campaign = await node.ACampaign();
        await node.Offered(campaign, [.. Enumerable.Range(1, 10).Select(i => node.ALead(i, 10 - i))]);
        var line = await node.ALine(campaign);
        await broker.Node.StopNodeAsync();

        List<string?> given = [];
        for (var i = 0; i < 10; i++)
        {
            given.Add(await line.Ask(given.LastOrDefault()));
            node.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(Floor.NumberOf), given.OfType<string>());
        Assert.Empty(node.Heard.Of<LeadDialed>());
        await broker.Node.StartNodeAsync();
        await Eventually.Async(() => node.Heard.Of<LeadDialed>().Select(d => d.AttemptId).Distinct().Count() == 10, TimeSpan.FromMinutes(2), "all are told once the broker is back");
    }
}
