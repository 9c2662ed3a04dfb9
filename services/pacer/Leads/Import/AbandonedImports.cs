using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>
/// Ends imports whose process died while reading: at start, and once a minute for those of other processes. Real minutes, also under an accelerated
/// clock: processes die in real time, and looking costs a query.
/// </summary>
internal sealed class AbandonedImports(IServiceScopeFactory scopes, TimeProvider time, ILogger<AbandonedImports> log)
    : TimedLoop("look for abandoned imports", TimeSpan.FromMinutes(1), TimeProvider.System, log)
{
    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ImportStore>().FailAbandoned(time.GetUtcNow(), cancel) is > 0 and var count)
            Logger.ImportsAbandoned(count);
    }
}
