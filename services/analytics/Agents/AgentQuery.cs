using Npgsql;
using NpgsqlTypes;
using Outdial.Analytics.Data;
using Outdial.Platform;

namespace Outdial.Analytics.Agents;

/// <summary>Adds up the stretches of agents' sessions, for one campaign or for a stretch of time.</summary>
internal sealed class AgentQuery(ServiceDatabase<AnalyticsDbContext> database, TimeProvider clock)
{
    private const string SessionsOfACampaign = """
        select session_id from agent_stretches where campaign_id = $1 union
        select session_id from agent_stretches where campaigns @> array[$1]
        """;

    /// <summary>A session of more than a month is one that was forgotten.</summary>
    private const string SessionsOfATime = """
        select session_id from agent_sessions
        where first_at < $3 and first_at > $2 - interval '31 days' and (ended_at is null or ended_at > $2)
        """;

    /// <summary>Stretches of sessions that were there in the time: a report of one day reads no other's.</summary>
    internal const string OfTheTime = $"session_id in ({SessionsOfATime})";

    private const string OfTheCampaign = "(campaign_id = $1 or (campaign_id is null and campaigns @> array[$1]))";
    private const string Everything = "true";

    // A next row may begin before this one where two machines' clocks differ: then it lasted no time.
    private static string Sql(string sessions, string condition) => $"""
        with stretches as (
          select session_id, agent_id, state, campaign_id, campaigns, attempt_id, from_at,
                 coalesce(lead(from_at) over (partition by session_id order by sequence), $4) as to_at,
                 first_value(agent_name) over newest as name, first_value(state) over newest as last_state
          from agent_stretches where session_id in ({sessions})
          window newest as (partition by agent_id order by from_at desc, sequence desc)
        ), cut as (
          select *, greatest(least(to_at, $3) - greatest(from_at, $2), interval '0') as lasted
          from stretches where from_at < $3 and {condition}
        )
        select agent_id, min(name), min(last_state),
               count(distinct session_id) filter (where state <> 'Ended'),
               {Time("state <> 'Ended'")}, {Time("state = 'OnCall'")}, {Time("state = 'WrapUp'")}, {Time("state in ('Ready', 'Resting')")},
               {Time("state = 'Dialing'")}, {Time("state = 'Previewing'")}, {Time("state = 'Paused'")}, {Time("state = 'CallingAgent'")}
        from cut
        where from_at >= $2 or to_at > $2
        group by grouping sets ((), (agent_id))
        """;

    /// <summary>All agents who were there for a campaign, from its beginning.</summary>
    public async Task<AgentReport> OfCampaignAsync(Guid campaignId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await OfCampaignAsync(connection, campaignId, clock.GetUtcNow(), cancel);
    }

    internal static Task<AgentReport> OfCampaignAsync(NpgsqlConnection connection, Guid campaignId, DateTimeOffset now, CancellationToken cancel) =>
        RunAsync(connection, Sql(SessionsOfACampaign, OfTheCampaign), "campaign_id = $1", OfTheCampaign, campaignId, null, null, now, cancel);

    /// <summary>All agents who were signed in between two instants, the first included.</summary>
    public async Task<AgentReport> OfTimeAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await RunAsync(connection, Sql(SessionsOfATime, Everything), Everything, OfTheTime, Guid.Empty, from, to, clock.GetUtcNow(), cancel);
    }

    private static async Task<AgentReport> RunAsync(
        NpgsqlConnection connection, string sql, string facts, string stretches, Guid campaignId, DateTimeOffset? from, DateTimeOffset? to,
        DateTimeOffset now, CancellationToken cancel)
    {
        var (begin, end) = (from?.ToUniversalTime() ?? DateTimeOffset.UnixEpoch, to?.ToUniversalTime() is { } asked && asked < now ? asked : now);
        var unseen = await UnseenTalk.ByAgentAsync(connection, facts, campaignId, begin, end, cancel);
        var calls = await Conversations.ByAgentAsync(connection, facts, stretches, campaignId, begin, end, cancel);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = campaignId }, Instant(begin), Instant(end), Instant(now) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var (lines, totals) = (new List<AgentLine>(), (AgentTimes?)null);
        while (await reader.ReadAsync(cancel))
        {
            var times = Times(new(reader, 3));
            if (reader.IsDBNull(0))
                totals = times;
            else
                lines.Add(Line(reader, times));
        }
        lines.RemoveAll(line => line.Sessions == 0);
        foreach (var (line, i) in lines.Select((line, i) => (line, i)).ToList())
        {
            lines[i] = line with { Calls = calls.GetValueOrDefault(line.AgentId) };
            if (unseen.TryGetValue(line.AgentId, out var more))
                lines[i] = (AgentLine)lines[i].With(more);
            totals = totals!.Less(line).Plus(lines[i]);
        }
        return new AgentReport
        {
            From = from,
            To = to,
            AsOf = now,
            CallsWithoutAgent = calls.Values.Sum() - totals!.Calls,
            Totals = totals,
            Agents = [.. lines.OrderBy(line => line.Name, StringComparer.Ordinal).ThenBy(line => line.AgentId)],
        };
    }

    private static AgentTimes Times(RowCursor row) => new()
    {
        Sessions = row.Count(),
        SignedIn = row.Time(),
        Talk = row.Time(),
        WrapUp = row.Time(),
        Idle = row.Time(),
        Dialing = row.Time(),
        Previewing = row.Time(),
        Paused = row.Time(),
        Calling = row.Time(),
        Calls = 0,   // see Conversations
    };

    private static AgentLine Line(NpgsqlDataReader reader, AgentTimes times) => new()
    {
        AgentId = reader.GetGuid(0),
        Name = reader.GetString(1),
        State = reader.GetString(2),
        Sessions = times.Sessions,
        SignedIn = times.SignedIn,
        Talk = times.Talk,
        WrapUp = times.WrapUp,
        Idle = times.Idle,
        Dialing = times.Dialing,
        Previewing = times.Previewing,
        Paused = times.Paused,
        Calling = times.Calling,
        Calls = times.Calls,
    };

    private static string Time(string condition) => $"coalesce(sum(lasted) filter (where {condition}), interval '0')";

    private static NpgsqlParameter Instant(DateTimeOffset instant) => new() { Value = instant, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
