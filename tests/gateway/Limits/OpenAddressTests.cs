using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Limits;

/// <summary>What can be asked for without a key is cheap, and so much of it and no more.</summary>
public sealed class OpenAddressTests
{
    [Fact]
    public async Task A_flood_of_the_metrics_keeps_no_provider_waiting_and_collects_them_once()
    {
        await using var fakes = new Fakes();
        await fakes.Add("ingress");
        await fakes.Add("agent-router");
        await using var gateway = await GatewayNode.Start(fakes.Settings(
            ("Metrics:KeptFor", "00:01:00"), ("Open:Burst", "40"), ("Open:RequestsPerSecond", "1")));
        // The first collection takes until the gate opens. Each one gives another number, so answers of two collections differ.
        using var gate = new ManualResetEventSlim();
        using var meter = new Meter($"Outdial.Test.{Guid.NewGuid():N}");
        var looks = 0;
        meter.CreateObservableGauge("outdial.test.looks", () =>
        {
            gate.Wait(Eventually.Patience);
            return Interlocked.Increment(ref looks);
        });

        var flood = Enumerable.Range(0, 200).Select(_ => gateway.Get("/metrics", null)).ToList();
        await Eventually.Async(() => flood.Any(request => request.IsCompleted));   // the first are refused, others wait
        var dialWhom = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.Get(gateway.DialWhom(), null)));
        var webhooks = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"))));
        gate.Set();
        var answers = await Task.WhenAll(flood);

        Assert.All(dialWhom.Concat(webhooks), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var served = await Task.WhenAll(answers.Where(answer => answer.IsSuccessStatusCode).Select(answer => answer.Content.ReadAsStringAsync()));
        Assert.Contains("outdial_test_looks", Assert.Single(served.Distinct()));
        Assert.All(answers.Where(answer => !answer.IsSuccessStatusCode), refused =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        });
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    [InlineData("/docs/scalar.js")]
    public async Task What_is_open_to_all_cannot_be_asked_for_without_end_and_health_can(string path)
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Open:Burst", "3"), ("Open:RequestsPerSecond", "1")));

        using var refused = await Flood.UntilRefused(_ => gateway.Get(path, null));

        Assert.Equal("Too many requests from this address.", (await GatewayNode.ProblemOf(refused)).Detail);
        for (var i = 0; i < 20; i++)
            Assert.True((await gateway.Get("/health/ready", null)).IsSuccessStatusCode);   // a probe that is refused ends a process that is well
    }

    [Fact]
    public async Task Requests_that_wait_for_the_description_of_the_api_are_so_many_and_no_more()
    {
        await using var fakes = new Fakes();
        var gate = new Gate();
        await fakes.Add("pacer", gate.Hang);
        await using var gateway = await GatewayNode.Start(fakes.Settings(
            ("Open:Burst", "1000"), ("Open:Concurrent", "3"), ("Open:ConcurrentPerAddress", "2"), ("Gateway:Limits:ApiTimeout", "00:02:00")));

        var asking = Enumerable.Range(0, 20).Select(_ => gateway.Get("/openapi/v1.json", null)).ToList();
        await Eventually.Async(() => asking.Count(request => request.IsCompleted) == 18 && gate.Waiting > 0);

        Assert.Equal(1, gate.Waiting);   // the service is asked once for all
        gate.Open();
        Assert.Equal(2, (await Task.WhenAll(asking)).Count(answer => answer.IsSuccessStatusCode));
    }

    [Fact]
    public async Task The_consoles_pages_cannot_be_asked_for_without_end()
    {
        await using var fakes = new Fakes();
        await fakes.Add("console");
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:Burst", "3"), ("Gateway:Limits:RequestsPerSecond", "1")));

        using var refused = await Flood.UntilRefused(_ => gateway.Get("/console/", null));

        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Guessed_keys_ask_a_database_that_hangs_together_and_not_one_after_the_other()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var accepted = new ConcurrentQueue<Socket>();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                accepted.Enqueue(await silent.AcceptSocketAsync());
            }
        });
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var database = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=gateway;Username=nobody;Timeout=10;SslMode=Disable";
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:10:00")), database);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => gateway.Get("/api/v1/campaigns", $"guess-{i}-0123456789")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.InRange(accepted.Count, 1, 10);
        foreach (var socket in accepted)
            socket.Dispose();
    }
}
