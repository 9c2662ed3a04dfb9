using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Inbound;

/// <summary>
/// A step of a flow that reached nobody is not the end of a call that came in, and a better word corrects what was told of one that was held to be
/// over.
/// </summary>
public sealed class InboundStepTests
{
    private const string Elsewhere = "+918040077777", Recording = "https://recordings.example/a.mp3";

    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(45), Minute = TimeSpan.FromMinutes(1);

    /// <summary>A caller whose agent did not pick up, and whose flow may go on.</summary>
    private static async Task<(Caller Caller, Guid Agent)> AfterAStep(RouterNode node, TimeSpan? wrapUp = null)
    {
        var campaign = await node.ACampaign(c => c with { WrapUp = wrapUp ?? TimeSpan.Zero });
        await node.ADid(new { flow = "1", campaignId = campaign });
        var agent = await node.AFreeAgent(campaign, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer));
        return (caller, agent);
    }

    private static DialEnded Message(Caller caller) =>
        caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer) with { RawStatus = "voicemail", RecordingUrl = Recording };

    private static DialEnded Conversation(Caller caller, string number) =>
        caller.PassthruOf(number, Outcomes.Completed, Talk) with { RecordingUrl = Recording };

    private static Task<InboundCallEnded> Told(RouterNode node, int revision) => node.Hears<InboundCallEnded>(e => e.Revision == revision, $"telling {revision}");

    private static async Task IsMissed(RouterNode node)
    {
        await node.Until(db => db.Set<InboundCall>().AnyAsync(c => c.State == InboundStates.Over), "the call is over", TimeSpan.FromSeconds(10));
        Assert.Equal(InboundOutcomes.Missed, (await Told(node, 0)).Outcome);
        await node.Hears<InboundCallMissed>(_ => true, "the call is missed");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Law_11_a_flow_that_goes_on_for_a_minute_after_nobody_picked_up_has_not_missed_its_caller(bool isMessage)
    {
        await using var node = await RouterNode.Start();
        var (caller, _) = await AfterAStep(node);
        await node.Clock.Turn(Minute);

        await node.IsHandled(isMessage ? Message(caller) : Conversation(caller, Elsewhere));

        var ended = await Told(node, 0);
        Assert.Equal(
            isMessage ? (InboundOutcomes.Voicemail, TimeSpan.Zero, Recording) : (InboundOutcomes.Unidentified, Talk, Recording),
            (ended.Outcome, ended.TalkTime, ended.RecordingUrl));
        Assert.Empty(node.Heard.Of<InboundCallMissed>());
    }

    [Fact]
    public async Task A_caller_of_whom_nothing_better_comes_after_a_step_is_missed_in_the_time_that_is_set_for_it()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:StepDeadline"] = "00:00:30" });
        await AfterAStep(node);
        var step = node.Clock.GetUtcNow();

        await IsMissed(node);

        Assert.InRange(node.Clock.GetUtcNow() - step, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(50));
        Assert.Empty(node.Heard.Of<InboundCallReached>());
    }

    [Theory]
    [InlineData(null, InboundOutcomes.Voicemail), InlineData(Elsewhere, InboundOutcomes.Unidentified), InlineData("agent", InboundOutcomes.Completed)]
    public async Task Law_11_a_call_that_was_held_to_be_missed_is_told_again_with_the_better_word_and_its_caller_is_not_called_back(
        string? number, string outcome)
    {
        await using var node = await RouterNode.Start();
        var (caller, agent) = await AfterAStep(node);
        await IsMissed(node);
        var word = number is null ? Message(caller) : Conversation(caller, number == "agent" ? Floor.PhoneOf(1) : number);

        await node.IsHandled(word);
        await node.IsHandled(word);   // twice

        var ended = await Told(node, 1);
        Assert.Equal((outcome, number == "agent" ? agent : null, Recording), (ended.Outcome, ended.AgentId, ended.RecordingUrl));
        Assert.Equal(
            number is null ? (TimeSpan.Zero, word.OccurredAt) : (Talk, word.OccurredAt - Talk), (ended.TalkTime!.Value, ended.ConnectedAt!.Value));
        var reached = await node.Hears<InboundCallReached>(_ => true, "the caller reached somebody");
        Assert.Equal((caller.From, caller.CallSid, PhoneFloor.Did, ended.CampaignId),
            (reached.Number, reached.ProviderCallId, reached.Did, reached.CampaignId));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.NoAnswer, hungUp: true));
        Assert.Equal([0, 1], node.Heard.Of<InboundCallEnded>().DistinctBy(e => e.EventId).Select(e => e.Revision).Order());
        Assert.Equal(outcome, await node.Ask(db => db.Set<InboundCall>().Select(c => c.Outcome).SingleAsync()));
        Assert.Single(node.Heard.Of<InboundCallMissed>().DistinctBy(m => m.EventId));
        Assert.Single(node.Heard.Of<InboundCallReached>().DistinctBy(m => m.EventId));
    }

    [Fact]
    public async Task Law_11_a_caller_who_had_left_is_not_called_back_when_it_is_told_late_that_the_agent_had_picked_up()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromMinutes(5) });
        await node.ADid(new { flow = "1", campaignId = campaign });
        var agent = await node.AFreeAgent(campaign, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.Clock.Turn(TimeSpan.FromSeconds(5));
        var late = caller.PopupOf(PopupStages.Answered, Floor.PhoneOf(1));
        await node.Clock.Turn(Talk);
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.Canceled, hungUp: true));
        Assert.Equal(InboundOutcomes.Missed, (await Told(node, 0)).Outcome);

        await node.IsHandled(late with { ReceivedAt = node.Clock.GetUtcNow() });

        var ended = await Told(node, 1);
        Assert.Equal((InboundOutcomes.Completed, agent, late.OccurredAt, Talk), (ended.Outcome, ended.AgentId, ended.ConnectedAt, ended.TalkTime));
        await node.Hears<InboundCallReached>(_ => true, "the caller reached somebody");
        await node.Until(agent, AgentStates.WrapUp);
    }

    [Fact]
    public async Task Law_11_how_long_they_talked_is_told_again_when_it_is_told_after_it_had_been_reckoned()
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Single(await caller.Ask());
        await node.IsHandled(caller.PopupOf(PopupStages.Answered, Floor.PhoneOf(1)));
        await node.Clock.Turn(Minute);
        await node.IsHandled(caller.PopupOf(PopupStages.Terminal, Floor.PhoneOf(1)));
        await node.Until(db => db.Set<InboundCall>().AnyAsync(c => c.State == InboundStates.Over), "the call is over", TimeSpan.FromSeconds(5));
        Assert.Equal((InboundOutcomes.Completed, Minute), ((await Told(node, 0)).Outcome, (await Told(node, 0)).TalkTime!.Value));

        await node.IsHandled(Conversation(caller, Floor.PhoneOf(1)));
        await node.IsHandled(caller.PassthruOf(Floor.PhoneOf(1), Outcomes.Completed, Talk / 2));   // a shorter one of the same call

        var ended = await Told(node, 1);
        Assert.Equal((InboundOutcomes.Completed, agent, Talk, Recording), (ended.Outcome, ended.AgentId, ended.TalkTime, ended.RecordingUrl));
        Assert.Equal(2, node.Heard.Of<InboundCallEnded>().DistinctBy(e => e.EventId).Count());
        Assert.Empty(node.Heard.Of<InboundCallReached>());
    }

    [Fact]
    public async Task A_message_that_names_the_agent_who_was_dialed_before_it_ends_the_call()
    {
        await using var node = await RouterNode.Start();
        var (caller, _) = await AfterAStep(node);

        await node.IsHandled(Message(caller));

        Assert.Equal(InboundStates.Over, await node.Ask(db => db.Set<InboundCall>().Select(c => c.State).SingleAsync()));
    }
}
