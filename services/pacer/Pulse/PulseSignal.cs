using System.Threading.Channels;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Has this process's pulse look for due campaigns at once instead of at its next tick. Whoever makes a campaign due does so by its row, and
/// calls this after the commit: no other replica has to hear of it, because this one looks.
/// </summary>
internal sealed class PulseSignal
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Several calls before the pulse looks count as one.</summary>
    public void Set() => _woken.Writer.TryWrite(true);

    /// <summary>Returns when <see cref="Set"/> was called since the last <see cref="Clear"/>.</summary>
    public Task Wait(CancellationToken cancel) => _woken.Reader.WaitToReadAsync(cancel).AsTask();

    /// <summary>Before the pulse looks: who calls <see cref="Set"/> from here on wakes it again.</summary>
    public void Clear() => _woken.Reader.TryRead(out _);
}
