using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class BudgetSharesTests
{
    private static readonly BudgetClaim Own = new("own", 1, 0, null);

    private static BudgetClaim Other(double weight, double? most = null, int priority = 0) => new("other", weight, priority, most);

    [Fact]
    public void Alone_it_has_the_whole_budget() => Assert.Equal(200, BudgetShares.Of(Own, [], 200));

    [Fact]
    public void Shares_follow_weights() => Assert.Equal(50, BudgetShares.Of(Own, [Other(2), Other(1)], 200));

    [Fact]
    public void What_one_cannot_use_flows_on() => Assert.Equal(95, BudgetShares.Of(Own, [Other(1, most: 10), Other(1)], 200));

    [Fact]
    public void It_flows_on_by_weight() => Assert.Equal(60, BudgetShares.Of(Own, [Other(1, most: 20), Other(2)], 200));

    [Fact]
    public void Whoever_has_the_higher_priority_is_served_first()
    {
        Assert.Equal(0, BudgetShares.Of(Own, [Other(1, priority: 1)], 200));
        Assert.Equal(170, BudgetShares.Of(Own, [Other(1, most: 30, priority: 1)], 200));
        Assert.Equal(200, BudgetShares.Of(Own, [Other(1, priority: -1)], 200));
    }

    [Fact]
    public void No_budget_is_given_twice_and_none_is_left_while_somebody_wants_it() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int, int, int)[]>(),
        drawn =>
        {
            // Each claim is asked for its own share, with its own limit minded by the one who asks.
            List<BudgetClaim> claims = [.. drawn.Take(8).Select((c, i) => new BudgetClaim(
                $"{i}", 0.5 + (Math.Abs((long)c.Item1) % 5), (int)(Math.Abs((long)c.Item2) % 3),
                c.Item3 % 2 == 0 ? null : Math.Abs((long)c.Item3) % 150))];
            var served = claims.Select(own => Math.Min(own.Most ?? double.MaxValue,
                BudgetShares.Of(own, [.. claims.Where(c => !ReferenceEquals(c, own))], 200))).ToList();
            var wanted = claims.Sum(c => c.Most ?? 200);
            return served.Sum() <= 200.001 && (claims.Count == 0 || served.Sum() >= Math.Min(200, wanted) - 0.001);
        }).QuickCheckThrowOnFailure();
}
