using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Outdial.Platform;

/// <summary>The bytes of a JSON document as they came.</summary>
internal static class JsonText
{
    private const string Utf8 = "text in UTF-8";

    /// <summary>Keeps the document to be read a second time, for the answer to a wrong one.</summary>
    /// <returns>Why it is not read; null: it is, as UTF-8.</returns>
    public static ProblemHttpResult? Prepare(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return null;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue)
        {
            var charset = HeaderUtilities.RemoveQuotes(type.Charset).Value;
            if (!"utf-8".Equals(charset, StringComparison.OrdinalIgnoreCase) && !"us-ascii".Equals(charset, StringComparison.OrdinalIgnoreCase))
                return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"The charset '{charset}' is not taken for JSON: expected {Utf8}.");
            request.ContentType = type.MediaType.Value;   // whoever reads it would put question marks where ASCII has no letter
        }
        if (!request.Body.CanSeek)
            request.EnableBuffering();
        return null;
    }

    /// <summary>The document, as far as it was kept.</summary>
    /// <returns>Null and no problem: there is none, or it is not there any more.</returns>
    public static async Task<(JsonElement? Body, FieldProblem? Wrong)> ReadAsync(HttpRequest request)
    {
        if (!request.Body.CanSeek)
            return (null, null);
        request.Body.Position = 0;
        var memory = new MemoryStream();
        await request.Body.CopyToAsync(memory, request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        var bytes = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (NotUtf8(bytes.Span) is { } wrong)
            return (null, wrong);
        if (bytes.Span.Trim(" \t\r\n"u8).IsEmpty)
            return (null, null);
        try
        {
            if (Unwritable(bytes.Span) is { } broken)
                return (null, broken);
            using var document = JsonDocument.Parse(bytes);
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (null, new("body", $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", $"valid JSON ({e.Message.Split(". ")[0].TrimEnd('.')})"));
        }
    }

    private static FieldProblem? NotUtf8(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [_, 0, _, ..] or [0, _, ..])
            return new("body", "UTF-16, as it seems", Utf8);
        if (FirstWrong(bytes) is not { } at)
            return null;
        return new("body", $"{Place(bytes, at)}: 0x{bytes[at]:X2}", Utf8);
    }

    /// <summary>A text with half of a pair of surrogates, which no text can hold: <c>"\ud800"</c>.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    private static FieldProblem? Unwritable(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String) || !reader.ValueIsEscaped)
                continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return new("body", $"{Place(bytes, (int)reader.TokenStartIndex)}: {Encoding.UTF8.GetString(reader.ValueSpan)}",
                    "whole letters: \\ud800 to \\udfff stand in pairs");
            }
        }
        return null;
    }

    private static string Place(ReadOnlySpan<byte> bytes, int at) =>
        $"line {bytes[..at].Count((byte)'\n') + 1}, byte {at - bytes[..at].LastIndexOf((byte)'\n')}";

    /// <summary>Where it is not UTF-8; null: nowhere.</summary>
    private static int? FirstWrong(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return null;
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
                return at;
            at += length;
        }
        return null;
    }
}
