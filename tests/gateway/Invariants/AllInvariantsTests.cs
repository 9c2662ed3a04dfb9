using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Platform;

namespace Outdial.Gateway.Tests.Invariants;

public sealed class AllInvariantsTests
{
    private static readonly string[] Services = ["pacer", "ingress", "enrichment", "agent-router", "analytics"];

    [Theory]
    [InlineData(null, true)]
    [InlineData("analytics", false)]
    public async Task The_answers_of_all_services_are_put_together_and_one_violation_is_enough(string? violated, bool ok)
    {
        await using var fakes = new Fakes();
        fakes.AddDead("pacer");   // another replica knows
        foreach (var service in Services)
            await fakes.Add(service, context => Say(context, service, service == violated ? 1 : 0));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var answer = await (await gateway.Get("/api/v1/invariants", GatewayNode.CrmKey)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(ok, answer.GetProperty("ok").GetBoolean());
        Assert.Empty(answer.GetProperty("unanswered").EnumerateArray());
        Assert.Equal(Services.Order(), answer.GetProperty("invariants").EnumerateArray().Select(one => one.GetProperty("service").GetString()).Order());
    }

    [Fact]
    public async Task What_cannot_be_asked_is_not_known_to_hold()
    {
        await using var fakes = new Fakes();
        foreach (var service in Services.Skip(1))
            await fakes.Add(service, context => Say(context, service, 0));
        fakes.AddDead("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var answer = await (await gateway.Get("/api/v1/invariants")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.False(answer.GetProperty("ok").GetBoolean());
        Assert.Equal("pacer", answer.GetProperty("unanswered").EnumerateArray().Single().GetString());
        Assert.Equal(4, answer.GetProperty("invariants").GetArrayLength());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(GatewayNode.AgentKey, HttpStatusCode.Forbidden)]
    public async Task Only_those_who_may_read_are_told(string? key, HttpStatusCode expected)
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        Assert.Equal(expected, (await gateway.Problem(HttpMethod.Get, "/api/v1/invariants", key)).Status);
    }

    // As a service answers, and only to a gateway.
    private static Task Say(HttpContext context, string service, int violations) => context.Request.Headers.ContainsKey(IdentityStatements.HeaderName)
        ? context.Response.WriteAsJsonAsync(new { ok = violations == 0, invariants = new[] { new { service, name = "some-law", violations } } })
        : Task.FromException(new InvalidOperationException("not a gateway"));
}
