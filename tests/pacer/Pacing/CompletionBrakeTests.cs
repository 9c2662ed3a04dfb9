using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class CompletionBrakeTests
{
    private static readonly CompletionWatch Floor40 = new() { Floor = 0.4 };

    [Theory]
    [InlineData(0.45, 1)]
    [InlineData(0.38, 0.75)]
    [InlineData(0.32, 0.5)]
    [InlineData(0.10, 0.25)]
    public void The_further_under_the_floor_the_slower(double rate, double factor) =>
        Assert.Equal(factor, CompletionBrake.Factor(1, rate, true, Floor40));

    [Fact]
    public void A_rate_just_over_the_floor_keeps_what_is_in_force_so_that_it_does_not_flap() =>
        Assert.Equal((0.75, 1.0), (CompletionBrake.Factor(0.75, 0.41, true, Floor40), CompletionBrake.Factor(1, 0.41, true, Floor40)));

    [Fact]
    public void Too_few_attempts_say_nothing() => Assert.Equal(1, CompletionBrake.Factor(1, 0, false, Floor40));

    [Fact]
    public void Without_a_floor_nothing_is_braked() => Assert.Equal(1, CompletionBrake.Factor(1, 0, true, new()));
}
