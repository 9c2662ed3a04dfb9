using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Agents;

/// <summary>Seeded sessions of agents, their events shuffled, some of them twice and some of them lost.</summary>
internal sealed class Shift
{
    private static readonly string[] Between = [AgentStates.Ready, AgentStates.Paused];
    private static readonly string[] WithLead = [AgentStates.Previewing, AgentStates.Dialing, AgentStates.OnCall, AgentStates.WrapUp];

    public Shift(int seed, IReadOnlyList<Guid> campaigns, int sessions)
    {
        var random = new Random(seed);
        Told = [.. Enumerable.Range(0, sessions).SelectMany(n => Session(random, campaigns, agent: n % (sessions / 2)))
            .Where(_ => random.Next(20) > 0)];
        var deliveries = Told.Concat(Told.Where(_ => random.Next(4) == 0)).ToArray();
        random.Shuffle(deliveries);
        Deliveries = deliveries;
    }

    /// <summary>What arrived at all, each once.</summary>
    public IReadOnlyList<AgentStateChanged> Told { get; }

    public IReadOnlyList<AgentStateChanged> Deliveries { get; }

    /// <summary>The report's figures, reckoned second by second: of whom, in which state, for whom.</summary>
    /// <param name="campaign">Null: whatever the campaign.</param>
    /// <param name="from">The first second that counts.</param>
    /// <param name="to">The first that does not count any more.</param>
    /// <param name="now">An open stretch lasts up to here.</param>
    public Dictionary<(Guid Agent, string State), int> Recount(Guid? campaign, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var seconds = new Dictionary<(Guid, string), int>();
        foreach (var session in Told.GroupBy(told => told.SessionId))
        {
            var inOrder = session.OrderBy(told => told.Sequence).ToList();
            for (var second = inOrder[0].OccurredAt; second < now && second < to; second = second.AddSeconds(1))
            {
                var state = inOrder.Last(told => told.OccurredAt <= second);
                var counts = second >= from && state.State != AgentStates.Ended && IsFor(state, campaign);
                if (counts)
                    seconds[(state.AgentId, state.State)] = seconds.GetValueOrDefault((state.AgentId, state.State)) + 1;
            }
        }
        return seconds;
    }

    /// <summary>Conversations that began in the time, by agent.</summary>
    public Dictionary<Guid, int> Calls(Guid? campaign, DateTimeOffset from, DateTimeOffset to) => Told
        .Where(told => told.State == AgentStates.OnCall && IsFor(told, campaign) && told.OccurredAt >= from && told.OccurredAt < to)
        .GroupBy(told => told.AgentId).ToDictionary(group => group.Key, group => group.Select(told => told.AttemptId).Distinct().Count());

    private static bool IsFor(AgentStateChanged told, Guid? campaign) =>
        campaign is null || told.CampaignId == campaign || (told.CampaignId is null && told.Campaigns.Contains(campaign.Value));

    private static IEnumerable<AgentStateChanged> Session(Random random, IReadOnlyList<Guid> campaigns, int agent)
    {
        var session = Guid.NewGuid();
        var works = random.Next(3) == 0 ? campaigns : [campaigns[random.Next(campaigns.Count)]];
        var (at, sequence) = (Tests.Told.Noon.AddSeconds(random.Next(600)), 0L);
        yield return Next(AgentStates.CallingAgent, null, null);
        for (var lead = 0; lead < random.Next(3, 8); lead++)
        {
            yield return Next(Between[random.Next(Between.Length)], null, null);
            var (campaign, attempt) = (works[random.Next(works.Count)], Guid.NewGuid());
            foreach (var state in WithLead.Where(_ => random.Next(4) > 0))
                yield return Next(state, campaign, attempt);
        }
        if (random.Next(4) > 0)
            yield return Next(AgentStates.Ended, null, null);

        AgentStateChanged Next(string state, Guid? campaign, Guid? attempt)
        {
            at = at.AddSeconds(random.Next(0, 60));
            return Tests.Told.Agent(session, ++sequence, state, at) with
            {
                AgentId = new Guid(agent + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
                AgentName = $"agent {agent:00}",
                Campaigns = works,
                CampaignId = campaign,
                AttemptId = attempt,
            };
        }
    }
}
