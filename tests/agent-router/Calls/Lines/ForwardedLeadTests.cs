using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Lines;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>What an agent's line tells of its lead may name another number than the lead's, or none.</summary>
public sealed class ForwardedLeadTests
{
    private const string Elsewhere = "+919000012345";

    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(Elsewhere, true), InlineData(Elsewhere, false), InlineData(null, true), InlineData(null, false)]
    public async Task The_lead_at_hand_talks_whatever_number_is_named(string? named, bool popups)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromSeconds(15) });
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Clock.Turn(TimeSpan.FromSeconds(6));

        if (popups)
        {
            await node.Publish(line.Popup(PopupStages.Answered, named));
            await line.Until(AgentStates.OnCall);
            var connected = await node.Hears<CallConnected>(c => c.AttemptId == lead.AttemptId, "the lead is connected");
            Assert.Equal(line.AgentId, connected.AgentId);
        }
        await node.Clock.Turn(Talk);
        await node.Publish(line.Passthru(named, Outcomes.Completed, Talk));

        await line.Until(AgentStates.WrapUp);
        var row = await node.Row(lead);
        Assert.Equal((Outcomes.Completed, Talk), (row.Outcome, row.TalkTime));
    }

    [Theory, InlineData(Elsewhere), InlineData(null)]
    public async Task A_lead_that_does_not_answer_has_its_outcome_whatever_number_is_named(string? named)
    {
        await using var node = await RouterNode.Start();
        var (line, lead) = await node.ADialingLine(await node.ACampaign());
        await node.Clock.Turn(TimeSpan.FromSeconds(30));

        await node.Publish(line.Passthru(named, Outcomes.NoAnswer));

        await line.Until(AgentStates.Ready);
        Assert.Equal(Outcomes.NoAnswer, (await node.Row(lead)).Outcome);
    }

    [Theory, InlineData(Elsewhere), InlineData(null)]
    public async Task A_late_word_of_the_lead_before_is_not_about_the_one_that_is_dialed_now(string? named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, first) = await node.ADialingLine(campaign);
        var second = node.ALead(2);
        await node.Offered(campaign, second);
        await node.Publish(line.Popup(PopupStages.Dial, first.Number));
        await node.Clock.Turn(TimeSpan.FromSeconds(30));
        var end = node.Clock.GetUtcNow();
        Assert.Equal(second.Number, await line.Ask(first.Number));   // within the same second

        await node.IsHandled(line.Passthru(named, Outcomes.Busy, at: end));

        Assert.Equal((Outcomes.Busy, null), ((await node.Row(first)).Outcome, (await node.Row(second)).Outcome));
        Assert.Equal((AgentStates.Dialing, (Guid?)second.AttemptId), ((await line.Session()).State, (await line.Session()).AttemptId));
    }

    [Fact]
    public async Task A_line_that_asks_again_and_names_another_number_as_dialed_gets_the_next_lead_and_not_the_same()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, first) = await node.ADialingLine(campaign);
        var second = node.ALead(2);
        await node.Offered(campaign, second);
        await node.Clock.Turn(TimeSpan.FromSeconds(8));

        Assert.Equal(second.Number, await line.Ask(Elsewhere));
        await node.Clock.Turn(TimeSpan.FromSeconds(2));
        Assert.Equal(second.Number, await line.Ask(Elsewhere));   // nothing was dialed since: our answer was lost
    }

    [Fact]
    public void A_number_that_the_line_named_before_it_got_the_lead_says_nothing_of_the_lead()
    {
        var asked = new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
        var lead = new LeadAtHand("+919825010001", IsOver: false, asked, LastWord: null, AskedAfter: Elsewhere);
        DialWhomRequest Again(string? last) => new("default", "sid", null, null, last, false, asked.AddSeconds(5), true);

        Assert.True(LineAsks.SameLead(lead, Again(Elsewhere), TimeSpan.FromSeconds(30)));
        Assert.True(LineAsks.SameLead(lead, Again(null), TimeSpan.FromSeconds(30)));
        Assert.False(LineAsks.SameLead(lead, Again("+919000099999"), TimeSpan.FromSeconds(30)));
        Assert.False(LineAsks.SameLead(lead, Again(lead.Number), TimeSpan.FromSeconds(30)));
    }
}
