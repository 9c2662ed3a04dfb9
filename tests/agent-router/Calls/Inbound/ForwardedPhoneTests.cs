using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Inbound;

/// <summary>The phone that picks up for a caller is not always named by the number that was given.</summary>
public sealed class ForwardedPhoneTests
{
    private const string Elsewhere = "+919000012345";
    private const string OtherForm = "+447709560001";   // Floor.PhoneOf(1), its country read wrongly
    private const string Fallback = "+918040009999";

    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(40);

    private static async Task<(Caller Caller, Guid One, Guid Two)> TwoRung(RouterNode node, string strategy)
    {
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromSeconds(15) });
        await node.ADid(new { flow = "1", strategy, campaignId = campaign, fallbackNumber = Fallback });
        var (one, two) = (await node.AFreeAgent(campaign, 1), await node.AFreeAgent(campaign, 2));
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal([Floor.PhoneOf(1), Floor.PhoneOf(2)], await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(6));
        return (caller, one, two);
    }

    private static async Task<InboundCallEnded> IsEnded(RouterNode node, Caller caller)
    {
        var id = await node.Ask(db => db.Set<InboundCall>().Where(c => c.ProviderCallId == caller.CallSid).Select(c => c.Id).SingleAsync());
        return await node.Hears<InboundCallEnded>(e => e.InboundId == id, "the call is over");
    }

    [Theory]
    [InlineData(Elsewhere, true), InlineData(Elsewhere, false)]
    [InlineData(OtherForm, true), InlineData(OtherForm, false)]
    [InlineData(null, true), InlineData(null, false)]
    public async Task The_one_agent_who_was_rung_has_the_conversation_and_the_wrap_up_whatever_number_is_named(string? named, bool popups)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromSeconds(15) });
        await node.ADid(new { flow = "1", campaignId = campaign });
        var agent = await node.AFreeAgent(campaign, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        var (other, at) = (Guid.NewGuid(), node.Clock.GetUtcNow());
        await node.Ask(db => db.Database.ExecuteSqlAsync($"insert into last_agents values ({caller.From}, {other}, {campaign}, {other}, {other}, {at})"));

        if (popups)
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(5));
            await caller.Popup(PopupStages.Answered, named);
            await node.Until(agent, AgentStates.OnCall);
            await node.Clock.Turn(Talk);
            await caller.Popup(PopupStages.Terminal, named);
            await node.Until(agent, AgentStates.WrapUp);
        }
        else
        {
            await node.Clock.Turn(Talk + TimeSpan.FromSeconds(5));
        }
        await caller.Passthru(named, Outcomes.Completed, Talk);

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Completed, agent, Talk), (ended.Outcome, ended.AgentId, ended.TalkTime));
        await node.Until(agent, AgentStates.WrapUp);
        Assert.Equal(agent, await node.Ask(db => db.LastAgents.Where(l => l.Number == caller.From).Select(l => l.AgentId).SingleAsync()));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Fact]
    public async Task Of_two_who_were_rung_at_once_it_is_the_one_whose_phone_was_not_told_to_be_down()
    {
        await using var node = await RouterNode.Start();
        var (caller, one, two) = await TwoRung(node, "parallel");

        await node.IsHandled(caller.PopupOf(PopupStages.Terminal, Floor.PhoneOf(1)));
        await node.Clock.Turn(TimeSpan.FromSeconds(2));
        await caller.Popup(PopupStages.Answered, Elsewhere);

        await node.Until(two, AgentStates.OnCall);
        await node.Until(one, AgentStates.Ready);
        await node.Clock.Turn(Talk);
        await caller.Passthru(Elsewhere, Outcomes.Completed, Talk);
        Assert.Equal((InboundOutcomes.Completed, two), ((await IsEnded(node, caller)).Outcome, (await IsEnded(node, caller)).AgentId));
        await node.Until(two, AgentStates.WrapUp);
    }

    [Fact]
    public async Task Where_the_passthru_tells_who_rang_in_vain_it_is_the_one_who_is_left()
    {
        await using var node = await RouterNode.Start();
        var (caller, one, two) = await TwoRung(node, "parallel");
        await node.Clock.Turn(Talk);

        await node.Publish(caller.PassthruOf(Elsewhere, Outcomes.Completed, Talk) with
        {
            Phones = [new(Floor.PhoneOf(1), Outcomes.NoAnswer), new(Elsewhere, Outcomes.Completed)],
        });

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Completed, two), (ended.Outcome, ended.AgentId));
        await node.Until(two, AgentStates.WrapUp);
        await node.Until(one, AgentStates.Ready);
    }

    [Fact]
    public async Task Where_the_passthru_names_two_numbers_for_one_phone_the_agents_own_counts()
    {
        await using var node = await RouterNode.Start();
        var (caller, _, two) = await TwoRung(node, "parallel");
        await node.Clock.Turn(Talk);

        await node.Publish(caller.PassthruOf(Elsewhere, Outcomes.Completed, Talk) with { OtherNumber = Floor.PhoneOf(2) });

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Completed, two), (ended.Outcome, ended.AgentId));
    }

    [Theory, InlineData(Elsewhere, true), InlineData(null, true), InlineData(Elsewhere, false), InlineData(null, false)]
    public async Task Where_it_may_have_been_either_it_is_said_to_be_unknown_and_both_are_freed_with_the_reason(string? named, bool popups)
    {
        await using var node = await RouterNode.Start();
        var (caller, one, two) = await TwoRung(node, "parallel");

        if (popups)
        {
            await caller.Popup(PopupStages.Answered, named);
            await node.Until(one, AgentStates.Ready);
            await node.Until(two, AgentStates.Ready);
            Assert.Equal("somebody answered, and it is not known who", (await node.SessionOf(one)).Reason);
            var known = await node.Ask(db => db.Set<InboundCall>().AsNoTracking().SingleAsync());
            Assert.Equal((InboundStates.Connected, InboundOutcomes.Unidentified, named), (known.State, known.Outcome, known.AnsweredBy));
        }
        await node.Clock.Turn(Talk);
        await caller.Passthru(named, Outcomes.Completed, Talk);

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Unidentified, null, Talk), (ended.Outcome, ended.AgentId, ended.TalkTime));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
        Assert.Equal((AgentStates.Ready, AgentStates.Ready), ((await node.SessionOf(one)).State, (await node.SessionOf(two)).State));
        Assert.Equal((0, 0), ((await node.SessionOf(one)).Misses, (await node.SessionOf(two)).Misses));
    }

    [Fact]
    public async Task A_talk_with_somebody_not_known_keeps_its_length_though_only_the_popup_tells_of_its_end()
    {
        await using var node = await RouterNode.Start();
        var (caller, _, _) = await TwoRung(node, "parallel");
        await node.IsHandled(caller.PopupOf(PopupStages.Answered, Elsewhere));
        await node.Clock.Turn(Talk);

        await node.IsHandled(caller.PopupOf(PopupStages.Terminal, Elsewhere));
        await node.Until(db => db.Set<InboundCall>().AnyAsync(c => c.State == InboundStates.Over), "the call is over");

        Assert.Equal((InboundOutcomes.Unidentified, Talk), ((await IsEnded(node, caller)).Outcome, (await IsEnded(node, caller)).TalkTime));
    }

    [Fact]
    public async Task A_later_word_that_names_the_agent_overrules_that_it_is_not_known()
    {
        await using var node = await RouterNode.Start();
        var (caller, _, two) = await TwoRung(node, "parallel");
        await caller.Popup(PopupStages.Answered, Elsewhere);
        await node.Until(two, AgentStates.Ready);
        await node.Clock.Turn(Talk);

        await caller.Passthru(Floor.PhoneOf(2), Outcomes.Completed, Talk);

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Completed, two), (ended.Outcome, ended.AgentId));
        await node.Until(two, AgentStates.WrapUp);   // it is made up for
    }

    [Fact]
    public async Task Of_two_who_are_rung_in_order_it_is_the_first_as_long_as_it_is_his_turn_and_no_word_says_that_he_is_through()
    {
        await using var node = await RouterNode.Start();
        var (caller, one, two) = await TwoRung(node, "order");

        await caller.Popup(PopupStages.Answered, Elsewhere);

        await node.Until(one, AgentStates.OnCall);
        await node.Until(two, AgentStates.Ready);
    }

    [Fact]
    public async Task Of_two_who_are_rung_in_order_nobody_is_named_when_it_may_be_the_seconds_turn()
    {
        await using var node = await RouterNode.Start();
        var (caller, one, two) = await TwoRung(node, "order");
        await node.Clock.Turn(TimeSpan.FromSeconds(25));

        await caller.Popup(PopupStages.Answered, Elsewhere);

        await node.Until(one, AgentStates.Ready);
        await node.Until(two, AgentStates.Ready);
        Assert.Equal(InboundOutcomes.Unidentified, await node.Ask(db => db.Set<InboundCall>().Select(c => c.Outcome).SingleAsync()));
    }

    [Fact]
    public async Task A_guess_gives_way_when_a_late_word_says_that_this_phone_was_down_before()
    {
        await using var node = await RouterNode.Start();
        var (caller, one, _) = await TwoRung(node, "order");
        var declined = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(3));
        await caller.Popup(PopupStages.Answered, Elsewhere);
        await node.Until(one, AgentStates.OnCall);

        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1), declined);

        await node.Until(one, AgentStates.Ready);
        await node.Clock.Turn(Talk);
        await caller.Passthru(Elsewhere, Outcomes.Completed, Talk);
        Assert.Equal((InboundOutcomes.Unidentified, null), ((await IsEnded(node, caller)).Outcome, (await IsEnded(node, caller)).AgentId));
    }

    [Theory, InlineData(Fallback), InlineData(Elsewhere), InlineData(null)]
    public async Task Whoever_picks_up_at_the_fallback_is_no_agent_and_no_voicemail_whatever_number_is_named(string? named)
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1", fallbackNumber = Fallback });
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal([Fallback], await caller.Ask());
        await node.Clock.Turn(Talk);

        await caller.Passthru(named, Outcomes.Completed, Talk);

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Fallback, null, Talk), (ended.Outcome, ended.AgentId, ended.TalkTime));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Theory, InlineData("voicemail"), InlineData("Voicemail")]
    public async Task A_voicemail_is_what_the_provider_calls_one(string word)
    {
        await using var node = await RouterNode.Start();
        var (caller, _, _) = await TwoRung(node, "parallel");

        await node.Publish(caller.PassthruOf(null, Outcomes.NoAnswer) with { RawStatus = word });

        Assert.Equal((InboundOutcomes.Voicemail, null), ((await IsEnded(node, caller)).Outcome, (await IsEnded(node, caller)).AgentId));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Theory, InlineData(Elsewhere), InlineData(null)]
    public async Task A_word_of_before_an_agent_was_rung_is_not_about_him_whatever_number_it_names(string? named)
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        var second = await node.AFreeAgent(null, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var before = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(Elsewhere));

        await node.IsHandled(caller.PopupOf(PopupStages.Answered, named, before));
        await node.IsHandled(caller.PassthruOf(named, Outcomes.NoAnswer, at: before));

        Assert.Equal(AgentStates.Dialing, (await node.SessionOf(second)).State);
    }

    [Fact]
    public async Task A_word_that_names_one_who_was_rung_before_is_not_about_the_one_who_is_rung_now_though_their_seconds_are_the_same()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        var second = await node.AFreeAgent(null, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(Floor.PhoneOf(1)));

        await node.IsHandled(caller.PopupOf(PopupStages.Terminal, Floor.PhoneOf(1)));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer));

        Assert.Equal(AgentStates.Dialing, (await node.SessionOf(second)).State);
        Assert.False(await node.Ask(db => db.Set<AgentOffer>().AnyAsync(o => o.AgentId == second && o.ReleasedAt != null)));
    }

    [Fact]
    public async Task A_forwarded_phone_that_was_declined_is_not_rung_again_as_if_the_question_were_the_same()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Equal(Floor.PhoneOf(1), await caller.AskBody(json: false));
        await node.AFreeAgent(null, 2);
        await node.Clock.Turn(TimeSpan.FromSeconds(4));

        Assert.Equal([Floor.PhoneOf(2)], await caller.Ask(Elsewhere));
    }

    [Fact]
    public async Task A_conversation_that_is_told_when_the_phone_was_let_go_already_is_that_agents()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(50));
        await caller.Popup(PopupStages.Terminal, Floor.PhoneOf(1));
        await node.Until(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == AgentStates.Ready), "the agent is let go");

        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, Talk);

        var ended = await IsEnded(node, caller);
        Assert.Equal((InboundOutcomes.Completed, agent), (ended.Outcome, ended.AgentId));
    }
}
