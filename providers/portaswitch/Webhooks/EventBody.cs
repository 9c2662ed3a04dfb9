using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Webhooks;

/// <summary>The events in a body: one, wrapped or not, or a list of them; as JSON, or as JSON in a form's field.</summary>
internal static class EventBody
{
    /// <returns>The events, or null when the body cannot be read.</returns>
    public static IReadOnlyList<JsonElement>? Read(byte[] body, string wrapper)
    {
        var text = Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Trim();
        if (text is not ['{' or '[', ..] && InForm(text, wrapper) is { } field)
            text = Uri.UnescapeDataString(field.Replace('+', ' '));
        if (Parse(text) is not { } root)
            return null;
        var events = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root];
        return events.TrueForAll(each => each.ValueKind == JsonValueKind.Object) && events.Count > 0
            ? [.. events.SelectMany(each => Unwrapped(each, wrapper))]
            : null;
    }

    /// <summary>The wrapper's field of a form, wherever in it that stands.</summary>
    private static string? InForm(string text, string wrapper) => text.Split('&')
        .Where(field => field.StartsWith(wrapper + "=", StringComparison.OrdinalIgnoreCase))
        .Select(field => field[(wrapper.Length + 1)..]).FirstOrDefault();

    /// <summary>What is in the wrapper, with what stands beside it: one event, or one for each leg.</summary>
    private static IEnumerable<JsonElement> Unwrapped(JsonElement each, string wrapper)
    {
        var inner = Paths.Find(each, wrapper) is { ValueKind: JsonValueKind.String } text ? Parse(text) : Paths.Find(each, wrapper);
        return inner switch
        {
            { ValueKind: JsonValueKind.Object } one => [Together(one, each, wrapper)],
            { ValueKind: JsonValueKind.Array } many
                when many.GetArrayLength() > 0 && many.EnumerateArray().All(leg => leg.ValueKind == JsonValueKind.Object) =>
                [.. many.EnumerateArray().Select(leg => Together(leg, each, wrapper))],
            _ => [each],
        };
    }

    /// <summary>The inner value counts where both have one.</summary>
    private static JsonElement Together(JsonElement inner, JsonElement outer, string wrapper)
    {
        if (outer.EnumerateObject().Count() < 2)
            return inner;
        try
        {
            var merged = JsonObject.Create(inner)!;
            foreach (var property in outer.EnumerateObject())
            {
                if (!property.Name.Equals(wrapper, StringComparison.OrdinalIgnoreCase) && merged[property.Name] is null)
                    merged[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            }
            return JsonSerializer.SerializeToElement(merged);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)   // a name that is no text
        {
            return inner;
        }
    }

    private static JsonElement? Parse(JsonElement text)
    {
        try
        {
            return Parse(text.GetString()!);
        }
        catch (InvalidOperationException)   // an escaped half of a surrogate pair
        {
            return null;
        }
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
