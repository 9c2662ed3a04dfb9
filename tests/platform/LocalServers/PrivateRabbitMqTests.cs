using System.Net;
using System.Net.Sockets;
using Outdial.Cli.Processes;
using Outdial.LocalServers;
using Outdial.Testing;
using RabbitMQ.Client;

namespace Outdial.Platform.Tests.LocalServers;

public sealed class PrivateRabbitMqTests
{
    [Fact]
    public async Task A_node_that_went_away_comes_back_on_the_same_port_with_its_virtual_hosts()
    {
        await using var own = await RabbitServer.StartOwnAsync();
        var address = own.Node.Address;
        await own.Node.Control.AddVirtualHostAsync("kept");

        await own.Node.StopNodeAsync();
        Assert.False(await Listens(address.Port));
        await own.Node.StartNodeAsync();

        Assert.Equal(address, own.Node.Address);
        Assert.True(await Listens(address.Port));
        Assert.Contains("kept", await own.Node.Control.RunAsync(default, "list_vhosts"));
    }

    [Fact]
    public async Task What_rules_and_dashboards_ask_of_the_broker_is_in_a_scrape_of_a_broker()
    {
        await using var own = await RabbitServer.StartOwnAsync(hasMetrics: true);
        await using (var connection = await new ConnectionFactory { Uri = own.Node.Address }.CreateConnectionAsync())
        await using (var channel = await connection.CreateChannelAsync())
            await channel.QueueDeclareAsync("pacer-calls", durable: true, exclusive: false, autoDelete: false);
        var asked = AskedMetrics.Expressions(Workshop.Root).SelectMany(AskedMetrics.Names)
            .Where(name => name.StartsWith("rabbitmq_", StringComparison.Ordinal)).ToHashSet();
        using var client = new HttpClient { BaseAddress = own.Node.Metrics };

        var all = AskedMetrics.Said(await client.GetStringAsync("metrics"));
        var queues = AskedMetrics.Said(await client.GetStringAsync("metrics/detailed?family=queue_coarse_metrics"));

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(all.Names).Except(queues.Names));
        Assert.Contains("queue", queues.Labels);
    }

    [Fact]
    public async Task Two_tests_never_share_a_virtual_host()
    {
        var first = await RabbitServer.CreateVirtualHostAsync();

        var second = await RabbitServer.CreateVirtualHostAsync();

        Assert.NotEqual(first, second);
    }

    private static async Task<bool> Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
