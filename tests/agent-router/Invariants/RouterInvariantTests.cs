using Outdial.AgentRouter.Invariants;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;
using static Outdial.AgentRouter.Tests.Invariants.RouterRows;
using static Outdial.Testing.InvariantRig;

namespace Outdial.AgentRouter.Tests.Invariants;

/// <summary>Every monitor of agents and hopper sees what it is there to see, and nothing beside it.</summary>
public sealed class RouterInvariantTests(RouterRows rows) : IClassFixture<RouterRows>
{
    private static readonly InvariantCases<RouterRows> Cases = new(RouterInvariants.All)
    {
        ["agent-stuck"] = async rows =>
        {
            var stuck = await rows.Session(new { State = AgentStates.Dialing, DeadlineAt = Ago(11) });
            await rows.Session(new { State = AgentStates.Dialing, DeadlineAt = Ago(9) });
            await rows.Session(new { State = AgentStates.Ended, DeadlineAt = Ago(11) });
            await rows.Session();   // ready for as long as it takes
            return [stuck];
        },
        ["silent-line"] = async rows =>
        {
            var silent = await rows.Session(new { LineSilentAt = Ago(11) });
            await rows.Session(new { LineSilentAt = Ago(9) });
            await rows.Session(new { State = AgentStates.Ended, LineSilentAt = Ago(11) });
            await rows.Session();
            return [silent];
        },
        ["lead-with-two-lines"] = async rows =>
        {
            var (twice, once) = (new { Number = rows.NextNumber() }, new { Number = rows.NextNumber() });
            var (first, second) = (await rows.Taken(await rows.Session(), twice), await rows.Taken(await rows.Session(), twice));
            await rows.Taken(await rows.Session(), once);
            await rows.Taken(await rows.Session(), Merged(once, new { ReleasedAt = Ago(0.5) }));
            await rows.Lead(once);
            return [string.CompareOrdinal($"{first}", $"{second}") < 0 ? first : second];
        },
        ["line-with-two-leads"] = async rows =>
        {
            var (both, settling, released) = (await rows.Session(), await rows.Session(), await rows.Session());
            await rows.Taken(both);
            await rows.Taken(both);
            await rows.Taken(settling, new { SettleAt = Ago(-0.1) });   // the line asked again; the last word of the one before is still to come
            await rows.Taken(settling);
            await rows.Taken(released, new { ReleasedAt = Ago(0.5) });
            await rows.Taken(released);
            return [both];
        },
        ["lead-kept-too-long"] = async rows =>
        {
            var waits = await rows.Lead(new { DialUntil = Ago(11) });
            var shown = await rows.Lead(new { State = "Shown", DialUntil = Ago(11) });
            await rows.Lead(new { DialUntil = Ago(9) });
            await rows.Lead(new { State = "Returned", DialUntil = Ago(11) });
            await rows.Taken(await rows.Session(), new { DialUntil = Ago(11) });   // dialed in time
            return [waits, shown];
        },
        ["dialing-never-settled"] = async rows =>
        {
            var session = await rows.Session();
            var forgotten = await rows.Taken(session, new { SettleAt = Ago(11) });
            await rows.Taken(session, new { SettleAt = Ago(9) });
            await rows.Taken(session);
            await rows.Lead(new { State = "Over", SettleAt = Ago(11) });
            return [forgotten];
        },
        ["lead-of-no-agent"] = async rows =>
        {
            var (open, ended) = (await rows.Session(), await rows.Session(new { State = AgentStates.Ended }));
            var dialed = await rows.Taken(ended, new { TakenAt = Ago(11) });
            var shown = await rows.Lead(new { State = "Shown", SessionId = ended, ShownAt = Ago(11) });
            var gone = await rows.Taken(Guid.NewGuid(), new { TakenAt = Ago(11) });   // a session that is forgotten
            await rows.Taken(open, new { TakenAt = Ago(60) });   // a long conversation
            await rows.Taken(ended, new { TakenAt = Ago(9) });
            await rows.Taken(ended, new { TakenAt = Ago(11), SettleAt = Ago(-0.1) });
            await rows.Lead(new { State = "Over", SessionId = ended, TakenAt = Ago(11) });
            return [dialed, shown, gone];
        },
        ["caller-never-settled"] = async rows =>
        {
            var forgotten = await rows.Caller(new { State = "Waiting", DeadlineAt = Ago(11) });
            await rows.Caller(new { State = "Connected", DeadlineAt = Ago(9) });
            await rows.Caller(new { State = "Over", Outcome = "Missed", DeadlineAt = Ago(11) });
            return [forgotten];
        },
    };

    public static TheoryData<string> Names => [.. RouterInvariants.All.Select(invariant => invariant.Name)];

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
    public async Task A_healthy_floor_violates_none()
    {
        await rows.Rig.ClearAsync();
        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
        await rows.Taken(await rows.Session(new { State = AgentStates.Dialing, DeadlineAt = Ago(-1), LineSilentAt = Ago(-1) }));
        await rows.Session(new { State = AgentStates.Ended });
        await rows.Lead();
        await rows.Lead(new { State = "Over", TakenAt = Ago(60) });
        await rows.Caller(new { State = "Connected", DeadlineAt = Ago(-60) });

        Assert.Empty(await Cases.ViolatedAsync(rows.Rig));
    }
}
