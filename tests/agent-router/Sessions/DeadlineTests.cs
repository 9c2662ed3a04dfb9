using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Sessions;

public sealed class DeadlineTests
{
    [Fact]
    public async Task An_agent_whose_phone_does_not_answer_is_signed_out_and_no_second_line_is_ordered()
    {
        await using var node = await RouterNode.Start();
        var line = await node.ALine(await node.ACampaign());
        var order = await node.Hears<OpenAgentLine>(o => o.LineId == line.LineId, "the line is ordered");
        Assert.Equal((line.Phone, node.Clock.GetUtcNow().AddSeconds(30)), (order.AgentNumber, order.ExpiresAt));

        await node.Clock.Turn(TimeSpan.FromSeconds(121));
        await line.Until(AgentStates.Ended);

        Assert.Equal("the phone did not answer", (await line.Session()).Reason);
        Assert.Single(node.Heard.Of<OpenAgentLine>());
        Assert.Equal((null, HttpStatusCode.Redirect), (await line.Ask(), await line.Stay()));   // the agent picks up too late
    }

    [Fact]
    public async Task A_line_that_was_surely_not_opened_ends_the_session_and_one_that_may_ring_waits_for_its_deadline()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (rings, refused) = (await node.ALine(campaign, 1), await node.ALine(campaign, 2));
        AgentLineFailed Failed(AgentLine line, bool certain) => new()
        {
            EventId = Guid.NewGuid(),
            LineId = line.LineId,
            Account = "default",
            Reason = "refused",
            Certain = certain,
            OccurredAt = node.Clock.GetUtcNow(),
        };

        await node.Publish(Failed(rings, certain: false));
        await node.Publish(Failed(refused, certain: true));

