using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>
/// A provider's clock that is not ours, in the questions, in the words, or in both, keeps nobody late and applies no word to the wrong one.
/// </summary>
public sealed class ForeignClockTests
{
    private static readonly TimeSpan Talk = TimeSpan.FromSeconds(40);

    /// <summary>By how many minutes the clock of the questions, and that of the words, is off: another zone, a drift, a day.</summary>
    public static TheoryData<int, int> Clocks => new()
    {
        { 0, 0 }, { -330, -330 }, { 0, -330 }, { -330, 0 }, { -3, -3 }, { 0, -3 }, { -1440, -1440 }, { 0, -47 }, { -150, -150 },
    };

    [Theory, MemberData(nameof(Clocks))]
    public async Task A_caller_is_connected_and_the_call_ends_with_times_that_can_be(int asks, int says)
    {
        await using var node = await RouterNode.Start();
        await node.ADid(new { flow = "1" });
        var agent = await node.AFreeAgent(null, 1);
        var caller = Caller.Of(node, 1, PhoneFloor.Did);
        var began = node.Clock.GetUtcNow();
        Assert.Equal([Floor.PhoneOf(1)], await caller.Ask(at: began.AddMinutes(asks)));

        await node.Clock.Turn(TimeSpan.FromSeconds(8));
        await caller.Popup(PopupStages.Answered, Floor.PhoneOf(1), node.Clock.GetUtcNow().AddMinutes(says));
        await node.Until(agent, AgentStates.OnCall);
        await node.Clock.Turn(Talk);
        await caller.Passthru(Floor.PhoneOf(1), Outcomes.Completed, Talk, at: node.Clock.GetUtcNow().AddMinutes(says));

        var ended = await node.Hears<InboundCallEnded>(e => e.Outcome == InboundOutcomes.Completed, "the call is over");
        Assert.Equal((agent, Talk), (ended.AgentId, ended.TalkTime));
        Assert.InRange(ended.ConnectedAt!.Value, ended.StartedAt, ended.OccurredAt);
        Assert.InRange(ended.OccurredAt, began, node.Clock.GetUtcNow());
    }

    [Theory, MemberData(nameof(Clocks))]
    public async Task A_line_goes_on_to_its_next_lead_and_each_word_is_about_its_own(int asks, int says)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var (first, second) = (node.ALead(1), node.ALead(2));
        await node.Offered(campaign, first, second);
        var dialed = await line.Ask(at: Said(asks));

        await Talks(dialed!);
        await line.Until(AgentStates.Ready);
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        var next = await line.Ask(dialed, Said(asks));

        Assert.Equal([first.Number, second.Number], new[] { dialed!, next! }.Order());   // and not the first one again
        await Talks(next!);
        await line.Until(AgentStates.Ready);
        foreach (var lead in new[] { first, second })
        {
            var ended = await node.Hears<CallTerminated>(e => e.AttemptId == lead.AttemptId, "the lead's call is over");
            Assert.Equal((Outcomes.Completed, Talk), (ended.Outcome, ended.TalkTime));
        }

        DateTimeOffset Said(int minutes) => node.Time.GetUtcNow().AddMinutes(minutes);

        async Task Talks(string number)
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(5));
            await node.Publish(line.Popup(PopupStages.Answered, number, Said(says)));
            await line.Until(AgentStates.OnCall);
            await node.Clock.Turn(Talk);
            await node.Publish(line.Passthru(number, Outcomes.Completed, Talk, Said(says)));
        }
    }

    [Fact]
    public async Task Hours_of_another_zone_are_no_talk_time_where_only_popups_tell_it()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        await line.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(20));

        await node.Publish(line.Popup(PopupStages.Answered, lead.Number, node.Time.GetUtcNow().AddMinutes(-339)));   // and wrong by some minutes
        await line.Until(AgentStates.OnCall);
        await node.Clock.Turn(Talk);
        await node.Publish(line.Popup(PopupStages.Terminal, lead.Number, node.Time.GetUtcNow().AddMinutes(-330)));
        await node.Soon(db => db.Hopper.AnyAsync(h => h.ReleasedAt != null), "the line is released");

        var row = await node.Row(lead);
        Assert.InRange(row.ReleasedAt!.Value - row.AnsweredAt!.Value, Talk, Talk);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, -5, false)]        // a late word about an earlier ringing
    [InlineData(0, -330, true)]       // of another zone
    [InlineData(-330, -330, true)]
    [InlineData(-2_000_000, -2_000_000, true)]   // a clock that was never set
    [InlineData(-2_000_000, -2_000_005, false)]
    public void A_word_is_about_the_ringing_it_can_be_about(int asked, int said, bool isMeant)
    {
        var begun = new DateTimeOffset(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);
        var now = begun.AddMinutes(10);
        // zones are put right in the question
        var offer = new AgentOffer { Phone = "+917709560001", AskedAt = asked == -330 ? now : now.AddMinutes(asked), OfferedAt = now };
        var word = new DialPopup
        {
            EventId = Guid.NewGuid(),
            Account = "default",
            OccurredAt = now.AddSeconds(5)
            .AddMinutes(said),
            ReceivedAt = now.AddSeconds(6),
            Stage = PopupStages.Answered
        };

        Assert.Equal(isMeant, offer.IsRungBy(word, begun));
    }
}
