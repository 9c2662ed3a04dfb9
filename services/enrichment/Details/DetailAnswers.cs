using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Outdial.Contracts;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Details;

/// <summary>What came of reading one record.</summary>
/// <param name="Record">Null when there was none, or it could not be read.</param>
internal sealed record DetailAnswer(CallRecord? Record, DetailStep Step, TimeSpan? BlockedFor = null)
{
    /// <summary>Trace context of the reading; null while nobody traces.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>Stores what was read and publishes it: rows and messages in one transaction.</summary>
internal sealed class DetailAnswers(EnrichmentDbContext db, IOutbox<EnrichmentDbContext> outbox)
{
    public async Task StoreAsync(
        IReadOnlyList<Done<DetailRequest, DetailAnswer>> done, Guid worker, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());

        // The accounts' row first, as whoever claims does; then the rows in one order.
        foreach (var one in done.Where(d => d.Result.BlockedFor is not null).OrderBy(d => d.Claim.Account, StringComparer.Ordinal))
            batch.BatchCommands.Add(Budget.Blocked(one.Claim.Account, BudgetKinds.Details, one.At + one.Result.BlockedFor!.Value));
        foreach (var one in done.OrderBy(d => d.Claim.Item.AttemptId))
        {
            batch.BatchCommands.Add(Budget.Answered(one.Claim.Slot!.Value, one.At));
            batch.BatchCommands.Add(Update(one, worker));
            if (one.Result.Record is not { Outcome: not null } record)
                continue;
            // Several readings are stored at once: what each of them tells goes on in the trace of its own.
            using var span = EnrichmentMetrics.Activity.StartOf("tell call details", ActivityKind.Producer, one.Result.TraceParent, TimeSpan.Zero);
            span?.SetTag(CallTrace.Attempt, one.Claim.Item.AttemptId);
            await outbox.Publish(Event(one.Claim.Item, record, one.At), cancel);
        }
        await batch.ExecuteNonQueryAsync(cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static NpgsqlBatchCommand Update(Done<DetailRequest, DetailAnswer> one, Guid worker) => new("""
        update detail_requests set due_at = coalesce($3, due_at), done_at = $4, result = $5, claimed_by = null,
          talked = talked or $6, recorded = recorded or $7
        where attempt_id = $1 and claimed_by = $2
        """)
    {
        Parameters =
        {
            new() { Value = one.Claim.Item.AttemptId }, new() { Value = worker },
            new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz, Value = (object?)one.Result.Step.DueAt ?? DBNull.Value },
            new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz, Value = one.Result.Step.Result is null ? DBNull.Value : one.At },
            new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)one.Result.Step.Result ?? DBNull.Value },
            new() { Value = one.Result.Record?.TalkTime > TimeSpan.Zero }, new() { Value = one.Result.Record?.RecordingUrl is not null },
        },
    };

    private static CallDetailed Event(DetailRequest request, CallRecord record, DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(at),
        AttemptId = request.AttemptId,
        CampaignId = request.CampaignId,
        Account = request.Account,
        ProviderCallId = request.ProviderCallId,

        // The instant of the reading: of two readings of one record the later one knows more.
        OccurredAt = at,
        ReceivedAt = at,
        RawStatus = record.RawStatus,
        Duration = record.Duration,
        TalkTime = record.TalkTime,
        Price = record.Price,
        RecordingUrl = record.RecordingUrl,
        AnsweredBy = record.AnsweredBy,
        StartedAt = Held(record.StartedAt, at),
        EndedAt = Held(record.EndedAt, at),
        InVain = record.InVain,
    };

    /// <summary>The records have the provider's clock: what they tell has happened when they are read.</summary>
    private static DateTimeOffset? Held(DateTimeOffset? said, DateTimeOffset readAt) =>
        said is { } told ? ForeignClock.Held(told, null, readAt).At : null;
}
