using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Outbox;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Outbox;

public sealed class InboxAndOutboxTests
{
    private readonly Heard _heard = new();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_message_that_arrives_twice_is_handled_once(bool onRabbit)
    {
        await using var service = await Service(onRabbit);
        var id = NewId.NextGuid();
        var (copied, last) = ($"copied {id}", $"last {id}");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.Bus.Publish(new WriteNote(copied), x => x.MessageId = id)));
        await service.Bus.Publish(new WriteNote(copied), x => x.MessageId = id);
        await service.Bus.Publish(new WriteNote(last));

        await _heard.Until($"{last} by 1");
        await EmptyOutbox(service, onRabbit);
        Assert.Equal([$"{copied} by 1", $"{last} by 1"], (await service.Notes()).Order());
        Assert.Equal([$"{copied} by 1", $"{last} by 1"], _heard.Texts.Order());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Law_3_a_handler_that_fails_after_publishing_leaves_neither_row_nor_message(bool onRabbit)
    {
        await using var service = await Service(onRabbit);
        var text = $"fail once {Guid.NewGuid()}";

        await service.Bus.Publish(new WriteNote(text));

        await _heard.Until($"{text} by 2");
        await EmptyOutbox(service, onRabbit);
        Assert.Equal([$"{text} by 2"], await service.Notes());
        Assert.Equal([$"{text} by 2"], _heard.Texts);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_request_to_a_handler_behind_the_outbox_is_answered(bool onRabbit)
    {
        await using var service = await Service(onRabbit);
        var client = service.Bus.CreateRequestClient<Ask>(RequestTimeout.After(s: 20));

        var answer = await client.GetResponse<Answer>(new Ask("heard"));

        Assert.Equal("heard!", answer.Message.Text);
    }

    [Fact]
    public async Task Law_3_a_message_committed_by_a_process_that_died_is_delivered_by_the_next_one()
    {
        var rabbit = await RabbitServer.CreateVirtualHostAsync();
        string database;
        await using (var earlier = await Service(rabbit, null))
            database = earlier.Database;
        // Composed and never started: it commits like a process that dies before its delivery loop looks.
        await using var dead = await TestService.Build(_ => { }, database, rabbit);
        await dead.PublishWithNote(new NoteWritten("left behind"), "left behind");
        Assert.Equal(1, await dead.Query(db => db.Set<OutboxMessage>().CountAsync()));

        await using var next = await Service(rabbit, database);

        await _heard.Until("left behind");
        await EmptyOutbox(next, onRabbit: true);
    }

    [Fact]
    public async Task Messages_of_one_process_are_delivered_in_the_order_of_their_commits()
    {
        var rabbit = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await Service(rabbit, null, ("Messaging:Concurrency", "1"), ("Messaging:DeliveryBatch", "50"));
        var expected = Enumerable.Range(0, 400).Select(n => n.ToString("D4", null)).ToList();

        foreach (var text in expected)
            await service.PublishWithNote(new NoteWritten(text), text);

        await _heard.Until(expected[^1]);
        Assert.Equal(expected, _heard.Texts);
        await EmptyOutbox(service, onRabbit: true);
    }

    [Fact]
    public async Task Messages_that_wait_for_the_first_connection_are_delivered_in_their_order()
    {
        var rabbit = await RabbitServer.CreateVirtualHostAsync();
        await using var service = await TestService.Build(Listening, null, rabbit, ("Messaging:Concurrency", "1"));
        var expected = Enumerable.Range(0, 200).Select(n => n.ToString("D4", null)).ToList();
        await service.Migrate();
        await service.PublishTogether(expected.Select(text => new NoteWritten(text)));

        await service.Start();

        await _heard.Until(expected[^1]);
        Assert.Equal(expected, _heard.Texts);
    }

    [Fact]
    public async Task A_message_in_a_transaction_that_is_rolled_back_is_never_sent()
    {
        await using var service = await Service(onRabbit: false);
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<TestDb>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await scope.ServiceProvider.GetRequiredService<IOutbox<TestDb>>().Publish(new NoteWritten("undone"), CancellationToken.None);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        await service.PublishWithNote(new NoteWritten("done"), "done");

        await _heard.Until("done");
        Assert.Equal(["done"], _heard.Texts);
    }

    [Fact]
    public async Task Two_delivery_loops_on_one_table_deliver_every_message_once()
    {
        var rabbit = await RabbitServer.CreateVirtualHostAsync();
        await using var one = await Service(rabbit, null, ("Messaging:DeliveryBatch", "7"));
        await using var two = await TestService.Start(_ => { }, one.Database, rabbit, ("Messaging:DeliveryBatch", "7"));
        var expected = Enumerable.Range(0, 200).Select(n => n.ToString("D4", null)).ToList();

        await Parallel.ForEachAsync(expected, async (text, _) =>
            await (text[3] % 2 == 0 ? one : two).PublishWithNote(new NoteWritten(text), text));

        await EmptyOutbox(one, onRabbit: true);
        await TestService.Until(() => Task.FromResult(_heard.Texts.Count >= expected.Count), "all messages");
        Assert.Equal(expected, _heard.Texts.Order());
    }

    private async Task<TestService> Service(bool onRabbit) =>
        await Service(onRabbit ? await RabbitServer.CreateVirtualHostAsync() : null, null);

    private Task<TestService> Service(string? rabbit, string? database, params (string, string)[] settings) =>
        TestService.Start(bus => Listening(bus), database, rabbit, settings);

    private void Listening(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<WriteNoteConsumer, WriteNoteConsumerDefinition>();
        bus.AddConsumer<Listener>();
        bus.AddSingleton(_heard);
    }

    private static Task EmptyOutbox(TestService service, bool onRabbit) => TestService.Until(
        async () => await service.Query(db => db.Set<OutboxMessage>().CountAsync(m => onRabbit || m.DeliveredAt == null)) == 0, "an empty outbox");
}
