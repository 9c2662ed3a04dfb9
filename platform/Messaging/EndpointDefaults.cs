using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.Platform.Messaging.Topology;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Messaging;

/// <summary>What every queue gets before its definition adds to it.</summary>
internal static class EndpointDefaults
{
    // More than an hour. The message stays in hand meanwhile, and so do its neighbours: no other replica could do better.
    private const int AwayTries = 2_000;
    private static readonly TimeSpan s_awayPause = TimeSpan.FromSeconds(2);

    public static void Apply(string queue, IReceiveEndpointConfigurator endpoint, MessagingOptions options)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit && !IsTemporary(endpoint))
            foreach (var (name, value) in QueueArguments.Of(queue, options.QuorumQueues))
                rabbit.SetQueueArgument(name, value);
        if (options.Endpoints.TryGetValue(queue, out var special))
        {
            if (special.Prefetch is { } prefetch)
                endpoint.PrefetchCount = prefetch;
            if (special.Concurrency is { } concurrency)
                endpoint.ConcurrentMessageLimit = concurrency;
        }

        // A message that nobody here knows is for a newer replica, or for a person; thrown away it would be lost to both.
        endpoint.ConfigureDeadLetter(unknown => unknown.UseFilter(new UnknownMessageFilter()));

        // Outermost, so that an attempt that fails takes its outbox with it. A database that is away is waited for: nothing
        // is wrong with the message.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(DatabaseAway.Is);
            retry.Interval(AwayTries, s_awayPause);
        });

        // Rides out a provider that is away for a moment; what still fails then goes to the error queue.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(DatabaseAway.Is);
            retry.Intervals(200, 1_000, 5_000);
        });

        // Two handlers met on one row: the loser only has to read again. Short, many and scattered, or they meet again.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<DbUpdateException>();
            retry.Handle<PostgresException>(IsConflict);
            retry.Exponential(30, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(5));
        });
    }

    private static bool IsConflict(PostgresException e) => e.SqlState
        is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation;

    // A quorum queue cannot be one that disappears with its last reader.
    private static bool IsTemporary(IReceiveEndpointConfigurator endpoint)
    {
        var query = endpoint.InputAddress.Query;
        return query.Contains("temporary=true", StringComparison.Ordinal) || query.Contains("autodelete=true", StringComparison.Ordinal)
            || query.Contains("durable=false", StringComparison.Ordinal);
    }
}
