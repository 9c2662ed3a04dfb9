using Outdial.Providers;

namespace Outdial.Enrichment.Budgets;

/// <summary>How long to wait after a failed request. Pure.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A provider that says "too many" without saying for how long is left alone for this long: its window is a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="tries">Requests made so far, from 1.</param>
    public static TimeSpan After(int tries, TimeSpan first)
    {
        var factor = Math.Pow(2, Math.Clamp(tries - 1, 0, 20));
        return first * factor < Longest ? first * factor : Longest;
    }

    /// <summary>How long nobody should ask; null when the failure does not say so.</summary>
    public static TimeSpan? Blocks(ProviderException failure) => failure.RetryAfter ?? (failure.StatusCode == 429 ? Patience : null);
}
