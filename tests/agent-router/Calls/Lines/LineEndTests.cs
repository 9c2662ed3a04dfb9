using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>
/// The line's own status callback, raw, at the end of a line: it comes once, twice, never, or when the agent is already on the next line.
/// Nothing else comes of that end.
/// </summary>
[Collection("router with ingress")]
public sealed class LineEndTests(RouterWithIngress shared)
{
    private readonly RouterNode _node = shared.Node;

    [Theory]
    [InlineData(AgentStates.Ready, Fault.None), InlineData(AgentStates.Ready, Fault.Dropped), InlineData(
        AgentStates.Ready, Fault.Doubled), InlineData(AgentStates.Ready, Fault.Delayed)]
    [InlineData(AgentStates.Dialing, Fault.None), InlineData(AgentStates.Dialing, Fault.Dropped), InlineData(
        AgentStates.Dialing, Fault.Doubled), InlineData(AgentStates.Dialing, Fault.Delayed)]
    [InlineData(AgentStates.OnCall, Fault.None), InlineData(AgentStates.OnCall, Fault.Dropped), InlineData(
        AgentStates.OnCall, Fault.Doubled), InlineData(AgentStates.OnCall, Fault.Delayed)]
    public async Task A_line_that_ends_ends_its_session_and_no_later_one_and_the_agent_goes_on_with_the_next_lead(string state, Fault fault)
    {
        var campaign = await _node.ACampaign(c => c with { MaxConversation = TimeSpan.FromMinutes(5) });
        var agent = shared.NextAgent();
        var line = await _node.ALine(campaign, agent);
        var (first, second) = (_node.ALead(1, 2), _node.ALead(2, 1));
        Assert.Null(await line.Ask());
        await _node.Offered(campaign, first, second);
        if (state != AgentStates.Ready)
            Assert.Equal(first.Number, await Dialed(line, first.Number, state));
        await line.Until(state);

        // The agent hangs up.
        await _node.Clock.Turn(TimeSpan.FromSeconds(2));
        var end = line.RawEnd();
        var copies = fault switch { Fault.None => 1, Fault.Doubled => 2, _ => 0 };
        for (var i = 0; i < copies; i++)
            await end.Send();
        if (copies > 0)
            await shared.HandledEnds(line, copies);
        await _node.Until(db => db.Sessions.AnyAsync(s => s.Id == line.SessionId && s.State == AgentStates.Ended), "the session is over", TimeSpan.FromSeconds(20));
        Assert.Equal(copies > 0 ? "hung-up" : "the line went silent", (await line.Session()).Reason);

        var next = await _node.SignedIn(line.AgentId, agent);
        var due = state == AgentStates.Ready ? first : second;
        Assert.Equal(due.Number, await Dialed(next, due.Number, AgentStates.OnCall));
        await next.Until(AgentStates.OnCall);
        if (fault == Fault.Delayed)
        {
            await end.Send();
            await shared.HandledEnds(line, 1);
        }
        Assert.Equal(AgentStates.OnCall, (await next.Session()).State);
        await next.RawDialed(due.Number, Outcomes.Completed).Send();
        await next.Until(AgentStates.Ready);

        if (state != AgentStates.Ready)
        {
            await _node.Until(async db => await db.Hopper.AnyAsync(h => h.AttemptId == first.AttemptId && h.State == HopperStates.Over), "the lead has its outcome");
            Assert.Equal(state == AgentStates.OnCall ? Outcomes.Completed : Outcomes.NoAnswer, (await _node.Row(first)).Outcome);
        }
        Assert.Single(_node.Heard.Of<AgentStateChanged>().Where(c => c.SessionId == line.SessionId && c.State == AgentStates.Ended)
            .Select(c => c.EventId).Distinct());
        await next.RawEnd().Send();
        await next.Until(AgentStates.Ended);
    }

    /// <summary>The line asks, and its lead's phone rings or is picked up.</summary>
    private async Task<string?> Dialed(AgentLine line, string expected, string state)
    {
        var number = await line.Ask();
        await line.RawPopup(PopupStages.Dial, expected).Send();
        await _node.Soon(db => db.Hopper.AnyAsync(h => h.ProviderCallId == line.CallSid && h.DialingAt != null), "the phone rings");
        if (state == AgentStates.OnCall)
            await line.RawPopup(PopupStages.Answered, expected).Send();
        return number;
    }
}
