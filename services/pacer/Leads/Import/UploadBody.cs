using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The file in the body of an upload request, unread.</summary>
/// <param name="Format">One of <see cref="UploadFormats"/>.</param>
internal sealed record UploadBody(Stream Stream, string Format, string? FileName)
{
    public const string Expected =
        "text/csv, application/csv, application/x-ndjson, or multipart/form-data with one file; a workbook's sheet is to be saved as CSV first";

    /// <summary>Finds the file.</summary>
    /// <returns>null when the content type is none that is taken.</returns>
    /// <exception cref="UploadRefusedException">A form without a file, or one that cannot be read.</exception>
    public static async Task<UploadBody?> Of(HttpRequest request, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return null;
        if (FormatOf(type.MediaType.Value) is { } format)
            return new UploadBody(request.Body, format, request.Query["fileName"]);
        return "multipart/form-data".Equals(type.MediaType.Value, StringComparison.OrdinalIgnoreCase)
            ? await OfForm(request.Body, HeaderUtilities.RemoveQuotes(type.Boundary).Value, cancel)
            : null;
    }

    private static async Task<UploadBody> OfForm(Stream body, string? boundary, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(boundary))
            throw new UploadRefusedException("The form names no boundary in its content type, so its parts cannot be told.");
        var form = new MultipartReader(boundary, body);
        try
        {
            while (await form.ReadNextSectionAsync(cancel) is { } section)
            {
                if (section.AsFileSection() is not { FileStream: { } file } found)
                    continue;
                var format = FormatOf(MediaTypeHeaderValue.TryParse(section.ContentType, out var type) ? type.MediaType.Value : null)
                    ?? (Path.GetExtension(found.FileName).ToLowerInvariant() is ".ndjson" or ".jsonl" ? UploadFormats.Ndjson : UploadFormats.Csv);
                return new UploadBody(file, format, found.FileName);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new UploadRefusedException($"The form cannot be read: {e.Message}");
        }
        throw new UploadRefusedException("The form holds no file: expected one part with a file name.");
    }

    private static string? FormatOf(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        "text/csv" or "application/csv" => UploadFormats.Csv,
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" => UploadFormats.Ndjson,
        _ => null,
    };
}
