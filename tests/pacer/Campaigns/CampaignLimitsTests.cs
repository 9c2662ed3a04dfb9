using Outdial.Pacer.Campaigns;

namespace Outdial.Pacer.Tests.Campaigns;

public sealed class CampaignLimitsTests
{
    [Fact]
    public void A_limit_that_is_off_says_so_whatever_figure_stands_for_it()
    {
        foreach (var floor in new double?[] { null, 0 })
        {
            var limits = CampaignLimits.Of(new() { Completion = new() { Floor = floor }, Agents = new() { DropLimit = 1 } });

            Assert.All(limits, limit => Assert.StartsWith("off: ", limit.Value, StringComparison.Ordinal));
            Assert.Equal(["agents.dropLimit", "callsPerMinute", "completion.floor", "endsAt", "timeLimit"], limits.Keys.Order());
        }
    }

    [Fact]
    public void A_limit_that_holds_is_told_with_its_figure()
    {
        var limits = CampaignLimits.Of(new()
        {
            CallsPerMinute = 1,
            Completion = new() { Floor = 0.3, Window = 50, Action = "pause" },
            TimeLimit = TimeSpan.FromMinutes(5),
            EndsAt = new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero),
            ReachedAfter = TimeSpan.FromSeconds(5),
        });

        Assert.Equal("1 call a minute at the most, within the account's budget", limits["callsPerMinute"]);
        Assert.Equal("under 30 % of the last 50 attempts completed it pauses for 00:15:00", limits["completion.floor"]);
        Assert.Equal("a call is ended after 00:05:00", limits["timeLimit"]);
        Assert.Equal("no call from 2026-01-14 12:00:00Z on", limits["endsAt"]);
        Assert.Equal("who stays on the call for less than 00:00:05 was not reached", limits["reachedAfter"]);
        Assert.StartsWith("at most 3 % of the calls", CampaignLimits.Of(new() { Agents = new() })["agents.dropLimit"], StringComparison.Ordinal);
    }
}
