using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Outbox;
using Outdial.Platform.Tests.Outbox;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Messaging;

public sealed class ConfirmedPublisherTests
{
    [Fact]
    public async Task A_confirmed_publish_throws_while_the_broker_is_away_and_succeeds_when_it_is_back()
    {
        var heard = new Heard();
        await using var broker = await RabbitServer.StartOwnAsync();
        await using var service = await TestService.Start(bus =>
        {
            bus.AddConsumer<Listener>();
            bus.AddSingleton(heard);
        }, null, broker.Node.Address.ToString());
        var publisher = service.Services.GetRequiredService<IConfirmedPublisher<TestDb>>();
        await publisher.Publish(new NoteWritten("before"), CancellationToken.None);

        await broker.Node.KillNodeAsync();
        var started = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<TimeoutException>(() => publisher.Publish(new NoteWritten("away"), CancellationToken.None));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, Eventually.Patience);

        await broker.Node.StartNodeAsync();
        await TestService.Until(async () => await IsConfirmed(publisher, new NoteWritten("back")), "a confirmation");
        await heard.Until("back");
        Assert.Contains("before", heard.Texts);
    }

    [Fact]
    public async Task In_memory_a_confirmed_publish_is_a_committed_row()
    {
        await using var service = await TestService.Start(_ => { });

        await service.Services.GetRequiredService<IConfirmedPublisher<TestDb>>().Publish(new NoteWritten("kept"), CancellationToken.None);

        Assert.Equal(1, await service.Query(db => db.Set<OutboxMessage>().CountAsync()));
    }

    private static async Task<bool> IsConfirmed(IConfirmedPublisher<TestDb> publisher, NoteWritten message)
    {
        try
        {
            await publisher.Publish(message, CancellationToken.None);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
