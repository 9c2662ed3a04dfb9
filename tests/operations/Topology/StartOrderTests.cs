using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Data;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Platform.Messaging.Topology;
using Outdial.Testing;
using RabbitMQ.Client;

namespace Outdial.Operations.Tests.Topology;

public sealed class StartOrderTests
{
    internal const int Attempts = 25;

    [Fact]
    public async Task What_the_pacer_says_before_any_other_service_has_ever_started_waits_for_each_of_them_and_none_is_lost()
    {
        var broker = await RabbitServer.CreateVirtualHostAsync();
        await using var pacer = await Service.StartAsync("pacer", broker);
        await PublishAsync(pacer);
        await Eventually.Async(async () => await CountOutboxAsync(pacer) == 0, what: "the pacer has handed over its outbox");

        // Every queue that reads one of them holds all of them, except the pacer's own.
        var waiting = BusTopology.Embedded.Queues.Where(queue => queue.Value.Any(IsPublished)).Select(queue => queue.Key)
            .Where(queue => !queue.StartsWith("pacer-", StringComparison.Ordinal) && queue is not "attempt").ToList();
        Assert.Contains("call-facts", waiting);
        Assert.Contains("call-details", waiting);
        Assert.Contains("router-customers", waiting);
        foreach (var queue in waiting)
            Assert.Equal(Attempts, await CountAsync(broker, queue));

        var others = new List<WebApplication>();
        foreach (var name in Service.Names.Where(name => name != "pacer"))
            others.Add(await Service.StartAsync(name, broker));

        var analytics = others.Single(service => service.Services.GetService<ServiceDatabase<AnalyticsDbContext>>() is not null);
        await Eventually.Async(async () => await CountFactsAsync(analytics) == Attempts, what: "analytics knows all attempts");
        foreach (var queue in waiting)
        {
            await Eventually.Async(async () => await CountAsync(broker, queue) == 0, what: $"{queue} is empty");
            Assert.Equal(0, await CountAsync(broker, BusTopology.ErrorQueue(queue)));
        }
        foreach (var service in others)
            await service.DisposeAsync();
    }

    private static bool IsPublished(string exchange) => exchange == $"Outdial.Contracts:{nameof(AttemptEnded)}";

    internal static async Task PublishAsync(WebApplication pacer)
    {
        await using var scope = pacer.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox<PacerDbContext>>();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var _ in Enumerable.Range(0, Attempts))
        {
            var attempt = Guid.NewGuid();
            await outbox.Publish(new AttemptEnded
            {
                EventId = Guid.NewGuid(),
                AttemptId = attempt,
                CampaignId = Guid.NewGuid(),
                LeadId = attempt,
                Account = "default",
                ProviderCallId = $"call-{attempt:N}",
                AttemptNumber = 1,
                CallerId = "+918040000001",
                Circle = "KA",
                CallerIdCircle = "KA",
                Outcome = Outcomes.Busy,
                Dialed = true,
                StartedAt = now,
                OccurredAt = now,
                TimeZone = "Asia/Kolkata",
                Source = "webhook",
            }, CancellationToken.None);
        }
        await scope.ServiceProvider.GetRequiredService<PacerDbContext>().SaveChangesAsync();
    }

    internal static Task<long> CountOutboxAsync(WebApplication pacer) =>
        ScalarAsync(pacer.Services.GetRequiredService<ServiceDatabase<PacerDbContext>>().Source, "SELECT count(*) FROM outbox_messages");

    internal static Task<long> CountFactsAsync(WebApplication analytics) =>
        ScalarAsync(analytics.Services.GetRequiredService<ServiceDatabase<AnalyticsDbContext>>().Source, "SELECT count(*) FROM call_facts");

    private static async Task<long> ScalarAsync(Npgsql.NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal static async Task<long> CountAsync(string broker, string queue)
    {
        await using var connection = await TopologyDeclaration.OpenAsync(broker, "test", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
    }
}
