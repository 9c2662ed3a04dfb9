using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Messaging.Topology;
using Outdial.Testing;
using Xunit.Sdk;

namespace Outdial.Operations.Tests.Topology;

public sealed class TopologyFileTests
{
    [Fact]
    public async Task The_file_says_what_the_services_register_and_both_declare_the_same()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        if (await RabbitServer.ControlAsync() is not { } control)
            return;   // a broker that only lends its address cannot be asked for its bindings
        var services = Service.Names.Select(name => Service.Build(name, broker)).ToList();
        foreach (var service in services)
        {
            // The bus alone: what a service reads does not depend on its rows.
            var bus = service.Services.GetRequiredService<IBusControl>();
            await bus.StartAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System).Token);
            await bus.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System).Token);
        }
        // Together at the end: buses of one process share the first one's log.
        foreach (var service in services)
            await service.DisposeAsync();

        var registered = await ReadAsync(control, new Uri(broker).AbsolutePath.Trim('/'));

        // A queue that exists with other arguments would refuse this.
        await using (var connection = await TopologyDeclaration.OpenAsync(broker, "test", CancellationToken.None))
            await TopologyDeclaration.DeclareAsync(connection, new(registered.Queues), quorum: true, CancellationToken.None);
        if (registered.ToText() != BusTopology.Embedded.ToText())
            throw new XunitException($"platform/Messaging/Topology/topology.json is stale. It has to be:\n{registered.ToText()}");
    }

    private static async Task<BusTopology> ReadAsync(Outdial.LocalServers.RabbitMqControl control, string virtualHost)
    {
        var listed = await control.RunAsync(default, "-s", "list_bindings", "-p", virtualHost, "source_name", "destination_name", "destination_kind");
        var bindings = listed.Split('\n').Select(line => line.TrimEnd('\r').Split('\t')).Where(words => words.Length == 3)
            .Select(words => (Source: words[0], Destination: words[1], Kind: words[2])).ToList();
        var queues = bindings.Where(b => b.Kind == "queue" && b.Source == b.Destination && !b.Destination.Contains("_bus_", StringComparison.Ordinal))
            .Select(b => b.Destination).ToList();
        return new(queues.ToDictionary(queue => queue, queue =>
            (IReadOnlyList<string>)[.. bindings.Where(b => b.Kind == "exchange" && b.Destination == queue).Select(b => b.Source)
                .Order(StringComparer.Ordinal)]));
    }
}
