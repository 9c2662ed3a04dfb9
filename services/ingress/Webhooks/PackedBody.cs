using System.Buffers;
using System.IO.Compression;

namespace Outdial.Ingress.Webhooks;

/// <summary>Unpacks a body that says, by its Content-Encoding, that it is packed. It is stored as it came, and unpacked for the reader.</summary>
internal static class PackedBody
{
    /// <summary>No provider's words are longer; what unpacks to more is an attack.</summary>
    private const int Most = 4 * 1024 * 1024;

    /// <summary>Behind a deflated body that was cut they are read as if they were of it; behind a whole one they are not looked at.</summary>
    private static readonly byte[] Wrong = [.. Enumerable.Repeat((byte)0xFF, 16)];

    /// <returns>The body to read, or the reason why there is none.</returns>
    public static (byte[] Body, string? Fault) Unpack(byte[] body, string? encoding)
    {
        // The last one was put on last.
        foreach (var word in (encoding ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Reverse())
        {
            var name = word.ToLowerInvariant();
            if (name is "identity" || body.Length == 0)
                continue;
            if (name is not ("gzip" or "x-gzip" or "deflate" or "br"))
                return (body, "The body is packed in a way that is not read.");
            // A proxy that has unpacked it and left the header standing.
            if (name is "gzip" or "x-gzip" && body is not [0x1F, 0x8B, ..])
                continue;
            if (Read(body, name) is not { } read)
                return (body, $"The body says that it is packed ({name}) and cannot be unpacked.");
            if (read.Length > Most)
                return (body, $"The body unpacks to more than {Most} bytes.");
            body = read;
        }
        return (body, null);
    }

    private static byte[]? Read(byte[] body, string name) => name switch
    {
        "br" => Brotli(body),
        "deflate" => Inflate(body) is { } read && Inflate([.. body, .. Wrong]) is { } again && read.AsSpan().SequenceEqual(again) ? read : null,
        _ => Unpacked(new GZipStream(new MemoryStream(body), CompressionMode.Decompress)) is { } read
            && (read.Length > Most || EndsWithLength(body, read.Length)) ? read : null,
    };

    private static byte[]? Inflate(byte[] body) => Unpacked(HasFrame(body)
        ? new ZLibStream(new MemoryStream(body), CompressionMode.Decompress)
        : new DeflateStream(new MemoryStream(body), CompressionMode.Decompress));

    private static byte[]? Unpacked(Stream stream)
    {
        try
        {
            using var packed = stream;
            var read = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int count; read.Length <= Most && (count = packed.Read(buffer)) > 0;)
                read.Write(buffer, 0, count);
            return read.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>"deflate" means zlib (RFC 1950), and many send it without zlib's frame.</summary>
    private static bool HasFrame(byte[] body) => body is [var method, var flags, ..] && (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0;

    /// <summary>Not by a stream: that one does not tell a body that was cut from a whole one.</summary>
    private static byte[]? Brotli(ReadOnlySpan<byte> packed)
    {
        var decoder = new BrotliDecoder();   // a struct with a state: a variable of "using" would be copied at each call
        try
        {
            var read = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var status = decoder.Decompress(packed, buffer, out var consumed, out var written);
                read.Write(buffer, 0, written);
                packed = packed[consumed..];
                if (status == OperationStatus.Done || read.Length > Most)
                    return read.ToArray();
                if (status != OperationStatus.DestinationTooSmall)
                    return null;
            }
        }
        finally
        {
            decoder.Dispose();
        }
    }

    /// <summary>A gzip that was cut reads as a shorter text; its last four bytes tell how long it was.</summary>
    private static bool EndsWithLength(byte[] packed, long length) =>
        packed.Length > 18 && BitConverter.ToUInt32(packed, packed.Length - 4) == (uint)length;
}
