using System.Threading.Channels;

namespace Outdial.Platform;

/// <summary>Has a <see cref="TimedLoop"/> turn: its clock ticks by one, and whoever cannot wait for the clock holds another.</summary>
public class LoopSignal
{
    private readonly Channel<bool> _wanted =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether a turn is wanted that has not begun.</summary>
    internal bool IsSet => _wanted.Reader.Count > 0;

    /// <summary>Several calls before the loop turns count as one.</summary>
    public void Set() => _wanted.Writer.TryWrite(true);

    /// <summary>Completes when <see cref="Set"/> was called since the last <see cref="Clear"/>; with false: it will not be any more.</summary>
    internal Task<bool> WaitAsync(CancellationToken cancel) => _wanted.Reader.WaitToReadAsync(cancel).AsTask();

    /// <summary>Before the loop turns: who calls <see cref="Set"/> from here on has it turn again.</summary>
    internal void Clear() => _wanted.Reader.TryRead(out _);

    internal void Close() => _wanted.Writer.TryComplete();
}
