using System.Net;
using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Outdial.Ingress.Data;
using Outdial.Ingress.Spool;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Spool;

/// <summary>Law 3, for a process that is removed for good: what waits on its disk is handed over by it, or by the verb <c>drain</c>.</summary>
public sealed class EmptiedSpoolTests : IDisposable
{
    private const string NoBroker = "amqp://guest:guest@127.0.0.1:1/";
    private readonly string _folder = TemporaryFolder.Make("spool");

    public void Dispose() => TemporaryFolder.Remove(_folder);

    [Fact]
    public async Task A_process_that_was_told_to_stop_gives_the_broker_what_it_still_receives()
    {
        await using var ingress = await IngressService.StartAsync(
            await PostgresServer.CreateDatabaseAsync("ingress_stopping"), await RabbitServer.CreateVirtualHostAsync(), _folder,
            ("Messaging:ConfirmTimeout", "00:01:00"));
        await ingress.ListeningAsync();
        ingress.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();   // the notice: it still serves
        var attempt = Guid.CreateVersion7();

        await Tell(ingress, attempt);

        Assert.Equal(0, ingress.Services.GetRequiredService<WebhookSpool>().Depth);
        await Eventually.Async(() => ingress.Heard.Of(attempt).Any());
    }

    [Fact]
    public async Task What_waits_when_the_loops_have_ended_is_handed_over_in_order_before_the_process_ends()
    {
        Guid[] attempts = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        await using (var ingress = await IngressService.StartAsync(await PostgresServer.CreateDatabaseAsync("ingress_left"), NoBroker, _folder, Impatient))
        {
            foreach (var attempt in attempts)
                await Tell(ingress, attempt);
        }
        Assert.NotEmpty(Directory.GetFiles(_folder, "*.spool"));   // its broker was away
        using var spool = SpoolTests.Open(_folder);
        var broker = new Broker();
        using var drain = new SpoolDrain(spool, broker, TimeProvider.System, NullLogger<SpoolDrain>.Instance);

        broker.IsAway = true;
        await drain.EmptyAsync(CancellationToken.None);
        Assert.Equal(3, drain.Depth);   // nothing is lost by a try

        broker.IsAway = false;
        await drain.EmptyAsync(CancellationToken.None);
        Assert.Equal(0, drain.Depth);
        Assert.Equal(attempts, broker.Took.Select(received => received.AttemptId!.Value));
        Assert.Empty(Directory.GetFiles(_folder, "*.spool"));
    }

    [Fact]
    public async Task The_verb_drain_takes_what_a_removed_process_left_to_the_broker_and_ends()
    {
        var (database, attempt) = (await PostgresServer.CreateDatabaseAsync("ingress_removed"), Guid.CreateVersion7());
        await using (var removed = await IngressService.StartAsync(database, NoBroker, _folder, Impatient))
            await Tell(removed, attempt);
        Assert.NotEmpty(Directory.GetFiles(_folder, "*.spool"));

        var broker = await RabbitServer.CreateVirtualHostAsync();
        Assert.Equal(0, await IngressService.Compose(database, broker, _folder).App.RunServiceAsync(["drain"]));

        Assert.Empty(Directory.GetFiles(_folder, "*.spool"));
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);   // a program of its own knows nothing of the log of the one before it
        await using var next = await IngressService.StartAsync(database, broker, _folder);
        await Eventually.Async(async () => (await next.Rows(attempt)).Count == 1);
    }

    [Fact]
    public async Task The_verb_drain_says_so_when_the_broker_stays_away_and_leaves_everything_where_it_is()
    {
        var database = await PostgresServer.CreateDatabaseAsync("ingress_in_vain");
        using (var spool = SpoolTests.Open(_folder))
        {
            var webhook = new WebhookReceived
            {
                Id = Guid.CreateVersion7(),
                Provider = "exotel",
                Account = "default",
                Kind = "status",
                Method = "POST",
                Query = "",
                Body = [],
                OrderKey = Guid.CreateVersion7(),
                ReceivedAt = DateTimeOffset.UnixEpoch,
            };
            await spool.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(webhook));
        }

        var code = await IngressService.Compose(database, NoBroker, _folder, [Impatient, ("Database:StartTimeout", "00:00:03")]).App
            .RunServiceAsync(["drain"]);

        Assert.Equal(75, code);
        using var left = SpoolTests.Open(_folder);
        Assert.Equal(1, left.Depth);
    }

    private static readonly (string, string) Impatient = ("Messaging:ConfirmTimeout", "00:00:00.100");

    private static async Task Tell(IngressService ingress, Guid attempt)
    {
        using var answer = await ingress.PostAsync(
            "status", attempt, new StringContent($"CallSid={attempt:N}&EventType=terminal&Status=busy", Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private sealed class Broker : IConfirmedPublisher<IngressDbContext>
    {
        public bool IsAway { get; set; }

        public List<WebhookReceived> Took { get; } = [];

        public Task Publish<T>(T message, CancellationToken cancel) where T : class
        {
            if (IsAway && Took.Count == 0)
                throw new TimeoutException("The broker is away.");
            Took.Add((WebhookReceived)(object)message);
            return Task.CompletedTask;
        }
    }
}
