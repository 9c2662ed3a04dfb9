using Microsoft.Extensions.Options;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Telemetry;
using Outdial.Providers;

namespace Outdial.Enrichment.Numbers;

/// <summary>Asks the provider for the numbers that somebody waits for.</summary>
internal sealed class NumberLookupWorker(
    ITelephonyProviders providers, TimeProvider clock, IOptions<EnrichmentOptions> options, Lease lease, ILogger<NumberLookupWorker> log,
    NumberClaims claims, NumberMemory memory, EnrichmentMetrics metrics, IServiceScopeFactory scopes)
    : BudgetedWorker<ClaimedNumber, NumberAnswer>(providers, clock, options, lease, log)
{
    protected override Task<IReadOnlyList<Claim<ClaimedNumber>>> ClaimAsync(
        string account, int atMost, DateTimeOffset now, DateTimeOffset leaseEnds, CancellationToken cancel) =>
        claims.TakeAsync(account, atMost, Worker, now, leaseEnds, cancel);

    protected override async Task<NumberAnswer> AskAsync(ITelephonyProvider provider, Claim<ClaimedNumber> claim, CancellationToken timeout)
    {
        var item = claim.Item;
        if (item.Known is { } known)
            return new NumberAnswer(known);
        try
        {
            var found = await provider.GetNumberAsync(item.Number, timeout);
            metrics.LookedUp("provider");
            metrics.Requested(claim.Account, BudgetKinds.Numbers, found is null ? "unknown" : "found");
            return new NumberAnswer(NumberRecord.From(item.Number, found, Clock.GetUtcNow(), Options));
        }
        catch (ProviderException failure)
        {
            var blocks = Backoff.Blocks(failure);
            metrics.Requested(claim.Account, BudgetKinds.Numbers, blocks is null ? "failed" : "throttled");
            return LookupRule.Failed(item, Clock.GetUtcNow(), blocks, Options);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            metrics.Requested(claim.Account, BudgetKinds.Numbers, "timeout");
            return LookupRule.Failed(item, Clock.GetUtcNow(), null, Options);
        }
    }

    protected override async Task CommitAsync(IReadOnlyList<Done<ClaimedNumber, NumberAnswer>> done, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<NumberAnswers>().StoreAsync(done, Worker, Clock.GetUtcNow(), cancel);
        foreach (var one in done)
        {
            if (one.Result.Record is { } record)
                memory.Keep(record);
        }
    }
}

/// <summary>What a failed look-up leads to. Pure.</summary>
internal static class LookupRule
{
    /// <param name="blocks">The provider asked for patience: that is no fault of the number and costs it no try.</param>
    public static NumberAnswer Failed(ClaimedNumber item, DateTimeOffset now, TimeSpan? blocks, EnrichmentOptions options)
    {
        var givenUp = blocks is null ? item.Tries >= options.Tries : now - item.AskedAt >= options.GiveUpAfter;
        return givenUp
            ? new NumberAnswer(NumberRecord.NotAsked(item.Number, now, options), BlockedFor: blocks)
            : new NumberAnswer(null, now + (blocks ?? Backoff.After(item.Tries, options.RetryAfter)), blocks);
    }
}
