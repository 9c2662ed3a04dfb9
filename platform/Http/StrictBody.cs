using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outdial.Platform;

/// <summary>
/// What stands in a document and would be passed over: fields that nobody reads, and all but the last of those that stand there twice. The reader
/// itself stops at the first.
/// </summary>
internal static class StrictBody
{
    private const int MostNamed = 20;

    /// <param name="type">What it was to be read as.</param>
    public static List<FieldProblem> PassedOver(JsonElement body, Type type, JsonSerializerOptions json)
    {
        List<FieldProblem> found = [];
        Look(body, json.GetTypeInfo(type), "", json, found);
        return found.Count <= MostNamed ? found : found[..MostNamed];
    }

    private static void Look(JsonElement element, JsonTypeInfo type, string path, JsonSerializerOptions json, List<FieldProblem> found)
    {
        if (found.Count > MostNamed)
            return;
        switch (type.Kind, element.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                LookAtFields(element, type, path, json, found);
                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                foreach (var entry in Once(element, path, StringComparer.Ordinal, found))
                    Look(entry.Value, json.GetTypeInfo(type.ElementType!), Join(path, entry.Name), json, found);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                foreach (var (index, item) in element.EnumerateArray().Index())
                    Look(item, json.GetTypeInfo(type.ElementType!), $"{path}[{index}]", json, found);
                break;
            // Read by whoever asked for it as it is, and it must say one thing all the same.
            case (JsonTypeInfoKind.None, JsonValueKind.Object):
                foreach (var entry in Once(element, path, StringComparer.Ordinal, found))
                    Look(entry.Value, type, Join(path, entry.Name), json, found);
                break;
            case (JsonTypeInfoKind.None, JsonValueKind.Array):
                foreach (var (index, item) in element.EnumerateArray().Index())
                    Look(item, type, $"{path}[{index}]", json, found);
                break;
        }
    }

    /// <summary>The fields of an object, each name once; what stands there again is found.</summary>
    private static IEnumerable<JsonProperty> Once(JsonElement element, string path, StringComparer names, List<FieldProblem> found)
    {
        HashSet<string> seen = new(names);
        foreach (var field in element.EnumerateObject())
        {
            if (seen.Add(field.Name))
                yield return field;
            else
                found.Add(new(Join(path, field.Name), Shown(field.Value), "each field once"));
        }
    }

    private static void LookAtFields(JsonElement element, JsonTypeInfo type, string path, JsonSerializerOptions json, List<FieldProblem> found)
    {
        var known = type.Properties.ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var field in Once(element, path, StringComparer.OrdinalIgnoreCase, found))
        {
            var at = Join(path, field.Name);
            if (!known.TryGetValue(field.Name, out var property))
                found.Add(new(at, Shown(field.Value), NearestName.Expected(field.Name, "fields", [.. type.Properties.Select(each => each.Name)])));
            else
                Look(field.Value, json.GetTypeInfo(property.PropertyType), at, json, found);
        }
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{…}",
        JsonValueKind.Array => "[…]",
        _ => value.GetRawText().Trim('"'),
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
