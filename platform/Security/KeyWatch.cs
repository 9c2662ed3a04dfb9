using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform;

/// <summary>The key of a store that a request was let in by.</summary>
internal sealed record ShownKey(IApiKeyStore Store, byte[] Hash);

/// <summary>
/// Looks every second whether the keys of requests that last for hours are still good: one that was revoked, rotated out or has ended ends
/// what it opened. Configured keys have no end, and behind a gateway the gateway is who knows.
/// </summary>
public sealed class KeyWatch(ILogger<KeyWatch> log) : TimedLoop("watch over the keys of open streams", Interval, TimeProvider.System, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);   // real time, however fast the platform's clock runs

    private readonly ConcurrentDictionary<WatchedKey, ShownKey> _watched = new(ReferenceEqualityComparer.Instance);

    /// <summary>Watches the key of this request until what is returned is disposed.</summary>
    public WatchedKey Watch(HttpContext context)
    {
        if (context.Features.Get<ShownKey>() is not { } shown)
            return new(null);
        var watched = new WatchedKey(this);
        _watched[watched] = shown;
        return watched;
    }

    internal void Forget(WatchedKey watched) => _watched.TryRemove(watched, out _);

    /// <inheritdoc/>
    protected override Task TurnAsync(CancellationToken cancel)
    {
        foreach (var (watched, shown) in _watched)
        {
            if (!shown.Store.IsGood(shown.Hash))
                watched.End();
        }
        return Task.CompletedTask;
    }
}

/// <summary>A key that is being watched.</summary>
public sealed class WatchedKey : IDisposable
{
    private readonly CancellationTokenSource _ended = new();   // without a timer: nothing to dispose of
    private readonly KeyWatch? _watch;

    internal WatchedKey(KeyWatch? watch) => _watch = watch;

    /// <summary>Cancelled when the key is good no longer.</summary>
    public CancellationToken Ended => _ended.Token;

    internal void End()
    {
        _watch?.Forget(this);
        _ = _ended.CancelAsync();   // what hangs on it is not the watch's to wait for
    }

    /// <summary>Ends the watching.</summary>
    public void Dispose() => _watch?.Forget(this);
}
