using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Screen;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Customers;

public sealed class CustomerTests
{
    private static async Task<(OfferedLead Lead, Caller Caller)> AnAnsweredCustomer(RouterNode node, Guid campaign, int customer)
    {
        var lead = node.ALead(customer);
        await node.Publish(
            new CustomerCallPlaced { EventId = Guid.NewGuid(), CampaignId = campaign, Account = "default", Lead = lead, OccurredAt = node.Clock.GetUtcNow() });
        await node.Soon(db => db.Set<CustomerCall>().AnyAsync(c => c.AttemptId == lead.AttemptId), "the customer's call is known");
        var caller = new Caller(node, lead.Number, Floor.CallerId, $"out-{lead.AttemptId:N}");
        await IsNamed(node, lead, campaign, caller.CallSid);
        return (lead, caller);
    }

    /// <summary>The provider took the request and named the call, and the router knows.</summary>
    private static async Task IsNamed(RouterNode node, OfferedLead lead, Guid campaign, string call)
    {
        await node.Publish(new CallOriginated
        {
            EventId = Guid.NewGuid(),
            AttemptId = lead.AttemptId,
            CampaignId = campaign,
            Account = "default",
            ProviderCallId = call,
            OccurredAt = node.Clock.GetUtcNow(),
            ReceivedAt = node.Clock.GetUtcNow(),
        });
        await node.Soon(db => db.Set<CustomerCall>().AnyAsync(c => c.ProviderCallId == call), "the provider's call is known");
    }

    private static Task<Guid> APowerCampaign(RouterNode node) =>
        node.ACampaign(c => c with { Mode = CampaignModes.Power, WrapUp = TimeSpan.FromSeconds(15) });

