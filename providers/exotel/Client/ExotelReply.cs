using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Client;

/// <summary>One answer of Exotel, JSON or XML. Paths without <c>.json</c> answer in XML, and so may gateways.</summary>
internal sealed class ExotelReply
{
    private readonly JsonElement? _root;

    private ExotelReply(HttpStatusCode status, TimeSpan? retryAfter, JsonElement? root)
    {
        (Status, RetryAfter, _root) = ((int)status, retryAfter, root);
        Error = Object("RestException");
        // An error may hide in a 200: the inner status counts.
        if (Error?.Text("Status") is { } inner && int.TryParse(inner, out var code) && code is >= 400 and < 600 && Status is >= 200 and < 300)
            Status = code;
    }

    public int Status { get; }

    public TimeSpan? RetryAfter { get; }

    /// <summary>False when the body was cut, is of another kind, or is broken.</summary>
    public bool Readable => _root is not null;

    public Fields? Error { get; }

    public string? ErrorMessage => Error?.Text("Message");

    public bool Succeeded => Status is >= 200 and < 300;

    public static async Task<ExotelReply> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancel) =>
        new(response.StatusCode, ProviderPatience.Of(response, clock), Parse(await response.Content.ReadAsStringAsync(cancel)));

    /// <summary>The object under a name, such as <c>Call</c>; null when there is none.</summary>
    public Fields? Object(string name) => Find(name) is { ValueKind: JsonValueKind.Object } found ? Flat(found) : null;

    /// <summary>The objects of a list; XML wraps each in an element named <paramref name="item"/>. Null when there is no list.</summary>
    public IReadOnlyList<Fields>? List(string name, string item)
    {
        if (Find(name) is not { } found)
            return null;
        if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(item, out var inner))
            found = inner;
        return found.ValueKind switch
        {
            JsonValueKind.Array => [.. found.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(Unwrapped)],
            JsonValueKind.Object => [Flat(found)],
            JsonValueKind.Null or JsonValueKind.String => [],   // an empty XML element
            _ => null,
        };

        Fields Unwrapped(JsonElement element) =>
            Flat(element.TryGetProperty(item, out var only) && only.ValueKind == JsonValueKind.Object ? only : element);
    }

    private JsonElement? Find(string name) => _root is { } root && root.TryGetProperty(name, out var found) ? found : null;

    private static Fields Flat(JsonElement element)
    {
        var fields = new Fields();
        JsonFields.AddTo(fields, element);
        return fields;
    }

    private static JsonElement? Parse(string body)
    {
        body = body.Replace('\u00A0', ' ');   // the published samples are set in no-break blanks, and so are answers pasted from them
        var look = body.AsSpan().TrimStart('\uFEFF').TrimStart();
        try
        {
            if (look.StartsWith("{"))
                return JsonElement.Parse(body.TrimStart('\uFEFF'));
            if (look.StartsWith("<"))
            {
                using var reader = XmlReader.Create(
                    new StringReader(body.Trim('\uFEFF', ' ', '\r', '\n')), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
                if (XDocument.Load(reader).Root is { Name.LocalName: "TwilioResponse" } root && ToJson(root) is JsonObject json)
                    return JsonSerializer.SerializeToElement(json);
            }
        }
        catch (Exception e) when (e is JsonException or XmlException)
        {
            return null;   // the caller decides what an unreadable answer means
        }
        return null;
    }

    private static JsonNode? ToJson(XElement element)
    {
        if (!element.HasElements)
            return element.Value.Length == 0 ? null : JsonValue.Create(element.Value);
        var result = new JsonObject();
        foreach (var group in element.Elements().GroupBy(child => child.Name.LocalName, StringComparer.Ordinal))
        {
            var children = group.Select(ToJson).ToList();
            result[group.Key] = children.Count == 1 ? children[0] : new JsonArray([.. children]);
        }
        return result;
    }
}
