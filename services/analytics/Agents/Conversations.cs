using Npgsql;

namespace Outdial.Analytics.Agents;

/// <summary>
/// With how many people each agent talked. Of calls that are over the attempts' rows decide, the same that the campaign's report adds up, or the two
/// would differ; of those that go on, and of callers, the agents' states.
/// </summary>
internal static class Conversations
{
    /// <summary>Said of an attempt that is over: it reached an agent, also where no event of its own told when.</summary>
    internal const string Connected = "(connected_at is not null or outcome = 'Completed')";

    /// <summary>Longer than any call: what began on a day is looked for among the ends up to here.</summary>
    internal const string LongestCall = "1 day";

    internal static string Sql(string facts, string stretches) => $"""
        with seen as (
          select agent_id, attempt_id, from_at from agent_stretches where {stretches} and state = 'OnCall' and from_at < $3
        ), over as (
          select attempt_id, agent_id from call_sums
          where {facts} and outcome is not null and dialed and mode not in ('notification', 'triggered') and {Connected}
            and ended_at >= $2 and ended_at < $3 + interval '{LongestCall}' and coalesce(connected_at, ended_at - talk_time, ended_at) >= $2
            and coalesce(connected_at, ended_at - talk_time, ended_at) < $3
        ), talks as (
          select coalesce(over.agent_id, (select agent_id from seen where seen.attempt_id = over.attempt_id order by from_at limit 1)) as agent_id
          from over
          union all
          select agent_id from (
            select distinct agent_id, attempt_id from seen
            where from_at >= $2 and attempt_id is not null
              and not exists (select from call_facts where call_facts.attempt_id = seen.attempt_id and outcome is not null)) as going_on
          union all
          select agent_id from seen where from_at >= $2 and attempt_id is null
        )
        select agent_id, count(*) from talks group by agent_id
        """;

    /// <param name="facts">Which attempts, over <c>call_sums</c>; <c>$1</c> is the campaign.</param>
    /// <param name="stretches">Which stretches, over <c>agent_stretches</c>.</param>
    /// <param name="from">Conversations that began at this instant or later.</param>
    /// <param name="to">Not those that began then or later.</param>
    /// <returns>By agent; of nobody (<see cref="Guid.Empty"/>) those of which it is not known with whom.</returns>
    public static async Task<Dictionary<Guid, long>> ByAgentAsync(
        NpgsqlConnection connection, string facts, string stretches, Guid campaignId, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql(facts, stretches), connection)
        {
            Parameters = { new() { Value = campaignId }, new() { Value = from.UtcDateTime }, new() { Value = to.UtcDateTime } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var calls = new Dictionary<Guid, long>();
        while (await reader.ReadAsync(cancel))
            calls[reader.IsDBNull(0) ? Guid.Empty : reader.GetGuid(0)] = reader.GetInt64(1);
        return calls;
    }
}
