using System.Collections.Concurrent;
using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Outdial.Cli.Redrive;
using Outdial.Platform.Messaging.Topology;
using Outdial.Platform.Tests.Outbox;
using Outdial.Testing;
using RabbitMQ.Client;

namespace Outdial.Platform.Tests.Messaging;

public sealed class ErrorQueueTests
{
    private const string Queue = "patient";

    [Fact]
    public async Task A_message_that_always_fails_lets_the_others_pass_and_is_handled_once_when_it_is_redriven_after_the_repair()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await Start(broker);
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);
        var defect = service.Services.GetRequiredService<Defect>();
        defect.Texts["bad"] = "The number +919825012345 is nobody's.\nAnd more.";

        await service.Bus.Publish(new WriteNote("bad"));
        await service.Bus.Publish(new WriteNote("good"));
        await service.UntilNoted("good");
        await Eventually.Async(async () => await errors.CountAsync(Queue, default) == 1);

        var failed = Assert.Single(await errors.LookAsync(Queue, 10, default));
        Assert.Equal(("WriteNote", nameof(InvalidOperationException), "The number ••••••2345 is nobody's."), (failed.Type, failed.Exception, failed.Reason));
        Assert.NotNull(failed.FailedAt);
        Assert.Equal(1, await errors.CountAsync(Queue, default));   // looking takes nothing away

        defect.Texts.Clear();
        Assert.Equal((1, (string?)null), await errors.RedriveAsync(Queue, 10, default));
        await service.UntilNoted("bad");

        // The same message once more, as a redrive that was cut before its acknowledgement would leave it.
        Assert.Equal(failed.Id, Assert.Single(defect.Handled["bad"].Distinct()));
        await service.Bus.Publish(new WriteNote("bad"), context => context.MessageId = Guid.Parse(failed.Id!));
        await service.Bus.Publish(new WriteNote("last"));
        await service.UntilNoted("last");
        Assert.Single(await service.Notes(), note => note == "bad");
        Assert.Equal(0, await errors.CountAsync(Queue, default));
    }

    [Fact]
    public async Task What_is_not_JSON_and_what_nobody_knows_end_in_the_error_queue_and_the_others_pass()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await Start(broker);
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        foreach (var body in (string[])["this is not JSON", "{}", """{"messageId":"0190f3a6-0000-7000-8000-000000000001","messageType":["urn:message:Unknown:Message"],"message":{}}""", ""])
            await channel.BasicPublishAsync(Queue, "", mandatory: false,
                new BasicProperties { ContentType = "application/vnd.masstransit+json" }, System.Text.Encoding.UTF8.GetBytes(body));
        await service.Bus.Publish(new WriteNote("good"));

        await service.UntilNoted("good");
        await Eventually.Async(async () => await errors.CountAsync(Queue, default) == 4);
        Assert.Contains(await errors.LookAsync(Queue, 10, default), message => message.Type == "(not JSON)");
        Assert.Equal(4, (await errors.RedriveAsync(Queue, 10, default)).Sent);
        await Eventually.Async(async () => await errors.CountAsync(Queue, default) == 4);   // and come back, rather than going round
    }

    [Fact]
    public async Task A_redrive_without_its_queue_leaves_the_message_where_it_was()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("gone_error", durable: true, exclusive: false, autoDelete: false);
        await channel.BasicPublishAsync("", "gone_error", "x"u8.ToArray());
        await Eventually.Async(async () => await errors.CountAsync("gone", default) == 1);

        var (sent, failure) = await errors.RedriveAsync("gone", 10, default);

        Assert.Equal((0, (string?)"there is no queue gone"), (sent, failure));
        await Eventually.Async(async () => await errors.CountAsync("gone", default) == 1);
        Assert.Null(await errors.CountAsync("never-was", default));
    }

    [Fact]
    public async Task A_message_that_ends_every_reader_that_takes_it_goes_to_the_error_queue()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var connection = await TopologyDeclaration.OpenAsync(broker, "test", default);
        var topology = new BusTopology(new Dictionary<string, IReadOnlyList<string>> { ["fatal"] = ["Test:Fatal"] });
        await TopologyDeclaration.DeclareAsync(connection, topology, quorum: true, default);
        await TopologyDeclaration.DeclareAsync(connection, topology, quorum: true, default);   // again changes nothing
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("Test:Fatal", "", "x"u8.ToArray());
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);

        await Eventually.Async(async () =>
        {
            if (await channel.BasicGetAsync("fatal", autoAck: false) is { } taken)
                await channel.BasicNackAsync(taken.DeliveryTag, multiple: false, requeue: true);
            return await errors.CountAsync("fatal", default) == 1;
        }, TimeSpan.FromSeconds(60));

        Assert.Equal("no reader has answered for it", Assert.Single(await errors.LookAsync("fatal", 10, default)).Reason);
    }

    [Fact]
    public async Task The_depth_of_an_error_queue_is_measured()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await Start(broker);
        service.Services.GetRequiredService<Defect>().Texts["bad"] = "broken";
        await service.Bus.Publish(new WriteNote("bad"));
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);
        await Eventually.Async(async () => await errors.CountAsync(Queue, default) == 1);

        await using var replica = await Start(broker);   // counts as soon as it starts

        using var depths = new Gauge(replica, "outdial.error_queue.depth", "outdial.queue");
        await Eventually.Async(() => depths.Read(Queue) == 1);
    }

    [Fact]
    public async Task A_database_that_is_away_for_longer_than_the_retries_sends_nothing_to_the_error_queue()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await Start(broker);
        var defect = service.Services.GetRequiredService<Defect>();
        defect.DatabaseIsAwayFor = 8;   // tries; any other failure ends after four

        await service.Bus.Publish(new WriteNote("held"));

        await service.UntilNoted("held");
        Assert.Equal(9, defect.Handled["held"].Count);
        await using var errors = await ErrorQueues.ConnectAsync(broker, CancellationToken.None);
        Assert.Null(await errors.CountAsync(Queue, default));
    }

    private static Task<TestService> Start(string broker) => TestService.Start(bus =>
    {
        bus.AddSingleton<Defect>();
        bus.AddConsumer<PatientConsumer, PatientConsumerDefinition>();
    }, null, broker, ("Messaging:QuorumQueues", "true"));
}

/// <summary>What is wrong at the moment, by the text of a note.</summary>
public sealed class Defect
{
    public ConcurrentDictionary<string, string> Texts { get; } = new();
    public int DatabaseIsAwayFor { get; set; }
    public ConcurrentDictionary<string, ConcurrentBag<string>> Handled { get; } = new();
}

public sealed class PatientConsumer(TestDb db, Defect defect) : IConsumer<WriteNote>
{
    public async Task Consume(ConsumeContext<WriteNote> context)
    {
        var text = context.Message.Text;
        defect.Handled.GetOrAdd(text, _ => []).Add(context.MessageId!.Value.ToString());
        if (defect.DatabaseIsAwayFor-- > 0)
            throw new InvalidOperationException("The rows could not be read.", new NpgsqlException("Failed to connect", new SocketException()));
        if (defect.Texts.TryGetValue(text, out var reason))
            throw new InvalidOperationException(reason);
        db.Notes.Add(new Note { TextValue = text });
        await db.SaveChangesAsync();
    }
}

public sealed class PatientConsumerDefinition : ConsumerDefinition<PatientConsumer>
{
    public PatientConsumerDefinition() => EndpointName = "patient";

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<PatientConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TestDb>(context);
}
