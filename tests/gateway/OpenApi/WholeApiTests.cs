using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Outdial.Gateway.Tests.Nodes;

namespace Outdial.Gateway.Tests.OpenApi;

public sealed class WholeApiTests
{
    private const string Pacer =
        """
        { "openapi": "3.1.1", "info": { "title": "Outdial", "version": "v1" }, "servers": [{ "url": "http://10.0.0.7:8080/" }],
          "paths": {
            "/api/v1/campaigns": { "get": { "tags": ["Campaigns"], "responses": { "200": { "schema": { "$ref": "#/components/schemas/Report" } } } } },
            "/api/v1/secrets": { "get": {} }, "/health/live": { "get": {} } },
          "components": { "schemas": {
            "Report": { "type": "object", "properties": { "row": { "$ref": "#/components/schemas/Row" } } },
            "Row": { "type": "string" }, "Shared": { "type": "integer" } } },
          "tags": [{ "name": "Campaigns" }] }
        """;

    private const string Analytics =
        """
        { "openapi": "3.1.1", "info": { "title": "Outdial", "version": "v1" },
          "paths": {
            "/api/v1/agents/report": { "get": { "tags": ["Reports"], "responses": { "200": { "schema": { "$ref": "#/components/schemas/Report" } } } } },
            "/api/v1/campaigns": { "get": { "description": "not its own" } } },
          "components": { "schemas": {
            "Report": { "type": "object", "properties": { "row": { "$ref": "#/components/schemas/Row" } } },
            "Row": { "type": "number" }, "Shared": { "type": "integer" } } },
          "tags": [{ "name": "Reports" }] }
        """;

    [Fact]
    public async Task The_services_documents_and_the_gateways_own_become_one_that_holds_what_the_gateway_leads_to()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer", context => context.Response.WriteAsync(Pacer));
        await fakes.Add("analytics", context => context.Response.WriteAsync(Analytics));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var whole = await Document(gateway);

        var paths = whole["paths"]!.AsObject();
        Assert.Superset(
            new HashSet<string>(["/api/v1/campaigns", "/api/v1/agents/report", "/api/v1/api-keys", "/api/v1/invariants"]), paths.Select(path => path.Key).ToHashSet());
        Assert.DoesNotContain("/api/v1/secrets", paths.Select(path => path.Key));
        Assert.DoesNotContain("not its own", whole.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.7", whole.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(whole["x-outdial-missing"]);
        Assert.Superset(new HashSet<string>(["Campaigns", "Reports", "API keys"]), whole["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToHashSet());
    }

    [Fact]
    public async Task Schemas_that_differ_under_one_name_and_what_leads_to_them_are_kept_apart()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer", context => context.Response.WriteAsync(Pacer));
        await fakes.Add("analytics", context => context.Response.WriteAsync(Analytics));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var whole = await Document(gateway);

        // Row differs; Report is the same text, but leads to another Row.
        string Type(string path)
        {
            var report = At(whole, (string)whole["paths"]![path]!["get"]!["responses"]!["200"]!["schema"]!["$ref"]!);
            return (string)At(whole, (string)report["properties"]!["row"]!["$ref"]!)["type"]!;
        }

        Assert.Equal(("string", "number"), (Type("/api/v1/campaigns"), Type("/api/v1/agents/report")));
        Assert.Single(whole["components"]!["schemas"]!.AsObject(), schema => schema.Key.EndsWith("Shared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_is_away_is_named_and_described_when_it_is_back()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer", context => context.Response.WriteAsync(Pacer));
        var port = fakes.AddDead("analytics");
        await using var gateway = await GatewayNode.Start(fakes.Settings(), clock: clock);

        var without = await Document(gateway);
        await using var back = await FakeService.Start("analytics", context => context.Response.WriteAsync(Analytics), port);
        var kept = await Document(gateway);
        clock.Advance(TimeSpan.FromSeconds(6));
        var with = await Document(gateway);
        var asked = pacer.Received.Count;
        await Document(gateway);

        Assert.Equal("analytics", (string)without["x-outdial-missing"]!.AsArray().Single()!);
        Assert.Contains("analytics", (string)without["info"]!["description"]!, StringComparison.Ordinal);
        Assert.NotNull(without["paths"]!["/api/v1/campaigns"]);
        Assert.Equal(without.ToJsonString(), kept.ToJsonString());
        Assert.NotNull(with["paths"]!["/api/v1/agents/report"]);
        Assert.Equal(asked, pacer.Received.Count);   // a whole one is kept longer
    }

    private static JsonNode At(JsonNode whole, string reference) => whole["components"]!["schemas"]![reference["#/components/schemas/".Length..]]!;

    private static async Task<JsonObject> Document(GatewayNode gateway)
    {
        using var answer = await gateway.Get("/openapi/v1.json", key: null);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }
}
