using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Calls.Lines;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

public sealed class LineAsksTests
{
    private const string Number = "+919825010001";
    private static readonly DateTimeOffset Noon = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    /// <summary>Times are seconds after the question that got the lead.</summary>
    [Theory]
    [InlineData(false, null, 0, null, true)]    // a copy of the question
    [InlineData(false, null, -5, null, true)]   // a late copy of an earlier one
    [InlineData(false, null, 1, null, true)]    // asked again without a word of any dialing
    [InlineData(false, null, 29, null, true)]
    [InlineData(false, null, 30, null, false)]  // half a minute without a word: nothing comes of it any more
    [InlineData(false, 5, 5, null, true)]       // not newer than the word of the dialing: its answer crossed
    [InlineData(false, 5, 4, null, true)]
    [InlineData(false, 5, 6, null, false)]      // newer than the word: the flow has come round
    [InlineData(false, 50, 40, null, true)]     // a word is a word, also after half a minute
    [InlineData(true, null, 0, null, false)]    // over is over
    [InlineData(true, 5, 1, null, false)]
    [InlineData(false, null, 3, Number, false)] // the line itself says that it dialed this lead
    [InlineData(false, null, 3, "+919825010002", true)]   // that was the lead before
    [InlineData(false, null, 3, "+919000012345", false)]  // somebody was dialed since: this lead, whose phone is forwarded
    public void A_line_that_asks_again_gets_the_same_lead_unless_it_is_over(bool over, int? word, int asked, string? lastDialed, bool same)
    {
        var lead = new LeadAtHand(Number, over, Noon, word is { } w ? Noon.AddSeconds(w) : null, AskedAfter: "+919825010002");
        var request = new DialWhomRequest("default", "sid", null, null, lastDialed, false, Noon.AddSeconds(asked), true);

        Assert.Equal(same, LineAsks.SameLead(lead, request, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_line_without_a_lead_at_hand_gets_the_next() =>
        Assert.False(LineAsks.SameLead(null, new("default", "sid", null, null, null, false, Noon, true), TimeSpan.FromSeconds(30)));
}
