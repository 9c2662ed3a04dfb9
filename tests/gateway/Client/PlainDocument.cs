using System.Text.Json.Nodes;

namespace Outdial.Gateway.Tests.Client;

/// <summary>The description of the API as generators understand it that know OpenAPI 3.0 only.</summary>
internal static class PlainDocument
{
    private const string Duration = @"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$";

    public static JsonObject Of(JsonObject whole)
    {
        var root = Plain(whole)!.AsObject();
        root["openapi"] = "3.0.3";
        return root;
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
                case ("text/csv" or "text/event-stream", _):
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
        return plain;
    }
}
