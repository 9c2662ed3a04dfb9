using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Outdial.Platform.Messaging;

/// <summary>What every queue gets before its definition adds to it.</summary>
internal static class EndpointDefaults
{
    public static void Apply(IReceiveEndpointConfigurator endpoint, MessagingOptions options)
    {
        if (options.QuorumQueues && endpoint is IRabbitMqReceiveEndpointConfigurator rabbit && !IsTemporary(endpoint))
            rabbit.SetQuorumQueue();

        // Outermost, so that an attempt that fails takes its outbox with it. The outer policy rides out a database or a
        // provider that is away for a moment; what still fails then goes to the error queue.
        endpoint.UseMessageRetry(retry => retry.Intervals(200, 1_000, 5_000));

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
