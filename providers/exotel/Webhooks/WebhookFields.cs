using System.Text.Json;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// Query and body of a webhook as <see cref="Fields"/>. The body's own look decides over a content type that is missing or
/// wrong: a JSON object begins with a brace, a multipart body with its boundary.
/// </summary>
internal static class WebhookFields
{
    /// <returns>The fields, or the reason why the body cannot be read.</returns>
    public static (Fields Fields, string? Fault) Read(WebhookRequest request)
    {
        var fields = new Fields();
        AddForm(fields, QueryText.Plain(request.Query));
        if (request.Body.Length == 0)
            return (fields, null);

        if (BodyText.Read(request.Body, request.ContentType, out var odd) is not { } text)
            return (fields, "The body names a character set that is not read.");
        if (odd)
            fields.Note("not-utf8");
        var look = text.AsSpan().TrimStart();
        if (look.Length == 0)
            return (fields, null);
        if (look[0] is '{' or '[' || (look[0] == '"' && Is(request.ContentType, "json")))
            return AddJson(fields, text, request.ContentType);
        if (Is(request.ContentType, "json"))
            return (fields, "The body says it is JSON and is not.");
        if (look.StartsWith("--"))
            return AddMultipart(fields, text);
        if (Is(request.ContentType, "multipart"))
        {
            return Boundary(request.ContentType!) is { } boundary && text.IndexOf("--" + boundary, StringComparison.Ordinal) is >= 0 and var begin
                ? AddMultipart(fields, text[begin..])   // what stands in front of the first part is for nobody
                : (fields, "The body says it is multipart and has no boundary.");
        }
        AddForm(fields, text);
        return (fields, null);
    }

    private static bool Is(string? contentType, string word) => contentType?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static void AddForm(Fields fields, string form)
    {
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            JsonFields.AddValue(fields, Decode(at < 0 ? pair : pair[..at]), at < 0 ? "" : Decode(pair[(at + 1)..]));
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static (Fields, string?) AddJson(Fields fields, string text, string? contentType)
    {
        if (contentType is not null && !Is(contentType, "json"))
            fields.Note("content-type-differs");
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
            var root = json.RootElement;
            // A text whose content is the document.
            if (root.ValueKind == JsonValueKind.String && root.GetString() is { } inner && inner.AsSpan().TrimStart() is ['{' or '[', ..])
                return AddJson(fields, inner, contentType);
            // Some senders wrap the call, {"Call": {…}} or [{…}]. What is itself a part of a call is no wrapper.
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 1)
                root = root[0];
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1
                && root.EnumerateObject().First() is { Value.ValueKind: JsonValueKind.Object } only && !IsPart(only))
                root = only.Value;
            if (root.ValueKind == JsonValueKind.Object && !NamesCall(root)
                && root.EnumerateObject().Where(IsCall).ToList() is [var call])
                root = call.Value;   // beside it stand the event's own name and time
            if (root.ValueKind != JsonValueKind.Object)
                return (fields, "The JSON body is not an object.");
            JsonFields.AddTo(fields, root);
            return (fields, null);
        }
        catch (JsonException)
        {
            return (fields, "The body begins like JSON and cannot be parsed.");
        }
    }

    private static bool IsCall(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.Object && !IsPart(property) && NamesCall(property.Value);

    private static bool NamesCall(JsonElement element) =>
        element.EnumerateObject().Any(p => JsonFields.Name(p)?.ToUpperInvariant() is "CALLSID" or "SID");

    private static string? Boundary(string contentType)
    {
        var at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : contentType[(at + 9)..].Split(';')[0].Trim().Trim('"') is { Length: > 0 } boundary ? boundary : null;
    }

    private static bool IsPart(JsonProperty property) => JsonFields.Name(property)?.ToUpperInvariant() is "STREAM" or "LEGS" or "DETAILS";

    /// <summary>Form parts by hand: the boundary is what the first line says, so a header that lacks it does no harm.</summary>
    private static (Fields, string?) AddMultipart(Fields fields, string text)
    {
        text = text.TrimStart();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
            return (fields, "The multipart body has a boundary and nothing else.");
        var boundary = text[..end].TrimEnd();
        var parts = ("\n" + text).Split("\n" + boundary, StringSplitOptions.RemoveEmptyEntries).ToList();
        // Without its end a body was cut, and so perhaps was the value in front of the cut.
        if (!(text.AsSpan().TrimEnd().EndsWith("--") && text.LastIndexOf(boundary, StringComparison.Ordinal) > 0))
        {
            fields.Note("cut-body");
            if (!text.EndsWith('\n'))
                parts.RemoveAt(parts.Count - 1);
        }
        var found = 0;
        foreach (var part in parts)
        {
            var normal = part.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\n');
            var blank = normal.IndexOf("\n\n", StringComparison.Ordinal);
            var head = blank < 0 ? normal : normal[..blank];
            if (PartName(head) is not { } name)
                continue;
            found++;
            JsonFields.AddValue(fields, name, blank < 0 ? "" : normal[(blank + 2)..].TrimEnd('\r', '\n'));
        }
        return (fields, found == 0 ? "The multipart body has no named part." : null);
    }

    private static string? PartName(string head)
    {
        foreach (var line in head.Split('\n'))
        {
            if (!line.StartsWith("Content-Disposition", StringComparison.OrdinalIgnoreCase))
                continue;
            foreach (var piece in line.Split(';'))
            {
                var trimmed = piece.Trim();
                if (trimmed.StartsWith("name=", StringComparison.OrdinalIgnoreCase))
                    return trimmed[5..].Trim('"', ' ', '\r');
            }
        }
        return null;
    }
}