        await refused.Until(AgentStates.Ended);
        Assert.Equal(AgentStates.CallingAgent, (await rings.Session()).State);
    }

    [Fact]
    public async Task A_dialing_without_a_word_of_its_end_is_over_after_its_deadline_and_settles()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Publish(line.Popup(PopupStages.Dial, lead.Number));
        await node.Soon(db => db.Hopper.AnyAsync(h => h.DialingAt != null), "the dialing is told");

        await node.Clock.Turn(TimeSpan.FromSeconds(61));

        await line.Until(AgentStates.Ready);
        await node.Until(db => db.Hopper.AnyAsync(h => h.Outcome == Outcomes.NoAnswer), "the lead is settled");
        await node.Hears<CallTerminated>(t => t is { Outcome: Outcomes.NoAnswer, Source: EndSources.Inferred }, "the guess is told as one");
    }

    [Theory]
    [InlineData(Outcomes.Completed)]
    [InlineData(Outcomes.Busy)]
    public async Task Law_4_a_passthru_that_comes_long_after_the_lead_was_settled_corrects_the_outcome_once(string outcome)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Clock.Turn(TimeSpan.FromSeconds(61));
        await node.Until(db => db.Hopper.AnyAsync(h => h.Outcome == Outcomes.Unknown), "the lead is settled");

        for (var copy = 0; copy < 2; copy++)
            await node.Publish(line.Passthru(lead.Number, outcome, outcome == Outcomes.Completed ? TimeSpan.FromSeconds(20) : null));

        await node.Hears<CallTerminated>(t => t.Outcome == outcome && t.Source == "webhook", "the correction is told");
        await node.Soon(db => db.Hopper.AnyAsync(h => h.Outcome == outcome), "the row says it");
        Assert.Equal([Outcomes.Unknown, outcome], node.Heard.Of<CallTerminated>().DistinctBy(t => t.EventId).Select(t => t.Outcome));
        await line.Until(AgentStates.Ready);   // the agent is not disturbed
    }

    [Fact]
    public async Task Law_4_an_answer_that_is_heard_of_after_the_lead_was_settled_corrects_the_outcome()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Clock.Turn(TimeSpan.FromSeconds(61));
        await node.Until(db => db.Hopper.AnyAsync(h => h.Outcome == Outcomes.Unknown), "the lead is settled");

        await node.Publish(line.Popup(PopupStages.Answered, lead.Number));

        await node.Hears<CallTerminated>(t => t is { Outcome: Outcomes.Completed, Source: "webhook" }, "the correction is told");
    }

    [Fact]
    public async Task A_conversation_without_a_word_of_its_end_is_over_after_the_longest_that_may_be_and_wrap_up_ends_by_itself()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { MaxConversation = TimeSpan.FromMinutes(10), WrapUp = TimeSpan.FromSeconds(20) });
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Publish(line.Popup(PopupStages.Answered, lead.Number));
        await line.Until(AgentStates.OnCall);

        await node.Clock.Turn(TimeSpan.FromMinutes(11) + TimeSpan.FromSeconds(1));
        await line.Until(AgentStates.WrapUp);
        await node.Clock.Turn(TimeSpan.FromSeconds(21));
        await line.Until(AgentStates.Ready);

        await node.Until(db => db.Hopper.AnyAsync(h => h.Outcome == Outcomes.Completed), "the lead is settled");
    }

    [Fact]
    public async Task A_line_that_no_longer_asks_is_gone_and_ends_the_session_also_during_a_break()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (free, away) = (await node.ALine(campaign, 1), await node.ALine(campaign, 2));
        await free.Ask();
        await away.Ask();
        await node.Post($"agents/{away.AgentId}/pause", new { reason = "lunch" });
        for (var i = 0; i < 4; i++)
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(30));
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await free.Stay(), await away.Stay()));
        }

        await node.Clock.Turn(TimeSpan.FromSeconds(61));

        await free.Until(AgentStates.Ended);
        await away.Until(AgentStates.Ended);
        Assert.Equal("the line went silent", (await free.Session()).Reason);
    }

    [Fact]
    public async Task A_supervisor_frees_an_agent_from_every_state_and_the_audit_says_who_when_why_and_from_what()
    {
        await using var node = await RouterNode.Start();
        var agent = 0;
        foreach (var from in AgentStates.All.Where(s => s != AgentStates.Ended))
        {
            var preview = from == AgentStates.Previewing;
            var campaign = await node.ACampaign(c => c with { Mode = preview ? "preview" : "progressive", WrapUp = TimeSpan.FromMinutes(5) });
            var line = await node.ALine(campaign, ++agent);
            var lead = node.ALead(agent);
            if (from is not (AgentStates.CallingAgent or AgentStates.Ready or AgentStates.Resting or AgentStates.Paused))
                await node.Offered(campaign, lead);
            if (from is not (AgentStates.CallingAgent or AgentStates.Resting))
                await line.Ask();
            if (from == AgentStates.Resting)
                await node.Publish(line.Ended(Outcomes.NoAnswer));
            if (from is AgentStates.OnCall or AgentStates.WrapUp)
            {
                await node.Publish(line.Popup(PopupStages.Answered, lead.Number));
                await line.Until(AgentStates.OnCall);
            }
            if (from == AgentStates.WrapUp)
                await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));
            if (from == AgentStates.Paused)
                await node.Post($"agents/{line.AgentId}/pause", new { reason = "lunch" });
            if (preview)
                await node.Clock.Turn(TimeSpan.FromSeconds(1));
            await line.Until(from);

            var session = await node.Post($"agents/{line.AgentId}/release", new { reason = "shift is over" });

            // Whether a line that is being opened exists is not known: that agent signs in again. One whose line was not picked up is rung again.
            var freed = from switch
            {
                AgentStates.CallingAgent => AgentStates.Ended,
                AgentStates.Resting => AgentStates.CallingAgent,
                _ => AgentStates.Ready,
            };
            Assert.Equal(freed, session.GetProperty("state").GetString());
            var audit = JsonDocument.Parse(await node.Http.GetStringAsync($"/api/v1/audit?agent={line.AgentId}")).RootElement[0];
            Assert.Equal(("tests", "release", from, "shift is over"), (audit.GetProperty("who").GetString(), audit.GetProperty("action").GetString(),
                audit.GetProperty("fromState").GetString(), audit.GetProperty("reason").GetString()));
            if (preview)
                Assert.Equal(HopperStates.Returned, (await node.Row(lead)).State);
        }
        var refused = await node.Http.PostAsJsonAsync($"/api/v1/agents/{Guid.NewGuid()}/release", new { reason = " " });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }
}