    private static AttemptEnded EndOf(RouterNode node, OfferedLead lead, Guid campaign) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = lead.AttemptId,
        CampaignId = campaign,
        LeadId = lead.LeadId,
        Account = "default",
        AttemptNumber = 1,
        CallerId = lead.CallerId,
        Outcome = Outcomes.Completed,
        Dialed = true,
        StartedAt = node.Clock.GetUtcNow(),
        OccurredAt = node.Clock.GetUtcNow(),
        TimeZone = "Asia/Kolkata",
        Source = "webhook",
    };

    [Fact]
    public async Task A_customer_who_answers_waits_until_an_agent_is_free_and_is_connected_to_him()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);

        Assert.Empty(await caller.Ask());
        Assert.Equal(HttpStatusCode.OK, await caller.Stay());
        Assert.Empty(await caller.Ask());
        await node.Hears<CallQueued>(q => q.AttemptId == lead.AttemptId && q.ProviderCallId == caller.CallSid, "the customer waits");
        var agent = await node.AFreeAgent(campaign, 1);
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask());
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask());
        await node.Hears<CallDequeued>(q => q.AttemptId == lead.AttemptId, "the customer waits no more");
        Assert.Equal((AgentStates.Dialing, lead.AttemptId), ((await node.SessionOf(agent)).State, (await node.SessionOf(agent)).AttemptId));

        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(1));
        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "customer and agent are connected");
        Assert.Equal(agent, connected.AgentId);
        await node.Until(agent, AgentStates.OnCall);
        Assert.Equal(HttpStatusCode.Found, await caller.Stay());

        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, TimeSpan.FromSeconds(30));
        await node.Until(agent, AgentStates.WrapUp);
        await node.Publish(EndOf(node, lead, campaign));
        await node.Soon(db => db.Set<CustomerCall>().AnyAsync(c => c.AttemptId == lead.AttemptId && c.OverAt != null), "the call is over");
        await node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == AgentStates.Ready), "the agent is free again");
        Assert.Single(node.Heard.Of<CallQueued>().DistinctBy(q => q.EventId));
        Assert.Single(node.Heard.Of<CallConnected>().DistinctBy(q => q.EventId));
        Assert.Equal(["lead", "answered", "over", "ended Completed"], await ShownTo(node, agent));
    }

    [Fact]
    public async Task The_ledger_is_told_how_long_customer_and_agent_talked_and_where_the_recording_is()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        await caller.Ask();
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(1));

        await node.Publish(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.Completed, TimeSpan.FromSeconds(42)) with { RecordingUrl = "https://recordings.example/a.mp3" });

        var step = await node.Hears<CallTerminated>(t => t.AttemptId == lead.AttemptId, "the step is told");
        Assert.Equal(
            (Outcomes.Completed, true, TimeSpan.FromSeconds(42), "https://recordings.example/a.mp3"),
            (step.Outcome, step is { Step: true, Provisional: true }, step.TalkTime, step.RecordingUrl));
    }

    /// <summary>What the agent's screen was told of leads and their calls.</summary>
    private static async Task<List<string>> ShownTo(RouterNode node, Guid agent)
    {
        var events = await node.Ask(db => db.Set<AgentEvent>().AsNoTracking()
            .Where(e => e.AgentId == agent && (e.Kind == AgentEventKinds.Call || e.Kind == AgentEventKinds.Lead)).OrderBy(e => e.Sequence)
                .ToListAsync());
        return [.. events.Select(e => e.Kind == AgentEventKinds.Lead ? "lead" : Words(JsonDocument.Parse(e.Body).RootElement))];

        static string Words(JsonElement step) => $"{step.GetProperty("stage").GetString()} {step.GetProperty("outcome").GetString()}".TrimEnd();
    }

    [Fact]
    public async Task Customers_who_answer_at_once_at_two_routers_never_get_the_same_agent()
    {
        await using var one = await RouterNode.Start();
        await using var two = await RouterNode.Start(one.Database, one.Clock, listens: false);
        var campaign = await APowerCampaign(one);
        for (var agent = 1; agent <= 5; agent++)
            await one.AFreeAgent(campaign, agent);
        var callers = new List<Caller>();
        for (var customer = 1; customer <= 8; customer++)
            callers.Add((await AnAnsweredCustomer(one, campaign, customer)).Caller with { Node = customer % 2 == 0 ? one : two });

        var answers = await Task.WhenAll(callers.Select(caller => caller.Ask()));

        var rung = answers.SelectMany(numbers => numbers).ToList();
        Assert.Equal(rung.Count, rung.Distinct().Count());
        Assert.InRange(rung.Count, 1, 5);
        var left = await Task.WhenAll(callers.Where((_, i) => answers[i].Count == 0).Select(caller => caller.Ask()));
        Assert.Equal(5, rung.Concat(left.SelectMany(numbers => numbers)).Distinct().Count());
    }

    [Fact]
    public async Task An_agent_who_does_not_answer_is_free_again_and_another_is_rung()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var deaf = await node.AFreeAgent(campaign, 1);
        await node.AFreeAgent(campaign, 2);
        var (_, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask());

        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(lastDialed: Floor.PhoneOf(1)));

        await node.Until(deaf, AgentStates.Resting);
    }

    [Fact]
    public async Task The_end_of_the_attempt_frees_the_agent_though_nothing_else_was_heard()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        await caller.Ask();

        await node.Publish(EndOf(node, lead, campaign));

        await node.Until(agent, AgentStates.Ready);
        Assert.Empty(await caller.Ask());
    }

    [Fact]
    public async Task An_agent_to_whom_the_providers_own_queue_led_a_customer_is_on_the_call_until_the_attempt_ends()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, _) = await AnAnsweredCustomer(node, campaign, 1);

        await node.Publish(new CallConnected
        {
            EventId = Guid.NewGuid(),
            AttemptId = lead.AttemptId,
            Account = "default",
            ProviderCallId = "c-1",
            OccurredAt = node.Clock.GetUtcNow(),
            ReceivedAt = node.Clock.GetUtcNow(),
            AgentNumber = Floor.PhoneOf(1)[1..],
        });
        await node.Until(agent, AgentStates.OnCall);
        Assert.Equal((lead.AttemptId, campaign), ((await node.SessionOf(agent)).AttemptId, (await node.SessionOf(agent)).CampaignId));

        await node.Publish(EndOf(node, lead, campaign));
        await node.Until(agent, AgentStates.WrapUp);
        await node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == AgentStates.Ready), "the agent is free again");
    }

    [Fact]
    public async Task A_customer_who_calls_in_while_we_call_him_is_not_taken_for_the_one_we_called()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        await caller.Ask();

        Assert.Empty(await (caller with { CallSid = "another" }).Ask());

        Assert.Equal(caller.CallSid, await node.Ask(db =>
            db.Set<CustomerCall>().Where(c => c.AttemptId == lead.AttemptId).Select(c => c.ProviderCallId).SingleAsync()));
    }

    [Fact]
    public async Task A_conversation_is_told_as_connected_where_the_account_sends_no_popup_of_the_answer()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Single(await caller.Ask());

        await node.Clock.Turn(TimeSpan.FromSeconds(50));
        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));   // says the same of answered, missed and declined
        await node.Soon(db => db.Set<AgentOffer>().AnyAsync(o => o.AgentId == agent && o.ReleasedAt != null), "the phone is down");
        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, TimeSpan.FromSeconds(40));

        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "customer and agent were connected");
        Assert.Equal(agent, connected.AgentId);
        await node.Until(agent, AgentStates.WrapUp);
    }

    [Fact]
    public async Task An_agent_who_did_not_answer_is_free_soon_after_the_popup_though_no_passthru_comes()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        await caller.Ask();
        var rung = node.Clock.GetUtcNow();

        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));
        await node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == AgentStates.Ready), "the agent is free");

        Assert.True(node.Clock.GetUtcNow() - rung <= TimeSpan.FromSeconds(30));
        Assert.Empty(node.Heard.Of<CallConnected>());
    }

    [Fact]
    public async Task A_late_word_of_the_agent_rung_before_does_not_free_the_one_who_is_rung_now()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        await node.AFreeAgent(campaign, 1);
        var second = await node.AFreeAgent(campaign, 2);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var before = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(lastDialed: Floor.PhoneOf(1)));

        await caller.Passthru(Floor.PhoneOf(1), Outcomes.NoAnswer, at: before);   // the broker was slower than the flow
        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1), at: before);
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(2));

        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "customer and agent are connected");
        Assert.Equal(second, connected.AgentId);
        await node.Until(second, AgentStates.OnCall);
    }

    [Fact]
    public async Task An_agent_whose_phone_was_not_let_go_when_the_ringing_was_over_talks_and_is_not_rung_for_another()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        await caller.Ask();

        await node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State != AgentStates.Dialing), "the ringing is over");

        Assert.Equal(AgentStates.OnCall, (await node.SessionOf(agent)).State);
        var (_, other) = await AnAnsweredCustomer(node, campaign, 2);
        Assert.Empty(await other.Ask());
        await node.Publish(EndOf(node, lead, campaign));
        await node.Until(agent, AgentStates.WrapUp);
    }

    private const string Elsewhere = "+919000012345";

    [Theory]
    [InlineData(Elsewhere, true), InlineData(Elsewhere, false), InlineData("+447709560001", true), InlineData(null, true), InlineData(null, false)]
    public async Task The_agent_who_was_rung_has_the_customer_the_wrap_up_and_the_disposition_whatever_number_is_named(string? named, bool popups)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(5));

        if (popups)
        {
            await caller.Popup(PopupStages.Answered, named);
            await node.Until(agent, AgentStates.OnCall);
            await node.Clock.Turn(TimeSpan.FromSeconds(30));
            await caller.Popup(PopupStages.Terminal, named);
        }
        else
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(30));
            await caller.Passthru(named, Outcomes.Completed, TimeSpan.FromSeconds(30));
        }

        await node.Until(agent, AgentStates.WrapUp);
        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "customer and agent are connected");
        Assert.Equal(agent, connected.AgentId);
        await node.Post($"agents/{agent}/disposition", new { attemptId = lead.AttemptId, code = "interested" });
        Assert.Equal(agent, await node.Ask(db => db.LastAgents.Where(l => l.Number == lead.Number).Select(l => l.AgentId).SingleAsync()));
    }

    [Theory, InlineData(Elsewhere), InlineData(null)]
    public async Task A_word_of_before_an_agent_was_rung_is_not_about_him_whatever_number_it_names(string? named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        await node.AFreeAgent(campaign, 1);
        var second = await node.AFreeAgent(campaign, 2);
        var (_, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var before = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(lastDialed: Elsewhere));

        await node.IsHandled(caller.PopupOf(PopupStages.Answered, named, before));
        await node.IsHandled(caller.PassthruOf(named, Outcomes.NoAnswer, at: before));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer));   // named, in the second of the new question

        Assert.Equal(AgentStates.Dialing, (await node.SessionOf(second)).State);
        Assert.Empty(node.Heard.Of<CallConnected>());
    }

    [Fact]
    public async Task A_customer_who_talked_when_nobody_is_rung_any_more_is_told_as_connected_to_whom_is_not_known()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Empty(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(30));

        await caller.Passthru(Elsewhere, Outcomes.Completed, TimeSpan.FromSeconds(20));

        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "the customer was connected");
        Assert.Equal((null, node.Clock.GetUtcNow().AddSeconds(-20)), (connected.AgentId, connected.OccurredAt));
        Assert.Empty(await caller.Ask());
    }

    [Theory]
    [InlineData(Outcomes.Completed, false, false), InlineData(Outcomes.Completed, true, false)]
    [InlineData(Outcomes.Canceled, true, false), InlineData(Outcomes.Canceled, true, true), InlineData(Outcomes.NoAnswer, true, true)]
    public async Task An_agent_has_the_wrap_up_of_a_conversation_of_which_the_passthru_tells_no_talk(string told, bool popup, bool passthruFirst)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, caller) = await AnAnsweredCustomer(node, campaign, 1);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(5));
        object answered = caller.PopupOf(PopupStages.Answered, Floor.PhoneOf(1));
        await node.Clock.Turn(TimeSpan.FromSeconds(8));
        object passthru = caller.PassthruOf(Floor.PhoneOf(1), told, hungUp: told != Outcomes.NoAnswer);

        foreach (var word in !popup ? [passthru] : passthruFirst ? [passthru, answered] : (object[])[answered, passthru])
            await node.IsHandled(word);

        await node.Until(agent, AgentStates.WrapUp);
        var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "customer and agent were connected");
        Assert.Equal(agent, connected.AgentId);
    }

    [Theory, InlineData("101"), InlineData("918040055555"), InlineData("77@pbx.example")]
    public async Task Nobody_is_said_to_talk_where_the_providers_queue_names_an_extension_that_is_no_agents(string named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (lead, _) = await AnAnsweredCustomer(node, campaign, 1);

        await node.IsHandled(QueueConnected(node, lead, named));

        Assert.Equal(AgentStates.Ready, (await node.SessionOf(agent)).State);
        var call = await node.Ask(db => db.Set<CustomerCall>().AsNoTracking().SingleAsync(c => c.AttemptId == lead.AttemptId));
        Assert.Equal((null, true), (call.AgentId, call.ConnectedAt is not null));
    }

    [Theory, InlineData("917709560001"), InlineData("+917709560001"), InlineData("sip:917709560001@pbx.example")]
    public async Task An_agent_whom_the_providers_queue_names_picked_up_and_is_on_the_call_also_from_a_break_for_not_answering(string named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        await node.Ask(db => db.Sessions.Where(s => s.AgentId == agent).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.State, AgentStates.Paused).SetProperty(x => x.Reason, AgentReasons.NotAnswering).SetProperty(x => x.Misses, 3)));
        var (lead, _) = await AnAnsweredCustomer(node, campaign, 1);

        await node.IsHandled(QueueConnected(node, lead, named));

        var session = await node.SessionOf(agent);
        Assert.Equal((AgentStates.OnCall, 0, null), (session.State, session.Misses, session.WantsPause));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_late_word_of_the_providers_queue_does_not_take_an_agent_off_the_customer_he_talks_to_since(bool wrapsUp)
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (first, _) = await AnAnsweredCustomer(node, campaign, 1);
        var (second, _) = await AnAnsweredCustomer(node, campaign, 2);
        var late = QueueConnected(node, first, Floor.PhoneOf(1));
        await node.Clock.Turn(TimeSpan.FromSeconds(60));
        await node.IsHandled(QueueConnected(node, second, Floor.PhoneOf(1)));
        await node.Clock.Turn(TimeSpan.FromSeconds(5));
        if (wrapsUp)
        {
            await node.Publish(EndOf(node, second, campaign));
            await node.Until(agent, AgentStates.WrapUp);
        }

        await node.IsHandled(late with { ReceivedAt = node.Clock.GetUtcNow() });
        await node.IsHandled(EndOf(node, first, campaign));

        var session = await node.SessionOf(agent);
        Assert.Equal((wrapsUp ? AgentStates.WrapUp : AgentStates.OnCall, second.AttemptId), (session.State, session.AttemptId));
        var call = await node.Ask(db => db.Set<CustomerCall>().AsNoTracking().SingleAsync(c => c.AttemptId == first.AttemptId));
        Assert.Equal((agent, late.OccurredAt), (call.AgentId, call.ConnectedAt));
    }

    [Fact]
    public async Task An_agent_whom_the_providers_queue_led_on_to_the_next_customer_talks_to_that_one()
    {
        await using var node = await RouterNode.Start();
        var campaign = await APowerCampaign(node);
        var agent = await node.AFreeAgent(campaign, 1);
        var (first, _) = await AnAnsweredCustomer(node, campaign, 1);
        var (second, _) = await AnAnsweredCustomer(node, campaign, 2);
        var late = QueueConnected(node, first, Floor.PhoneOf(1));
        await node.Clock.Turn(TimeSpan.FromSeconds(60));
        var next = QueueConnected(node, second, Floor.PhoneOf(1));
        await node.Clock.Turn(TimeSpan.FromSeconds(5));

        await node.IsHandled(late with { ReceivedAt = node.Clock.GetUtcNow() });
        await node.IsHandled(next with { ReceivedAt = node.Clock.GetUtcNow() });   // though the state began after it

        var session = await node.SessionOf(agent);
        Assert.Equal((AgentStates.OnCall, second.AttemptId), (session.State, session.AttemptId));
    }

    private static CallConnected QueueConnected(RouterNode node, OfferedLead lead, string named) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = lead.AttemptId,
        Account = "default",
        ProviderCallId = "c-1",
        OccurredAt = node.Clock.GetUtcNow(),
        ReceivedAt = node.Clock.GetUtcNow(),
        AgentNumber = named,
    };
}
