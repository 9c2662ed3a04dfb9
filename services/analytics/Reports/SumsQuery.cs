using Npgsql;

namespace Outdial.Analytics.Reports;

/// <summary>Every section of the report in one pass over the campaign's rows.</summary>
internal static class SumsQuery
{
    private const string Sql = """
        select
          case when grouping(circle_match) = 0 then 'match' when grouping(circle) = 0 then 'circle'
               when grouping(caller_id) = 0 then 'callerId' when grouping(local_hour) = 0 then 'hour'
               when grouping(attempt_number) = 0 then 'attempt' when grouping(dialed) = 0 then 'outcome' else 'total' end as section,
          circle, circle_match, caller_id, local_hour, attempt_number, outcome, dialed,
          count(*) as attempts,
          count(*) filter (where outcome is null) as open,
          count(*) filter (where outcome is not null and not dialed) as refused,
          count(*) filter (where outcome is not null and dialed) as dialed_attempts,
          count(*) filter (where outcome = 'Completed' and dialed) as completed,
          coalesce(sum(talk_time), interval '0') as talk_time,
          coalesce(sum(price), 0) as cost,
          count(*) filter (where outcome is not null and dialed and price is null) as without_price
        from call_sums
        where campaign_id = $1
        group by grouping sets
          ((), (circle), (circle, circle_match), (caller_id), (local_hour), (attempt_number), (outcome, dialed))
        """;

    /// <summary>One row of the pass: which section it belongs to, what it is grouped by, and its sums.</summary>
    public sealed record Row(
        string Section, string? Circle, string? Match, string? CallerId, int? Hour, int? AttemptNumber, string? Outcome, bool? Dialed, Sums Sums);

    public static async Task<IReadOnlyList<Row>> RunAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = campaignId } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancel))
            rows.Add(new Row(
                reader.GetString(0), Text(reader, 1), Text(reader, 2), Text(reader, 3), Number(reader, 4), Number(reader, 5), Text(reader, 6),
                reader.IsDBNull(7) ? null : reader.GetBoolean(7), ReadSums(reader)));
        return rows;
    }

    private static Sums ReadSums(NpgsqlDataReader reader) => new()
    {
        Attempts = reader.GetInt64(8),
        Open = reader.GetInt64(9),
        Refused = reader.GetInt64(10),
        Dialed = reader.GetInt64(11),
        Completed = reader.GetInt64(12),
        TalkTime = reader.GetTimeSpan(13),
        Cost = reader.GetDecimal(14),
        WithoutPrice = reader.GetInt64(15),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static int? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Convert.ToInt32(reader.GetValue(column));
}
