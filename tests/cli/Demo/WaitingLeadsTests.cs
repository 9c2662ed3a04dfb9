using Outdial.Cli.Demo;

namespace Outdial.Cli.Tests.Demo;

public class WaitingLeadsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 3, 30, 0, TimeSpan.Zero);   // 09:00 in India

    [Theory]
    [InlineData("RedialDelay", 12, 40, "waiting for the redial of 12 leads, next at 09:40 IST")]
    [InlineData("RedialDelay", 1, 40, "waiting for the redial of 1 lead, next at 09:40 IST")]
    [InlineData("OutsideWindow", 3, 1440, "waiting for the calling hours of 3 leads, next at Tue 09:00 IST")]
    [InlineData("DailyCap", 1, 60, "waiting for 1 person who may not be called again yet, next at 10:00 IST")]
    [InlineData("NoCallerId", 2, 0, "waiting for 2 leads (no caller id)")]
    public void What_a_campaign_waits_for_is_told_with_when_it_ends(string reason, int leads, int minutes, string expected) => Assert.Equal(
        expected, WaitingLeads.Sentence([.. Enumerable.Repeat(new WaitingLead(reason, Now.AddMinutes(minutes)), leads)], leads, Now));

    [Fact]
    public void Of_several_reasons_that_of_most_leads_is_told_and_how_many_wait_besides() => Assert.Equal(
        "waiting for the redial of 2 leads, next at 09:05 IST; 1 other waits besides",
        WaitingLeads.Sentence(
            [new("RedialDelay", Now.AddMinutes(9)), new("RedialDelay", Now.AddMinutes(5)), new("CallBack", Now.AddMinutes(1))], 3, Now));

    [Fact]
    public void More_leads_than_were_looked_at_are_counted_all_the_same_where_all_wait_for_one_thing() => Assert.Equal(
        "waiting for the redial of 5000 leads, next at 09:05 IST",
        WaitingLeads.Sentence([new("RedialDelay", Now.AddMinutes(5))], 5000, Now));

    [Fact]
    public void Where_no_lead_waits_there_is_nothing_to_say() => Assert.Null(WaitingLeads.Sentence([], 0, Now));
}
