using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>A change as JSON Merge Patch (RFC 7396): what it names is set, null takes the default, what it leaves out stays. Pure.</summary>
internal static class MergePatch
{
    /// <summary>Documents in these are open: any name may be new.</summary>
    private static readonly string[] Open = ["redial"];

    /// <param name="document">Names all fields there are, those without a value as null; changed in place.</param>
    /// <returns>The fields that the document does not know.</returns>
    public static List<FieldProblem> Apply(JsonObject document, JsonObject patch)
    {
        List<FieldProblem> unknown = [];
        Apply(document, patch, "", unknown);
        return unknown;
    }

    /// <summary>The path of a field that is there twice, so that nobody can say which is meant; null: none is.</summary>
    public static string? Repeated(JsonElement element, string path = "")
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select((item, index) => Repeated(item, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in element.EnumerateObject())
        {
            var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (!seen.Add(field.Name))
                return at;
            if (Repeated(field.Value, at) is { } inner)
                return inner;
        }
        return null;
    }

    /// <summary>What differs, field by field, one level into documents.</summary>
    public static List<FieldChange> Differences(JsonObject before, JsonObject after)
    {
        List<FieldChange> changes = [];
        foreach (var name in before.Select(field => field.Key).Union(after.Select(field => field.Key)))
        {
            var (from, to) = (before[name], after[name]);
            if (JsonNode.DeepEquals(from, to))
                continue;
            if (from is JsonObject one && to is JsonObject other)
                changes.AddRange(Differences(one, other).Select(change => change with { Field = $"{name}.{change.Field}" }));
            else
                changes.Add(new(name, Text(from), Text(to)));
        }
        return changes;
    }

    private static void Apply(JsonObject document, JsonObject patch, string path, List<FieldProblem> unknown)
    {
        foreach (var (written, value) in patch)
        {
            var name = document.Select(field => field.Key).FirstOrDefault(key => key.Equals(written, StringComparison.OrdinalIgnoreCase));
            if (name is null && !Open.Contains(path))
            {
                unknown.Add(new(path.Length == 0 ? written : $"{path}.{written}",
                    value is null ? "null" : StrictBody.Shown(JsonSerializer.SerializeToElement(value)),
                    NearestName.Expected(written, "fields", [.. document.Select(field => field.Key)])));
                continue;
            }
            name ??= written;
            if (value is JsonObject inner && document[name] is JsonObject known)
                Apply(known, inner, path.Length == 0 ? name : $"{path}.{name}", unknown);
            else if (value is null && Open.Contains(path))
                document.Remove(name);
            else
                document[name] = value?.DeepClone();
        }
    }

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
