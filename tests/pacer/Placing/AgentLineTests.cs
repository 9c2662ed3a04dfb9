using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Placing;

/// <summary>An agent's phone is rung once for a line, whatever is delivered how often.</summary>
public sealed class AgentLineTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Accounts:default:AgentFlow"] = "777",
        ["Accounts:default:AgentCallerId"] = "+918040000009",
    };

    private static OpenAgentLine ALine(PacerNode node) => new()
    {
        LineId = Guid.NewGuid(),
        SessionId = Guid.NewGuid(),
        AgentId = Guid.NewGuid(),
        Account = "default",
        AgentNumber = "+919825099001",
        ExpiresAt = node.Clock.GetUtcNow().AddMinutes(5),
    };

    [Fact]
    public async Task A_line_is_opened_with_the_accounts_flow_and_number_and_reports_to_its_own_address()
    {
        await using var node = await PacerNode.Start(settings: Settings);
        var order = ALine(node);
        string? state = null;
        node.Provider.Answer = async (request, _) =>
        {
            state = await node.Ask(db => db.AgentLines.AsNoTracking().Where(l => l.LineId == request.AttemptId).Select(l => l.State).SingleAsync());
            return null;
        };

        await node.Publish(order);
        await Eventually.Async(() => node.Router.All<AgentLineOpened>().Count == 1);

        var request = node.Provider.Originated.Single().Request;
        Assert.Equal((order.LineId, "+919825099001", "+918040000009", "777"), (request.AttemptId, request.To, request.CallerId, request.Flow));
        Assert.EndsWith("/line", request.StatusCallback.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(AgentLineStates.Submitting, state);   // committed before the provider hears of it
        Assert.Equal((order.LineId, "sid-1"), node.Router.All<AgentLineOpened>().Select(o => (o.LineId, o.ProviderCallId)).Single());
    }

    [Fact]
    public async Task Two_deliveries_at_once_make_one_request_and_both_are_answered_with_its_result()
    {
        var database = await PacerNode.CreateDatabase();
        var clock = new TurnedClock(PacerNode.Noon);
        var (provider, router) = (new FakeProviders(clock), new FakeRouter(clock));
        await using var one = await PacerNode.Start(database, clock, provider, Settings, router);
        await using var other = await PacerNode.Start(database, clock, provider, Settings, router);
        var answer = clock.Hold();
        provider.Answer = async (_, _) =>
        {
            await answer.Wait();
            return null;
        };
        var order = ALine(one);

        await Task.WhenAll(one.Publish(order), other.Publish(order));
        await answer.Reached;
        answer.Open();
        await one.Until(_ => Task.FromResult(router.All<AgentLineOpened>().Count == 2), "both are answered");

        Assert.Single(provider.Originated);
        Assert.Empty(router.All<AgentLineFailed>());
    }

    [Fact]
    public async Task A_line_whose_process_died_is_not_opened_again_and_nobody_knows_whether_it_rings()
    {
        await using var node = await PacerNode.Start(settings: Settings);
        var order = ALine(node);
        await node.Ask(async db =>
        {
            db.AgentLines.Add(new()
            {
                LineId = order.LineId,
                SessionId = order.SessionId,
                AgentId = order.AgentId,
                Account = "default",
                State = AgentLineStates.Submitting,
                SubmittedAt = node.Clock.GetUtcNow(),
            });
            return await db.SaveChangesAsync();
        });

        await node.Publish(order);
        await node.Until(_ => Task.FromResult(node.Router.All<AgentLineFailed>().Count == 1), "it is told", TimeSpan.FromSeconds(10));

        Assert.False(node.Router.All<AgentLineFailed>().Single().Certain);
        Assert.Empty(node.Provider.Originated);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_refusal_is_certain_and_a_lost_answer_is_not(bool refused)
    {
        await using var node = await PacerNode.Start(settings: Settings);
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(
            refused ? new OriginateResult.Refused(Outcomes.ProviderError, "no credit", 402, null, true, true) : new OriginateResult.Uncertain("cut", null));

        await node.Publish(ALine(node));
        await Eventually.Async(() => node.Router.All<AgentLineFailed>().Count == 1);

        Assert.Equal((refused, refused ? "no credit" : "cut"), node.Router.All<AgentLineFailed>().Select(f => (f.Certain, f.Reason)).Single());
    }

    [Fact]
    public async Task A_line_that_expired_or_has_no_flow_is_certainly_not_opened()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Accounts:default:AgentFlow"] = null });

        await node.Publish(ALine(node));
        await node.Publish(ALine(node) with { Flow = "777", CallerId = "+918040000009", ExpiresAt = node.Clock.GetUtcNow() });
        await Eventually.Async(() => node.Router.All<AgentLineFailed>().Count == 2);

        Assert.All(node.Router.All<AgentLineFailed>(), f => Assert.True(f.Certain));
        Assert.Contains(node.Router.All<AgentLineFailed>(), f => f.Reason.Contains("AgentFlow", StringComparison.Ordinal));
        Assert.Empty(node.Provider.Originated);
    }

    [Fact]
    public async Task Law_6_lines_and_calls_together_never_exceed_the_accounts_concurrent_calls()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?>(Settings) { ["Accounts:default:MaxConcurrentCalls"] = "3" });
        var orders = Enumerable.Range(0, 5).Select(_ => ALine(node) with { ExpiresAt = node.Clock.GetUtcNow().AddSeconds(30) }).ToList();

        await Task.WhenAll(orders.Select(order => node.Publish(order)));
        await node.Until(_ => Task.FromResult(node.Router.All<AgentLineFailed>().Count == 2), "two lines find no place");

        Assert.Equal(3, node.Provider.Originated.Count);
        Assert.All(node.Router.All<AgentLineFailed>(), f => Assert.Equal((true, "all 3 concurrent calls of the account are in use"), (f.Certain, f.Reason)));
    }

    [Fact]
    public async Task Law_6_agents_lines_take_places_of_the_customers_that_are_called_first()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?>(Settings) { ["Accounts:default:MaxConcurrentCalls"] = "5" });
        for (var agent = 0; agent < 2; agent++)
        {
            var order = ALine(node);
            await node.Publish(node.Router.SignsIn(order.SessionId, Guid.NewGuid(), state: AgentStates.OnCall));
            await node.Publish(order);
        }
        await node.Until(_ => Task.FromResult(node.Router.All<AgentLineOpened>().Count == 2), "two lines are open");
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 10);

        await node.Started(campaign);
        await node.Until(db => db.Decisions.AnyAsync(d => d.Code == "Concurrency" && d.Calls == 0), "the account is full");

        Assert.Equal(3, await node.Ask(db => db.Attempts.CountAsync()));
    }
}
