using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Outbox;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Outbox;

public sealed class DeliveryTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Message_id_correlation_headers_and_trace_survive_the_outbox(bool onRabbit)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        var received = new TaskCompletionSource<Received>();
        await using var service = await TestService.Start(bus =>
        {
            bus.AddSingleton(received);
            bus.AddConsumer<ForwardConsumer, ForwardConsumerDefinition>();
            bus.AddConsumer<ReceivedConsumer>();
        }, null, onRabbit ? await RabbitServer.CreateVirtualHostAsync() : null, ("Messaging:QuorumQueues", "true"));

        using var work = source.StartActivity("work")!;
        await service.PublishWithNote(new Forward("on"), "asked");

        var end = await received.Task.WaitAsync(Eventually.Patience, TimeProvider.System);
        Assert.Equal("on", end.Text);
        Assert.Equal(ForwardConsumer.Id, end.MessageId);
        Assert.Equal("kept", end.Header);
        Assert.NotNull(end.ConversationId);
        Assert.Equal(work.TraceId, end.Trace);
    }

    [Fact]
    public async Task A_delayed_message_waits_in_the_table_and_not_in_the_broker()
    {
        await using var service = await TestService.Start(_ => { }, null, await RabbitServer.CreateVirtualHostAsync());
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TestDb>();

        await scope.ServiceProvider.GetRequiredService<OutboxWriter<TestDb>>().Endpoint
            .Publish(new NoteWritten("later"), x => x.Delay = TimeSpan.FromHours(1), CancellationToken.None);
        await db.SaveChangesAsync();
        await service.PublishWithNote(new NoteWritten("now"), "now");

        await TestService.Until(() => service.Query(db => db.Set<OutboxMessage>().AllAsync(m => m.Body.Contains("later"))), "delivery of the other");
        var waiting = await service.Query(db => db.Set<OutboxMessage>().SingleAsync());
        Assert.InRange(waiting.DeliverAt!.Value, TimeProvider.System.GetUtcNow().AddMinutes(59), TimeProvider.System.GetUtcNow().AddMinutes(61));
        Assert.DoesNotContain("elay", waiting.Properties ?? "");
    }

    [Fact]
    public async Task A_message_that_cannot_be_delivered_does_not_hold_up_the_others()
    {
        var heard = new Heard();
        await using var service = await TestService.Start(bus =>
        {
            bus.AddConsumer<Listener>();
            bus.AddSingleton(heard);
        });
        await service.Query(db => db.Database.ExecuteSqlAsync($"""
            INSERT INTO outbox_messages (message_id, destination_address, message_type, content_type, body, created_at)
            VALUES (gen_random_uuid(), 'loopback://localhost/nowhere', 'urn:message:None', 'application/vnd.masstransit+json', 'no json',
              {TimeProvider.System.GetUtcNow()})
            """));

        await service.PublishWithNote(new NoteWritten("good"), "good");

        await heard.Until("good");
        await TestService.Until(() => service.Query(db => db.Set<OutboxMessage>().AnyAsync(m => m.Failures > 0 && m.DeliverAt != null)), "a postponed row");
    }
}

public record Forward(string Text);

public record Forwarded(string Text);

public sealed record Received(string Text, Guid? MessageId, Guid? ConversationId, string? Header, ActivityTraceId? Trace);

public sealed class ForwardConsumer : IConsumer<Forward>
{
    public static readonly Guid Id = NewId.NextGuid();

    public Task Consume(ConsumeContext<Forward> context) => context.Publish(new Forwarded(context.Message.Text), x =>
    {
        x.MessageId = Id;
        x.Headers.Set("note", "kept");
    });
}

public sealed class ForwardConsumerDefinition : ConsumerDefinition<ForwardConsumer>
{
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<ForwardConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TestDb>(context);
}

public sealed class ReceivedConsumer(TaskCompletionSource<Received> received) : IConsumer<Forwarded>
{
    public Task Consume(ConsumeContext<Forwarded> context)
    {
        received.TrySetResult(new Received(context.Message.Text, context.MessageId, context.ConversationId,
            context.Headers.Get<string>("note"), Activity.Current?.TraceId));
        return Task.CompletedTask;
    }
}
