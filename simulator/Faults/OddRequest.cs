using System.IO.Compression;

namespace Outdial.Simulator;

/// <summary>
/// Callbacks as senders and the proxies between sometimes make them: letters beyond ASCII in headers, a body that is packed or that names an encoding
/// nobody knows, a query behind an address that has one. What they say is the same. Some copies cannot be read at all.
/// </summary>
public static class OddRequest
{
    /// <summary>The same request, oddly written.</summary>
    /// <param name="key">Decides how: the same key, the same way.</param>
    public static HttpRequestMessage Made(HttpRequestMessage request, string key)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "T\u00E9l\u00E9Callback/2.1");
        request.Headers.TryAddWithoutValidation("X-Client-City", "S\u00E3o Paulo");
        if (request.Content is { } content)
            request.Content = (key[^1] % 3) switch { 0 => Named(content), 1 => Packed(content, whole: true), _ => content };
        else if (request.RequestUri is { Query.Length: > 1 } address)
            request.RequestUri = new Uri($"{address.GetLeftPart(UriPartial.Path)}?via=proxy{address.Query}");
        return request;
    }

    /// <summary>A copy that was cut on its way: nobody can read it.</summary>
    public static HttpRequestMessage Unreadable(HttpRequestMessage request)
    {
        request.Content = Packed(request.Content!, whole: false);
        return request;
    }

    private static HttpContent Named(HttpContent content)
    {
        var type = content.Headers.ContentType;
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", $"{type}; charset=\"x-telecom");
        return content;
    }

    private static ByteArrayContent Packed(HttpContent content, bool whole)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            content.ReadAsStream().CopyTo(stream);
        var bytes = packed.ToArray();
        var made = new ByteArrayContent(bytes, 0, whole ? bytes.Length : bytes.Length / 2);
        made.Headers.ContentType = content.Headers.ContentType;
        made.Headers.ContentEncoding.Add("gzip");
        return made;
    }
}
