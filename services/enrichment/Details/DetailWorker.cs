using System.Diagnostics;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Details;

/// <summary>Reads the provider's records of calls some minutes after they ended.</summary>
internal sealed class DetailWorker(
    ITelephonyProviders providers, TimeProvider clock, IOptions<EnrichmentOptions> options, Lease lease, ILogger<DetailWorker> log,
    DetailClaims claims, Recordings recordings, EnrichmentMetrics metrics, IServiceScopeFactory scopes)
    : BudgetedWorker<DetailRequest, DetailAnswer>(providers, clock, options, lease, log)
{
    protected override Task<IReadOnlyList<Claim<DetailRequest>>> ClaimAsync(
        string account, int atMost, DateTimeOffset now, DateTimeOffset leaseEnds, CancellationToken cancel) =>
        claims.TakeAsync(account, atMost, Worker, now, leaseEnds, cancel);

    protected override async Task<DetailAnswer> AskAsync(ITelephonyProvider provider, Claim<DetailRequest> claim, CancellationToken timeout)
    {
        var request = claim.Item;
        var since = EnrichmentMetrics.Activity.HasListeners() ? CallTrace.Since(request.AttemptId, Clock.GetUtcNow()) : TimeSpan.Zero;
        using var span = EnrichmentMetrics.Activity.StartOf("read call details", ActivityKind.Client, request.TraceParent, since);
        span?.SetTag(CallTrace.Attempt, request.AttemptId).SetTag(CallTrace.Campaign, request.CampaignId).SetTag(CallTrace.Account, claim.Account)
            .SetTag(CallTrace.Tries, request.Tries);
        try
        {
            var record = await provider.GetCallAsync(request.ProviderCallId, timeout);
            var lacks = record is not null && DetailRule.LacksRecording(record);
            var expects = lacks && await recordings.IsExpectedAsync(request, CancellationToken.None);
            var step = DetailRule.Read(record, request.Answered, request.EndedAt, Clock.GetUtcNow(), Options, expects);
            metrics.Requested(claim.Account, BudgetKinds.Details, record is null ? "unknown" : step.Result == "complete" ? "found" : "incomplete");
            if (record is { TalkTime: { } talk } && talk > TimeSpan.Zero)
            {
                metrics.Recording(
                    !lacks ? "found" : request.RecordingKnown ? "named" : !expects ? "not-expected" : step.Result is null ? "awaited" : "given-up");
            }
            span?.SetTag(CallTrace.Outcome, step.Result ?? "again");
            return new DetailAnswer(record, step) { TraceParent = span?.Id };
        }
        catch (ProviderException failure)
        {
            var blocks = Backoff.Blocks(failure);
            metrics.Requested(claim.Account, BudgetKinds.Details, blocks is null ? "failed" : "throttled");
            return Failed(request, blocks);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            metrics.Requested(claim.Account, BudgetKinds.Details, "timeout");
            return Failed(request, null);
        }
    }

    protected override async Task CommitAsync(IReadOnlyList<Done<DetailRequest, DetailAnswer>> done, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DetailAnswers>().StoreAsync(done, Worker, cancel);
    }

    private DetailAnswer Failed(DetailRequest request, TimeSpan? blocks) =>
        new(null, DetailRule.Failed(request.Tries, blocks, request.EndedAt, Clock.GetUtcNow(), Options), blocks);
}
