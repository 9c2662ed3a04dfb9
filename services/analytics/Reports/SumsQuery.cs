using Npgsql;
using Outdial.Analytics.Data;

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
          case when count(price) > 0 or count(*) filter (where outcome is not null and dialed) = 0 then coalesce(sum(price), 0) end as cost,
          count(*) filter (where outcome is not null and dialed and price is null) as without_price,
          count(*) filter (where talk_source = 'seen') as talk_seen,
          count(*) filter (where talk_source = 'unknown' and dialed) as talk_unknown
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
            rows.Add(Read(new(reader)));
        return rows;
    }

    private static Row Read(RowCursor row) => new(
        row.Text(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull(), row.NumberOrNull(), row.NumberOrNull(), row.TextOrNull(), row.FlagOrNull(),
        new()
        {
            Attempts = row.Count(),
            Open = row.Count(),
            Refused = row.Count(),
            Dialed = row.Count(),
            Completed = row.Count(),
            TalkTime = row.Time(),
            Cost = row.AmountOrNull(),
            WithoutPrice = row.Count(),
            TalkSeen = row.Count(),
            TalkUnknown = row.Count(),
        });
}
