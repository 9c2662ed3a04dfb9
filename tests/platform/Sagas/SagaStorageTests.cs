using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Platform.Outbox;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Sagas;

public sealed class SagaStorageTests
{
    [Theory]
    [InlineData(ConcurrencyMode.Pessimistic, true), InlineData(ConcurrencyMode.Pessimistic, false)]
    [InlineData(ConcurrencyMode.Optimistic, true), InlineData(ConcurrencyMode.Optimistic, false)]
    public async Task Events_that_meet_on_one_instance_are_all_counted(ConcurrencyMode mode, bool onRabbit)
    {
        await using var service = await Service(mode, onRabbit ? await RabbitServer.CreateVirtualHostAsync() : null);
        var id = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(1, 60).Select(n => service.Bus.Publish(new Counted(id, n))));

        await TestService.Until(async () => (await Find(service, mode, id))?.Total >= 60 * 61 / 2, "the whole sum");
        var tally = (await Find(service, mode, id))!;
        Assert.Equal(60 * 61 / 2, tally.Total);
        Assert.Equal(59, tally.Version);
        Assert.Equal("Open", tally.CurrentState);
    }

    [Theory, InlineData(ConcurrencyMode.Pessimistic), InlineData(ConcurrencyMode.Optimistic)]
    public async Task State_and_messages_of_an_event_commit_together(ConcurrencyMode mode)
    {
        await using var service = await Service(mode, null);
        var id = NewId.NextGuid();

        for (var n = 0; n < 10; n++)
            await service.Bus.Publish(new Counted(id, 1));

        await TestService.Until(async () => (await Find(service, mode, id))?.Total == 10, "ten events");
        var published = await service.Query(db => db.Set<OutboxMessage>().CountAsync(m => m.PublishType!.Contains(nameof(TallyRose))));
        Assert.Equal(10, published);
    }

    [Theory, InlineData(ConcurrencyMode.Pessimistic), InlineData(ConcurrencyMode.Optimistic)]
    public async Task An_instance_is_found_by_a_query_too(ConcurrencyMode mode)
    {
        await using var service = await Service(mode, null);
        var id = NewId.NextGuid();
        await service.Bus.Publish(new Counted(id, 1));
        await TestService.Until(async () => (await Find(service, mode, id))?.CurrentState == "Open", "an open tally");

        await service.Bus.Publish(new CloseByName(id.ToString("N")));

        await TestService.Until(async () => (await Find(service, mode, id))?.CurrentState == "Closed", "a closed tally");
    }

    private static async Task<Tally?> Find(TestService service, ConcurrencyMode mode, Guid id) => mode == ConcurrencyMode.Pessimistic
        ? await service.Query(db => db.LockedTallies.SingleOrDefaultAsync(t => t.CorrelationId == id))
        : await service.Query(db => db.VersionedTallies.SingleOrDefaultAsync(t => t.CorrelationId == id));

    private static Task<TestService> Service(ConcurrencyMode mode, string? rabbit) => TestService.Start(bus =>
    {
        if (mode == ConcurrencyMode.Pessimistic)
            Add<LockedTally>(bus, mode);
        else
            Add<VersionedTally>(bus, mode);
    }, null, rabbit);

    private static void Add<TTally>(IBusRegistrationConfigurator bus, ConcurrencyMode mode)
        where TTally : Tally =>
        bus.AddSagaStateMachine<TallyStateMachine<TTally>, TTally>(typeof(TallyDefinition<TTally>)).EntityFrameworkRepository(r =>
        {
            r.ConcurrencyMode = mode;
            r.ExistingDbContext<TestDb>();
        });
}
