using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Time;

public sealed class ScaledTimeProviderTests
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 14, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_second_of_ours_is_a_minute_of_its_own()
    {
        var (real, scaled) = AtSpeed(60);
        var stamp = scaled.GetTimestamp();

        real.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(Origin.AddMinutes(90), scaled.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(90), scaled.GetElapsedTime(stamp));
    }

    [Fact]
    public void Its_timers_follow_it_and_are_never_early()
    {
        var (real, scaled) = AtSpeed(600);
        var fired = new List<TimeSpan>();
        using var timer = scaled.CreateTimer(_ => fired.Add(scaled.GetUtcNow() - Origin), null, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

        real.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(fired);
        real.Advance(TimeSpan.FromMilliseconds(1));
        real.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Single(fired);
        real.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(601.2)], fired);
    }

    [Fact]
    public async Task A_delay_on_it_ends_sooner_in_real_time()
    {
        var (real, scaled) = AtSpeed(60);
        var delay = Task.Delay(TimeSpan.FromMinutes(1), scaled);

        real.Advance(TimeSpan.FromSeconds(1));

        await delay.WaitAsync(Eventually.Patience, TimeProvider.System);
    }

    [Fact]
    public void Processes_with_the_same_three_settings_share_one_clock()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Clock:Speed"] = "120",
            ["Clock:Origin"] = "2026-01-14T09:00:00Z",
            ["Clock:RealOrigin"] = TimeProvider.System.GetUtcNow().ToString("O"),
        }).Build();

        var apart = (Clock.From(settings).GetUtcNow() - Clock.From(settings).GetUtcNow()).Duration();

        Assert.True(apart < TimeSpan.FromMinutes(1), $"{apart} apart");
    }

    [Theory]
    [InlineData("Speed", "fast", "Clock:Speed is 'fast'; expected a number above 0 and at most 10000, such as 60.")]
    [InlineData("Speed", "-1", "Clock:Speed is '-1'; expected a number above 0 and at most 10000, such as 60.")]
    [InlineData("Origin", "noon", $"Clock:Origin is 'noon'; expected {InstantText.Expected}.")]
    [InlineData("RealOrigin", "2026-01-31T09:00:00", $"Clock:RealOrigin is '2026-01-31T09:00:00'; expected {InstantText.Expected}.")]
    public void A_wrong_setting_is_named_with_what_was_expected(string name, string value, string sentence)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Clock:" + name] = value }).Build();

        Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(() => Clock.From(settings)).Message);
    }

    [Fact]
    public void Without_settings_it_is_the_systems_clock() =>
        Assert.Same(TimeProvider.System, Clock.From(new ConfigurationBuilder().Build()));

    private static (FakeTimeProvider Real, ScaledTimeProvider Scaled) AtSpeed(double speed)
    {
        var real = new FakeTimeProvider();
        return (real, new ScaledTimeProvider(Origin, real.GetUtcNow(), speed, real));
    }
}
