using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Limits;

public sealed class StreamTests
{
    private const string Events = "/api/v1/events", Keys = "/api/v1/api-keys";

    [Theory]
    [InlineData("pacer", Events)]
    [InlineData("agent-router", "/api/v1/agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/stream")]
    public async Task The_headers_of_a_stream_are_there_before_anything_happened(string service, string path)
    {
        await using var fakes = new Fakes();
        var first = new Gate();
        await fakes.Add(service, Silent(first));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Get(path).WaitAsync(Eventually.Patience, TimeProvider.System);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        first.Open();
        Assert.Equal("data: 1\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("rotated")]
    [InlineData("expired")]
    public async Task A_stream_is_not_fed_any_longer_when_its_key_has_ended_at_whichever_gateway(string how)
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer", Silent(new Gate()));
        await fakes.Add("agent-router");
        var (database, clock) = (await GatewayNode.CreateDatabase(), new FakeTimeProvider());
        await using var here = await GatewayNode.Start(fakes.Settings(), database, clock);
        await using var there = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:00:00.100")), database, clock);
        var made = await Make(here, new { name = "warehouse", role = "crm", expiresAt = clock.GetUtcNow().AddHours(1) });
        var (id, key) = (made.GetProperty("id").GetString(), made.GetProperty("key").GetString());
        await Eventually.Async(async () => (await there.Get("/api/v1/agents", key)).StatusCode == HttpStatusCode.OK);
        using var one = await here.Get(Events, key);
        using var two = await there.Get(Events, key);
        using var others = await here.Get(Events);
        var (ofOne, ofTwo, ofOthers) = (End(one), End(two), End(others));

        if (how == "expired")
            clock.Advance(TimeSpan.FromHours(1));
        else if (how == "rotated")
            await here.Send(HttpMethod.Post, $"{Keys}/{id}/rotate", content: JsonContent.Create(new { overlap = "00:00:00" }));
        else
            await here.Send(HttpMethod.Delete, $"{Keys}/{id}");

        await Task.WhenAll(ofOne, ofTwo).WaitAsync(Eventually.Patience, TimeProvider.System);
        Assert.False(ofOthers.IsCompleted);
    }

    [Fact]
    public async Task A_key_that_ends_before_the_stream_began_is_told_so()
    {
        await using var fakes = new Fakes();
        var never = new Gate();
        await fakes.Add("pacer", never.Hang);
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase(), clock);
        var made = await Make(gateway, new { name = "warehouse", role = "crm", expiresAt = clock.GetUtcNow().AddHours(1) });
        var key = made.GetProperty("key").GetString();

        var asking = gateway.Problem(HttpMethod.Get, Events, key);
        await Eventually.Async(() => never.Waiting == 1);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((HttpStatusCode.Unauthorized, "The API key has ended."), await asking);
    }

    [Fact]
    public async Task A_key_cannot_open_more_streams_than_it_may()
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer", Silent(new Gate()));
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Streams:PerKey", "3")));
        var streams = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => gateway.Get(Events)));

        var (status, detail) = await gateway.Problem(HttpMethod.Get, Events);
        using var another = await gateway.Get(Events, GatewayNode.CrmKey);

        Assert.All(streams.Append(another), stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
        Assert.Equal((HttpStatusCode.TooManyRequests, "This key has 3 event streams open, and may have no more."), (status, detail));
        Assert.Equal(4, pacer.Received.Count);   // the service was not asked for more
    }

    [Fact]
    public async Task Nobody_who_may_not_read_an_agents_stream_can_take_her_place()
    {
        await using var fakes = new Fakes();
        await fakes.Add("agent-router", Silent(new Gate()));
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Streams:PerAgent", "1")));
        string Path(string spelled) => $"/api/v1/agents/{spelled}/stream";
        var strangers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => gateway.Get(Path($"{GatewayNode.Agent}"), i % 2 == 0 ? null : GatewayNode.CrmKey)));

        using var own = await gateway.Get(Path($"{GatewayNode.Agent}"), GatewayNode.AgentKey);
        var (status, detail) = await gateway.Problem(HttpMethod.Get, Path($"{GatewayNode.Agent:N}".ToUpperInvariant()), GatewayNode.SupervisorKey);

        Assert.All(strangers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden }));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal((HttpStatusCode.TooManyRequests, $"Agent {GatewayNode.Agent} has 1 event streams open, and may have no more."), (status, detail));
    }

    /// <summary>Says its headers, and nothing else until the gate opens.</summary>
    private static RequestDelegate Silent(Gate first) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        await first.Hang(context);
        await context.Response.WriteAsync("data: 1\n\n");
    };

    /// <summary>Returns when the stream is over, in whatever order.</summary>
    private static async Task End(HttpResponseMessage answer)
    {
        try
        {
            await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Cut: there is no other way to end what another process writes.
        }
    }

    private static async Task<JsonElement> Make(GatewayNode gateway, object request)
    {
        using var answer = await gateway.Send(HttpMethod.Post, Keys, content: JsonContent.Create(request));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
