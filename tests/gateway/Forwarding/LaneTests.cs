using System.Net;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Forwarding;

public sealed class LaneTests
{
    [Fact]
    public async Task Api_requests_that_hang_starve_neither_providers_nor_other_services()
    {
        await using var fakes = new Fakes();
        var gate = new Gate();
        await fakes.Add("pacer", gate.Hang);
        await fakes.Add("ingress");
        // The router's API hangs as well; its DialWhom has connections of its own.
        await fakes.Add("agent-router", context => context.Request.Path.StartsWithSegments("/dialwhom") ? context.Response.WriteAsync("+911") : gate.Hang(context));
        await fakes.Add("analytics");
        await using var gateway = await GatewayNode.Start(fakes.Settings(
            ("Gateway:Limits:ConcurrentPerService", "10"), ("Gateway:Limits:Concurrent", "30"), ("Gateway:Limits:ConcurrentPerClient", "25")));
        var hanging = Enumerable.Range(0, 20).Select(_ => gateway.Get("/api/v1/campaigns"))
            .Concat(Enumerable.Range(0, 20).Select(_ => gateway.Get("/api/v1/agents", GatewayNode.SupervisorKey))).ToList();
        await Eventually.Async(() => gate.Waiting == 20 && hanging.Count(request => request.IsCompleted) == 20);

        var webhooks = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"))));
        var dialWhom = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.Get(gateway.DialWhom(), null)));
        using var report = await gateway.Get("/api/v1/campaigns/1/report", GatewayNode.CrmKey);

        Assert.All(webhooks.Concat(dialWhom).Append(report), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.All(hanging.Where(request => request.IsCompleted), request =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, request.Result.StatusCode);
            Assert.Equal("application/problem+json", request.Result.Content.Headers.ContentType?.MediaType);
            Assert.Equal("1", request.Result.Headers.GetValues("Retry-After").Single());
        });
        gate.Open();
        Assert.Equal(20, (await Task.WhenAll(hanging)).Count(answer => answer.IsSuccessStatusCode));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_in_time_is_a_problem()
    {
        await using var fakes = new Fakes();
        var gate = new Gate();
        await fakes.Add("pacer", gate.Hang);
        await fakes.Add("pacer", gate.Hang);
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:ApiTimeout", "00:00:00.200")));

        var (status, detail) = await gateway.Problem(HttpMethod.Get, "/api/v1/campaigns");

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.StartsWith("The pacer service did not answer within 0.2 s.", detail);
        Assert.InRange(gate.Waiting, 0, 1);   // asking another would double the load of a service that is slow
    }

    [Theory]
    [InlineData("pacer", "/api/v1/events")]
    [InlineData("agent-router", "/api/v1/agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/stream")]
    public async Task An_event_stream_passes_event_by_event_and_outlives_the_time_limits(string service, string path)
    {
        await using var fakes = new Fakes();
        var next = new Gate();
        await fakes.Add(service, async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("s", StringComparison.Ordinal)
                && !context.Request.Path.Value.EndsWith("stream", StringComparison.Ordinal))
                await new Gate().Hang(context);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await next.Hang(context);
            await context.Response.WriteAsync("data: 2\n\n");
        });
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:ApiTimeout", "00:00:00.100")));

        using var answer = await gateway.Get(path);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await lines.ReadLineAsync());
        // An ordinary request that begins now runs out of time before the stream goes on.
        var slow = service == "pacer" ? "/api/v1/leads/1" : "/api/v1/audit";
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await gateway.Problem(HttpMethod.Get, slow)).Status);
        next.Open();

        Assert.Equal("", await lines.ReadLineAsync());
        Assert.Equal("data: 2", await lines.ReadLineAsync());
    }

    [Fact]
    public async Task Open_streams_do_not_keep_a_gateway_from_stopping()
    {
        await using var fakes = new Fakes();
        var never = new Gate();
        await fakes.Add("pacer", async context =>
        {
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await never.Hang(context);
        });
        var gateway = await GatewayNode.Start(fakes.Settings());
        using var answer = await gateway.Get("/api/v1/events");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await lines.ReadLineAsync());

        await gateway.StopAsync().WaitAsync(Eventually.Patience, TimeProvider.System);

        await Assert.ThrowsAnyAsync<IOException>(() => lines.ReadToEndAsync());
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task Leads_are_passed_on_while_they_are_still_being_sent()
    {
        await using var fakes = new Fakes();
        var arrived = new TaskCompletionSource();
        await fakes.Add("pacer", async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[Halves.Size / 2]);
            arrived.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Send(HttpMethod.Post, "/api/v1/campaigns/1/leads", content: new Halves(arrived.Task));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/campaigns", true, 3_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/api/v1/campaigns", false, 3_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/api/v1/campaigns", false, 1_500, HttpStatusCode.OK)]
    [InlineData("/api/v1/campaigns/1/leads", false, 3_000, HttpStatusCode.OK)]
    [InlineData("/api/v1/campaigns/1/leads", false, 9_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("webhook", true, 3_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("webhook", false, 3_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_as_large_as_its_lane_allows(string path, bool saysHowLarge, int bytes, HttpStatusCode expected)
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings(
            ("Gateway:Limits:ApiBodyBytes", "2000"), ("Gateway:Limits:WebhookBodyBytes", "2000"), ("Gateway:Limits:UploadBodyBytes", "5000")));
        var content = new ByteArrayContent(new byte[bytes]);
        using var request = new HttpRequestMessage(HttpMethod.Post, path == "webhook" ? gateway.Webhook() : path) { Content = content };
        request.Headers.Add("X-Api-Key", GatewayNode.AdminKey);
        request.Headers.TransferEncodingChunked = !saysHowLarge;

        using var answer = await gateway.Http.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back_and_others_are_not()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:Burst", "3"), ("Gateway:Limits:RequestsPerSecond", "1")));

        using var refused = await Flood.UntilRefused(_ => gateway.Get("/api/v1/campaigns"));
        using var other = await gateway.Get("/api/v1/campaigns", GatewayNode.CrmKey);
        var webhooks = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"))));

        Assert.InRange(int.Parse(refused.Headers.GetValues("Retry-After").Single(), null), 1, 5);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.All(webhooks.Append(other), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Whoever_guesses_keys_is_counted_by_address()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:Burst", "3"), ("Gateway:Limits:RequestsPerSecond", "1")));

        using var refused = await Flood.UntilRefused(i => gateway.Get("/api/v1/campaigns", $"guess-{i}"), HttpStatusCode.Unauthorized);

        Assert.NotNull(refused.Headers.RetryAfter);
    }

    private sealed class Halves(Task arrived) : HttpContent
    {
        public const int Size = 1 << 20;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[Size]);
            await stream.FlushAsync();
            await arrived.WaitAsync(Eventually.Patience, TimeProvider.System);
            await stream.WriteAsync(new byte[Size]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
