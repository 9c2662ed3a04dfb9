using Outdial.Analytics.Advice;

namespace Outdial.Analytics.Tests.Advice;

public class AdviceRuleTests
{
    private static readonly AdviceOptions Options = new();

    [Theory]
    [InlineData(9, 3, null)]        // too few to say anything
    [InlineData(10, 3, "first")]
    public void The_first_advice_waits_for_enough_attempts(int attempts, int completed, string? expected) =>
        Assert.Equal(expected, AdviceRule.Decide(new Window(attempts, completed, attempts), null, 0.2, 100, Told.Noon, Options));

    [Theory]
    [InlineData(0.21, 19, 10, "crossed")]   // 0.19: under the floor now
    [InlineData(0.19, 20, 10, "crossed")]   // 0.20 is not under it: recovered
    [InlineData(0.19, 18, 10, "moved")]
    [InlineData(0.30, 31, 10, "moved")]     // exactly one point
    [InlineData(0.305, 31, 10, null)]
    [InlineData(0.21, 19, 9, null)]         // too soon after the last
    public void Later_advice_needs_a_point_or_a_crossing_and_ten_attempts(double told, int completedOf100, int fresh, string? expected) =>
        Assert.Equal(expected, AdviceRule.Decide(
            new Window(100, completedOf100, fresh), new LastAdvice(told, 100, Told.Noon), 0.2, 100, Told.Noon.AddSeconds(29), Options));

    [Fact]
    public void A_few_last_attempts_are_told_after_a_while() =>
        Assert.Equal("crossed", AdviceRule.Decide(
            new Window(100, 19, 2), new LastAdvice(0.21, 100, Told.Noon), 0.2, 100, Told.Noon.AddSeconds(30), Options));

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, "filled")]
    public void A_window_that_has_become_full_is_told_even_where_the_rate_stays(int attempts, string? expected) =>
        Assert.Equal(expected, AdviceRule.Decide(
            new Window(attempts, 10, 10), new LastAdvice(0.1, 50, Told.Noon), 0.2, 100, Told.Noon, Options));

    [Fact]
    public void An_empty_window_says_nothing() =>
        Assert.Null(AdviceRule.Decide(new Window(0, 0, 0), null, 0.2, 100, Told.Noon, Options));
}
