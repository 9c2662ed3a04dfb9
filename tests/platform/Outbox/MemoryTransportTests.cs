using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Platform.Outbox;

namespace Outdial.Platform.Tests.Outbox;

public sealed class MemoryTransportTests
{
    [Fact]
    public async Task A_restart_delivers_again_and_nothing_is_handled_again()
    {
        string database;
        await using (var first = await Service())
        {
            database = first.Database;
            await first.PublishWithNote(new WriteNote("before the restart"), "asked");
            await first.UntilNoted("before the restart by 1");
            await Delivered(first);
        }
        var restarted = TimeProvider.System.GetUtcNow();

        await using var second = await Service(database);

        await TestService.Until(() => second.Query(db => db.Set<OutboxMessage>().AllAsync(m => m.DeliveredAt > restarted)), "a second delivery");
        await second.PublishWithNote(new WriteNote("after the restart"), "asked");
        await second.UntilNoted("after the restart by 1");
        Assert.Single(await second.Notes(), n => n.StartsWith("before the restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_was_in_memory_when_the_process_died_is_handled_after_the_restart()
    {
        string database;
        await using (var dying = await TestService.Start(_ => { }))
        {
            database = dying.Database;
            await dying.PublishWithNote(new WriteNote("in memory"), "asked");
            await Delivered(dying); // to a queue that nobody reads, and that is gone with the process
        }

        await using var next = await Service(database);

        await next.UntilNoted("in memory by 1");
    }

    [Fact]
    public async Task Rows_that_were_kept_and_handled_messages_are_forgotten_after_their_retention()
    {
        await using var service = await Service(null, ("Messaging:MemoryRetention", "00:00:00.200"), ("Messaging:InboxRetention", "00:00:00.200"));

        await service.PublishWithNote(new WriteNote("soon forgotten"), "asked");

        await service.UntilNoted("soon forgotten by 1");
        await TestService.Until(
            async () =>
                !await service.Query(db => db.Set<OutboxMessage>().AnyAsync()) && !await service.Query(db => db.Set<InboxMessage>().AnyAsync()),
            "empty tables");
    }

    private static Task<TestService> Service(string? database = null, params (string, string)[] settings) =>
        TestService.Start(bus => bus.AddConsumer<WriteNoteConsumer, WriteNoteConsumerDefinition>(), database, null, settings);

    private static Task Delivered(TestService service) =>
        TestService.Until(() => service.Query(db => db.Set<OutboxMessage>().AllAsync(m => m.DeliveredAt != null)), "delivery");
}
