using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Outbox;

namespace Outdial.Platform.Tests.Outbox;

public sealed class DepthTests
{
    private static readonly (string, string) OftenLooking = ("Messaging:PollInterval", "00:00:00.050");

    [Fact]
    public async Task The_depth_of_the_outbox_is_known_while_the_broker_is_away()
    {
        await using var service = await TestService.Build(_ => { }, null, "amqp://127.0.0.1:1/", OftenLooking);
        await service.Migrate();
        await service.PublishTogether(Enumerable.Range(0, 3).Select(n => new NoteWritten($"{n}")));
        using var depth = new Depth(service);

        await service.StartAlone();

        await depth.Until(3);
    }

    [Fact]
    public async Task The_depth_falls_to_nothing_when_everything_is_delivered()
    {
        await using var service = await TestService.Build(_ => { }, null, null, OftenLooking);
        await service.Migrate();
        await service.PublishTogether(Enumerable.Range(0, 3).Select(n => new NoteWritten($"{n}")));
        await service.Query(db => db.Database.ExecuteSqlAsync($"UPDATE outbox_messages SET deliver_at = {TimeProvider.System.GetUtcNow().AddHours(1)}"));
        using var depth = new Depth(service);
        await service.Start();
        await depth.Until(3);

        await service.Query(db => db.Database.ExecuteSqlAsync($"UPDATE outbox_messages SET deliver_at = NULL"));

        await depth.Until(0);
        Assert.Equal(3, await service.Query(db => db.Set<OutboxMessage>().CountAsync(m => m.DeliveredAt != null)));
    }

    /// <summary>What a scrape of this service would say.</summary>
    private sealed class Depth : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long? _last;

        public Depth(TestService service)
        {
            var meters = service.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "outdial.outbox.depth" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, rows, tags, _) => _last = tags.ToArray().Contains(new("outdial.service", "test")) ? rows : null);
            _listener.Start();
        }

        public Task Until(long rows) => TestService.Until(() =>
        {
            _listener.RecordObservableInstruments();
            return Task.FromResult(_last == rows);
        }, $"a depth of {rows}");

        public void Dispose() => _listener.Dispose();
    }
}
