using Npgsql;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Waiting;

/// <summary>Adds up the answered calls of one campaign with agents.</summary>
internal static class AnsweredQuery
{
    private static readonly string Sql = $"""
        with ended as (
          select *, answered_at is not null or outcome in ('Completed', 'MachineAnswered', 'Abandoned') as answered,
                 {Conversations.Connected} as connected,
                 outcome = 'MachineAnswered' or coalesce(answered_by, '') ~* '{AnsweredBy.Machines}' as machine,
                 greatest(coalesce(connected_at, ended_at) - queued_at, interval '0') as waited
          from call_sums
          where campaign_id = $1 and mode not in ('notification', 'triggered') and outcome is not null and dialed
        )
        select count(*), count(*) filter (where answered), count(*) filter (where answered and machine),
               count(*) filter (where answered and connected), count(*) filter (where dropped),
               {Waits("queued_at is not null and connected")}, {Waits("queued_at is not null and not connected")}
        from ended
        """;

    /// <returns>Null when no attempt of the campaign was for an agent.</returns>
    public static async Task<AnsweredCalls?> RunAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = campaignId } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetInt64(0) == 0 ? null : new AnsweredCalls
        {
            Answered = reader.GetInt64(1),
            Machines = reader.GetInt64(2),
            Connected = reader.GetInt64(3),
            Dropped = reader.GetInt64(4),
            WaitOfConnected = Times(new(reader, 5)),
            WaitOfAbandoned = Times(new(reader, 10)),
        };
    }

    private static string Waits(string condition) => $"""
        count(*) filter (where {condition}),
        date_trunc('milliseconds', avg(waited) filter (where {condition})),
        percentile_disc(0.5) within group (order by waited) filter (where {condition}),
        percentile_disc(0.95) within group (order by waited) filter (where {condition}),
        max(waited) filter (where {condition})
        """;

    private static QueueTimes Times(RowCursor row) => new(row.Count(), row.TimeOrNull(), row.TimeOrNull(), row.TimeOrNull(), row.TimeOrNull());
}
