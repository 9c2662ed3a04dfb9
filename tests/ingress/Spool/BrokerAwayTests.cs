using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Ingress.Data;
using Outdial.Ingress.Spool;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Spool;

/// <summary>Law 3: what was answered 2xx is with the broker or on the disk, and arrives.</summary>
public sealed class BrokerAwayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly string[] Story =
        ["EventType=ringing", "EventType=answered&Status=in-progress", "EventType=answered&Status=in-progress&Legs[1][Status]=in-progress", "EventType=terminal&Status=completed"];

    private static async Task Tell(IngressService ingress, IEnumerable<Guid> attempts, IEnumerable<string> story)
    {
        foreach (var line in story)
        {
            foreach (var attempt in attempts)
            {
                using var answer = await ingress.PostAsync(
                    "status", attempt, new StringContent($"CallSid={attempt:N}&{line}", Encoding.UTF8, "application/x-www-form-urlencoded"));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    private static Task AllHeard(IngressService ingress, IEnumerable<Guid> attempts, int events) => Eventually.Async(
        () => attempts.All(attempt => ingress.Heard.Of(attempt).Select(happened => happened.EventId).Distinct().Count() == events), Patience);

    [Fact]
    public async Task Law_3_webhooks_that_come_while_the_broker_is_away_are_synced_and_drained_in_order_also_by_the_next_process()
    {
        var folder = TemporaryFolder.Make("spool");
        var database = await PostgresServer.CreateDatabaseAsync("ingress_away");
        await using var rabbit = await RabbitServer.StartOwnAsync();
        var address = rabbit.Node.Address.ToString();
        var ofFirst = await rabbit.AddUserAsync("first");
        Guid[] first = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()], second = [Guid.CreateVersion7(), Guid.CreateVersion7()];

        await using (var ingress = await IngressService.StartAsync(database, ofFirst, folder))
        {
            await ingress.ListeningAsync();
            await Tell(ingress, first, Story[..1]);
            await AllHeard(ingress, first, 1);

            await rabbit.Node.StopNodeAsync();
            await Tell(ingress, first, Story[1..]);
            Assert.Equal(9, ingress.Services.GetRequiredService<WebhookSpool>().Depth);
            await rabbit.Node.StartNodeAsync();

            await AllHeard(ingress, first, 4);
            await Eventually.Async(() => ingress.Services.GetRequiredService<WebhookSpool>().Depth == 0, Patience);
            foreach (var attempt in first)
            {
                var receipts = ingress.Heard.Receipts.Where(receipt => receipt.AttemptId == attempt).Select(receipt => receipt.Id).Distinct()
                    .ToList();
                Assert.Equal(receipts.Order(), receipts);   // the ids are of the time of receipt
            }

            await rabbit.Node.StopNodeAsync();
            await Tell(ingress, second, Story);
            Assert.Equal(8, ingress.Services.GetRequiredService<WebhookSpool>().Depth);
        }

        await using var next = await IngressService.StartAsync(database, address, folder);
        Assert.Equal(8, next.Services.GetRequiredService<WebhookSpool>().Depth);
        await rabbit.Node.StartNodeAsync();
        // A process that ends takes its connections along. The first service ran in this process and was stopped while it was
        // trying to reconnect: without its user it cannot come back and take messages that it can no longer handle.
        await rabbit.DeleteUserAsync("first");
        await AllHeard(next, second, 4);
        foreach (var attempt in second)
        {
            Assert.Equal(
                Outcomes.Completed, Assert.Single(next.Heard.Of(attempt).OfType<CallTerminated>().DistinctBy(happened => happened.EventId)).Outcome);
            Assert.Equal(4, (await next.Rows(attempt)).Count);
        }
        TemporaryFolder.Remove(folder);
    }

    [Fact]
    public async Task Law_3_what_no_queue_takes_yet_is_not_confirmed()
    {
        var folder = TemporaryFolder.Make("spool");
        await using var ingress = await IngressService.StartAsync(
            await PostgresServer.CreateDatabaseAsync("ingress_first"), await RabbitServer.CreateVirtualHostAsync(), folder, ("Messaging:ConfirmTimeout", "00:01:00"));
        await ingress.ListeningAsync();

        // The broker says yes to such a message and throws it away, unless it is asked to return it.
        await Assert.ThrowsAsync<MassTransit.MessageReturnedException>(() =>
            ingress.Services.GetRequiredService<IConfirmedPublisher<IngressDbContext>>().Publish(new NobodyListens("hello"), default));
    }

    [Fact]
    public async Task Law_3_in_one_process_on_the_in_memory_transport_a_webhook_is_a_committed_row_before_the_answer()
    {
        var folder = TemporaryFolder.Make("spool");
        var attempt = Guid.CreateVersion7();
        await using var ingress = await IngressService.StartAsync(await PostgresServer.CreateDatabaseAsync("ingress_memory"), null, folder);

        await Tell(ingress, [attempt], Story);

        Assert.Equal(0, ingress.Services.GetRequiredService<WebhookSpool>().Depth);
        await AllHeard(ingress, [attempt], 4);
    }

    [Fact]
    public async Task Only_when_broker_and_disk_both_fail_is_the_answer_503()
    {
        var folder = TemporaryFolder.Make("spool");
        var attempt = Guid.CreateVersion7();
        // A broker that nobody has ever reached.
        await using var ingress = await IngressService.StartAsync(
            await PostgresServer.CreateDatabaseAsync("ingress_broken"), "amqp://guest:guest@127.0.0.1:1/", folder, ("Messaging:ConfirmTimeout", "00:00:00.300"));
        Directory.Move(folder, folder + "-aside");

        using var refused = await ingress.PostAsync("status", attempt, new StringContent("CallSid=c&Status=busy"));
        Directory.Move(folder + "-aside", folder);
        using var kept = await ingress.PostAsync("status", attempt, new StringContent("CallSid=c&Status=busy"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (refused.StatusCode, kept.StatusCode));
        Assert.Equal(1, ingress.Services.GetRequiredService<WebhookSpool>().Depth);
    }

    public sealed record NobodyListens(string Text);
}
