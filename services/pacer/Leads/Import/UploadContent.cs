using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Outdial.Pacer.Leads.Import;

/// <summary>
/// An upload, unpacked, and what it is by its first bytes: a workbook may come under any name, and a text under a workbook's.
/// </summary>
internal sealed class UploadContent
{
    private const int Longest = 512;   // a byte order mark, and blanks before the first brace

    private UploadContent(Stream stream, byte[] start) => (Stream, Start) = (stream, start);

    /// <summary>Everything, from the first byte on.</summary>
    public Stream Stream { get; }

    public bool IsWorkbook => IsZip(Start) || Start is [0xD0, 0xCF, 0x11, 0xE0, ..];

    /// <summary>Its first letter is a brace: no line that names columns begins so.</summary>
    public bool BeginsAsJson => Start.FirstOrDefault(value => value is not (0xEF or 0xBB or 0xBF or 0x20 or 0x09 or 0x0A or 0x0D)) == '{';

    private byte[] Start { get; }

    /// <exception cref="IOException">The stream broke, or what it holds is larger than <see cref="ImportLimits.UnpackedBytes"/>.</exception>
    public static async Task<UploadContent> Open(Stream stream, ImportLimits limits, CancellationToken cancel)
    {
        for (var packed = 0; ; packed++)
        {
            var start = await First(stream, cancel);
            stream = new PrecededStream(start, stream);
            // Packed by the program that sends it, and before that by a person: more than that is nobody's habit.
            if (start is not [0x1F, 0x8B, ..] || packed == 2)
                return new(stream, start);
            stream = new UnpackedStream(stream, limits.UnpackedBytes);
        }
    }

    /// <summary>Zip: a workbook since 2007.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) => start is [0x50, 0x4B, 0x03 or 0x05, ..];

    private static async Task<byte[]> First(Stream stream, CancellationToken cancel)
    {
        var bytes = new byte[Longest];
        var count = 0;
        while (count < 4 && await stream.ReadAsync(bytes.AsMemory(count), cancel) is > 0 and var read)
            count += read;
        return bytes[..count];
    }
}

/// <summary>Some bytes that were read already, and then the rest.</summary>
internal sealed class PrecededStream(byte[] first, Stream rest) : ForwardStream
{
    private int _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == first.Length)
            return rest.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, first.Length - _at);
        first.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return ValueTask.FromResult(count);
    }
}

/// <summary>
/// gzip, unpacked as it comes. However small it was, no more than <paramref name="most"/> bytes are given out; and one that breaks off is not taken
/// for a shorter one.
/// </summary>
internal sealed class UnpackedStream : ForwardStream
{
    private readonly Tail _packed;
    private readonly GZipStream _unpacked;
    private readonly long _most;
    private long _read;

    public UnpackedStream(Stream packed, long most)
    {
        (_packed, _most) = (new(packed), most);
        _unpacked = new(_packed, CompressionMode.Decompress);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await _unpacked.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new UploadBrokenException(BrokenList, e);
        }
        // It ends with the count of the bytes that it held. The library takes the end of what came for the end.
        if (count == 0 && buffer.Length > 0 && _packed.Last != (uint)_read)
            throw new UploadBrokenException(BrokenList);
        _read += count;
        return _read <= _most ? count
            : throw new BadHttpRequestException("The upload is too large once it is unpacked.", StatusCodes.Status413PayloadTooLarge);
    }

    /// <summary>Of a body of any kind.</summary>
    public const string Broken = "The compressed upload (gzip) is damaged, broke off, or is several put together.";

    private const string BrokenList = Broken + " The rows that are counted are in; upload the list again for the rest.";

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Remembers the last four bytes that came.</summary>
    private sealed class Tail(Stream inner) : ForwardStream
    {
        /// <summary>As a number, the lowest byte first.</summary>
        public uint Last { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            foreach (var value in buffer.Span[Math.Max(0, count - sizeof(uint))..count])
                Last = (Last >> 8) | ((uint)value << 24);
            return count;
        }
    }
}

/// <summary>A stream that is read from its beginning to its end, and never by a thread that waits.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
