using System.Text.Json.Nodes;

namespace Outdial.Gateway.Tests.Client;

/// <summary>What a program that was made of one description can no longer do with another.</summary>
internal static class BreakingChanges
{
    /// <returns>Each by the name that a changelog has to say: <c>GET /api/v1/x</c>, <c>GET /api/v1/x?after</c>, <c>CampaignView.floor</c>.</returns>
    public static IReadOnlyList<string> Of(JsonObject before, JsonObject now)
    {
        List<string> found = [];
        var (asked, answered) = (Reached(before, "requestBody"), Reached(before, "responses"));
        foreach (var (name, operation) in Operations(before))
        {
            if (Operations(now).GetValueOrDefault(name) is not { } same)
                found.Add(name);
            else
                Compare(name, operation, same, found);
        }
        foreach (var (name, schema) in Part(before, "components", "schemas"))
        {
            if (Part(now, "components", "schemas")[name] is not JsonObject same)
                found.Add(name);
            else
                Compare(name, schema!.AsObject(), same, asked.Contains(name), answered.Contains(name), found);
        }
        return found;
    }

    private static void Compare(string name, JsonObject before, JsonObject now, List<string> found)
    {
        if ($"{before["operationId"]}" != $"{now["operationId"]}")
            found.Add($"{before["operationId"]}");
        var (old, current) = (Parameters(before), Parameters(now));
        found.AddRange(old.Keys.Where(parameter => !current.ContainsKey(parameter)).Select(parameter => $"{name}?{parameter}"));
        found.AddRange(current.Where(each => Is(each.Value["required"]) && !(old.GetValueOrDefault(each.Key) is { } same && Is(same["required"])))
            .Select(parameter => $"{name}?{parameter.Key}"));
        found.AddRange(old.Where(each => current.GetValueOrDefault(each.Key) is { } same && Words(each.Value["schema"]).Except(Words(same["schema"])).Any())
            .Select(parameter => $"{name}?{parameter.Key}"));
        if (Is(now["requestBody"]?["required"]) && !Is(before["requestBody"]?["required"]))
            found.Add($"{name} body");
        found.AddRange(Part(before, "responses").Select(answer => answer.Key).Where(status => status[0] == '2' && now["responses"]?[status] is null)
            .Select(status => $"{name} {status}"));
    }

    private static void Compare(string name, JsonObject before, JsonObject now, bool asked, bool answered, List<string> found)
    {
        var (old, current) = (Part(before, "properties"), Part(now, "properties"));
        var (needed, neededNow) = (Names(before["required"]), Names(now["required"]));
        foreach (var (field, described) in old)
        {
            if (current[field] is not JsonObject same)
                found.Add($"{name}.{field}");
            else if (Shape(described) != Shape(same) || (asked && Words(described).Except(Words(same)).Any())
                || (answered && needed.Contains(field) && !neededNow.Contains(field)))
                found.Add($"{name}.{field}");
            else if (asked && neededNow.Contains(field) && !needed.Contains(field))
                found.Add($"{name}.{field}");
        }
        if (asked)
            found.AddRange(neededNow.Where(field => old[field] is null).Select(field => $"{name}.{field}"));
    }

    private static Dictionary<string, JsonObject> Operations(JsonObject root) => Part(root, "paths")
        .SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject())))
        .ToDictionary(each => each.Item1, each => each.Item2);

    private static Dictionary<string, JsonObject> Parameters(JsonObject operation) =>
        (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject()).ToDictionary(parameter => $"{parameter["name"]}");

    private static JsonObject Part(JsonNode root, params string[] names)
    {
        JsonNode? at = root;
        foreach (var name in names)
            at = at?[name];
        return at as JsonObject ?? [];
    }

    private static string Shape(JsonNode? described)
    {
        var types = described?["type"] is JsonArray several
            ? string.Join('|', several.Select(type => $"{type}").Where(type => type != "null").Order(StringComparer.Ordinal))
            : $"{described?["type"]}";
        var items = described?["items"] is { } inner ? $"[{Shape(inner)}]" : "";
        var choices = described?["oneOf"] is JsonArray list ? string.Join('|', list.Select(Shape).Where(shape => shape != "null ")) : "";
        return $"{types}{described?["$ref"]}{items}{choices} {described?["format"]}";
    }

    private static IEnumerable<string> Words(JsonNode? described) => Names(described?["enum"]);

    private static List<string> Names(JsonNode? list) => [.. (list as JsonArray ?? []).Where(each => each is not null).Select(each => $"{each}")];

    private static bool Is(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var holds) && holds;

    private static HashSet<string> Reached(JsonObject root, string part)
    {
        HashSet<string> reached = [];
        foreach (var (_, operation) in Operations(root))
            Follow(operation[part], root, reached);
        return reached;
    }

    private static void Follow(JsonNode? node, JsonObject root, HashSet<string> reached)
    {
        if (node is JsonObject thing)
        {
            if (thing["$ref"] is JsonValue reference && $"{reference}".Split('/')[^1] is var name && reached.Add(name))
                Follow(Part(root, "components", "schemas")[name], root, reached);
            foreach (var (_, inner) in thing)
                Follow(inner, root, reached);
        }
        foreach (var inner in node as JsonArray ?? [])
            Follow(inner, root, reached);
    }
}
