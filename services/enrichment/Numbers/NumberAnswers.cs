using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Platform;

namespace Outdial.Enrichment.Numbers;

/// <summary>What came of a look-up: a record to keep and publish, or when to try again.</summary>
/// <param name="Record">Null: not answered yet.</param>
/// <param name="RetryAt">When to ask again; set where <paramref name="Record"/> is null.</param>
/// <param name="BlockedFor">The provider asked for patience.</param>
internal sealed record NumberAnswer(NumberRecord? Record, DateTimeOffset? RetryAt = null, TimeSpan? BlockedFor = null);

/// <summary>Stores answers and publishes them: rows and messages in one transaction.</summary>
internal sealed class NumberAnswers(EnrichmentDbContext db, IOutbox<EnrichmentDbContext> outbox)
{
    public async Task StoreAsync(
        IReadOnlyList<Done<ClaimedNumber, NumberAnswer>> done, Guid worker, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());

        // The accounts' row first, as whoever claims does; then the rows in one order.
        foreach (var one in done.Where(d => d.Result.BlockedFor is not null).OrderBy(d => d.Claim.Account, StringComparer.Ordinal))
            batch.BatchCommands.Add(Budget.Blocked(one.Claim.Account, BudgetKinds.Numbers, one.At + one.Result.BlockedFor!.Value));
        foreach (var one in done.OrderBy(d => d.Claim.Item.Number, StringComparer.Ordinal))
        {
            if (one.Claim.Slot is { } slot)
                batch.BatchCommands.Add(Budget.Answered(slot, one.At));
            if (one.Result.Record is not { } record)
            {
                batch.BatchCommands.Add(Again(one.Claim.Item.Number, worker, one.Result, now));
                continue;
            }
            if (one.Claim.Item.Known is null)
                batch.BatchCommands.Add(Keep(record));
            batch.BatchCommands.Add(Finished(record.Number));
            await outbox.Publish(record.ToEvent(now), cancel);
        }
        await batch.ExecuteNonQueryAsync(cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static NpgsqlBatchCommand Keep(NumberRecord record) => new("""
        insert into numbers (number, status, circle, circle_name, operator, operator_name, type, dnd, as_of, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (number) do update set status = excluded.status, circle = excluded.circle, circle_name = excluded.circle_name,
          operator = excluded.operator, operator_name = excluded.operator_name, type = excluded.type, dnd = excluded.dnd,
          as_of = excluded.as_of, expires_at = excluded.expires_at
        """)
    {
        Parameters =
        {
            new() { Value = record.Number }, new() { Value = record.Status }, Nullable(record.Circle), Nullable(record.CircleName),
            Nullable(record.Operator), Nullable(record.OperatorName), Nullable(record.Type), Nullable(record.Dnd),
            new() { Value = record.AsOf }, new() { Value = record.ExpiresAt },
        },
    };

    private static NpgsqlBatchCommand Finished(string number) =>
        new("delete from number_lookups where number = $1") { Parameters = { new() { Value = number } } };

    // A provider that asks for patience says nothing about the number, so the try is given back.
    private static NpgsqlBatchCommand Again(string number, Guid worker, NumberAnswer answer, DateTimeOffset now) => new("""
        update number_lookups set due_at = $3, tries = tries - $4, claimed_by = null where number = $1 and claimed_by = $2
        """)
    {
        Parameters =
        {
            new() { Value = number }, new() { Value = worker }, new() { Value = answer.RetryAt ?? now },
            new() { Value = answer.BlockedFor is null ? 0 : 1 },
        },
    };

    private static NpgsqlParameter Nullable(object? value) => new() { Value = value ?? DBNull.Value };
}
