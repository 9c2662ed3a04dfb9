using Npgsql;
using NpgsqlTypes;

namespace Outdial.Platform.Outbox;

/// <summary>The statements of the delivery loop.</summary>
internal static class OutboxTable
{
    // Skipped rows are in another replica's hands. The partial index hands the oldest out without a sort.
    private const string ClaimSql = """
        select sequence, message_id, conversation_id, correlation_id, initiator_id, request_id, source_address, destination_address,
               response_address, fault_address, publish_type, message_type, content_type, headers, properties, body, created_at,
               expires_at, failures
        from outbox_messages
        where delivered_at is null and (deliver_at is null or deliver_at <= $1)
        order by sequence limit $2 for update skip locked
        """;

    // 1 s, 2 s, 4 s … one minute: a message that cannot be delivered must not keep the loop busy.
    private const string PostponeSql = """
        update outbox_messages set failures = failures + 1, deliver_at = $2 + least(60, power(2, least(failures, 6))) * interval '1 second'
        where sequence = any($1)
        """;

    // By the partial index. A backlog longer than this is a matter for an alert, not for an exact figure every second.
    private const string CountSql = "select count(*) from (select from outbox_messages where delivered_at is null limit 100000) undelivered";

    public static async Task<long> CountUndelivered(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var count = source.CreateCommand(CountSql);
        return (long)(await count.ExecuteScalarAsync(cancel))!;
    }

    public static async Task<List<OutboxMessage>> Claim(NpgsqlConnection connection, int limit, DateTimeOffset now, CancellationToken cancel)
    {
        await using var claim = new NpgsqlCommand(ClaimSql, connection) { Parameters = { new() { Value = now }, new() { Value = limit } } };
        await using var row = await claim.ExecuteReaderAsync(cancel);
        var claimed = new List<OutboxMessage>();
        while (await row.ReadAsync(cancel))
            claimed.Add(new OutboxMessage
            {
                Sequence = row.GetInt64(0),
                MessageId = row.GetGuid(1),
                ConversationId = Id(row, 2),
                CorrelationId = Id(row, 3),
                InitiatorId = Id(row, 4),
                RequestId = Id(row, 5),
                SourceAddress = Text(row, 6),
                DestinationAddress = row.GetString(7),
                ResponseAddress = Text(row, 8),
                FaultAddress = Text(row, 9),
                PublishType = Text(row, 10),
                MessageType = row.GetString(11),
                ContentType = row.GetString(12),
                Headers = Text(row, 13),
                Properties = Text(row, 14),
                Body = row.GetString(15),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(16),
                ExpiresAt = row.IsDBNull(17) ? null : row.GetFieldValue<DateTimeOffset>(17),
                Failures = row.GetInt32(18),
            });
        return claimed;
    }

    /// <param name="keep">Delivered rows stay, stamped, instead of being deleted.</param>
    public static async Task Record(
        NpgsqlConnection connection, long[] delivered, long[] failed, bool keep, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (delivered.Length > 0)
        {
            var done = new NpgsqlBatchCommand(keep
                ? "update outbox_messages set delivered_at = $2 where sequence = any($1)"
                : "delete from outbox_messages where sequence = any($1)");
            done.Parameters.Add(new() { Value = delivered });
            if (keep)
                done.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow() });
            batch.BatchCommands.Add(done);
        }

        if (failed.Length > 0)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PostponeSql)
            {
                Parameters = { new() { Value = failed }, new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
            });
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Makes every kept row undelivered again. Returns how many there were.</summary>
    public static async Task<int> ReleaseKept(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var release = source.CreateCommand("update outbox_messages set delivered_at = null where delivered_at is not null");
        return await release.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// Deletes kept rows delivered before <paramref name="deliveredBefore"/> and inbox rows older than <paramref name="consumedBefore"/>.
    /// </summary>
    public static async Task Prune(NpgsqlDataSource source, DateTimeOffset deliveredBefore, DateTimeOffset consumedBefore, CancellationToken cancel)
    {
        await using var prune = source.CreateBatch();
        prune.BatchCommands.Add(new("delete from outbox_messages where delivered_at < $1") { Parameters = { new() { Value = deliveredBefore } } });
        prune.BatchCommands.Add(new("delete from inbox_messages where consumed_at < $1") { Parameters = { new() { Value = consumedBefore } } });
        await prune.ExecuteNonQueryAsync(cancel);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
}
