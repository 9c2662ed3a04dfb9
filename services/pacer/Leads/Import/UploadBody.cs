using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The file in the body of an upload request, unread.</summary>
/// <param name="Format">
/// <see cref="UploadFormats.Csv"/>, <see cref="UploadFormats.Ndjson"/> or <see cref="UploadFormats.Any"/>. A workbook, and a compressed upload, are
/// known by what is in them.
/// </param>
internal sealed record UploadBody(Stream Stream, string Format, string? FileName)
{
    public const string Expected =
        "text/csv, application/x-ndjson, a workbook "
        + "(application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.ms-excel), any of them compressed (application/gzip), "
        + "or multipart/form-data with one file";

    /// <summary>Finds the file.</summary>
    /// <param name="name">What it is called where it is the body itself; null: nothing.</param>
    /// <returns>null when the content type, or how the body is encoded, is none that is taken.</returns>
    /// <exception cref="UploadRefusedException">A form without a file, or one that cannot be read.</exception>
    public static async Task<UploadBody?> Of(HttpRequest request, string? name, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return null;
        if (FormatOf(type.MediaType.Value, name) is { } format)
            return new UploadBody(request.Body, format, name);
        return "multipart/form-data".Equals(type.MediaType.Value, StringComparison.OrdinalIgnoreCase)
            ? await OfForm(request.Body, HeaderUtilities.RemoveQuotes(type.Boundary).Value, cancel)
            : null;
    }

    /// <summary>What the header says of how the body is packed; null: it is, as gzip, or not at all. A form is unpacked by nobody.</summary>
    public static string? OtherEncoding(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding.ToLowerInvariant() is "" or "identity" or "gzip" or "x-gzip" ? null : encoding;
    }

    private static async Task<UploadBody> OfForm(Stream body, string? boundary, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(boundary))
            throw new UploadRefusedException("The form names no boundary in its content type, so its parts cannot be told.",
                new("Content-Type", "multipart/form-data", "multipart/form-data; boundary=…"));
        var form = new MultipartReader(boundary, body);
        try
        {
            while (await form.ReadNextSectionAsync(cancel) is { } section)
            {
                if (section.AsFileSection() is not { FileStream: { } file } found)
                    throw new UploadRefusedException(Unread(section, "before"), new(Name(section), "a part before the file", OnePart));
                var format = FormatOf(MediaTypeHeaderValue.TryParse(section.ContentType, out var type) ? type.MediaType.Value : null, found.FileName)
                    ?? OfName(found.FileName) ?? UploadFormats.Csv;
                return new UploadBody(new OnlyPart(file, form), format, found.FileName);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new UploadRefusedException($"The form cannot be read: {e.Message}", new("body", e.Message, "a form with one file (multipart/form-data)"), e);
        }
        throw new UploadRefusedException(
            "The form holds no file: expected one part with a file name.", new(UploadRefusedException.File, null, "one part with a file name"));
    }

    private const string OnePart = "one part, the file, and nothing besides";

    private static string Name(MultipartSection section) => ShownText.Of(
        (section.GetContentDispositionHeader() is { } header ? HeaderUtilities.RemoveQuotes(header.Name).Value : null) ?? "") ?? "";

    private static string Unread(MultipartSection section, string where) =>
        $"The form has the part '{Name(section)}' {where} its file, which nobody would read: expected {OnePart}. "
        + "Another file is another upload; region, sheet and fileName stand in the address, as in ?region=IN.";

    /// <summary>The file of a form. Where it ends the form has to end, too: a list behind it would be lost without a word.</summary>
    private sealed class OnlyPart(Stream file, MultipartReader form) : ForwardStream
    {
        private bool _ended;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await file.ReadAsync(buffer, cancellationToken);
            if (count > 0 || buffer.Length == 0 || _ended)
                return count;
            _ended = true;
            return await form.ReadNextSectionAsync(cancellationToken) is { } second
                ? throw new UploadBrokenException(Unread(second, "behind") + " The rows of the file that are counted are in.")
                : 0;
        }
    }

    private static string? FormatOf(string? mediaType, string? name) => mediaType?.ToLowerInvariant() switch
    {
        "text/csv" or "application/csv" => UploadFormats.Csv,
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" => UploadFormats.Ndjson,
        // On machines with a spreadsheet, browsers call a CSV file so, too.
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" or "application/vnd.ms-excel" => OfName(name) ?? UploadFormats.Any,
        "application/gzip" or "application/x-gzip" or "application/octet-stream" => OfName(name) ?? UploadFormats.Any,
        _ => null,
    };

    private static string? OfName(string? name)
    {
        var plain = name?.ToLowerInvariant() ?? "";
        return Path.GetExtension(plain.EndsWith(".gz", StringComparison.Ordinal) ? plain[..^3] : plain) switch
        {
            ".ndjson" or ".jsonl" => UploadFormats.Ndjson,
            ".csv" => UploadFormats.Csv,
            _ => null,
        };
    }
}
