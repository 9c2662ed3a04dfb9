using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Gateway.Routing;
using Outdial.LocalServers;

namespace Outdial.Gateway.Tests.Client;

/// <summary>What is made of the description of the API, and what it has to say for that.</summary>
public sealed class GeneratedClientTests(WholeDocument whole) : IClassFixture<WholeDocument>
{
    /// <summary>Set to <c>client</c> it writes the client anew, set to <c>release</c> the document of the last release, too.</summary>
    private const string Write = "OUTDIAL_WRITE";

    private static readonly string s_client = Checkout.At("clients", "csharp", "Generated", "OutdialClient.g.cs");
    private static readonly string s_released = Checkout.At("clients", "openapi.json");
    private static readonly JsonSerializerOptions s_readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_client_that_is_kept_is_the_one_that_the_description_gives()
    {
        var code = await ClientSource.Of(whole.Root);

        if (Environment.GetEnvironmentVariable(Write) is "client" or "release")
            await File.WriteAllTextAsync(s_client, code);
        Assert.True(await File.ReadAllTextAsync(s_client) == code,
            "clients/csharp is of another API than this. It is written anew by: OUTDIAL_WRITE=client ./outdial test gateway --filter GeneratedClientTests");
    }

    [Fact]
    public async Task What_programs_can_do_no_more_since_the_last_release_is_named_in_the_changelog()
    {
        if (Environment.GetEnvironmentVariable(Write) is "release")
            await File.WriteAllTextAsync(s_released, whole.Root.ToJsonString(s_readable) + "\n");
        var released = JsonNode.Parse(await File.ReadAllTextAsync(s_released))!.AsObject();
        var unreleased = (await File.ReadAllTextAsync(Checkout.At("CHANGELOG.md"))).Split("\n## ")[1];

        var unsaid = BreakingChanges.Of(released, whole.Root).Where(change => !unreleased.Contains($"`{change}`", StringComparison.Ordinal));

        Assert.Empty(unsaid);
    }

    [Fact]
    public void What_breaks_a_program_is_found()
    {
        Assert.Empty(BreakingChanges.Of(whole.Root, whole.Root));
        foreach (var (change, expected) in new (Action<JsonObject>, string)[]
        {
            (root => root["paths"]!.AsObject().Remove("/api/v1/trunks"), "GET /api/v1/trunks"),
            (root => root["paths"]!["/api/v1/calls"]!["get"]!["operationId"] = "Calls", "ListCalls"),
            (root => root["paths"]!["/api/v1/calls"]!["get"]!["parameters"]!.AsArray().RemoveAt(0), "GET /api/v1/calls?campaign"),
            (root => root["paths"]!["/api/v1/calls"]!["get"]!["parameters"]![0]!["required"] = true, "GET /api/v1/calls?campaign"),
            (root => root["components"]!["schemas"]!["CampaignView"]!["properties"]!.AsObject().Remove("floor"), "CampaignView.floor"),
            (root => root["components"]!["schemas"]!["CampaignView"]!["properties"]!["name"]!["type"] = "integer", "CampaignView.name"),
            (root => root["components"]!["schemas"]!["CampaignRequest"]!["required"]!.AsArray().Add("flow"), "CampaignRequest.flow"),
            (root => root["components"]!["schemas"]!["CampaignRequest"]!["properties"]!["mode"]!["enum"]!.AsArray().RemoveAt(0), "CampaignRequest.mode"),
            (root => root["components"]!["schemas"]!.AsObject().Remove("TrunkView"), "TrunkView"),
        })
        {
            var changed = whole.Root.DeepClone().AsObject();
            change(changed);
            Assert.Equal([expected], BreakingChanges.Of(whole.Root, changed));
        }
        var more = whole.Root.DeepClone().AsObject();
        more["components"]!["schemas"]!["CampaignView"]!["properties"]!["later"] = new JsonObject { ["type"] = "integer" };
        more["components"]!["schemas"]!["CampaignRequest"]!["properties"]!["later"] = new JsonObject { ["type"] = "integer" };
        more["components"]!["schemas"]!["CampaignView"]!["properties"]!["mode"]!["enum"]!.AsArray().Add("predictive");
        Assert.Empty(BreakingChanges.Of(whole.Root, more));
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_a_summary_and_its_answers()
    {
        var operations = whole.Root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(each =>
            (Method: each.Key, Path: path.Key, Operation: each.Value!.AsObject()))).ToList();

        Assert.True(operations.Count > 75, $"{operations.Count} operations");
        Assert.Equal(operations.Count, operations.Select(each => $"{each.Operation["operationId"]}").Distinct(StringComparer.Ordinal).Count());
        foreach (var (method, path, operation) in operations)
        {
            var name = $"{method} {path}";
            var answers = operation["responses"]!.AsObject();
            Assert.True($"{operation["summary"]}".Length > 0, $"{name} has a summary");
            Assert.True(answers.Any(answer => answer.Key[0] == '2'), $"{name} says what it answers");
            foreach (var status in new[] { "400", "401", "403", "429", "503" })
                Assert.Equal((name, status, "#/components/schemas/Problem"),
                    (name, status, $"{answers[status]?["content"]?["application/problem+json"]?["schema"]?["$ref"]}"));
            Assert.Equal((name, path.Contains('{')), (name, answers.ContainsKey("404")));
            Assert.Equal((name, operation["requestBody"] is not null), (name, answers.ContainsKey("415")));
            Assert.Equal((name, operation["requestBody"] is not null), (name, answers.ContainsKey("413")));
            // Of what it leads to the gateway says what it answers itself when no service does.
            var led = ApiRoutes.All.SingleOrDefault(route => (route.Method, $"/api/v1/{route.Path}") == (method.ToUpperInvariant(), path));
            Assert.Equal((name, led is not null), (name, answers.ContainsKey("502")));
            Assert.Equal((name, led is { Lane: not LaneKind.Stream }), (name, answers.ContainsKey("504")));
            Assert.All(answers.Where(answer => answer.Key[0] is '4' or '5'), answer => Assert.Equal(
                (name, answer.Key, "#/components/schemas/Problem"),
                (name, answer.Key, $"{answer.Value!["content"]?["application/problem+json"]?["schema"]?["$ref"]}")));
            foreach (var parameter in operation["parameters"] as JsonArray ?? [])
                Assert.True(parameter!["schema"]?["type"] is not null && $"{parameter["description"]}".Length > 0, $"{name}: {parameter["name"]}");
        }
    }

