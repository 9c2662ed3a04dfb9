using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Calls.Inbound;

public sealed class InboundTests
{
    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(40);

    private static Task LastTalked(RouterNode node, int customer, Guid agent) => node.Ask(db => db.Database.ExecuteSqlAsync(
        $"insert into last_agents values ({Floor.NumberOf(customer)}, {agent}, {Guid.NewGuid()}, {Guid.NewGuid()}, {Guid.NewGuid()}, {node.Clock.GetUtcNow()})"));

    private static async Task<InboundCallEnded> Ended(RouterNode node, string outcome) =>
        await node.Hears<InboundCallEnded>(e => e.Outcome == outcome, $"the call is {outcome}");

    [Fact]
    public async Task Two_callers_at_two_routers_never_ring_the_same_agent()
    {
        await using var one = await RouterNode.Start();
        await using var two = await RouterNode.Start(one.Database, one.Clock);
        await one.ADid(new { flow = "1", strategy = "parallel" });
        for (var agent = 1; agent <= 12; agent++)
            await one.AFreeAgent(null, agent);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Caller.Of(i % 2 == 0 ? one : two, i, PhoneFloor.Did).Ask()));

        var rung = answers.SelectMany(numbers => numbers).ToList();
        Assert.Equal(rung.Count, rung.Distinct().Count());
        Assert.All(answers, numbers => Assert.True(numbers.Count <= 5));
        Assert.Equal(12, rung.Count);   // and nobody stands idle while callers wait
    }

    [Fact]
    public async Task Who_talked_to_the_caller_last_is_rung_first_and_then_who_is_idle_longest()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1", skill = "loans" });
        await node.AFreeAgent(null, 1, "loans");
        await node.AFreeAgent(null, 2, "cards");
        var last = await node.AFreeAgent(null, 3, "loans");
        await LastTalked(node, 7, last);

        var body = await Caller.Of(node, 7, PhoneFloor.Did).AskBody(json: true);

        Assert.Equal(
            $$"""{"fetch_after_attempt":false,"destination":{"numbers":["{{Floor.PhoneOf(3)}}","{{Floor.PhoneOf(1)}}"]},"outgoing_phone_number":"{{PhoneFloor.Did}}","record":false,"max_ringing_duration":20}""",
            body);
    }

    [Fact]
    public async Task Parallel_ringing_is_asked_for_and_whoever_does_not_pick_up_first_is_free_again()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1", strategy = "parallel" });
        var (quick, slow) = (await node.AFreeAgent(null, 1), await node.AFreeAgent(null, 2));
        var caller = Caller.Of(node, 1, PhoneFloor.Did);

        Assert.Contains("\"parallel_ringing\":{\"activate\":true,\"max_parallel_attempts\":2}", await caller.AskBody(json: true));
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(1));

        await node.Until(quick, AgentStates.OnCall);
        await node.Until(slow, AgentStates.Ready);
        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));
        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, Talk);
        var ended = await Ended(node, InboundOutcomes.Completed);
        Assert.Equal((quick, Talk), (ended.AgentId, ended.TalkTime));
        await node.Until(quick, AgentStates.Ready);
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Fact]
    public async Task The_same_question_again_gets_the_same_answer_and_the_text_form_names_one()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        await node.AFreeAgent(null, 2);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);

        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));

        Assert.Equal([Floor.PhoneOf(2)], await Caller.Of(node, 2, PhoneFloor.Did).Ask());
    }

    [Fact]
    public async Task An_agent_who_does_not_answer_is_free_again_and_the_flow_that_asks_again_gets_another()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var deaf = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        await node.AFreeAgent(null, 2);

        await caller.Passthru(Floor.PhoneOf(1), Outcomes.NoAnswer);
        await node.Until(deaf, AgentStates.Resting);

        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(Floor.PhoneOf(1)));
    }

    [Fact]
    public async Task A_missed_call_is_told_once_though_every_word_of_it_comes_twice()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.ADid(new { flow = "1", campaignId = campaign });
        await node.AFreeAgent(campaign, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());

        for (var i = 0; i < 2; i++)
        {
            await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));
            await caller.Passthru(Floor.PhoneOf(1), Outcomes.NoAnswer, hungUp: true);
            await caller.Passthru(null, null, hungUp: true);
        }

        var missed = await node.Hears<InboundCallMissed>(_ => true, "the call is missed");
        Assert.Equal(
            (caller.From, PhoneFloor.Did, (Guid?)campaign, caller.CallSid), (missed.Number, missed.Did, missed.CampaignId, missed.ProviderCallId));
        Assert.Empty(await caller.Ask());   // it is over
        await node.Until(db => Task.FromResult(node.Clock.GetUtcNow() > RouterNode.Noon.AddMinutes(5)), "every deadline has passed", TimeSpan.FromSeconds(30));
        Assert.Single(node.Heard.Of<InboundCallMissed>().DistinctBy(m => m.EventId));
        Assert.Single(node.Heard.Of<InboundCallEnded>().DistinctBy(m => m.EventId));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_number_may_have_a_campaign_of_its_own_for_calling_back(bool hasAnother)
    {
        await using var node = await RouterNode.Start();
        var callsBack = Guid.NewGuid();
        await node.ADid(new { flow = "1", campaignId = hasAnother ? await node.ACampaign() : (Guid?)null, callBackCampaignId = callsBack });

        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Empty(await caller.Ask());   // nobody is signed in

        await caller.Passthru(null, null, hungUp: true);

        Assert.Equal(callsBack, (await node.Hears<InboundCallMissed>(_ => true, "the call is missed")).CampaignId);
        Assert.Contains($"\"callBackCampaignId\":\"{callsBack}\"", await node.Http.GetStringAsync("/api/v1/dids"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_which_nothing_is_heard_any_more_is_missed_and_its_agent_free()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        Assert.Single(await Caller.Of(node, 1, PhoneFloor.Did).Ask());

        await node.Until(db => db.Set<InboundCall>().AnyAsync(c => c.State == InboundStates.Over), "the call is over", TimeSpan.FromMinutes(1));

        await node.Hears<InboundCallMissed>(_ => true, "the call is missed");
        await node.Until(agent, AgentStates.Ready);
    }

    [Fact]
    public async Task A_conversation_is_completed_where_the_account_sends_no_popup_of_the_answer()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());

        await node.Clock.Turn(TimeSpan.FromSeconds(50));
        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));
        await node.Soon(db => db.Set<AgentOffer>().AnyAsync(o => o.AgentId == agent && o.ReleasedAt != null), "the phone is down");
        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, Talk);

        var ended = await node.Hears<InboundCallEnded>(_ => true, "the call is over");
        Assert.Equal((InboundOutcomes.Completed, agent), (ended.Outcome, ended.AgentId));
    }

    [Fact]
    public async Task A_long_conversation_of_which_only_its_end_is_told_is_not_a_missed_call()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());

        var talkedUntil = node.Clock.GetUtcNow() + TimeSpan.FromMinutes(6);
        await node.Until(_ => Task.FromResult(node.Clock.GetUtcNow() > talkedUntil), "six minutes are over", TimeSpan.FromSeconds(5));
        Assert.Equal(AgentStates.OnCall, (await node.SessionOf(agent)).State);
        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, TimeSpan.FromMinutes(5));

        var ended = await node.Hears<InboundCallEnded>(_ => true, "the call is over");
        Assert.Equal((InboundOutcomes.Completed, agent), (ended.Outcome, ended.AgentId));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
        await node.Until(agent, AgentStates.Ready);
    }

    /// <summary>One agent did not answer this caller, at the time given, and another is rung now.</summary>
    private static async Task<(Caller Caller, Guid Second, DateTimeOffset Before)> RungAfterAnother(RouterNode node)
    {
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        var second = await node.AFreeAgent(null, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var before = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(Floor.PhoneOf(1)));
        return (caller, second, before);
    }

    [Fact]
    public async Task A_late_word_of_the_agent_rung_before_does_not_free_the_one_who_is_rung_now()
    {
        await using var node = await RouterNode.Start();
        var (caller, second, before) = await RungAfterAnother(node);

        await caller.Passthru(Floor.PhoneOf(1), Outcomes.NoAnswer, at: before);   // the broker was slower than the flow
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(2));

        await node.Until(second, AgentStates.OnCall);
    }

    [Fact]
    public async Task A_late_word_of_the_agent_rung_before_does_not_end_the_conversation_with_another()
    {
        await using var node = await RouterNode.Start();
        var (caller, second, before) = await RungAfterAnother(node);
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(2));
        await node.Until(second, AgentStates.OnCall);

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer, at: before));

        Assert.Equal(AgentStates.OnCall, (await node.SessionOf(second)).State);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_late_word_of_the_agent_rung_before_does_not_end_the_conversation_with_somebody_not_known(bool isStampedLate)
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var before = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Empty(await caller.Ask(Floor.PhoneOf(1)));   // nobody else is there: the flow dials a number of its own
        await node.Clock.Turn(TimeSpan.FromSeconds(9));
        await node.IsHandled(caller.PopupOf(PopupStages.Answered, "+918040077777"));
        await node.Clock.Turn(TimeSpan.FromSeconds(1));

        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer, at: isStampedLate ? null : before));
        Assert.Equal(InboundStates.Connected, await node.Ask(db => db.Set<InboundCall>().Select(c => c.State).SingleAsync()));
        await node.Clock.Turn(Talk);
        await node.IsHandled(caller.PassthruOf("+918040077777", Outcomes.Completed, Talk));

        var ended = await Ended(node, InboundOutcomes.Unidentified);
        Assert.Equal((null, Talk), (ended.AgentId, ended.TalkTime));
    }

    [Fact]
    public async Task An_agents_line_whose_session_is_over_is_no_customer_that_calls_in()
    {
        await using var node = await RouterNode.Start();
        var (status, text) = await node.Put($"dids/{Floor.CallerId}", new { flow = "1" });   // agents see a number that customers call, too
        Assert.True(status == HttpStatusCode.OK, text);
        var line = await node.ALine(await node.ACampaign());
        Assert.Null(await line.Ask());
        await node.AFreeAgent(null, 2);

        await node.Post($"agents/{line.AgentId}/sign-out");

        Assert.Null(await line.Ask());
        Assert.Equal(HttpStatusCode.Found, await line.Stay());
        Assert.Equal(0, await node.Ask(db => db.Set<InboundCall>().CountAsync()));
    }

    [Fact]
    public async Task With_nobody_free_the_fallback_is_dialed_and_who_picks_up_there_is_no_agent_and_no_voicemail()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1", fallbackNumber = "08040009999" });
        var caller = Caller.Of(node, 1, PhoneFloor.Did);

        Assert.Equal(["+918040009999"], await caller.Ask());
        await caller.Passthru("+918040009999", Outcomes.Completed, Talk);

        var ended = await Ended(node, InboundOutcomes.Fallback);
        Assert.Equal((null, Talk), (ended.AgentId, ended.TalkTime));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Fact]
    public async Task With_nobody_free_and_no_fallback_the_caller_waits_while_agents_are_there_and_is_missed_when_none_is()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        await node.Post($"agents/{agent}/pause", new { reason = "tea" });
        var caller = Caller.Of(node, 1, PhoneFloor.Did);

        Assert.Empty(await caller.Ask());
        Assert.Equal(HttpStatusCode.OK, await caller.Stay());
        await node.Post($"agents/{agent}/sign-out");
        Assert.Equal(HttpStatusCode.Found, await caller.Stay());

        await node.Hears<InboundCallMissed>(_ => true, "the call is missed");
    }

    [Fact]
    public async Task The_explanation_names_trunk_direction_mode_flow_candidates_in_order_and_reasons()
    {
        await using var node = await RouterNode.Start(listens: false);
        await node.Put(
            "trunks/desk", new { sid = "tr1", direction = "bidirectional", acl = new[] { "203.0.113.7/32" }, destinationUris = new[] { "sip.example.org:5061;transport=tls" } });
        await node.ADid(new { trunk = "desk", flow = "383431", skill = "loans" });
        await node.AFreeAgent(null, 1, "loans");
        await node.AFreeAgent(null, 2, "cards");
        var last = await node.AFreeAgent(null, 3, "loans");
        await node.AnAgent(null, 4, ["loans"]);
        await LastTalked(node, 7, last);

        var told = JsonDocument.Parse(await node.Http.GetStringAsync($"/api/v1/inbound/explain?from=0{Floor.NumberOf(7)[3..]}&to={Uri.EscapeDataString(PhoneFloor.Did)}")).RootElement;

        Assert.Equal(
            ("desk", "bidirectional", "pstn", "383431"), (Text(told.GetProperty("trunk"), "name"), Text(told, "direction"), Text(told, "mode"), Text(told, "flow")));
        Assert.Equal(
            ["1 Agent 3: talked to this number last", "2 Agent 1: idle for 0 s", "- Agent 2: lacks the skill 'loans'", "- Agent 4: not signed in"],
            told.GetProperty("candidates").EnumerateArray().Select(c =>
                $"{(c.GetProperty("place").ValueKind == JsonValueKind.Null ? "-" : c.GetProperty("place").GetRawText())} {Text(c, "name")}: {Text(c, "reason")}"));
        Assert.Equal(0, told.GetProperty("problems").GetArrayLength());
        Assert.Contains(told.GetProperty("steps").EnumerateArray(), step => step.GetString()!.Contains("Agent 3, Agent 1"));
    }

    [Fact]
    public async Task The_explanation_says_what_to_change_where_a_call_would_reach_nobody()
    {
        await using var node = await RouterNode.Start(listens: false);

        async Task<string> Problems() => JsonDocument.Parse(await node.Http.GetStringAsync($"/api/v1/inbound/explain?from={Uri.EscapeDataString(Floor.NumberOf(7))}&to={Uri.EscapeDataString(PhoneFloor.Did)}"))
            .RootElement.GetProperty("problems").GetRawText();

        Assert.Contains("PUT /api/v1/dids/", await Problems());
        await node.ADid(new { flow = "1", campaignId = await node.ACampaign() });
        await node.Ask(db => db.Campaigns.ExecuteDeleteAsync());   // removed since
        var problems = await Problems();
        Assert.Contains("is not known here", problems);
        Assert.Contains("No agent is free, and the number has no fallback", problems);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
