using System.Text.Json.Nodes;

namespace Outdial.Gateway.Tests.Client;

/// <summary>
/// The description of the API as generators understand it that know OpenAPI 3.0 only, and one kind of body for each operation.
/// </summary>
internal static class PlainDocument
{
    /// <summary>Behind the path of an operation that stands at the same address as another, with bodies of another kind.</summary>
    public const string Twin = "~json";

    private const string OnlyWith = "x-outdial-body";
    private const string Duration = @"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$";

    public static JsonObject Of(JsonObject whole)
    {
        var root = whole.DeepClone().AsObject();
        Part(root["paths"]!.AsObject());
        root = Plain(root);
        root["openapi"] = "3.0.3";
        return root;
    }

    /// <summary>An operation that takes files and JSON becomes two, each with the parameters and the answers that go with its bodies.</summary>
    private static void Part(JsonObject paths)
    {
        foreach (var (path, item) in paths.ToList())
        {
            foreach (var (method, operation) in item!.AsObject().ToList())
            {
                var types = (operation!["requestBody"]?["content"] as JsonObject ?? []).Select(body => body.Key).ToList();
                var json = types.Where(IsJson).ToHashSet();
                if (json.Count == 0 || json.Count == types.Count)
                    continue;
                var twin = operation.DeepClone().AsObject();
                twin["operationId"] = $"{twin["operationId"]}AsJson";
                Keep(twin, json);
                Keep(operation.AsObject(), [.. types.Except(json)]);
                if (paths[path + Twin] is not JsonObject twins)
                    paths[path + Twin] = twins = [];
                twins[method] = twin;
            }
        }
    }

    private static bool IsJson(string type) => type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal);

    private static void Keep(JsonObject operation, HashSet<string> types)
    {
        bool IsForeign(JsonNode? part) => part?[OnlyWith] is JsonArray own && !own.Any(type => types.Contains($"{type}"));

        var bodies = operation["requestBody"]!["content"]!.AsObject();
        foreach (var type in bodies.Select(body => body.Key).Where(type => !types.Contains(type)).ToList())
            bodies.Remove(type);
        var answers = operation["responses"]!.AsObject();
        foreach (var status in answers.Where(answer => IsForeign(answer.Value)).Select(answer => answer.Key).ToList())
            answers.Remove(status);
        foreach (var body in answers.SelectMany(answer => answer.Value?["content"] as JsonObject ?? []))
        {
            if (body.Value?["schema"]?["oneOf"] is JsonArray choices
                && choices.SingleOrDefault(choice => choice?[OnlyWith] is not null && !IsForeign(choice)) is { } own)
                body.Value["schema"] = own["allOf"]![0]!.DeepClone();
        }
        if (operation["parameters"] is JsonArray parameters)
            parameters.RemoveAll(IsForeign);
    }

    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonObject thing => Plain(thing),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Plain(JsonObject thing)
    {
        var plain = new JsonObject();
        foreach (var (name, value) in thing)
        {
            switch (name, value)
            {
                case (OnlyWith, _):
                    break;
                case ("example" or "examples", _) when thing["type"] is not null || thing["schema"] is not null:
                    break;
                case ("type", JsonArray types):
                    plain["type"] = types.Select(type => $"{type}").First(type => type != "null");
                    if (types.Any(type => $"{type}" == "null"))
                        plain["nullable"] = true;
                    break;
                case ("oneOf", JsonArray { Count: 2 } choices) when choices.Any(choice => $"{choice?["type"]}" == "null"):
                    plain["oneOf"] = new JsonArray(Plain(choices.First(choice => $"{choice?["type"]}" != "null")));
                    plain["nullable"] = true;
                    break;
                case ("enum", JsonArray words) when thing["type"] is not null:   // texts, so that a new word breaks nobody
                    plain["description"] = $"{thing["description"]} One of {string.Join(", ", words.Where(word => word is not null))}.".Trim();
                    break;
                case ("description", _) when thing["enum"] is not null:
                    break;
                case ("pattern", JsonValue pattern) when $"{pattern}" == Duration:
                    plain["format"] = "time-span";
                    break;
                case ("multipart/form-data", _) when thing.Count > 1:   // a body by itself says the same
                    break;
                case ("responses", JsonObject answers):
                    plain[name] = Answers(answers);
                    break;
                case ("text/csv" or "application/x-ndjson" or "text/event-stream", _):
                    plain[name] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" } };
                    break;
                default:
                    plain[name] = Plain(value);
                    break;
            }
        }
        if (thing["properties"] is not null)
            plain["additionalProperties"] = false;   // what a later version adds is passed over
        return plain;
    }

    /// <summary>All refusals look the same.</summary>
    private static JsonObject Answers(JsonObject answers)
    {
        var plain = new JsonObject();
        foreach (var (status, answer) in answers)
            plain[status[0] == '2' ? status : "default"] = Plain(answer);
        if (plain["default"] is JsonObject refusal)
            refusal["description"] = "The request was refused.";
        return plain;
    }
}
