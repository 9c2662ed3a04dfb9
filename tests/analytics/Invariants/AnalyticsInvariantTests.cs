using Outdial.Analytics.Invariants;
using Outdial.Contracts;
using Outdial.Testing;
using static Outdial.Analytics.Tests.Invariants.FactRows;
using static Outdial.Testing.InvariantRig;

namespace Outdial.Analytics.Tests.Invariants;

/// <summary>Every monitor of the facts sees what it is there to see, and nothing beside it.</summary>
public sealed class AnalyticsInvariantTests(FactRows rows) : IClassFixture<FactRows>
{
    private static readonly object Dropped = new { Outcome = Outcomes.Abandoned, Dropped = true };

    private static readonly InvariantCases<FactRows> Cases = new(AnalyticsInvariants.All)
    {
        ["abandoned-while-agent-idle"] = async rows =>
        {
            var (idle, freed, busy, came, left, others) =
                (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
            await rows.Agent(idle, (AgentStates.Ready, 30));
            await rows.Agent(freed, (AgentStates.OnCall, 30), (AgentStates.WrapUp, 7), (AgentStates.Ready, 6), (AgentStates.Dialing, 3));
            await rows.Agent(busy, (AgentStates.Ready, 30), (AgentStates.OnCall, 6));
            await rows.Agent(came, (AgentStates.Paused, 30), (AgentStates.Ready, 4.5));
            await rows.Agent(left, (AgentStates.Ready, 30), (AgentStates.Dialing, 4.5));
            var (skilled, unskilled, untold) = (await rows.Asking("tamil"), await rows.Asking("tamil"), await rows.Asking("tamil"));
            await rows.Agent(skilled, ["hindi", "tamil"], (AgentStates.Ready, 30));
            await rows.Agent(unskilled, ["hindi"], (AgentStates.Ready, 30));
            await rows.Agent(untold, (AgentStates.Ready, 30));
            var dropped = new[] { await rows.Call(idle, Dropped), await rows.Call(freed, Dropped), await rows.Call(skilled, Dropped) };
            foreach (var campaign in new[] { busy, came, left, others, unskilled, untold })
                await rows.Call(campaign, Dropped);
            await rows.Call(idle);   // somebody talked to
            await rows.Call(idle, Merged(Dropped, new { EndedAt = Ago(5) }));   // gone at once
            await rows.Call(idle, Merged(Dropped, new { RecordedAt = Ago(61) }));   // told an hour long
            return [.. dropped];
        },
        ["ended-before-it-began"] = async rows =>
        {
            var campaign = Guid.NewGuid();
            var backwards = await rows.Call(campaign, new { EndedAt = Ago(6) });
            await rows.Call(campaign);
            await rows.Call(campaign, new { EndedAt = Ago(5) });
            await rows.Call(campaign, new { AnsweredAt = (DateTimeOffset?)null, EndedAt = Ago(6) });
            await rows.Call(campaign, new { EndedAt = Ago(6), RecordedAt = Ago(61) });
            var sooner = await rows.Call(campaign, new { StartedAt = Ago(4), AnsweredAt = (DateTimeOffset?)null, EndedAt = Ago(334) });
            var answered = await rows.Call(campaign, new { StartedAt = Ago(5), AnsweredAt = Ago(6), EndedAt = Ago(1) });
            var unconnected = await rows.Call(campaign, new { ConnectedAt = Ago(1), EndedAt = Ago(2) });
            return [backwards, sooner, answered, unconnected];
        },
        ["negative-duration"] = async rows =>
        {
            var campaign = Guid.NewGuid();
            var talk = await rows.Call(campaign, new { TalkTime = TimeSpan.FromSeconds(-1) });
            var told = await rows.Call(campaign, new { DetailTalkTime = TimeSpan.FromSeconds(-1) });
            var inbound = new[]
            {
                await rows.Inbound(new { EndedAt = Ago(6) }), await rows.Inbound(new { ConnectedAt = Ago(6) }),
                await rows.Inbound(new { TalkTime = TimeSpan.FromSeconds(-1) }),
            };
            await rows.Call(campaign);
            await rows.Call(campaign, new { TalkTime = TimeSpan.Zero });
            await rows.Inbound();
            return [talk, told, .. inbound];
        },
    };

    public static TheoryData<string> Names => [.. AnalyticsInvariants.All.Select(invariant => invariant.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Exactly_the_rows_that_break_it_are_reported(string invariant)
    {
        var (expected, reported, violations) = await Cases.BreakAsync(invariant, rows, rows.Rig);

        Assert.Equal(expected, reported);
        Assert.Equal(expected.Count(), violations);
    }

    [Fact]
    public void Every_invariant_is_broken_by_a_case() => Assert.Empty(Cases.Unproven);

    [Fact]
    public async Task Healthy_facts_violate_none()
    {
        await rows.Rig.ClearAsync();
        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
        var campaign = Guid.NewGuid();
        await rows.Agent(campaign, (AgentStates.Ready, 30), (AgentStates.OnCall, 5), (AgentStates.Ready, 4));
        await rows.Call(campaign);
        await rows.Call(campaign, Dropped);

        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
    }
}
