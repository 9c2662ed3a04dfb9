using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Outdial.Ingress.Telemetry;

namespace Outdial.Ingress.Spool;

/// <summary>
/// Records on disk, first in first out. Appending returns after an fsync, which all that wait at that moment share. A
/// segment is deleted when all its records were taken; a crash before that makes them come again, which their ids absorb.
/// </summary>
internal sealed class WebhookSpool : IDisposable
{
    private const string Extension = ".spool";
    private const int MaxBatch = 512;
    private readonly Lock _lock = new();
    private readonly Queue<SpoolSegment> _segments = new();   // the last one may be open for writing
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _filled = new(0);
    private readonly FileStream _owner;
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly Task _writing;
    private byte[]? _peeked;
    private long _number;
    private long _depth;

    /// <exception cref="InvalidOperationException">The folder cannot be used, or another process uses it.</exception>
    public WebhookSpool(IOptions<IngressOptions> options, IngressMetrics metrics, ILogger<WebhookSpool> log)
    {
        (_folder, _segmentBytes) = (Path.GetFullPath(options.Value.SpoolFolder), options.Value.SpoolSegmentBytes);
        try
        {
            SpoolFiles.MakeFolder(_folder);
            _owner = SpoolFiles.Open(Path.Combine(_folder, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"Ingress:SpoolFolder is {_folder}, which cannot be used: {e.Message} Each process needs a writable folder of its own.", e);
        }
        Recover(log);
        metrics.ObserveSpool(() => Depth);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Records that were appended and not taken yet.</summary>
    public long Depth => Interlocked.Read(ref _depth);

    /// <summary>Where it is.</summary>
    public string Folder => _folder;

    /// <summary>Returns when the record is on the disk.</summary>
    /// <exception cref="IOException">It is not: the disk is full or broken, or the spool was closed.</exception>
    public Task AppendAsync(ReadOnlySpan<byte> payload)
    {
        var waiting = new Waiting(SpoolFrame.Write(payload));
        return _waiting.Writer.TryWrite(waiting) ? waiting.Done.Task : Task.FromException(new IOException("The spool is closed."));
    }

    /// <summary>Returns when there is a record to take.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        while (Depth == 0)
            await _filled.WaitAsync(cancel);
    }

    /// <summary>The oldest record, which stays until <see cref="Take"/>. One reader only. False when there is none.</summary>
    public bool TryPeek(out byte[] payload)
    {
        lock (_lock)
        {
            while (_peeked is null && _segments.TryPeek(out var segment))
            {
                if (segment.TryRead(out var read))
                {
                    _peeked = read;
                    break;
                }
                // Nothing is left in it. A segment that is still open is closed with it: the next record opens another.
                _segments.Dequeue().Delete();
            }
            payload = _peeked ?? [];
            return _peeked is not null;
        }
    }

    /// <summary>Drops the record that <see cref="TryPeek"/> gave.</summary>
    public void Take()
    {
        lock (_lock)
        {
            _peeked = null;
            Interlocked.Decrement(ref _depth);
        }
    }

    /// <summary>Keeps a record that nobody here can read where a person finds it. It is not drained again.</summary>
    /// <returns>The file.</returns>
    public string SetAside(ReadOnlySpan<byte> record)
    {
        var path = Path.Combine(_folder, $"{Guid.CreateVersion7():N}.unreadable");
        using var file = SpoolFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(record);
        file.Flush(flushToDisk: true);
        FolderSync.Flush(_folder);
        return path;
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
#pragma warning disable RS0030 // The container disposes of it when all requests are over; what was accepted is on disk first
        _writing.GetAwaiter().GetResult();
#pragma warning restore RS0030
        lock (_lock)
        {
            foreach (var segment in _segments)
                segment.Dispose();
            _segments.Clear();
        }
        _owner.Dispose();
    }

    private void Recover(ILogger log)
    {
        foreach (var path in Directory.GetFiles(_folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            var segment = SpoolSegment.Recover(path, out var records, out var torn);
            _number = Math.Max(_number, long.TryParse(Path.GetFileNameWithoutExtension(path), out var number) ? number : 0);
            if (torn > 0)
                log.TornSegment(Path.GetFileName(path), records, torn);
            _segments.Enqueue(segment);
            _depth += records;
        }
        if (_depth > 0)
            log.SpoolRecovered(_depth, _segments.Count);
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var batch = new List<Waiting>();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                Write(batch);
                foreach (var done in batch)
                    done.Done.TrySetResult();
                _filled.Release();
            }
            catch (Exception e)   // also what is no IOException: those who wait must hear of it
            {
                foreach (var failed in batch)
                    failed.Done.TrySetException(e as IOException ?? new IOException("The spool could not be written.", e));
            }
        }
    }

    private void Write(List<Waiting> batch)
    {
        var frames = new byte[batch.Sum(waiting => waiting.Frame.Length)];
        var at = 0;
        foreach (var waiting in batch)
        {
            waiting.Frame.CopyTo(frames, at);
            at += waiting.Frame.Length;
        }
        lock (_lock)
        {
            var last = _segments.LastOrDefault();
            if (last is { IsOpen: true } && last.Synced >= _segmentBytes)
                last.Close();
            if (last is not { IsOpen: true })
                _segments.Enqueue(last = SpoolSegment.Create(Path.Combine(_folder, $"{++_number:D12}{Extension}")));
            last.Append(frames);
            Interlocked.Add(ref _depth, batch.Count);
        }
    }

    private sealed record Waiting(byte[] Frame)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
