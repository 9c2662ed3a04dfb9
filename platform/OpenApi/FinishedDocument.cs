using System.Text.Json.Nodes;

namespace Outdial.Platform.OpenApi;

/// <summary>What can be said of a description only when all of it is there.</summary>
internal static class FinishedDocument
{
    private const string Schemas = "#/components/schemas/";

    public static void Finish(JsonObject root)
    {
        var schemas = root["components"]?["schemas"] as JsonObject ?? [];
        var asked = new HashSet<string>();
        var answered = new HashSet<string>();
        foreach (var operation in Operations(root))
        {
            Reach(operation["requestBody"], schemas, asked);
            Reach(operation["responses"], schemas, answered);
        }
        foreach (var name in schemas.Select(schema => schema.Key).Where(name => !asked.Contains(name) && !answered.Contains(name)).ToList())
            schemas.Remove(name);
        foreach (var (name, schema) in schemas)
        {
            // A later version may answer with more.
            if (!asked.Contains(name) && schema is JsonObject open && open["additionalProperties"] is JsonValue)
                open.Remove("additionalProperties");
            if (schema?["properties"] is not JsonObject properties)
                continue;
            // Every field of an answer is written, null or not. A field that may be left out of a request may be null in an answer, too.
            if (answered.Contains(name) && !asked.Contains(name) && name != "Problem")
                schema["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
            foreach (var (field, described) in properties)
                Exemplify(field, described);
        }
    }

    private static IEnumerable<JsonObject> Operations(JsonObject root) =>
        (root["paths"] as JsonObject ?? []).SelectMany(path => path.Value as JsonObject ?? []).Select(operation => operation.Value).OfType<JsonObject>();

    private static void Reach(JsonNode? node, JsonObject schemas, HashSet<string> reached)
    {
        switch (node)
        {
            case JsonObject thing:
                if (thing["$ref"] is JsonValue reference && $"{reference}" is var text && text.StartsWith(Schemas, StringComparison.Ordinal)
                    && reached.Add(text[Schemas.Length..]))
                    Reach(schemas[text[Schemas.Length..]], schemas, reached);
                foreach (var (_, inner) in thing)
                    Reach(inner, schemas, reached);
                break;
            case JsonArray list:
                foreach (var inner in list)
                    Reach(inner, schemas, reached);
                break;
        }
    }

    private static void Exemplify(string field, JsonNode? described)
    {
        if (described is not JsonObject schema || schema["examples"] is not null)
            return;
        if (schema["items"] is JsonObject items && Example(field, items) is { } item)
            schema["examples"] = new JsonArray(new JsonArray(item));
        else if (Example(field, schema) is { } example)
            schema["examples"] = new JsonArray(example);
    }

    private static JsonNode? Example(string field, JsonObject schema) => WrittenWords.Example(
        field, (schema["enum"] as JsonArray)?.FirstOrDefault(), TypeOf(schema), (string?)schema["format"], (string?)schema["pattern"],
        schema["minimum"]?.ToString());

    private static string TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => $"{type}").FirstOrDefault(type => type != "null") ?? "",
        JsonValue type => $"{type}",
        _ => "",
    };
}
