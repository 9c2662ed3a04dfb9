using Npgsql;

namespace Outdial.Analytics.Agents;

/// <summary>
/// Talk that the calls tell and the agent's states do not: where the provider does not say when somebody picks up, or that word was
/// lost, an agent seems to dial until the call is over.
/// </summary>
/// <param name="Talk">How much longer the calls say it was.</param>
internal sealed record UnseenTalk(TimeSpan Talk)
{
    // What we measured ourselves adds nothing to a state that we saw.
    private static string Sql(string condition) => $"""
        with talked as (
          select attempt_id, agent_id, talk_time, talk_source from call_sums
          where agent_id is not null and {condition} and outcome is not null and talk_time > interval '0'
            and ended_at >= $2 and ended_at < $3 + interval '{Conversations.LongestCall}' and ended_at - talk_time < $3
        ), told as (
          select session_id, sequence, attempt_id, state, from_at,
                 lead(from_at) over (partition by session_id order by sequence) as to_at
          from agent_stretches where session_id in (select session_id from agent_stretches where attempt_id in (select attempt_id from talked))
        ), seen as (
          select attempt_id, sum(greatest(coalesce(to_at, from_at) - from_at, interval '0')) as lasted
          from told where state = 'OnCall' and attempt_id is not null group by attempt_id
        )
        select agent_id, sum(greatest(talk_time - coalesce(lasted, interval '0'), interval '0'))
        from talked left join seen using (attempt_id)
        where talk_source = 'told' or seen.attempt_id is null
        group by agent_id
        """;

    /// <param name="condition">Which calls, over <c>call_sums</c>; <c>$1</c> is the campaign.</param>
    /// <param name="from">Conversations that lasted at this instant or later.</param>
    /// <param name="to">Conversations that began before.</param>
    public static async Task<Dictionary<Guid, UnseenTalk>> ByAgentAsync(
        NpgsqlConnection connection, string condition, Guid campaignId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql(condition), connection)
        {
            Parameters = { new() { Value = campaignId }, new() { Value = from.UtcDateTime }, new() { Value = to.UtcDateTime } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var unseen = new Dictionary<Guid, UnseenTalk>();
        while (await reader.ReadAsync(cancel))
            unseen[reader.GetGuid(0)] = new(reader.GetTimeSpan(1));
        return unseen;
    }
}
