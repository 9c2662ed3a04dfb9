using Npgsql;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;

namespace Outdial.Enrichment.Numbers;

/// <summary>
/// Lets people's look-ups in as far as their own budget reaches, and refuses the rest at once: they neither wait behind the lists of campaigns
/// nor take anything from them. A number that is on its way for anybody costs nothing.
/// </summary>
internal sealed class PeoplesLookups(ServiceDatabase<EnrichmentDbContext> database, Budget budget, EnrichmentMetrics metrics)
{
    /// <summary>Writes the number down to be looked up.</summary>
    /// <returns>Null when it will be; else how long it takes until the budget has room again.</returns>
    public async Task<TimeSpan?> AskAsync(string account, string number, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await budget.LockAsync(connection, account, BudgetKinds.People, now, cancel);
        if (await IsOnItsWayAsync(connection, number, now, cancel))
            return null;
        if (await budget.WaitAsync(
            connection, account, BudgetKinds.People, await WaitingAsync(connection, account, cancel), now, cancel) is { } spent)
        {
            metrics.BudgetWait(account, BudgetKinds.People);
            return spent;
        }

        await using var ask = new NpgsqlCommand("""
            insert into number_lookups as lookup (number, account, urgent, for_person, asked_at, due_at) values ($1, $2, true, true, $3, $3)
            on conflict (number) do update set urgent = true, for_person = true where lookup.account = excluded.account and lookup.claimed_by is null
            """, connection) { Parameters = { new() { Value = number }, new() { Value = account }, new() { Value = now } } };
        await ask.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    private static async Task<bool> IsOnItsWayAsync(NpgsqlConnection connection, string number, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from number_lookups where number = $1 and (for_person or (claimed_by is not null and due_at > $2)))", connection)
        {
            Parameters = { new() { Value = number }, new() { Value = now } },
        };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>Those that were let in and have no slot yet.</summary>
    private static async Task<int> WaitingAsync(NpgsqlConnection connection, string account, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select count(*)::int from number_lookups where account = $1 and for_person and claimed_by is null", connection)
        {
            Parameters = { new() { Value = account } },
        };
        return await command.ExecuteScalarAsync(cancel) is int count ? count : 0;
    }
}
