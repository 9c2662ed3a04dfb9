using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outdial.AgentRouter;
using Outdial.Analytics;
using Outdial.Cli.Cluster;
using Outdial.Contracts;
using Outdial.Enrichment;
using Outdial.Ingress;
using Outdial.Pacer;
using Outdial.Platform.Messaging.Topology;
using Outdial.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Outdial.Operations.Tests.Topology;

/// <summary>Each service has a user of its own on the broker. Whoever has its password can do what the service does, and no more.</summary>
public sealed class BrokerRightsTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Type> s_services = new()
    {
        ["agent-router"] = typeof(AgentRouterService),
        ["analytics"] = typeof(AnalyticsService),
        ["enrichment"] = typeof(EnrichmentService),
        ["ingress"] = typeof(IngressService),
        ["pacer"] = typeof(PacerService),
    };

    private OwnRabbitMq _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await RabbitServer.StartOwnAsync();
        var admin = _broker.Node.Address.UserInfo.Split(':');
        await _broker.Node.Control.ImportAsync(BrokerRights.Definitions((admin[0], admin[1]), PasswordOf));
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task No_service_can_consume_from_a_queue_or_publish_to_an_exchange_that_is_not_its_own()
    {
        await DeclareAsync();
        var messages = BusTopology.Embedded.Queues.Values.SelectMany(names => names).Distinct().ToList();
        foreach (var service in BrokerRights.Services)
        {
            await using var connection = await TopologyDeclaration.OpenAsync(AddressOf(service), "test", default);
            var own = QueuesOf(service);
            Assert.NotEmpty(own);

            foreach (var queue in BusTopology.Embedded.Queues.Keys)
            {
                Assert.Equal((service, queue, own.Contains(queue)),
                    (service, queue, await MayAsync(connection, channel => channel.BasicGetAsync(queue, autoAck: false))));
                Assert.Equal((service, queue, own.Contains(queue)),
                    (service, queue, await MayAsync(connection, channel => channel.BasicGetAsync(BusTopology.ErrorQueue(queue), autoAck: false))));
                // Past the messages' own exchanges: to the queue's, and by the queue's name.
                Assert.Equal(
                    (service, queue, own.Contains(queue)), (service, queue, await MayAsync(connection, channel => PublishAsync(channel, queue, ""))));
                Assert.Equal((service, queue, false), (service, queue, await MayAsync(connection, channel => PublishAsync(channel, "", queue))));
                Assert.Equal(
                    (service, queue, own.Contains(queue)), (service, queue, await MayAsync(connection, channel => channel.QueuePurgeAsync(queue))));
                Assert.Equal((service, queue, false), (service, queue, !own.Contains(queue)
                    && await MayAsync(connection, channel => channel.QueueDeleteAsync(queue))));
            }
            foreach (var message in messages)
                Assert.Equal((service, message, SaysOf(service).Contains(message)),
                    (service, message, await MayAsync(connection, channel => PublishAsync(channel, message, ""))));

            // Nor by a detour: a queue of one's own on what one does not hear.
            foreach (var message in messages.Except(HeardBy(service)).Except(SaysOf(service)))
                Assert.False(await MayAsync(connection, channel => channel.ExchangeBindAsync(own[0], message, "")), $"{service} hears {message}");
            Assert.False(
                await MayAsync(connection, channel => channel.QueueDeclareAsync("mine", durable: false, exclusive: true, autoDelete: true)), $"{service} made a queue");
        }
    }

    [Fact]
    public async Task Services_with_users_of_their_own_that_start_before_the_queues_are_declared_lose_nothing_and_hear_each_other_once_they_are()
    {
        var services = new Dictionary<string, WebApplication>();
        foreach (var name in BrokerRights.Services)
            services[name] = await Service.StartAsync(name == "agent-router" ? "router" : name, AddressOf(name), awaitTopology: true);
        await StartOrderTests.PublishAsync(services["pacer"]);
        await Eventually.Async(async () =>
            (await ReadinessAsync(services["analytics"])).Contains("the verb 'migrate' of this version has yet to declare them", StringComparison.Ordinal), TimeSpan.FromMinutes(2));
        Assert.Equal(StartOrderTests.Attempts, await StartOrderTests.CountOutboxAsync(services["pacer"]));

        await DeclareAsync();

        foreach (var service in services.Values)
            await Eventually.Async(async () => await ReadinessAsync(service) == "", TimeSpan.FromMinutes(3), "every service is ready");
        await Eventually.Async(async () => await StartOrderTests.CountFactsAsync(services["analytics"]) == StartOrderTests.Attempts, TimeSpan.FromMinutes(1));
        foreach (var queue in BusTopology.Embedded.Queues.Keys)
            await Eventually.Async(async () => await CountAsync(queue) == 0, TimeSpan.FromMinutes(1), $"{queue} is read");

        // What fails for good is kept under the same rights.
        await using (var connection = await TopologyDeclaration.OpenAsync(_broker.Node.Address.ToString(), "test", default))
        {
            await using var channel = await connection.CreateChannelAsync();
            foreach (var queue in BusTopology.Embedded.Queues.Keys)
                await channel.BasicPublishAsync(queue, "", Encoding.UTF8.GetBytes("no message at all"));
        }
        foreach (var queue in BusTopology.Embedded.Queues.Keys)
            await Eventually.Async(async () => await CountAsync(BusTopology.ErrorQueue(queue)) == 1, TimeSpan.FromMinutes(1), $"{queue} has a failed message");
        foreach (var service in services.Values)
            await service.DisposeAsync();
    }

    [Fact]
    public void Whatever_a_service_can_say_is_among_its_rights()
    {
        foreach (var (service, type) in s_services)
        {
            var made = MessagesMadeIn(type).Order().ToList();
            Assert.True(made.Except(SaysOf(service)).ToList() is [], $"services.json lacks for {service}: {string.Join(", ", made.Except(SaysOf(service)))}");
        }
        var events = MessagesMadeIn(typeof(Outdial.Providers.CallEventHead))
            .Concat(MessagesMadeIn(typeof(Outdial.Providers.Exotel.ExotelRegistration)));
        Assert.Empty(events.Except(SaysOf("ingress")));
    }

    [Fact]
    public void Every_queue_has_exactly_one_service_that_reads_it_and_every_message_one_that_says_it()
    {
        Assert.Equal(BusTopology.Embedded.Queues.Keys.Order(), BrokerRights.Services.SelectMany(QueuesOf).Order());
        Assert.Empty(BusTopology.Embedded.Queues.Values.SelectMany(names => names).Except(BrokerRights.Services.SelectMany(SaysOf)));
    }

    private static string PasswordOf(string service) => service + "-password";

    private string AddressOf(string service) =>
        new UriBuilder(_broker.Node.Address) { UserName = service, Password = PasswordOf(service) }.Uri.ToString();

    private static List<string> QueuesOf(string service) =>
        [.. BusTopology.Embedded.Queues.Keys.Where(queue => Matches(BrokerRights.Of(service).Read, queue))];

    private static List<string> HeardBy(string service) => [.. QueuesOf(service).SelectMany(queue => BusTopology.Embedded.Queues[queue])];

    private static List<string> SaysOf(string service) =>
        [.. typeof(AttemptEnded).Assembly.GetTypes().Select(type => $"{type.Namespace}:{type.Name}").Append("Outdial.Ingress.Webhooks:WebhookReceived")
            .Where(name => Matches(BrokerRights.Of(service).Write, name))];

    private static bool Matches(string pattern, string name) => System.Text.RegularExpressions.Regex.IsMatch(name, pattern);

    private async Task DeclareAsync()
    {
        await using var connection = await TopologyDeclaration.OpenAsync(_broker.Node.Address.ToString(), "test", default);
        await TopologyDeclaration.DeclareAsync(connection, BusTopology.Embedded, quorum: true, default);
    }

    private Task<long> CountAsync(string queue) => StartOrderTests.CountAsync(_broker.Node.Address.ToString(), queue);

    /// <returns>False when the broker refuses for want of a right; any other refusal is an error.</returns>
    private static async Task<bool> MayAsync(IConnection connection, Func<IChannel, Task> act)
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await act(channel);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.AccessRefused)
        {
            return false;
        }
    }

    private static Task PublishAsync(IChannel channel, string exchange, string key) =>
        channel.BasicPublishAsync(exchange, key, ReadOnlyMemory<byte>.Empty).AsTask();

    /// <returns>Why it is not ready; empty when it is.</returns>
    private static async Task<string> ReadinessAsync(WebApplication service)
    {
        var report = await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"));
        return string.Join("; ", report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}: {entry.Value.Description}")));
    }

    /// <summary>The messages of which the code of an assembly makes instances; nothing else can be published by it.</summary>
    private static HashSet<string> MessagesMadeIn(Type type)
    {
        using var file = new PEReader(File.OpenRead(type.Assembly.Location));
        var metadata = file.GetMetadataReader();
        var made = new HashSet<string>();
        foreach (var reference in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (metadata.GetString(reference.Name) != ".ctor" || reference.Parent.Kind != HandleKind.TypeReference)
                continue;
            var parent = metadata.GetTypeReference((TypeReferenceHandle)reference.Parent);
            var name = metadata.GetString(parent.Name);
            if (metadata.GetString(parent.Namespace) == "Outdial.Contracts" && IsMessage(typeof(AttemptEnded).Assembly.GetType($"Outdial.Contracts.{name}")))
                made.Add($"Outdial.Contracts:{name}");
        }
        return made;
    }

    // What has an id of its own, and commands, which somebody reads; all else is part of a message.
    private static bool IsMessage(Type? type) => type is not null
        && (type.GetProperty("EventId") is not null || BusTopology.Embedded.Queues.Values.Any(names => names.Contains($"Outdial.Contracts:{type.Name}")));
}
