using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Ingress.Data;
using Outdial.Ingress.Telemetry;

namespace Outdial.Ingress.Retention;

/// <summary>Deletes raw webhooks and known calls that are older than <see cref="IngressOptions.Retention"/>.</summary>
internal sealed class WebhookPruner(IServiceScopeFactory scopes, IOptions<IngressOptions> options, TimeProvider clock, ILogger<WebhookPruner> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
                await RoundAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;   // the process stops
        }
    }

    private async Task RoundAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<IngressDbContext>();
            var before = clock.GetUtcNow() - options.Value.Retention;
            var pruned = await db.Webhooks.Where(webhook => webhook.ReceivedAt < before).ExecuteDeleteAsync(cancel);
            await db.KnownCalls.Where(call => call.LearnedAt < before).ExecuteDeleteAsync(cancel);
            if (pruned > 0)
                log.Pruned(pruned, before);
        }
        catch (NpgsqlException e)   // the database is away: the next round will find the same rows
        {
            log.PruneFailed(e);
        }
    }
}
