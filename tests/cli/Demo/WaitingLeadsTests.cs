using Outdial.Cli.Api;
using Outdial.Cli.Demo;

namespace Outdial.Cli.Tests.Demo;

public class WaitingLeadsTests
{
    private static readonly WaitingGroup Redials = new(12, "12 wait for their redial, the first from 09:40"), Hours = new(3, "3 wait for 09:00 in GJ");

    [Fact]
    public void What_all_leads_wait_for_is_told_as_the_api_says_it() => Assert.Equal(Redials.Text, WaitingLeads.Sentence(new(12, [Redials])));

    [Theory]
    [InlineData(15, "12 wait for their redial, the first from 09:40; 3 others wait besides")]
    [InlineData(13, "12 wait for their redial, the first from 09:40; 1 other waits besides")]
    public void Of_several_reasons_that_of_most_leads_is_told_and_how_many_wait_besides(int all, string expected) =>
        Assert.Equal(expected, WaitingLeads.Sentence(new(all, [Redials, Hours])));

    [Fact]
    public void Where_no_lead_waits_there_is_nothing_to_say() => Assert.Null(WaitingLeads.Sentence(new(0, [])));
}
