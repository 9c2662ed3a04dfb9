using Npgsql;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The account's calls-per-minute budget, shared by all replicas. A permit is a slot in time: under the account's row lock the
/// next slot is the later of now and a good minute after the N-th last slot, so that no 60 seconds ever hold more than N of them.
/// </summary>
public sealed class OriginateBudget(ServiceDatabase<PacerDbContext> database, TimeProvider clock)
{
    /// <summary>A minute, and a margin for the time from our clock to the provider's: its minute must not hold more either.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(62);

    /// <summary>Reserves the next slot. The request may go out at or after the returned instant.</summary>
    /// <param name="latest">A slot after this instant is of no use and is not taken.</param>
    /// <returns>The slot's instant, or null when the next one lies after <paramref name="latest"/>.</returns>
    public async Task<DateTimeOffset?> Reserve(string account, int perMinute, DateTimeOffset latest, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Run(connection, "insert into originate_budgets (account) values ($1) on conflict do nothing", cancel, account);
        await Run(connection, "select 1 from originate_budgets where account = $1 for update", cancel, account);

        // The slots, not this replica's clock, say how far time has come: a replica whose clock lags cannot squeeze in.
        await using var read = new NpgsqlCommand(
            "select min(at), count(*), max(at) from (select at from originate_permits where account = $1 order by at desc limit $2) newest", connection)
        {
            Parameters = { new() { Value = account }, new() { Value = perMinute } },
        };
        DateTimeOffset slot = clock.GetUtcNow();
        await using (var reader = await read.ExecuteReaderAsync(cancel))
        {
            await reader.ReadAsync(cancel);
            if (reader.GetInt64(1) == perMinute && reader.GetFieldValue<DateTimeOffset>(0) + Window is var free && free > slot)
                slot = free;
        }

        if (slot > latest)
            return null;
        await Run(connection, "insert into originate_permits (account, at) values ($1, $2)", cancel, account, slot);
        await Run(connection, "delete from originate_permits where account = $1 and at < $2", cancel, account, slot - 2 * Window);
        await transaction.CommitAsync(cancel);
        return slot;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