    [Fact]
    public void Every_field_has_a_type_and_an_example_and_closed_sets_bounds_headers_uploads_and_streams_are_described()
    {
        string[] anything = ["attributes", "body", "invariants"];   // what a list, an event or a service has to say
        foreach (var (name, schema) in whole.Root["components"]!["schemas"]!.AsObject())
        {
            foreach (var (field, described) in schema!["properties"] as JsonObject ?? [])
            {
                var leads = described!["$ref"] is not null || described["oneOf"] is not null || described["items"]?["$ref"] is not null
                    || described["additionalProperties"] is JsonObject;
                Assert.True(leads || anything.Contains(field) || (described["type"] is not null && described["examples"] is not null), $"{name}.{field}");
            }
        }

        Assert.Equal(["name", "purpose"], Names(At("components", "schemas", "CampaignRequest", "required")));
        Assert.Contains("progressive", Names(At("components", "schemas", "CampaignRequest", "properties", "mode", "enum")));
        Assert.Equal("1", $"{At("components", "schemas", "CampaignRequest", "properties", "callsPerMinute", "minimum")}");
        Assert.Contains("Running", Names(At("components", "schemas", "CampaignView", "properties", "state", "enum")));
        Assert.Contains("floor", Names(At("components", "schemas", "CampaignView", "required")));
        Assert.Equal("Never call this person again", $"{At("paths", "/api/v1/suppressions", "post", "summary")}");
        var key = At("paths", "/api/v1/calls", "post", "parameters")!.AsArray().Single(parameter => $"{parameter!["name"]}" == "Idempotency-Key")!;
        Assert.Equal(("header", "true"), ($"{key["in"]}", $"{key["required"]}"));
        Assert.Equal("binary", $"{At("paths", "/api/v1/campaigns/{id}/leads", "post", "requestBody", "content", "text/csv", "schema", "format")}");
        var adding = At("paths", "/api/v1/campaigns/{id}/leads", "post")!;
        Assert.Equal(["application/json"], Names(adding["responses"]!["201"]!["x-outdial-body"]));
        Assert.Equal(
            [("#/components/schemas/ImportResult", false), ("#/components/schemas/AddedLeadsAnswer", true)],
            adding["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["oneOf"]!.AsArray()
                .Select(answer => ($"{answer!["allOf"]![0]!["$ref"]}", Names(answer["x-outdial-body"]).Contains("application/json"))));
        Assert.Equal(
            [("Idempotency-Key", true), ("fileName", false), ("region", false), ("sheet", false)],
            adding["parameters"]!.AsArray().Where(parameter => parameter!["x-outdial-body"] is not null)
                .Select(parameter => ($"{parameter!["name"]}", Names(parameter["x-outdial-body"]).Contains("application/json")))
                .OrderBy(parameter => parameter.Item1, StringComparer.Ordinal));
        Assert.NotNull(At("paths", "/api/v1/campaigns/{id}", "patch", "responses", "412"));
        Assert.Equal("#/components/schemas/TrailEntry", $"{At("paths", "/api/v1/events", "get", "responses", "200", "content", "text/event-stream", "schema", "$ref")}");
        Assert.NotNull(At("paths", "/api/v1/calls", "get", "responses", "200", "headers", "Link"));
    }

    [Fact]
    public void Every_field_of_a_request_says_what_it_is()
    {
        var schemas = whole.Root["components"]!["schemas"]!.AsObject();
        var open = new Queue<string>(Led(new JsonArray([.. whole.Root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .Select(operation => operation.Value!["requestBody"]?.DeepClone())])));
        HashSet<string> seen = [];
        List<string> silent = [];
        while (open.TryDequeue(out var name))
        {
            if (!seen.Add(name))
                continue;
            foreach (var next in Led(schemas[name]))
                open.Enqueue(next);
            silent.AddRange((schemas[name]!["properties"] as JsonObject ?? [])
                .Where(field => !Says(field.Value!)).Select(field => $"{name}.{field.Key}"));
        }

        Assert.True(seen.Count > 20, string.Join(' ', seen));
        Assert.Empty(silent);

        // What leads to an object is described where that stands.
        bool Says(JsonNode field) => $"{field["description"]}".Length > 0
            || Led(field).Any(name => $"{schemas[name]!["description"]}".Length > 0);
    }

    /// <summary>The schemas that a part of the document names.</summary>
    private static IEnumerable<string> Led(JsonNode? part) => part switch
    {
        JsonObject thing => thing.SelectMany(each => each is { Key: "$ref", Value: JsonValue name } ? [$"{name}".Split('/')[^1]] : Led(each.Value)),
        JsonArray list => list.SelectMany(Led),
        _ => [],
    };

    private JsonNode? At(params string[] names)
    {
        JsonNode? at = whole.Root;
        foreach (var name in names)
            at = at?[name];
        return at;
    }

    private static List<string> Names(JsonNode? list) => [.. list!.AsArray().Select(each => $"{each}")];
}
