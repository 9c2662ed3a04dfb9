using System.Text.Json.Nodes;
using Outdial.Gateway.Routing;

namespace Outdial.Gateway.OpenApi;

/// <summary>One OpenAPI document made of several. Each is taken apart for it.</summary>
/// <param name="own">The gateway's, to which the others are added.</param>
internal sealed class MergedDocument(JsonObject own)
{
    private const string SchemaPrefix = "#/components/schemas/";

    public JsonObject Root { get; } = own;

    /// <summary>Adds what the gateway leads to that service for; what it does not lead to does not exist outside.</summary>
    public void Add(string service, JsonObject document)
    {
        var schemas = Take(document["components"]?["schemas"]);
        var names = Names(service, schemas);
        foreach (var (name, schema) in schemas)
            Schemas.TryAdd(names[name], Renamed(schema, names));

        foreach (var (path, item) in Take(document["paths"]))
        {
            foreach (var (method, operation) in Take(item))
            {
                if (ApiRoutes.All.FirstOrDefault(route => route.Service == service && "/api/v1/" + route.Path == path
                    && route.Method.Equals(method, StringComparison.OrdinalIgnoreCase)) is not { } led)
                    continue;
                if (Child(Root, "paths")[path] is not JsonObject common)
                    Child(Root, "paths")[path] = common = [];
                var described = Renamed(operation, names)!.AsObject();
                OnTheWay.Describe(described, led);
                common[method] = described;
            }
        }
        foreach (var tag in document["tags"]?.AsArray().Select(tag => tag?["name"]?.GetValue<string>()).OfType<string>() ?? [])
            AddTag(tag);
    }

    /// <summary>Says which services are not described.</summary>
    public void Lacks(IReadOnlyList<string> services)
    {
        if (services.Count == 0)
            return;
        var info = Child(Root, "info");
        info["description"] = $"{info["description"]?.GetValue<string>()} Not described now, because no replica answered: {string.Join(", ", services)}.".Trim();
        Root["x-outdial-missing"] = new JsonArray([.. services.Select(service => (JsonNode)service)]);
    }

    private JsonObject Schemas => Child(Child(Root, "components"), "schemas");

    private void AddTag(string name)
    {
        if (Root["tags"] is not JsonArray tags)
            Root["tags"] = tags = [];
        if (tags.All(tag => tag?["name"]?.GetValue<string>() != name))
            tags.Add(new JsonObject { ["name"] = name });
    }

    /// <summary>
    /// What each schema is called in the whole. A name that stands for something else already gets the service's before it, and so does every
    /// schema that leads to such a one and would be taken for the other service's.
    /// </summary>
    private Dictionary<string, string> Names(string service, Dictionary<string, JsonNode?> schemas)
    {
        var names = schemas.Keys.ToDictionary(name => name);
        bool again;
        do
        {
            again = false;
            foreach (var (name, schema) in schemas.Where(schema => names[schema.Key] == schema.Key))
            {
                if (!Schemas.TryGetPropertyValue(name, out var other) || JsonNode.DeepEquals(other, Renamed(schema, names)))
                    continue;
                names[name] = Prefix(service) + name;
                again = true;
            }
        }
        while (again);
        return names;
    }

    private static string Prefix(string service) => string.Concat(service.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>A copy whose references say the new names.</summary>
    private static JsonNode? Renamed(JsonNode? node, IReadOnlyDictionary<string, string> names) => node switch
    {
        JsonObject thing => new JsonObject(thing.Select(property => KeyValuePair.Create(property.Key, Renamed(property.Value, names)))),
        JsonArray list => new JsonArray([.. list.Select(item => Renamed(item, names))]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith(SchemaPrefix, StringComparison.Ordinal)
            && names.TryGetValue(text[SchemaPrefix.Length..], out var name) => SchemaPrefix + name,
        _ => node?.DeepClone(),
    };

    private static Dictionary<string, JsonNode?> Take(JsonNode? node) => (node as JsonObject)?.ToDictionary() ?? [];

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
            parent[name] = child = [];
        return child;
    }
}
