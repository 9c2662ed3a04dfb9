using System.Text;
using System.Text.Json;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Webhooks;

/// <summary>The events in a body: one, wrapped or not, or a list of them; as JSON, or as JSON in a form's field.</summary>
internal static class EventBody
{
    /// <returns>The events, or null when the body cannot be read.</returns>
    public static IReadOnlyList<JsonElement>? Read(byte[] body, string wrapper)
    {
        var text = Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Trim();
        if (text.StartsWith(wrapper + "=", StringComparison.Ordinal))
            text = Uri.UnescapeDataString(text[(wrapper.Length + 1)..].Split('&')[0].Replace('+', ' '));
        if (Parse(text) is not { } root)
            return null;
        var events = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root];
        return events.TrueForAll(each => each.ValueKind == JsonValueKind.Object) && events.Count > 0 ? [.. events.Select(each => Unwrapped(each, wrapper))] : null;
    }

    private static JsonElement Unwrapped(JsonElement each, string wrapper) => Paths.Find(each, wrapper) switch
    {
        { ValueKind: JsonValueKind.Object } inner => inner,
        { ValueKind: JsonValueKind.String } text when Parse(text) is { ValueKind: JsonValueKind.Object } parsed => parsed,
        _ => each,
    };

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
