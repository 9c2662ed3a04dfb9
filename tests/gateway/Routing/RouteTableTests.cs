using System.Net;
using System.Text.RegularExpressions;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Tests.Nodes;
using Outdial.LocalServers;
using Outdial.Platform;

namespace Outdial.Gateway.Tests.Routing;

public sealed partial class RouteTableTests
{
    private static readonly string[] Own = ["/health/live", "/health/ready", "/metrics", "/openapi/v1.json"];

    // Put together by the gateway from the answers of all services.
    private static readonly string[] Aggregated = ["/api/v1/invariants"];

    [Fact]
    public async Task The_table_holds_every_endpoint_of_every_service_with_its_owner_and_its_roles_and_no_others()
    {
        var real = (await ServicesAsBuilt.Endpoints())
            .Where(endpoint => endpoint.Path.StartsWith("/api/", StringComparison.Ordinal) && !Aggregated.Contains(endpoint.Path));

        var table = ApiRoutes.All.Select(route => new OwnedEndpoint(route.Service, route.Method, "/api/v1/" + route.Path, Roles(route.Policy)));

        Assert.Equal(Lines(real), Lines(table));
    }

    [Fact]
    public async Task Nothing_outside_the_api_is_served_but_what_providers_call()
    {
        var rest = (await ServicesAsBuilt.Endpoints())
            .Where(endpoint => !endpoint.Path.StartsWith("/api/", StringComparison.Ordinal) && !Own.Contains(endpoint.Path));

        Assert.Equal(
            [
                "agent-router GET /dialwhom/exotel/{token} token",
                "agent-router GET /dialwhom/exotel/{token}/stay token",
                "agent-router HEAD /dialwhom/exotel/{token} token",
                "agent-router HEAD /dialwhom/exotel/{token}/stay token",
                "agent-router OPTIONS /dialwhom/exotel/{token} token",
                "agent-router OPTIONS /dialwhom/exotel/{token}/stay token",
                "ingress GET /webhooks/{provider}/{token}/{kind} token",
                "ingress HEAD /webhooks/{provider}/{token}/{kind} token",
                "ingress OPTIONS /webhooks/{provider}/{token}/{kind} token",
                "ingress POST /webhooks/{provider}/{token}/{kind} token",
            ],
            Lines(rest));
    }

    [Fact]
    public async Task Every_address_that_answers_with_a_list_takes_a_limit_and_a_place_to_go_on_from()
    {
        var lists = await ServicesAsBuilt.Lists();

        Assert.Superset(new HashSet<string>(["/api/v1/agents", "/api/v1/campaigns", "/api/v1/calls", "/api/v1/webhooks", "/api/v1/api-keys"]), lists.Select(list =>
            list.Path).ToHashSet());
        Assert.Empty(lists.Where(list => !list.Parameters.Contains("limit") || !list.Parameters.Contains("after")).Select(list => list.Path));
    }

    [Fact]
    public async Task Each_route_leads_to_its_owner()
    {
        await using var fakes = new Fakes();
        foreach (var service in ServiceName.All)
            await fakes.Add(service);
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        foreach (var route in ApiRoutes.All)
        {
            var path = "/api/v1/" + string.Join('/', route.Path.Split('/').Select(part => part[0] == '{' ? GatewayNode.Agent.ToString() : part));
            using var answer = await gateway.Send(new HttpMethod(route.Method), path);
            Assert.Equal((route, HttpStatusCode.OK, route.Service), (route, answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
        Assert.Equal("console", await gateway.Http.GetStringAsync("/console/campaigns"));
    }

    [Fact]
    public async Task Every_address_of_the_API_refuses_what_nobody_would_read() => Assert.Empty(await ServicesAsBuilt.Careless());

    [Fact]
    public async Task What_is_not_in_the_table_does_not_exist()
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Problem(HttpMethod.Get, "/api/v1/secrets")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await gateway.Problem(HttpMethod.Delete, "/api/v1/campaigns")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Get("/health/live", null)).StatusCode);
        Assert.Empty(pacer.Received);
    }

    [Theory]
    [InlineData(null, "GET", "campaigns", HttpStatusCode.Unauthorized)]
    [InlineData(GatewayNode.CrmKey, "GET", "campaigns", HttpStatusCode.OK)]
    [InlineData(GatewayNode.CrmKey, "POST", "campaigns/1/leads", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.CrmKey, "POST", "calls", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.SupervisorKey, "POST", "calls", HttpStatusCode.OK)]
    [InlineData(GatewayNode.SupervisorKey, "PUT", "trunks/office", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.SupervisorKey, "POST", "agents/0198c1a2-0000-7d4e-8f5a-6b7c8d9e0f1a/release", HttpStatusCode.OK)]
    [InlineData(GatewayNode.AgentKey, "POST", "agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/sign-in", HttpStatusCode.OK)]
    [InlineData(GatewayNode.AgentKey, "POST", "agents/0198C1A27B3C7D4E8F5A6B7C8D9E0F1A/pause", HttpStatusCode.OK)]
    [InlineData(GatewayNode.AgentKey, "GET", "agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/stream", HttpStatusCode.OK)]
    [InlineData(GatewayNode.AgentKey, "GET", "agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a", HttpStatusCode.OK)]
    [InlineData(GatewayNode.AgentKey, "POST", "agents/0198c1a2-0000-7d4e-8f5a-6b7c8d9e0f1a/sign-in", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.AgentKey, "GET", "agents/0198c1a2-0000-7d4e-8f5a-6b7c8d9e0f1a/stream", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.AgentKey, "POST", "agents/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/release", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.AgentKey, "GET", "agents", HttpStatusCode.Forbidden)]
    [InlineData(GatewayNode.AgentKey, "GET", "campaigns/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a/leads", HttpStatusCode.Forbidden)]
    public async Task A_role_is_let_through_to_what_it_may_do(string? key, string method, string path, HttpStatusCode expected)
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        await fakes.Add("agent-router");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Send(new HttpMethod(method), "/api/v1/" + path, key);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_security_notes_say_who_may_call_what()
    {
        var notes = await File.ReadAllLinesAsync(Checkout.At("docs", "security.md"));

        var missing = ApiRoutes.All.Select(Row).Except(notes).ToList();
        var outdated = notes.Where(line => AddressRow().IsMatch(line)).Except(ApiRoutes.All.Select(Row)).ToList();

        Assert.True(missing.Count + outdated.Count == 0, $"Missing:\n{string.Join('\n', missing)}\nOutdated:\n{string.Join('\n', outdated)}");
    }

    [GeneratedRegex("^[|] `[A-Z]+ /api/v1/")]
    private static partial Regex AddressRow();

    private static string Row(ApiRoute route) => $"| `{route.Method} /api/v1/{route.Path}` | {route.Service} | {Roles(route.Policy)} |";

    private static string Roles(string policy) => policy switch
    {
        ApiPolicies.Read => "admin, agent, crm, supervisor",
        ApiPolicies.Work => "admin, agent, supervisor",
        ApiPolicies.Operate => "admin, supervisor",
        ApiPolicies.Admin => "admin",
        _ => policy,
    };

    private static List<string> Lines(IEnumerable<OwnedEndpoint> endpoints) =>
        [.. endpoints.Select(endpoint => $"{endpoint.Service} {endpoint.Method} {endpoint.Path} {endpoint.Roles}").Order(StringComparer.Ordinal)];
}
