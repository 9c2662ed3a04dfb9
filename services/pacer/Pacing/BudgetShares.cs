namespace Outdial.Pacer.Pacing;

/// <summary>What one campaign asks of its account's budget. Stored with the snapshot of those that share it.</summary>
/// <param name="Name">The campaign's.</param>
/// <param name="Weight">Of what several want it gets so many parts; above zero.</param>
/// <param name="Priority">Whoever has a higher one is served first.</param>
/// <param name="Most">It could place no more than so many calls a minute; null: it takes all it gets.</param>
internal sealed record BudgetClaim(string Name, double Weight, int Priority, double? Most);

/// <summary>
/// How a budget is shared among the campaigns that could dial now: those of the highest priority first, among them by weight, and what one cannot use
/// flows on to the others (weighted max-min fairness). Pure.
/// </summary>
internal static class BudgetShares
{
    /// <returns>The calls a minute that are the claimant's, if it took all it could get; from 0 to <paramref name="budget"/>.</returns>
    public static double Of(BudgetClaim own, IReadOnlyCollection<BudgetClaim> others, double budget)
    {
        // What it does not want itself is not its business here: its own limit is minded by whoever asks.
        var mine = own with { Most = null };
        var left = budget;
        foreach (var rank in others.Append(mine).GroupBy(claim => claim.Priority).OrderByDescending(rank => rank.Key))
        {
            var served = Fill([.. rank], left);
            if (rank.Key == own.Priority)
                return served[mine];
            left -= served.Values.Sum();
        }
        return left;
    }

    private static Dictionary<BudgetClaim, double> Fill(List<BudgetClaim> claims, double budget)
    {
        var served = new Dictionary<BudgetClaim, double>(ReferenceEqualityComparer.Instance);
        var left = budget;
        while (claims.Count > 0)
        {
            var part = left / claims.Sum(claim => claim.Weight);
            var modest = claims.FindAll(claim => claim.Most <= part * claim.Weight);
            foreach (var claim in modest.Count > 0 ? modest : claims)
                served[claim] = modest.Count > 0 ? claim.Most!.Value : part * claim.Weight;
            if (modest.Count == 0)
                break;
            left = Math.Max(0, left - modest.Sum(claim => claim.Most!.Value));
            claims = claims.FindAll(claim => !served.ContainsKey(claim));
        }
        return served;
    }
}
