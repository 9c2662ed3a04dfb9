using System.Net;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Forwarding;

public sealed class DeadReplicaTests
{
    [Fact]
    public async Task A_dead_replica_costs_nobody_an_error()
    {
        await using var fakes = new Fakes();
        foreach (var service in new[] { "pacer", "ingress", "agent-router" })
        {
            await fakes.Add(service);
            fakes.AddDead(service);
        }
        // Never asked whether they are ready, and looked at again at once: each request may meet the dead one.
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Health:Interval", "00:10:00"), ("Gateway:Health:LeaveAlone", "00:00:00.050")));

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await gateway.Get("/api/v1/campaigns"));
            answers.Add(await gateway.Send(HttpMethod.Post, "/api/v1/campaigns", content: new StringContent("{}")));
            answers.Add(await gateway.Send(HttpMethod.Post, "/api/v1/campaigns/1/leads", content: new StringContent("phone\n1")));
            answers.Add(await gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b")));
            answers.Add(await gateway.Get(gateway.DialWhom(), null));
        }

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task A_command_that_may_have_been_carried_out_is_not_sent_to_another_replica()
    {
        await using var fakes = new Fakes();
        var first = await fakes.Add("pacer", Abort);
        var second = await fakes.Add("pacer", Abort);
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var (status, detail) = await gateway.Problem(HttpMethod.Post, "/api/v1/campaigns", content: new StringContent("{}"));

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("not known", detail);
        Assert.Equal(1, first.Received.Count + second.Received.Count);
    }

    [Fact]
    public async Task A_question_whose_replica_dies_over_it_is_put_to_another()
    {
        await using var fakes = new Fakes();
        var deaths = 0;
        var (first, second) = (await fakes.Add("pacer", AbortOnce), await fakes.Add("pacer", AbortOnce));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Get("/api/v1/campaigns");

        Assert.Equal("alive", await answer.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (first.Received.Count, second.Received.Count));

        Task AbortOnce(HttpContext context) =>
            Interlocked.Increment(ref deaths) == 1 ? Abort(context) : context.Response.WriteAsync("alive");
    }

    [Fact]
    public async Task A_webhook_whose_replica_dies_over_it_reaches_another_whole()
    {
        await using var fakes = new Fakes();
        var deaths = 0;
        string? kept = null;
        await fakes.Add("ingress", AbortOnce);
        await fakes.Add("ingress", AbortOnce);
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        var body = new string('x', 100_000);

        using var answer = await gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent(body));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(body, kept);

        async Task AbortOnce(HttpContext context)
        {
            var read = await new StreamReader(context.Request.Body).ReadToEndAsync();
            if (Interlocked.Increment(ref deaths) == 1)
                context.Abort();
            else
                kept = read;
        }
    }

    [Fact]
    public async Task A_webhook_that_one_ingress_can_keep_nowhere_is_kept_by_another()
    {
        await using var fakes = new Fakes();
        var refusals = 0;
        await fakes.Add("ingress", FullOnce);
        await fakes.Add("ingress", FullOnce);
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"));

        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, refusals));

        Task FullOnce(HttpContext context)
        {
            context.Response.StatusCode = Interlocked.Increment(ref refusals) == 1 ? 503 : 200;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_webhook_outlasts_the_restart_of_the_only_ingress()
    {
        await using var fakes = new Fakes();
        var port = fakes.AddDead("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var sending = gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"));
        await using var restarted = await FakeService.Start("ingress", port: port);
        using var answer = await sending;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a=b", restarted.Last.Body);
    }

    [Fact]
    public async Task DialWhom_is_answered_by_another_router_when_one_is_frozen()
    {
        await using var fakes = new Fakes();
        var gate = new Gate();
        var asked = 0;
        await fakes.Add("agent-router", FrozenOnce);
        await fakes.Add("agent-router", FrozenOnce);
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:DialWhomTry", "00:00:00.300")));

        using var answer = await gateway.Get(gateway.DialWhom(), null);

        Assert.Equal("+919825012345", await answer.Content.ReadAsStringAsync());

        Task FrozenOnce(HttpContext context) =>
            Interlocked.Increment(ref asked) == 1 ? gate.Hang(context) : context.Response.WriteAsync("+919825012345");
    }

    [Theory]
    [InlineData("", false, "", "text/plain")]
    [InlineData("", true, """{"destination":{"numbers":[]}}""", "application/json")]
    [InlineData("/stay", false, "", null)]
    public async Task DialWhom_hears_nobody_and_never_an_error_when_all_routers_are_gone(string rest, bool json, string body, string? type)
    {
        await using var fakes = new Fakes();
        fakes.AddDead("agent-router");
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Limits:DialWhomTimeout", "00:00:00.500")));

        using var answer = await gateway.Get(gateway.DialWhom(rest), null, json ? [("Exotel-Version", "1")] : []);

        Assert.Equal((HttpStatusCode.OK, type, body),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_replica_that_is_not_ready_gets_nothing_while_another_is()
    {
        await using var fakes = new Fakes();
        var probed = 0;
        await using var alone = await FakeService.Start("alone");
        await using var unready = await Unready();
        await using var gateway = await GatewayNode.Start(
            fakes.Settings(("Gateway:Services:pacer", $"{alone.Address};{unready.Urls.Single()}"), ("Gateway:Health:Interval", "00:00:00.050")));
        await Eventually.Async(() => Volatile.Read(ref probed) > 8);   // two failures take it out; there are two clusters of the pacer

        for (var i = 0; i < 20; i++)
            Assert.Equal("alone", await (await gateway.Get("/api/v1/campaigns")).Content.ReadAsStringAsync());

        async Task<Microsoft.AspNetCore.Builder.WebApplication> Unready()
        {
            var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            Microsoft.AspNetCore.Builder.RunExtensions.Run(app, context =>
            {
                if (context.Request.Path == "/health/ready")
                    Interlocked.Increment(ref probed);
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            });
            await app.StartAsync();
            return app;
        }
    }

    [Fact]
    public async Task A_replica_that_says_that_it_stops_is_taken_out_by_its_first_word()
    {
        await using var fakes = new Fakes();
        var (clock, asked) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var stays = await FakeService.Start("stays");
        await using var stops = await FakeService.Start("stops");
        stops.Ready = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["X-Outdial-State"] = "stopping";
            if (Interlocked.Increment(ref asked) == 2)   // one for each of the pacer's two clusters
                clock.TrySetResult();
            return Task.CompletedTask;
        };
        // Nobody asks a second time while the test runs.
        await using var gateway = await GatewayNode.Start(
            fakes.Settings(("Gateway:Services:pacer", $"{stays.Address};{stops.Address}"), ("Gateway:Health:Interval", "00:10:00")));
        await clock.Task.WaitAsync(Eventually.Patience, TimeProvider.System);
        await Eventually.Async(() => gateway.Available("api:pacer").SequenceEqual([stays.Address + "/"]));

        for (var i = 0; i < 20; i++)
            Assert.Equal("stays", await (await gateway.Get("/api/v1/campaigns")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_service_without_any_replica_is_a_problem_that_can_be_tried_again()
    {
        await using var fakes = new Fakes();
        fakes.AddDead("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Send(HttpMethod.Post, "/api/v1/campaigns", content: new StringContent("{}"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Problem(HttpMethod.Get, "/api/v1/numbers/1")).Status);   // no address at all
    }

    private static async Task Abort(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Abort();
    }
}
