using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform.Outbox;

/// <summary>Wakes the delivery loop of this process the moment a message is committed, instead of at its next look.</summary>
public sealed class OutboxSignal<TDb> : IDisposable
    where TDb : DbContext
{
    private static readonly object s_marked = new();
    private readonly ConditionalWeakTable<DbContext, object> _contexts = [];
    private readonly SemaphoreSlim _committed = new(0, 1);
    private int _isSet;

    /// <summary>Notes that this context holds messages that are not committed yet.</summary>
    public void Mark(DbContext context) => _contexts.AddOrUpdate(context, s_marked);

    /// <summary>The context has committed: wakes the loop if it held messages.</summary>
    public void Committed(DbContext? context)
    {
        if (context is not null && _contexts.Remove(context))
            Set();
    }

    /// <summary>Wakes the loop. Several calls before it looks count as one.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
            _committed.Release();
    }

    /// <summary>Returns when <see cref="Set"/> was called or the time is over, whichever comes first.</summary>
    /// <param name="limit">Real time.</param>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancel)
    {
        // Cleared before the loop reads the table: whoever commits from here on releases again.
        if (await _committed.WaitAsync(limit, cancel))
            Volatile.Write(ref _isSet, 0);
    }

    public void Dispose() => _committed.Dispose();
}
