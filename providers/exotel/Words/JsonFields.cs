using System.Globalization;
using System.Text.Json;

namespace Outdial.Providers.Exotel.Words;

/// <summary>Flattens JSON into the names that forms use, so that both are read by the same code.</summary>
internal static class JsonFields
{
    /// <summary>Adds everything under <paramref name="element"/>; the name of the outermost level is <paramref name="prefix"/>.</summary>
    public static void AddTo(Fields fields, JsonElement element, string prefix = "")
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    if (Name(property) is { } name)
                        AddTo(fields, property.Value, prefix.Length == 0 ? name : $"{prefix}[{name}]");
                    else
                        fields.Note("unreadable-name");
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    AddTo(fields, item, $"{prefix}[{(index++).ToString(CultureInfo.InvariantCulture)}]");
                break;
            case JsonValueKind.Null:
                // Not attempted is not the same as not told: a leg's null is kept as the word that forms send.
                fields.Add(prefix, "null");
                break;
            case JsonValueKind.String:
                AddValue(fields, prefix, Text(element));
                break;
            default:
                fields.Add(prefix, element.GetRawText());
                break;
        }
    }

    /// <summary>
    /// Adds a value; one that is JSON written as text (<c>Legs=[…]</c>, <c>Stream={…}</c>, its quotes escaped or not) is taken apart. What we gave
    /// along ourselves comes back whole.
    /// </summary>
    public static void AddValue(Fields fields, string name, string? value)
    {
        if (value.AsSpan().TrimStart() is ['{' or '[', ..] && !IsOurs(name))
        {
            if (TryAdd(fields, name, value!) || TryAdd(fields, name, value!.Replace("\\\"", "\"", StringComparison.Ordinal)))
                return;
            fields.Note("unreadable-json");
        }
        fields.Add(name, value);
    }

    private static bool IsOurs(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Contains("CustomField", StringComparison.OrdinalIgnoreCase);

    private static bool TryAdd(Fields fields, string name, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            AddTo(fields, json.RootElement, name);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Null for a name that is no text.</summary>
    public static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)   // as below
        {
            return null;
        }
    }

    private static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)   // an escaped half of a surrogate pair
        {
            return null;
        }
    }
}
