using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Ingress.Data;
using Outdial.Ingress.Telemetry;
using Outdial.Platform;

namespace Outdial.Ingress.Retention;

/// <summary>Deletes raw webhooks and known calls that are older than <see cref="IngressOptions.Retention"/>.</summary>
internal sealed class WebhookPruner(IServiceScopeFactory scopes, IOptions<IngressOptions> options, TimeProvider clock, ILogger<WebhookPruner> log)
    : TimedLoop("pruning of webhooks", TimeSpan.FromHours(1), clock, log)
{
    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IngressDbContext>();
        var before = Clock.GetUtcNow() - options.Value.Retention;
        var pruned = await db.Webhooks.Where(webhook => webhook.ReceivedAt < before).ExecuteDeleteAsync(cancel);
        await db.KnownCalls.Where(call => call.LearnedAt < before).ExecuteDeleteAsync(cancel);
        if (pruned > 0)
            Logger.Pruned(pruned, before);
    }
}
