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
        if (look[0] is '{' or '[')
            return AddJson(fields, text, request.ContentType);
        if (Is(request.ContentType, "json"))
            return (fields, "The body says it is JSON and is not.");
        if (look.StartsWith("--"))
            return AddMultipart(fields, text);
        if (Is(request.ContentType, "multipart"))
            return (fields, "The body says it is multipart and does not begin with a boundary.");
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
            // Some senders wrap the call, {"Call": {…}} or [{…}]. What is itself a part of a call is no wrapper.
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 1)
                root = root[0];
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1
                && root.EnumerateObject().First() is { Value.ValueKind: JsonValueKind.Object } only && !IsPart(only))
                root = only.Value;
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

    private static bool IsPart(JsonProperty property) => JsonFields.Name(property)?.ToUpperInvariant() is "STREAM" or "LEGS" or "DETAILS";

    /// <summary>Form parts by hand: the boundary is what the first line says, so a header that lacks it does no harm.</summary>
    private static (Fields, string?) AddMultipart(Fields fields, string text)
    {
        text = text.TrimStart();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0)
            return (fields, "The multipart body has a boundary and nothing else.");
        var boundary = text[..end].TrimEnd();
        var found = 0;
        foreach (var part in ("\n" + text).Split("\n" + boundary, StringSplitOptions.RemoveEmptyEntries))
        {
            var normal = part.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\n');
            var blank = normal.IndexOf("\n\n", StringComparison.Ordinal);
            var head = blank < 0 ? normal : normal[..blank];
            if (PartName(head) is not { } name)
                continue;
            found++;
            JsonFields.AddValue(fields, name, blank < 0 ? "" : normal[(blank + 2)..].TrimEnd('\r', '\n'));
        }
        // Without its end a body was cut, and so perhaps was the value in front of the cut.
        var whole = text.AsSpan().TrimEnd().EndsWith("--") && text.LastIndexOf(boundary, StringComparison.Ordinal) > 0;
        return (fields, found == 0 ? "The multipart body has no named part." : whole ? null : "The multipart body ends before its last boundary.");
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
