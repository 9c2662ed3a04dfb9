namespace Outdial.Ingress.Spool;

/// <summary>One file of the spool: its records in order, and how far they were read.</summary>
internal sealed class SpoolSegment(string path)
{
    private FileStream? _writer;
    private FileStream? _reader;
    private long _readTo;
    private readonly byte[] _header = new byte[SpoolFrame.Header];

    public string Path => path;

    /// <summary>Bytes that are known to be on the disk; nothing after them is read.</summary>
    public long Synced { get; private set; }

    public bool IsOpen => _writer is not null;

    /// <summary>A new segment, with its name on the disk too.</summary>
    public static SpoolSegment Create(string path)
    {
        var segment = new SpoolSegment(path)
        {
            _writer = SpoolFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read),
        };
        FolderSync.Flush(System.IO.Path.GetDirectoryName(path)!);
        return segment;
    }

    /// <summary>A segment of an earlier process. What follows the first damaged record is left out: it was never confirmed.</summary>
    /// <param name="records">How many records it holds.</param>
    /// <param name="torn">How many bytes are left out.</param>
    public static SpoolSegment Recover(string path, out long records, out long torn)
    {
        var segment = new SpoolSegment(path) { Synced = new FileInfo(path).Length };
        records = 0;
        while (segment.TryRead(out _))
            records++;
        torn = segment.Synced - segment._readTo;
        segment.Synced = segment._readTo;
        segment._readTo = 0;
        return segment;
    }

    /// <summary>Writes and syncs. When it throws, nothing of it counts, and the segment takes no more.</summary>
    public void Append(ReadOnlySpan<byte> frames)
    {
        try
        {
            _writer!.Write(frames);
            _writer.Flush(flushToDisk: true);
            Synced += frames.Length;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>The next record, without passing it; false at the end.</summary>
    public bool TryRead(out byte[] payload)
    {
        payload = [];
        if (Synced - _readTo < SpoolFrame.Header)
            return false;
        _reader ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _reader.Position = _readTo;
        _reader.ReadExactly(_header);
        var length = BitConverter.ToInt32(_header);
        if (length is < 0 or > SpoolFrame.MaxPayload || Synced - _readTo - SpoolFrame.Header < length)
            return false;
        var frame = new byte[SpoolFrame.Header + length];
        _header.CopyTo(frame, 0);
        _reader.ReadExactly(frame.AsSpan(SpoolFrame.Header));
        if (!SpoolFrame.TryRead(frame, out var read))
            return false;
        payload = read.ToArray();
        _readTo += frame.Length;
        return true;
    }

    public void Delete()
    {
        Close();
        _reader?.Dispose();
        _reader = null;
        File.Delete(path);
    }

    public void Dispose()
    {
        Close();
        _reader?.Dispose();
        _reader = null;
    }
}
