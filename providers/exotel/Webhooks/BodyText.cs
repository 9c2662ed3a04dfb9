using System.Text;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>Decodes a body whatever its encoding; never fails. An encoding that is known to lie about what stands in it is not read at all.</summary>
internal static class BodyText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="odd">True when the bytes were neither UTF-8 nor of the encoding that the content type names.</param>
    /// <returns>The text; null when the content type names an encoding that .NET knows and refuses, such as UTF-7.</returns>
    public static string? Read(byte[] body, string? contentType, out bool odd)
    {
        odd = false;
        if (Marked(body) is var (marked, skip))
            return marked.GetString(body, skip, body.Length - skip);
        if (!TryName(contentType, out var named))
            return null;
        if (named is not null && !(IsWide(named) && !body.Contains((byte)0)))
            return named.GetString(body);
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            odd = true;
            return Encoding.Latin1.GetString(body);
        }
    }

    /// <summary>Of two or four bytes a character: what we are sent has Latin letters, so there would be zeros.</summary>
    private static bool IsWide(Encoding named) => named is UnicodeEncoding or UTF32Encoding;

    private static (Encoding Encoding, int Skip)? Marked(byte[] body) => body switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => null,
    };

    /// <returns>False when the encoding is one that .NET refuses.</returns>
    private static bool TryName(string? contentType, out Encoding? encoding)
    {
        encoding = null;
        var at = contentType?.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0)
            return true;
        var name = contentType![(at + 8)..].Split(';', ' ')[0].Trim('"', '\'');
        if (name.Contains("utf-8", StringComparison.OrdinalIgnoreCase) || name.Length == 0)
            return true;
        try
        {
            encoding = Encoding.GetEncoding(name);
            return true;
        }
        catch (ArgumentException)   // a name that nobody knows: the bytes are judged by themselves
        {
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
