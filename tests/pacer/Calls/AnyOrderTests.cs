using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Law 4 and law 5: the same seeded events, in order or doubled and shuffled, give the same ledger.</summary>
public sealed class AnyOrderTests
{
    private const int Leads = 40;

    private sealed record Line(string Number, string State, string? Outcome, string? CallId, DateTimeOffset? Ringing, DateTimeOffset? Answered, DateTimeOffset? Ended, string? Digits, decimal? Price, string LeadState, int Tries, DateTimeOffset Due);

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

    private static async Task<List<Line>> Ledger(Func<IReadOnlyList<object>, IReadOnlyList<object>> order)
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, Leads);
        await node.Started(campaign);
        await node.Until(async db => await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == Leads, "every lead is dialed");
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();   // what follows is about these calls only

        var calls = node.Provider.Originated.OrderBy(p => p.Request.To, StringComparer.Ordinal).ToArray();
        List<Guid> told = [];
        foreach (var said in order([.. calls.SelectMany((call, i) => Story(call, i))]))
        {
            told.Add(Guid.NewGuid());   // new message ids: the ledger itself must cope, not only the inbox
            await node.Publish(said, told[^1]);
        }

        await node.Until(
            db => db.Database.SqlQuery<bool>($"select count(distinct message_id) = {told.Count} as \"Value\" from inbox_messages where message_id = any({told})").SingleAsync(),
            "every event is handled");

        return await node.Ask(async db =>
        {
            Assert.Equal(Leads, await db.Leads.CountAsync());
            return (await (from a in db.Attempts join l in db.Leads on a.LeadId equals l.Id orderby a.Number select new { a, l }).ToListAsync())
                .ConvertAll(x => new Line(x.a.Number, x.a.State, x.a.Outcome, x.a.ProviderCallId is null ? null : "known", x.a.RingingAt, x.a.AnsweredAt, x.a.EndedAt,
                    x.a.Digits, x.a.Price, x.l.State, x.l.Tries, x.l.State == "Waiting" ? x.l.DueAt : default));
        });
    }

    /// <summary>A quarter answers, presses a key and completes; the others are busy, do not answer, or do not exist.</summary>
    private static IEnumerable<object> Story(FakeProviders.Placed call, int index)
    {
        var at = PacerNode.Noon.AddMinutes(5).AddSeconds(index);
        var id = call.Request.AttemptId;
        yield return new CallRinging { EventId = Guid.NewGuid(), AttemptId = id, Account = "default", ProviderCallId = call.ProviderCallId, OccurredAt = at, ReceivedAt = at };
        if (index % 4 == 0)
        {
            yield return new CallAnswered { EventId = Guid.NewGuid(), AttemptId = id, Account = "default", ProviderCallId = call.ProviderCallId, OccurredAt = at.AddSeconds(8), ReceivedAt = at };
            yield return new CallDigitsPressed { EventId = Guid.NewGuid(), AttemptId = id, Account = "default", ProviderCallId = call.ProviderCallId, OccurredAt = at.AddSeconds(12), ReceivedAt = at, Digits = "1" };
        }

        string[] outcomes = [Outcomes.Completed, Outcomes.Busy, Outcomes.NoAnswer, Outcomes.InvalidNumber];
        yield return call.Ended(outcomes[index % 4], at.AddSeconds(30));
        yield return new CallDetailed { EventId = Guid.NewGuid(), AttemptId = id, CampaignId = Guid.Empty, Account = "default", ProviderCallId = call.ProviderCallId, OccurredAt = at, ReceivedAt = at, Price = 1.5m };
    }
}
