using System.Net;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Sessions;

public sealed class SessionTests
{
    private static readonly Dictionary<string, string?> PlainFlow = new() { ["Accounts:default:AgentFlowWaits"] = "false" };

    [Theory]
    [InlineData("sign-out", AgentStates.Ended), InlineData("pause", AgentStates.Paused)]
    public async Task A_wish_during_a_call_comes_true_after_it(string verb, string after)
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);
        await node.Publish(line.Popup(PopupStages.Answered, lead.Number));
        await line.Until(AgentStates.OnCall);

        await node.Post($"agents/{line.AgentId}/{verb}", verb == "pause" ? new { reason = "lunch" } : (object)new { });
        Assert.Equal(AgentStates.OnCall, (await line.Session()).State);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));

        await line.Until(after);
        Assert.Null(await line.Ask());
        Assert.Equal(after == AgentStates.Ended ? HttpStatusCode.Redirect : HttpStatusCode.OK, await line.Stay());
    }

    [Fact]
    public async Task During_wrap_up_the_line_waits_and_ready_ends_it()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node, wrapUp: 60);
        await node.Clock.Turn(TimeSpan.FromSeconds(5));
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed, TimeSpan.FromSeconds(3)));
        await line.Until(AgentStates.WrapUp);

        Assert.Equal((null, HttpStatusCode.OK), (await line.Ask(lead.Number), await line.Stay()));
        await node.Post($"agents/{line.AgentId}/ready");

        Assert.Equal(Floor.NumberOf(2), await line.Ask(lead.Number));
    }

    [Fact]
    public async Task A_conversation_that_only_the_passthru_tells_of_is_still_wrapped_up()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node, wrapUp: 60);
        await node.Publish(line.Popup(PopupStages.Terminal, lead.Number));
        await line.Until(AgentStates.Ready);

        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed, TimeSpan.FromSeconds(40)));

        await line.Until(AgentStates.WrapUp);
        await node.Hears<CallConnected>(c => c.AgentId == line.AgentId, "who talked is told");
    }

    [Fact]
    public async Task An_agent_who_hangs_up_during_the_dialing_is_signed_out_and_the_lead_settles()
    {
        await using var node = await RouterNode.Start();
        var (line, _) = await ADialingLine(node);

        await node.Publish(line.Ended());

        await line.Until(AgentStates.Ended);
        Assert.Equal("hung-up", (await line.Session()).Reason);
        await node.Until(db => db.Hopper.AnyAsync(h => h.State == HopperStates.Over && h.Outcome == Outcomes.Unknown), "the lead is settled");
    }

    [Fact]
    public async Task The_guides_sample_of_an_incomplete_call_in_which_the_agent_left_ends_the_session_with_the_leads_outcome()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);
        await node.Clock.Turn(TimeSpan.FromSeconds(21));

        // CallType=client-hangup, DialCallStatus=canceled, RING_TIMEOUT 1003, as ingress translates it.
        await node.Publish(line.Passthru(
            lead.Number, Outcomes.NoAnswer, TimeSpan.Zero, hungUp: true) with
        { Cause = 1003, CauseName = "RING_TIMEOUT", RawStatus = "client-hangup" });

        await line.Until(AgentStates.Ended);
        var told = await node.Hears<CallTerminated>(_ => true, "the end is told");
        Assert.Equal((Outcomes.NoAnswer, 1003, "RING_TIMEOUT", "client-hangup"), (told.Outcome, told.Cause!.Value, told.CauseName, told.RawStatus));
    }

    [Fact]
    public async Task A_lead_that_the_flow_says_it_did_not_dial_ends_as_asked_for_in_vain()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);

        await node.Publish(line.Passthru(null, null));

        await line.Until(AgentStates.Ready);
        await node.Until(db => db.Hopper.AnyAsync(h => h.AttemptId == lead.AttemptId && h.State == HopperStates.Over), "it is settled");
        var told = await node.Hears<CallTerminated>(t => t.AttemptId == lead.AttemptId, "it is told");
        Assert.Equal((Outcomes.Unknown, true, EndSources.Inferred), (told.Outcome, told.InVain, told.Source));
        Assert.Empty(node.Heard.Of<LeadReturned>());   // the ledger holds it for dialed, and would not hear that
    }

    [Fact]
    public async Task A_word_of_the_dialing_after_the_flow_said_nobody_was_dialed_keeps_the_lead()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);
        await node.Publish(line.Passthru(null, null));   // of the round before: the clock shows seconds
        await line.Until(AgentStates.Ready);

        await node.Publish(line.Popup(PopupStages.Dial, lead.Number));
        await line.Until(AgentStates.Dialing);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Busy));

        await node.Hears<CallTerminated>(t => t.Outcome == Outcomes.Busy, "the end is told");
        Assert.Empty(node.Heard.Of<LeadReturned>());
    }

    [Fact]
    public async Task A_passthru_after_settling_corrects_the_outcome()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);
        await node.Publish(line.Popup(PopupStages.Terminal, lead.Number));
        await line.Until(AgentStates.Ready);
        await node.Clock.Turn(TimeSpan.FromSeconds(11));
        await node.Hears<CallTerminated>(t => t.Outcome == Outcomes.NoAnswer, "the lead is settled");

        await node.Publish(line.Passthru(lead.Number, Outcomes.Busy));
        await node.Soon(db => db.Hopper.AnyAsync(h => h.ToldOutcome == Outcomes.Busy && h.Outcome == Outcomes.Busy), "the word stands");
        await node.Hears<CallTerminated>(t => t.Outcome == Outcomes.Busy, "the correction is told");

        Assert.Equal([Outcomes.NoAnswer, Outcomes.Busy], node.Heard.Of<CallTerminated>().DistinctBy(t => t.EventId).Select(t => t.Outcome));
    }

    [Fact]
    public async Task With_a_flow_that_cannot_wait_the_agent_is_called_again_when_there_is_somebody_to_dial()
    {
        await using var node = await RouterNode.Start(settings: PlainFlow);
        var (line, lead) = await ADialingLine(node, wrapUp: 20);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));
        await line.Until(AgentStates.WrapUp);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Null(await line.Ask(lead.Number));   // the empty answer ends the line
        await node.Publish(line.Ended());
        await node.Soon(db => db.Sessions.AnyAsync(s => s.LineId == null && s.State == AgentStates.WrapUp), "the line is gone, the session stays");

        await node.Clock.Turn(TimeSpan.FromSeconds(21));

        await line.Until(AgentStates.CallingAgent);
        await Eventually.Async(() => node.Heard.Of<OpenAgentLine>().Select(o => o.LineId).Distinct().Count() == 2);
        var second = line with { CallSid = "second-line", LineId = node.Heard.Of<OpenAgentLine>()[^1].LineId };
        await second.IsOpened();
        Assert.Equal(Floor.NumberOf(2), await second.Ask());
    }

    [Fact]
    public async Task A_line_that_was_over_before_it_was_known_is_ordered_again_where_the_flow_cannot_wait()
    {
        await using var node = await RouterNode.Start(settings: PlainFlow);
        var campaign = await node.ACampaign();
        await node.Offered(campaign, node.ALead(1));
        var line = await node.SignedIn(await node.AnAgent(campaign), opens: false);
        Assert.Null(await line.Ask());   // ends the line: the provider's answer to the order is still on its way

        await node.IsHandled(line.Ended());

        await node.Until(_ => Task.FromResult(node.Heard.Of<OpenAgentLine>().Select(o => o.LineId).Distinct().Count() == 2), "the line is ordered again");
        var second = line with { CallSid = "second-line", LineId = node.Heard.Of<OpenAgentLine>()[^1].LineId };
        await second.IsOpened();
        Assert.Equal(Floor.NumberOf(1), await second.Ask());
    }

    [Fact]
    public async Task A_previewed_lead_is_dialed_after_the_agent_accepts_it_and_goes_back_when_skipped_or_left_alone()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Preview, PreviewTime = TimeSpan.FromSeconds(40) });
        var (skipped, left, accepted) = (node.ALead(1, 3), node.ALead(2, 2), node.ALead(3, 1));
        await node.Offered(campaign, skipped, left, accepted);
        var line = await node.ALine(campaign);
        Task Shown(OfferedLead lead) =>
            node.Until(db => db.Sessions.AnyAsync(s => s.State == AgentStates.Previewing && s.AttemptId == lead.AttemptId), "the lead is shown");

        Assert.Null(await line.Ask());
        await Shown(skipped);
        Assert.Null(await line.Ask());
        await node.Post($"agents/{line.AgentId}/skip", new { reason = "spoke yesterday" });
        await Shown(left);
        await node.Clock.Turn(TimeSpan.FromSeconds(41));
        Assert.Null((await node.Hears<LeadReturned>(r => r.AttemptId == left.AttemptId, "nobody decided on it")).SkippedBy);
        await Shown(accepted);
        await node.Post($"agents/{line.AgentId}/accept");

        Assert.Equal(accepted.Number, await line.Ask());
        await node.Hears<LeadDialed>(d => d.AttemptId == accepted.AttemptId, "it is told as dialed");
        var back = await node.Hears<LeadReturned>(r => r.AttemptId == skipped.AttemptId, "the skipped one goes back");
        Assert.Equal((line.AgentId, "skipped: spoke yesterday"), (back.SkippedBy!.Value, back.Reason));
    }

    [Fact]
    public async Task Each_change_of_state_is_told_once_and_numbered_without_a_gap()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await ADialingLine(node);
        await node.Publish(line.Popup(PopupStages.Answered, lead.Number));
        await line.Until(AgentStates.OnCall);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));
        await line.Until(AgentStates.Ready);
        await node.Post($"agents/{line.AgentId}/sign-out");

        await Eventually.Async(() => node.Heard.Of<AgentStateChanged>().Count >= 6);
        var told = node.Heard.Of<AgentStateChanged>().OrderBy(e => e.Sequence).ToList();
        Assert.Equal(["1 CallingAgent", "2 Ready", "3 Dialing", "4 OnCall", "5 Ready", "6 Ended"], told.Select(e => $"{e.Sequence} {e.State}"));
    }

    /// <summary>A line to which the first of two leads was given.</summary>
    private static async Task<(AgentLine Line, OfferedLead Lead)> ADialingLine(RouterNode node, int wrapUp = 0)
    {
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromSeconds(wrapUp) });
        await node.Offered(campaign, node.ALead(2, 1));
        return await node.ADialingLine(campaign, node.ALead(1, 2));
    }

    [Fact]
    public async Task Sessions_and_audit_are_kept_as_long_as_is_set_and_no_longer()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?>
        {
            ["Router:KeepSessions"] = "20.00:00:00",
            ["Router:KeepAudit"] = "40.00:00:00",
        });
        var agent = await node.AFreeAgent(null, 1);
        await node.Post($"agents/{agent}/release", new { reason = "a test" });
        await node.Post($"agents/{agent}/sign-out");
        var open = await node.AFreeAgent(null, 2);
        var ended = node.Clock.GetUtcNow();

        await node.Until(db => db.Sessions.AllAsync(s => s.AgentId != agent), "the ended session is forgotten", TimeSpan.FromHours(12));
        Assert.True(node.Clock.GetUtcNow() - ended >= TimeSpan.FromDays(20));
        Assert.Equal(1, await node.Ask(db => db.Audit.CountAsync()));
        await node.Until(db => db.Audit.AllAsync(a => a.AgentId != agent), "the audit is forgotten", TimeSpan.FromHours(12));

        Assert.True(node.Clock.GetUtcNow() - ended >= TimeSpan.FromDays(40));
        Assert.Equal(AgentStates.Ready, (await node.SessionOf(open)).State);
    }

    [Fact]
    public async Task With_a_flow_that_cannot_wait_only_as_many_agents_are_called_again_as_leads_wait()
    {
        await using var node = await RouterNode.Start(settings: PlainFlow);
        var campaign = await node.ACampaign();
        for (var agent = 1; agent <= 3; agent++)
        {
            var line = await node.ALine(campaign, agent);
            Assert.Null(await line.Ask());
            await node.Publish(line.Ended());
            await node.Soon(db => db.Sessions.AnyAsync(s => s.Id == line.SessionId && s.LineId == null), "the line is gone and the session goes on");
        }

        await node.Offered(campaign, node.ALead(1));
        await node.Until(db => db.Sessions.AnyAsync(s => s.State == AgentStates.CallingAgent), "an agent is called again");
        var turns = node.Clock.GetUtcNow() + TimeSpan.FromSeconds(20);
        await node.Until(_ => Task.FromResult(node.Clock.GetUtcNow() > turns), "the sweep has had its turns");

        Assert.Equal(1, await node.Ask(db => db.Sessions.CountAsync(s => s.State == AgentStates.CallingAgent)));
    }
}
