using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Sessions;

/// <summary>An agent who does not pick up is not free.</summary>
public sealed class NotAnsweringTests
{
    /// <summary>Calls in, is given this agent, and is told to have reached nobody.</summary>
    private static async Task IsMissed(RouterNode node, Guid agent, int phone, string outcome = Outcomes.NoAnswer)
    {
        var caller = Caller.Of(node, 900, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(phone), await caller.AskBody(json: false));
        await node.Clock.Turn(TimeSpan.FromSeconds(2));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(phone), outcome));
        Assert.NotEqual(AgentStates.Dialing, (await node.SessionOf(agent)).State);
    }

    private static Task Rested(RouterNode node, Guid agent) =>
        node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == AgentStates.Ready), "the rest is over");

    [Theory, InlineData(Outcomes.NoAnswer), InlineData(Outcomes.Busy), InlineData(Outcomes.Rejected), InlineData(Outcomes.Unreachable)]
    public async Task Who_misses_three_in_a_row_rests_longer_each_time_and_is_then_paused_with_the_reason(string outcome)
    {
        await using var node = await RouterNode.Start();
        using var paused = new Nodes.Counted(node, "outdial.agent.not_answering");
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var rests = new List<TimeSpan?>();

        for (var miss = 1; miss <= 3; miss++)
        {
            await IsMissed(node, agent, 1, outcome);
            var session = await node.SessionOf(agent);
            Assert.Equal(miss, session.Misses);
            rests.Add(session.DeadlineAt - session.StateSince);
            Assert.Empty(await Caller.Of(node, 100 + miss, PhoneFloor.Did).Ask());   // not free
            if (miss < 3)
            {
                Assert.Equal(AgentStates.Resting, session.State);
                await Rested(node, agent);
            }
        }

        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromHours(1)], rests);
        var view = (await node.Http.GetStringAsync($"/api/v1/agents/{agent}/session")).Parsed();
        Assert.Equal(
            (AgentStates.Paused, AgentReasons.NotAnswering, 3), (view.Text("state"), view.Text("reason"), view.GetProperty("misses").GetInt32()));
        await node.Hears<AgentStateChanged>(
            c => c is { State: AgentStates.Paused, Reason: AgentReasons.NotAnswering } && c.AgentId == agent, "everyone is told");
        var shown = await node.Ask(db => db.Set<AgentEvent>().AsNoTracking()
            .Where(e => e.AgentId == agent).OrderByDescending(e => e.Sequence).Select(e => e.Body).FirstAsync());
        Assert.Equal(AgentReasons.NotAnswering, shown.Parsed().Text("reason"));
        var audit = (await node.Http.GetStringAsync($"/api/v1/audit?agent={agent}")).Parsed()[0];
        Assert.Equal(("platform", "pause"), (audit.Text("who"), audit.Text("action")));
        Assert.StartsWith("not-answering: 3 in a row", audit.Text("reason"));
        Assert.Equal(1, paused.Sum);

        var ready = await node.Post($"agents/{agent}/ready");

        Assert.Equal((AgentStates.Ready, 0), (ready.Text("state"), ready.GetProperty("misses").GetInt32()));
        Assert.Equal([Floor.PhoneOf(1)], await Caller.Of(node, 200, PhoneFloor.Did).Ask());
    }

    [Theory]
    [InlineData(Outcomes.NetworkFailure, false), InlineData(Outcomes.Canceled, false), InlineData(Outcomes.Barred, false)]
    [InlineData(Outcomes.ProviderError, false), InlineData(Outcomes.Unknown, false), InlineData(Outcomes.NoAnswer, true), InlineData(
        Outcomes.Canceled, true), InlineData(Outcomes.Busy, true)]
    public async Task The_networks_failures_and_callers_who_leave_while_it_rings_are_no_misses_of_the_agent(string outcome, bool hungUp)
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(2));

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), outcome, hungUp: hungUp));

        var session = await node.SessionOf(agent);
        Assert.Equal((AgentStates.Ready, 0), (session.State, session.Misses));
    }

    [Fact]
    public async Task A_flow_that_dialed_nobody_made_nobody_miss_a_call()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        await caller.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(2));

        await node.IsHandled(caller.PassthruOf(null, null));

        Assert.Equal((AgentStates.Ready, 0), ((await node.SessionOf(agent)).State, (await node.SessionOf(agent)).Misses));
    }

    [Fact]
    public async Task Others_are_rung_before_one_who_did_not_pick_up_the_last_time_though_he_is_idle_longer_and_talked_to_the_caller_last()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var deaf = await node.AFreeAgent(null, 1);
        await IsMissed(node, deaf, 1);
        await Rested(node, deaf);
        await node.AFreeAgent(null, 2);
        var (any, at) = (Guid.NewGuid(), node.Clock.GetUtcNow());
        await node.Ask(db => db.Database.ExecuteSqlAsync($"insert into last_agents values ({Floor.NumberOf(5)}, {deaf}, {any}, {any}, {any}, {at})"));

        var explained = (await node.Http.GetStringAsync(
            $"/api/v1/inbound/explain?from={Uri.EscapeDataString(Floor.NumberOf(5))}&to={Uri.EscapeDataString(PhoneFloor.Did)}")).Parsed();
        Assert.Equal(["Agent 2", "Agent 1"], explained.GetProperty("candidates").EnumerateArray().Select(c => c.Text("name")));
        Assert.Equal([Floor.PhoneOf(2), Floor.PhoneOf(1)], await Caller.Of(node, 5, PhoneFloor.Did).Ask());
    }

    [Fact]
    public async Task The_explanation_says_who_is_left_alone_for_a_moment_and_until_when()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var deaf = await node.AFreeAgent(null, 1);
        await IsMissed(node, deaf, 1);

        var explained = (await node.Http.GetStringAsync(
            $"/api/v1/inbound/explain?from={Uri.EscapeDataString(Floor.NumberOf(5))}&to={Uri.EscapeDataString(PhoneFloor.Did)}")).Parsed();

        Assert.Equal("did not pick up a moment ago, and is not rung before 06:30:12 UTC", explained.GetProperty("candidates")[0].Text("reason"));
    }

    [Fact]
    public async Task A_call_that_is_picked_up_starts_the_count_anew()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        for (var miss = 0; miss < 2; miss++)
        {
            await IsMissed(node, agent, 1);
            await Rested(node, agent);
        }
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(1));
        await node.Until(agent, AgentStates.OnCall);
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.Completed, TimeSpan.FromSeconds(9)));
        Assert.Equal(0, (await node.SessionOf(agent)).Misses);

        await IsMissed(node, agent, 1);

        Assert.Equal((AgentStates.Resting, 1), ((await node.SessionOf(agent)).State, (await node.SessionOf(agent)).Misses));
    }

    [Fact]
    public async Task Who_is_paused_for_not_answering_is_freed_by_a_supervisor_or_signed_out_when_nobody_does()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:PauseAfterMisses"] = "1" });
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        await IsMissed(node, agent, 1);
        Assert.True((await node.SessionOf(agent)).IsNotAnswering);

        var freed = await node.Post($"agents/{agent}/release", new { reason = "is back" });
        Assert.Equal((AgentStates.Ready, 0), (freed.Text("state"), freed.GetProperty("misses").GetInt32()));

        await IsMissed(node, agent, 1);
        var session = (await node.SessionOf(agent)).Id;
        await node.Clock.Turn(TimeSpan.FromHours(1));
        await node.Soon(
            db => db.Sessions.AnyAsync(s => s.Id == session && s.State == AgentStates.Ended && s.Reason == AgentReasons.NotAnswering), "is signed out");
    }

    [Fact]
    public async Task A_wish_for_a_break_or_to_sign_out_comes_before_the_rest()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var (tired, leaving) = (await node.AFreeAgent(null, 1), await node.AFreeAgent(null, 2));
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(2, (await caller.Ask()).Count);
        await node.Post($"agents/{tired}/pause", new { reason = "lunch" });
        await node.Post($"agents/{leaving}/sign-out");
        await node.Clock.Turn(TimeSpan.FromSeconds(40));

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(2), Outcomes.NoAnswer));

        Assert.Equal((AgentStates.Paused, "lunch"), ((await node.SessionOf(tired)).State, (await node.SessionOf(tired)).Reason));
        Assert.False(await node.Ask(db => db.Sessions.AnyAsync(s => s.AgentId == leaving && s.State != AgentStates.Ended)));
    }

    [Fact]
    public async Task Of_several_rung_at_once_those_miss_whose_phones_rang_and_not_one_that_the_network_failed()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1", strategy = "parallel" });
        var (deaf, unlucky) = (await node.AFreeAgent(null, 1), await node.AFreeAgent(null, 2));
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        await caller.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(20));

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(2), Outcomes.NoAnswer) with
        {
            Phones = [new(Floor.PhoneOf(1), Outcomes.NoAnswer), new(Floor.PhoneOf(2), Outcomes.NetworkFailure)],
        });

        Assert.Equal((AgentStates.Resting, AgentStates.Ready), ((await node.SessionOf(deaf)).State, (await node.SessionOf(unlucky)).State));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Of_a_customer_of_a_power_campaign_it_is_a_miss_by_the_flows_next_question_too(int named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Power });
        var agent = await node.AFreeAgent(campaign, 1);
        var caller = await ACustomer(node, campaign);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(4));

        Assert.Empty(await caller.Ask(lastDialed: Floor.PhoneOf(named)));   // its own number, or that of a forwarded phone

        Assert.Equal((AgentStates.Resting, 1), ((await node.SessionOf(agent)).State, (await node.SessionOf(agent)).Misses));
    }

    [Fact]
    public async Task A_customer_who_hangs_up_while_it_rings_is_no_miss_of_the_agent()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Power });
        var agent = await node.AFreeAgent(campaign, 1);
        var caller = await ACustomer(node, campaign);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(2));

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer, hungUp: true));

        Assert.Equal((AgentStates.Ready, 0), ((await node.SessionOf(agent)).State, (await node.SessionOf(agent)).Misses));
    }

    [Fact]
    public async Task An_agents_line_that_is_not_picked_up_is_ordered_again_after_a_rest_until_the_agent_is_paused()
    {
        await using var node = await RouterNode.Start();
        var line = await node.ALine(await node.ACampaign());
        Task Ordered(int times) => node.Until(
            db => Task.FromResult(node.Heard.Of<OpenAgentLine>().DistinctBy(o => o.LineId).Count() == times), $"the line is ordered {times} times");

        async Task IsDeclined(string outcome)
        {
            var lineId = (await line.Session()).LineId!.Value;
            await node.IsHandled(line.Ended(outcome) with { LineId = lineId, ProviderCallId = (await line.Session()).LineCallId });
        }

        await IsDeclined(Outcomes.NoAnswer);
        var first = await line.Session();
        Assert.Equal(
            (AgentStates.Resting, "the phone did not answer (NoAnswer)", TimeSpan.FromSeconds(10)),
            (first.State, first.Reason, first.DeadlineAt - first.StateSince));
        Assert.Single(node.Heard.Of<OpenAgentLine>().DistinctBy(o => o.LineId));
        await Ordered(2);
        await IsDeclined(Outcomes.Busy);
        Assert.Equal(TimeSpan.FromSeconds(20), (await line.Session()).DeadlineAt - (await line.Session()).StateSince);
        await Ordered(3);
        await IsDeclined(Outcomes.Unreachable);

        Assert.True((await line.Session()).IsNotAnswering);
        Assert.False((await line.Session()).HasLine);
        var ready = await node.Post($"agents/{line.AgentId}/ready");
        Assert.Equal((AgentStates.CallingAgent, 0), (ready.Text("state"), ready.GetProperty("misses").GetInt32()));
    }

    [Fact]
    public async Task A_line_that_is_picked_up_starts_the_count_anew()
    {
        await using var node = await RouterNode.Start();
        var line = await node.ALine(await node.ACampaign());
        await node.IsHandled(line.Ended(Outcomes.NoAnswer));
        await node.Until(db => db.Sessions.AnyAsync(s => s.Id == line.SessionId && s.State == AgentStates.CallingAgent), "the line is ordered again");
        var again = line with { LineId = (await line.Session()).LineId!.Value, CallSid = $"sid-{Guid.NewGuid():N}" };
        await again.IsOpened();

        Assert.Null(await again.Ask());

        Assert.Equal((AgentStates.Ready, 0), ((await line.Session()).State, (await line.Session()).Misses));
    }

    [Theory, InlineData(Outcomes.NetworkFailure), InlineData(Outcomes.Canceled), InlineData(Outcomes.Barred)]
    public async Task A_line_that_the_network_failed_ends_its_session_and_is_no_miss(string outcome)
    {
        await using var node = await RouterNode.Start();
        using var misses = new Nodes.Counted(node, "outdial.agent.misses");
        var line = await node.ALine(await node.ACampaign());

        await node.IsHandled(line.Ended(outcome));

        Assert.Equal((AgentStates.Ended, 0), ((await line.Session()).State, (await line.Session()).Misses));
        Assert.Equal(0, misses.Sum);
    }

    [Fact]
    public async Task A_lead_that_was_accepted_goes_back_when_the_agents_phone_is_not_picked_up_for_it()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Accounts:default:AgentFlowWaits"] = "false" });
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Preview });
        var line = await node.ALine(campaign);
        Assert.Null(await line.Ask());
        await node.IsHandled(line.Ended());   // the flow cannot keep it waiting
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        await node.Until(db => db.Sessions.AnyAsync(s => s.Id == line.SessionId && s.State == AgentStates.Previewing), "the lead is shown");
        await node.Post($"agents/{line.AgentId}/accept");
        var ordered = (await line.Session()).LineId!.Value;

        await node.IsHandled(line.Ended(Outcomes.NoAnswer) with { LineId = ordered, ProviderCallId = null });

        Assert.Equal((HopperStates.Returned, AgentStates.Resting), ((await node.Row(lead)).State, (await line.Session()).State));
    }

    private static async Task<Caller> ACustomer(RouterNode node, Guid campaign)
    {
        var lead = node.ALead(1);
        await node.Publish(new CustomerCallPlaced
        {
            EventId = Guid.NewGuid(),
            CampaignId = campaign,
            Account = "default",
            Lead = lead,
            OccurredAt = node.Clock.GetUtcNow(),
        });
        await node.Soon(db => db.Set<CustomerCall>().AnyAsync(c => c.AttemptId == lead.AttemptId), "the customer's call is known");
        var caller = new Caller(node, lead.Number, Floor.CallerId, $"out-{lead.AttemptId:N}");
        await node.Ask(db => db.Set<CustomerCall>().ExecuteUpdateAsync(c => c.SetProperty(x => x.ProviderCallId, caller.CallSid)));
        return caller;
    }
}

file static class Json
{
    public static JsonElement Parsed(this string json) => JsonDocument.Parse(json).RootElement;

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
