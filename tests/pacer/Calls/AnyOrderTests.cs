using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Law 4 and law 5: the same seeded events, in order or doubled and shuffled, give the same ledger.</summary>
public sealed class AnyOrderTests
{
    private const int Leads = 40;

    private sealed record Line(string Number, string State, string? Outcome, string? CallId, DateTimeOffset? Ringing, DateTimeOffset? Answered,
        DateTimeOffset? Ended, string? Digits, decimal? Price, string LeadState, int Tries, DateTimeOffset Due);

    [Theory, InlineData(1), InlineData(2)]
    public async Task Laws_4_and_5_events_doubled_and_shuffled_give_the_ledger_of_events_in_order(int seed)
    {
        var inOrder = await Ledger(events => events);
        var random = new Random(seed);
        var shuffled = await Ledger(events =>
        {
            var twice = events.Concat(events).ToArray();
            random.Shuffle(twice);
            return twice;
        });

        Assert.Equal(Leads, inOrder.Count);
        Assert.Equal(inOrder, shuffled);
    }

    private sealed record PowerLine(
        string Number, string State, string? Outcome, string? Source, DateTimeOffset? Answered, DateTimeOffset? Queued, DateTimeOffset? Dequeued,
        DateTimeOffset? Connected, DateTimeOffset? Doubted, DateTimeOffset? Ended, TimeSpan? TalkTime, Guid? Agent, bool Dropped, string LeadState,
        int Tries, DateTimeOffset Due);

    private static readonly Guid Agent = Guid.NewGuid();

    [Theory, InlineData(3), InlineData(4)]
    public async Task Laws_4_and_5_the_events_of_customers_and_their_agents_give_the_same_ledger_in_any_order(int seed)
    {
        var inOrder = await PowerLedger(events => events);
        var random = new Random(seed);
        var shuffled = await PowerLedger(events =>
        {
            var twice = events.Concat(events).ToArray();
            random.Shuffle(twice);
            return twice;
        });

        Assert.Equal(PowerLeads, inOrder.Count);
        Assert.Equal(inOrder, shuffled);
        // each story ends in its own way
        Assert.Equal(6, inOrder.Select(l => (l.State, l.Outcome, l.Dropped, l.Doubted is null)).Distinct().Count());
    }

    private const int PowerLeads = 18;

    private static async Task<List<PowerLine>> PowerLedger(Func<IReadOnlyList<object>, IReadOnlyList<object>> order)
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(PowerLeads, agents: PowerLeads / 2);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        foreach (var call in calls)
            node.Provider.Record(call, "listed", null);   // who is looked up is still there

        await Tell(node, order([.. calls.SelectMany(PowerStory)]));

