using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outdial.Pacer.Data;

/// <summary>
/// Records that are kept as JSON. What an older version wrote, or one that still runs beside this one, lacks the members that came later: they read
/// as their defaults, also where code has to give them.
/// </summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NothingIsRequired } },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">It is no JSON of such a record.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    private static void NothingIsRequired(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.IsRequired = false;
    }
}
