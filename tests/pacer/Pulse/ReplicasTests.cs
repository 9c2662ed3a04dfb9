using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Pulse;

/// <summary>Laws 2, 5 and 6 with eight pacers on one PostgreSQL.</summary>
public sealed class ReplicasTests
{
    [Fact]
    public async Task Laws_2_and_5_eight_pacers_give_each_lead_one_open_attempt_and_lose_none()
    {
        const int leads = 120;
        var database = await PacerNode.CreateDatabase();
        var clock = new TurnedClock(PacerNode.Noon);
        var provider = new FakeProviders(clock);
        List<PacerNode> nodes = [];
        for (var i = 0; i < 8; i++)
            nodes.Add(await PacerNode.Start(database, clock, provider, new Dictionary<string, string?> { ["Accounts:default:MaxConcurrentCalls"] = "1000" }));
        var campaign = await nodes[0].ACampaign();
        await nodes[0].WithLeads(campaign, leads);

        await nodes[0].Started(campaign);
        await nodes[0].Until(
            async db =>
            {
                var open = await db.Leads.CountAsync(l => l.State == "Waiting" || l.State == "Dialing");
                Assert.Equal(leads, open + await db.Leads.CountAsync(l => l.State != "Waiting" && l.State != "Dialing"));
                return provider.Originated.Count >= leads;
            }, "every lead is dialed");

        Assert.Equal(leads, provider.Originated.Count);
        Assert.Equal(leads, provider.Originated.Select(p => p.Request.To).Distinct().Count());
        Assert.Equal(leads, await nodes[0].Ask(db => db.Attempts.CountAsync(a => a.State != CallStates.Ended)));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Law_6_no_minute_holds_more_requests_than_the_budget_however_many_ask()
    {
        const int budget = 20;
        await using var node = await PacerNode.Start();
        var permits = node.Services.GetRequiredService<OriginateBudget>();
        var latest = node.Clock.GetUtcNow().AddHours(1);

        var slots = await Task.WhenAll(
            Enumerable.Range(0, 90).Select(_ => Task.Run(() => permits.Reserve("default", budget, latest, CancellationToken.None))));

        var inOrder = slots.Select(s => s!.Value).Order().ToArray();
        Assert.All(inOrder, start => Assert.True(inOrder.Count(s => s >= start && s < start.AddMinutes(1)) <= budget, $"more than {budget} in the minute from {start:u}"));
        Assert.Equal(budget, inOrder.Count(s => s == inOrder[0]));   // and none is wasted
    }

    [Fact]
    public async Task Law_6_no_more_calls_are_open_than_the_account_may_have()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Accounts:default:MaxConcurrentCalls"] = "7" });
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 30);

        await node.Started(campaign);
        await node.Until(
            async db =>
            {
                Assert.True(await db.Attempts.CountAsync(a => a.State != CallStates.Ended) <= 7, "more than seven calls are open");
                if (Placed(node).Length % 7 == 0 && await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == 7)
                {
                    foreach (var call in await db.Attempts.AsNoTracking().Where(a => a.State == CallStates.Submitted).ToListAsync())
                        await node.Publish(
                            Placed(node).Single(p => p.Request.AttemptId == call.CorrelationId).Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
                }

                return Placed(node).Length == 30;
            }, "every lead is dialed in turn");

        static FakeProviders.Placed[] Placed(PacerNode node) => node.Provider.Originated.ToArray();
    }
}
