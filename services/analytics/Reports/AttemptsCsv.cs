using System.Runtime.CompilerServices;
using Npgsql;
using Outdial.Analytics.Data;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Every attempt of a campaign, one line each, without any telephone number. Streamed: memory does not grow with the campaign.</summary>
internal sealed class AttemptsCsv(ServiceDatabase<AnalyticsDbContext> database)
{
    private static readonly string[] Columns =
    [
        "attempt_id", "lead_id", "attempt_number", "circle", "caller_id_circle", "circle_match", "started_at", "answered_at", "ended_at",
        "outcome", "dialed", "source", "time_zone", "local_hour", "talk_time", "duration", "price",
        "mode", "answered_by", "queued_at", "connected_at", "agent_id", "dropped", "talk_source",
    ];

    private static readonly CsvLine Header = CsvLine.Of(
        "attemptId", "leadId", "attemptNumber", "circle", "callerIdCircle", "circleMatch", "startedAt", "answeredAt", "endedAt",
        "outcome", "dialed", "source", "timeZone", "hour", "talkSeconds", "durationSeconds", "price",
        "mode", "answeredBy", "queuedAt", "connectedAt", "agentId", "dropped", "talkSource");

    /// <summary>Lines in the order in which the attempts were started.</summary>
    public async IAsyncEnumerable<CsvLine> LinesAsync(Guid campaignId, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"select {string.Join(", ", Columns)} from call_sums where campaign_id = $1 order by started_at, attempt_id", connection)
        {
            Parameters = { new() { Value = campaignId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);

        yield return Header;
        while (await reader.ReadAsync(cancel))
            yield return CsvLine.Of([.. Enumerable.Range(0, Columns.Length).Select(column => Field(reader, column))]);
    }

    private static object? Field(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null
        : reader.GetFieldType(column) == typeof(DateTime) ? reader.GetFieldValue<DateTimeOffset>(column)
        : reader.GetValue(column);
}
