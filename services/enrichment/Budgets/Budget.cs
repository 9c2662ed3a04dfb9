using Microsoft.Extensions.Options;
using Npgsql;

namespace Outdial.Enrichment.Budgets;

/// <summary>
/// The requests that an account may make in any 60 seconds, counted in the database and so over all replicas.
/// A slot is taken before the request and comes free 60 seconds after its answer. Counted from the answer, not from the
/// start: the request reaches the provider somewhere between the two, and counting from the start would let a delayed
/// request and a prompt later one fall into the same minute.
/// </summary>
internal sealed class Budget(IOptions<AccountBudgets> accounts)
{
    /// <summary>The length of the sliding window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>Takes the account's lock until the transaction ends. Claims of one account and kind go one after the other.</summary>
    /// <returns>False while the provider wants to be left alone.</returns>
    public async Task<bool> LockAsync(NpgsqlConnection connection, string account, string kind, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            insert into budgets as budget (account, kind) values ($1, $2)
            on conflict (account, kind) do update set blocked_until = budget.blocked_until
            returning blocked_until
            """, connection) { Parameters = { new() { Value = account }, new() { Value = kind } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.IsDBNull(0) || reader.GetFieldValue<DateTimeOffset>(0) <= now;
    }

    /// <summary>Takes up to <paramref name="wanted"/> slots. The lock must be held.</summary>
    /// <param name="held">Until when a slot counts if its holder is never heard of again.</param>
    /// <returns>The slots' ids; fewer than wanted when the budget is spent.</returns>
    public async Task<IReadOnlyList<long>> TakeAsync(
        NpgsqlConnection connection, string account, string kind, int wanted, DateTimeOffset now, DateTimeOffset held, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("delete from budget_slots where account = $1 and kind = $2 and free_at <= $3")
                {
                    Parameters = { new() { Value = account }, new() { Value = kind }, new() { Value = now } },
                },
                new("""
                    insert into budget_slots (account, kind, free_at)
                    select $1, $2, $5
                    from generate_series(1, least($3, $4 - (select count(*)::int from budget_slots where account = $1 and kind = $2)))
                    returning id
                    """)
                {
                    Parameters =
                    {
                        new() { Value = account }, new() { Value = kind }, new() { Value = wanted },
                        new() { Value = accounts.Value.Limit(account, kind) }, new() { Value = held + Window },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var slots = new List<long>();
        while (await reader.ReadAsync(cancel))
            slots.Add(reader.GetInt64(0));
        return slots;
    }

    /// <summary>How long it takes until the budget has room for one more. The lock must be held.</summary>
    /// <param name="waiting">How many were let in before and have no slot yet.</param>
    /// <returns>Null when it has room now.</returns>
    public async Task<TimeSpan?> WaitAsync(
        NpgsqlConnection connection, string account, string kind, int waiting, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select count(*)::int, min(free_at) from budget_slots where account = $1 and kind = $2 and free_at > $3", connection)
        {
            Parameters = { new() { Value = account }, new() { Value = kind }, new() { Value = now } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        if (reader.GetInt32(0) + waiting < accounts.Value.Limit(account, kind))
            return null;
        return reader.IsDBNull(1) ? Window : reader.GetFieldValue<DateTimeOffset>(1) - now;
    }

    /// <summary>The request was answered, or is known to be over: its slot comes free one window later.</summary>
    public static NpgsqlBatchCommand Answered(long slot, DateTimeOffset at) => new("update budget_slots set free_at = $2 where id = $1")
    {
        Parameters = { new() { Value = slot }, new() { Value = at + Window } },
    };

    /// <summary>The provider asked for patience: nobody asks before then.</summary>
    public static NpgsqlBatchCommand Blocked(string account, string kind, DateTimeOffset until) =>
        new("update budgets set blocked_until = greatest(blocked_until, $3) where account = $1 and kind = $2")
        {
            Parameters = { new() { Value = account }, new() { Value = kind }, new() { Value = until } },
        };
}