        return await node.Ask(async db =>
            (await (from a in db.Attempts join l in db.Leads on a.LeadId equals l.Id orderby a.Number select new { a, l }).AsNoTracking()
                .ToListAsync())
                .ConvertAll(x => new PowerLine(
                    x.a.Number, x.a.State, x.a.Outcome, x.a.Source, x.a.AnsweredAt, x.a.QueuedAt, x.a.DequeuedAt, x.a.ConnectedAt,
                    x.a.ProvisionalEndedAt, x.a.EndedAt,
                    x.a.TalkTime, x.a.AgentId, x.a.Dropped, x.l.State, x.l.Tries, x.l.State == "Waiting" ? x.l.DueAt : default)));
    }

    /// <summary>Talked; talked and said to be over in doubt; connected too late; waits and is in doubt; hung up waiting; did not answer.</summary>
    private static IEnumerable<object> PowerStory(FakeProviders.Placed call, int index)
    {
        var at = PacerNode.Noon.AddMinutes(10).AddSeconds(index);
        var story = index % 6;
        if (story == 5)
        {
            yield return call.Ended(Outcomes.NoAnswer, at.AddSeconds(30));
            yield break;
        }

        yield return call.Answered(at);
        yield return call.Queued(at.AddMilliseconds(200));
        if (story <= 2)
        {
            var heard = at.AddSeconds(story == 2 ? 9 : 1);
            yield return call.Dequeued(heard);
            yield return call.Connected(heard);
            yield return call.Connected(heard, Agent);
        }

        yield return story switch
        {
            0 or 2 => call.Talked(at.AddSeconds(40)),
            1 or 3 => call.Declined(at.AddSeconds(40)),
            _ => call.Ended(Outcomes.Abandoned, at.AddSeconds(12)),
        };
    }

    private static async Task<List<Line>> Ledger(Func<IReadOnlyList<object>, IReadOnlyList<object>> order)
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, Leads);
        await node.Started(campaign);
        await node.Until(async db => await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == Leads, "every lead is dialed");
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();   // what follows is about these calls only

        var calls = node.Provider.Originated.OrderBy(p => p.Request.To, StringComparer.Ordinal).ToArray();
        await Tell(node, order([.. calls.SelectMany((call, i) => Story(call, i))]));

        return await node.Ask(async db =>
        {
            Assert.Equal(Leads, await db.Leads.CountAsync());
            return (await (from a in db.Attempts join l in db.Leads on a.LeadId equals l.Id orderby a.Number select new { a, l }).ToListAsync())
                .ConvertAll(x =>
                    new Line(x.a.Number, x.a.State, x.a.Outcome, x.a.ProviderCallId is null ? null : "known", x.a.RingingAt, x.a.AnsweredAt, x.a.EndedAt,
                    x.a.Digits, x.a.Price, x.l.State, x.l.Tries, x.l.State == "Waiting" ? x.l.DueAt : default));
        });
    }

    private static async Task Tell(PacerNode node, IReadOnlyList<object> events)
    {
        List<Guid> told = [];
        foreach (var said in events)
        {
            told.Add(Guid.NewGuid());   // new message ids: the ledger itself must cope, not only the inbox
            await node.Publish(said, told[^1]);
        }

        await node.Until(
            db => db.Database.SqlQuery<bool>($"select count(distinct message_id) = {told.Count} as \"Value\" from inbox_messages where message_id = any({told})").SingleAsync(),
            "every event is handled");
    }

    /// <summary>A quarter answers, presses a key and completes; the others are busy, do not answer, or do not exist.</summary>
    private static IEnumerable<object> Story(FakeProviders.Placed call, int index)
    {
        var at = PacerNode.Noon.AddMinutes(5).AddSeconds(index);
        var id = call.Request.AttemptId;
        yield return new CallRinging
        {
            EventId = Guid.NewGuid(),
            AttemptId = id,
            Account = "default",
            ProviderCallId = call.ProviderCallId,
            OccurredAt = at,
            ReceivedAt = at
        };
        if (index % 4 == 0)
        {
            yield return new CallAnswered
            {
                EventId = Guid.NewGuid(),
                AttemptId = id,
                Account = "default",
                ProviderCallId = call.ProviderCallId,
                OccurredAt = at.AddSeconds(8),
                ReceivedAt = at
            };
            yield return new CallDigitsPressed
            {
                EventId = Guid.NewGuid(),
                AttemptId = id,
                Account = "default",
                ProviderCallId = call.ProviderCallId,
                OccurredAt = at.AddSeconds(12),
                ReceivedAt = at,
                Digits = "1"
            };
        }

        string[] outcomes = [Outcomes.Completed, Outcomes.Busy, Outcomes.NoAnswer, Outcomes.InvalidNumber];
        yield return call.Ended(outcomes[index % 4], at.AddSeconds(30));
        yield return new CallDetailed
        {
            EventId = Guid.NewGuid(),
            AttemptId = id,
            CampaignId = Guid.Empty,
            Account = "default",
            ProviderCallId = call.ProviderCallId,
            OccurredAt = at,
            ReceivedAt = at,
            Price = 1.5m
        };
    }
}
