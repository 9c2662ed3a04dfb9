using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Pacer.Leads.Import;
using Outdial.Platform;

namespace Outdial.Pacer.Leads;

/// <summary>A body of JSON whose values are judged one by one, so that each wrong one is named and none hides the others.</summary>
internal static class JsonBody
{
    /// <param name="most">Bytes, also once it is unpacked.</param>
    /// <returns>The body, or what is wrong with it.</returns>
    public static async Task<(JsonElement Body, ProblemHttpResult? Wrong)> Read(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        if (UploadBody.OtherEncoding(request) is { } encoding)
        {
            return (default, ApiProblem.Of(
                StatusCodes.Status415UnsupportedMediaType, $"The content encoding '{encoding}' is not taken: expected gzip, or none."));
        }
        try
        {
            var content = await UploadContent.Open(request.Body, new() { UnpackedBytes = most }, cancel);
            using var document = await JsonDocument.ParseAsync(content.Stream, cancellationToken: cancel);
            return IsText(document.RootElement) ? (document.RootElement.Clone(), null)
                : (default, ApiProblem.Invalid("body", "bytes that are not UTF-8, or half of a character", "JSON in UTF-8"));
        }
        catch (JsonException e)
        {
            return (default, ApiProblem.Invalid("body", $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", "valid JSON in UTF-8"));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (default, ApiProblem.Of(e.StatusCode, $"The body is larger than {most} bytes, as it is or unpacked."));
        }
        catch (UploadBrokenException e)
        {
            return (default, ApiProblem.Refused($"{UnpackedStream.Broken} Nothing of it was taken: send it again.", e.Problem));
        }
    }

    public static bool IsJson(HttpRequest request) => request.HasJsonContentType();

    /// <summary>The reader takes bytes and halves of characters for text until somebody looks.</summary>
    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsText),
                JsonValueKind.Object => element.EnumerateObject().All(property => property.Name is not null && IsText(property.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
