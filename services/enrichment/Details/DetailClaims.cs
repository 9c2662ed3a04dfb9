using Npgsql;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;

namespace Outdial.Enrichment.Details;

/// <summary>Claims calls whose records are due.</summary>
internal sealed class DetailClaims(ServiceDatabase<EnrichmentDbContext> database, Budget budget, EnrichmentMetrics metrics)
{
    /// <summary>Claims what is due, first readings before repeated ones, as far as the budget reaches.</summary>
    public async Task<IReadOnlyList<Claim<DetailRequest>>> TakeAsync(
        string account, int atMost, Guid worker, DateTimeOffset now, DateTimeOffset leaseEnds, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        if (!await AnyDueAsync(connection, account, now, cancel))
            return [];

        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await budget.LockAsync(connection, account, BudgetKinds.Details, now, cancel))
        {
            metrics.BudgetWait(account, BudgetKinds.Details);
            return [];
        }
        var due = await DueAsync(connection, account, atMost, now, cancel);
        var slots = due.Count == 0
            ? []
            : await budget.TakeAsync(connection, account, BudgetKinds.Details, due.Count, now, leaseEnds, cancel);
        if (slots.Count < due.Count)
            metrics.BudgetWait(account, BudgetKinds.Details);

        var claims = due.Zip(slots, (request, slot) => new Claim<DetailRequest>(account, request, slot)).ToList();
        await MarkAsync(connection, claims, worker, leaseEnds, cancel);
        await transaction.CommitAsync(cancel);
        return claims;
    }

    private static async Task<bool> AnyDueAsync(NpgsqlConnection connection, string account, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select exists (select from detail_requests where account = $1 and done_at is null and due_at <= $2)", connection)
        {
            Parameters = { new() { Value = account }, new() { Value = now } },
        };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private static async Task<List<DetailRequest>> DueAsync(
        NpgsqlConnection connection, string account, int atMost, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select attempt_id, campaign_id, provider_call_id, answered, ended_at, tries + 1, recording_known, trace_parent
            from detail_requests where account = $1 and done_at is null and due_at <= $2
            order by tries > 0, due_at limit $3
            for update skip locked
            """, connection) { Parameters = { new() { Value = account }, new() { Value = now }, new() { Value = atMost } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var due = new List<DetailRequest>();
        while (await reader.ReadAsync(cancel))
            due.Add(new DetailRequest
            {
                AttemptId = reader.GetGuid(0),
                CampaignId = reader.GetGuid(1),
                Account = account,
                ProviderCallId = reader.GetString(2),
                Answered = reader.GetBoolean(3),
                EndedAt = reader.GetFieldValue<DateTimeOffset>(4),
                Tries = reader.GetInt32(5),
                RecordingKnown = reader.GetBoolean(6),
                TraceParent = reader.IsDBNull(7) ? null : reader.GetString(7),
            });
        return due;
    }

    private static async Task MarkAsync(
        NpgsqlConnection connection, IReadOnlyList<Claim<DetailRequest>> claims, Guid worker, DateTimeOffset leaseEnds, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update detail_requests set due_at = $2, claimed_by = $3, tries = tries + 1 where attempt_id = any($1)", connection)
        {
            Parameters =
            {
                new() { Value = claims.Select(claim => claim.Item.AttemptId).ToArray() }, new() { Value = leaseEnds }, new() { Value = worker },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
