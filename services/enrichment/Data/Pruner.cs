using Microsoft.EntityFrameworkCore;
using Outdial.Platform;

namespace Outdial.Enrichment.Data;

/// <summary>
/// Deletes what nobody needs any more: numbers long expired (they are personal data) and details long done. Real time: on an accelerated clock
/// the rows age faster, but there is no more work in them.
/// </summary>
internal sealed class Pruner(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Pruner> log)
    : TimedLoop("pruning of numbers and details", TimeSpan.FromHours(1), TimeProvider.System, log)
{
    private static readonly TimeSpan NumbersKept = TimeSpan.FromDays(30), DetailsKept = TimeSpan.FromDays(7);

    protected override Task TurnAsync(CancellationToken cancel) => PruneAsync(cancel);

    public async Task PruneAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<EnrichmentDbContext>();
        DateTimeOffset expired = clock.GetUtcNow() - NumbersKept, done = clock.GetUtcNow() - DetailsKept;
        await db.Numbers.Where(number => number.ExpiresAt < expired).ExecuteDeleteAsync(cancel);
        await db.DetailRequests.Where(request => request.DoneAt < done).ExecuteDeleteAsync(cancel);
    }
}
