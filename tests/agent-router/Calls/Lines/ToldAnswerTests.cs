using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>What the Passthru behind Connect says is weighed with what the popups told, in whatever order they come.</summary>
public sealed class ToldAnswerTests
{
    private static readonly TimeSpan Rang = TimeSpan.FromSeconds(6), Talk = TimeSpan.FromSeconds(40);

    private static Task<Guid> ACampaign(RouterNode node) => node.ACampaign(c => c with { WrapUp = TimeSpan.FromMinutes(5) });

    [Theory]
    [InlineData(Outcomes.Completed, true, false), InlineData(Outcomes.Completed, true, true)]
    [InlineData(Outcomes.Canceled, true, false), InlineData(Outcomes.Canceled, true, true)]
    [InlineData(Outcomes.Canceled, false, false), InlineData(Outcomes.Canceled, false, true)]
    [InlineData(Outcomes.NoAnswer, false, false), InlineData(Outcomes.NoAnswer, false, true)]
    public async Task Law_11_a_lead_who_was_told_to_have_picked_up_was_reached_whatever_the_passthru_does_not_know(
        string told, bool hungUp, bool passthruFirst)
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await node.ADialingLine(await ACampaign(node));
        await node.IsHandled(line.Popup(PopupStages.Dial, lead.Number));
        await node.Clock.Turn(Rang);
        var answered = node.Clock.GetUtcNow();
        await node.Clock.Turn(Talk);
        object passthru = line.Passthru(lead.Number, told, hungUp: hungUp);
        object[] popups = [line.Popup(PopupStages.Answered, lead.Number, answered), line.Popup(PopupStages.Terminal, lead.Number)];

        foreach (var word in passthruFirst ? [passthru, .. popups] : (object[])[.. popups, passthru])
            await node.IsHandled(word);

        var row = await node.Row(lead);
        Assert.Equal((HopperStates.Over, Outcomes.Completed, answered, Talk), (row.State, row.Outcome, row.AnsweredAt!.Value, row.TalkTime));
        await node.Hears<CallTerminated>(t =>
            t is { Outcome: Outcomes.Completed, Source: "webhook" } && t.AttemptId == lead.AttemptId && t.TalkTime == Talk, "the lead was reached");
        Assert.Equal(hungUp ? AgentStates.Ended : AgentStates.WrapUp, (await line.Session()).State);
    }

    [Fact]
    public async Task Law_11_a_conversation_that_was_settled_by_popups_is_not_overruled_by_a_word_that_knows_of_none_and_takes_the_talk_of_one_that_does()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await node.ADialingLine(await ACampaign(node));
        await node.Clock.Turn(Rang);
        await node.IsHandled(line.Popup(PopupStages.Answered, lead.Number));
        await node.Clock.Turn(Talk);
        await node.IsHandled(line.Popup(PopupStages.Terminal, lead.Number));
        var end = node.Clock.GetUtcNow();
        await node.Until(_ => Task.FromResult(node.Heard.Of<CallTerminated>().Count == 1), "it is settled");

        await node.IsHandled(line.Passthru(lead.Number, Outcomes.Canceled, TimeSpan.Zero, end) with { Cause = 1003, CauseName = "RING_TIMEOUT" });

        Assert.Equal((Outcomes.Completed, Outcomes.Canceled), ((await node.Row(lead)).Outcome, (await node.Row(lead)).ToldOutcome));
        await node.IsHandled(line.Passthru(lead.Number, Outcomes.Completed, Talk / 2, end));
        await node.Hears<CallTerminated>(t => t.TalkTime == Talk / 2, "its talk is told");
        Assert.All(node.Heard.Of<CallTerminated>(), t => Assert.Equal((Outcomes.Completed, null), (t.Outcome, t.Cause)));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_agent_who_hangs_up_ends_his_session_and_says_nothing_of_a_lead_that_is_over(bool hadLead)
    {
        await using var node = await RouterNode.Start();
        var line = await node.ALine(await ACampaign(node));
        var lead = node.ALead(1);
        if (hadLead)
            await node.Offered((await line.Session()).Campaigns.Single(), lead);
        Assert.Equal(hadLead ? lead.Number : null, await line.Ask());
        if (hadLead)
        {
            await node.IsHandled(line.Popup(PopupStages.Dial, lead.Number));
            await node.IsHandled(line.Popup(PopupStages.Terminal, lead.Number));
            await node.Until(_ => Task.FromResult(node.Heard.Of<CallTerminated>().Count == 1), "it is settled");
        }

        await node.IsHandled(line.Passthru(null, Outcomes.Canceled, hungUp: true));

        Assert.Equal((AgentStates.Ended, "hung-up"), ((await line.Session()).State, (await line.Session()).Reason));
        if (hadLead)
            Assert.Equal((Outcomes.NoAnswer, null), ((await node.Row(lead)).Outcome, (await node.Row(lead)).ToldOutcome));
    }

    [Fact]
    public async Task A_lead_at_hand_whose_agent_hangs_up_was_rung_though_nothing_names_it()
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await node.ADialingLine(await ACampaign(node));
        await node.Clock.Turn(Rang);

        await node.IsHandled(line.Passthru(null, Outcomes.Canceled, hungUp: true));

        Assert.Equal(Outcomes.Canceled, (await node.Row(lead)).Outcome);
        Assert.False((await node.Hears<CallTerminated>(_ => true, "it is told")).InVain);
    }
}
