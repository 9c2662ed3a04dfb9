using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>
/// Three routers in processes of their own on one database and one broker, and a fourth within the test that seeds and observes. All on
/// the real clock, with deadlines that no test reaches.
/// </summary>
public sealed class RouterProcesses : IAsyncLifetime
{
    private Dictionary<string, string?> _settings = [];

    internal RouterNode Node { get; private set; } = null!;

    internal IReadOnlyList<RouterProcess> Three { get; private set; } = [];

    /// <summary>One more, for a test that kills it.</summary>
    internal Task<RouterProcess> Another() => RouterProcess.Start(_settings);

    public async Task InitializeAsync()
    {
        _settings = RouterNode.Settings(await RouterNode.CreateDatabase());
        _settings["Messaging:Transport"] = "rabbitmq";
        _settings["Messaging:QuorumQueues"] = "false";
        _settings["ConnectionStrings:rabbitmq"] = await RabbitServer.CreateVirtualHostAsync();
        foreach (var deadline in (string[])["LineOrderLife", "LineDeadline", "LineSilence", "DialingGrace"])
            _settings[$"Router:{deadline}"] = "01:00:00";
        Node = await RouterNode.Start(_settings["ConnectionStrings:router"], TimeProvider.System, _settings);
        await Node.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(2));
        Three = await Task.WhenAll(Another(), Another(), Another());
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(Three.Select(process => process.DisposeAsync().AsTask()));
        await Node.DisposeAsync();
    }
}

[CollectionDefinition("router processes")]
public sealed class RouterProcessesCollection : ICollectionFixture<RouterProcesses>;
