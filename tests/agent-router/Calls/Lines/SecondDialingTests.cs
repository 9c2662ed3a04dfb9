using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>The flow of a line may dial a lead once more after nobody picked up: two Passthrus speak of one lead.</summary>
public sealed class SecondDialingTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Law_11_a_lead_who_picked_up_at_the_second_dialing_was_reached_in_whatever_order_the_two_are_told(bool talkFirst)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign, 1);
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        Assert.Equal(lead.Number, await line.Ask());
        var at = node.Clock.GetUtcNow();
        DialEnded[] told =
        [
            line.Passthru(lead.Number, Outcomes.NoAnswer, TimeSpan.Zero, at.AddSeconds(30)),
            line.Passthru(lead.Number, Outcomes.Completed, TimeSpan.FromSeconds(42), at.AddSeconds(80)),
        ];

        foreach (var word in talkFirst ? told.Reverse() : told)
            await node.Publish(word);

        await node.Hears<CallTerminated>(t => t is { Outcome: Outcomes.Completed, Source: "webhook" } && t.AttemptId == lead.AttemptId, "the lead was reached");
        await node.Soon(async db => await Task.FromResult((await node.Row(lead)) is { State: HopperStates.Over, Outcome: Outcomes.Completed }), "its row says so");
        Assert.Equal(TimeSpan.FromSeconds(42), (await node.Row(lead)).TalkTime);
    }
}
