using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Calls;

/// <summary>Events that name an attempt which this ledger does not have (a restored database, a foreign provider test).</summary>
internal static class UnmatchedEvents
{
    public static async Task Keep<T>(ConsumeContext<T> context, Guid attemptId) where T : class
    {
        var services = context.GetPayload<IServiceProvider>();
        var db = services.GetRequiredService<PacerDbContext>();
        var eventId = context.MessageId ?? Guid.CreateVersion7();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var body = JsonSerializer.Serialize(context.Message, JsonSerializerOptions.Web);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into unmatched_events (event_id, attempt_id, type, received_at, body)
            values ({eventId}, {attemptId}, {typeof(T).Name}, {now}, {body}::jsonb) on conflict do nothing
            """, context.CancellationToken);
        services.GetRequiredService<PacerMetrics>().Unmatched(typeof(T).Name);
        services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UnmatchedEvents)).UnmatchedEvent(typeof(T).Name, attemptId);
    }
}
