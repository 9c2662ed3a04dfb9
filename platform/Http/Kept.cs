namespace Outdial.Platform;

/// <summary>
/// Something that costs, made once for all who ask for it while it is being made and for a moment afterwards. What failed is not kept.
/// Safe for concurrent use; nobody waits for it on a thread.
/// </summary>
/// <param name="make">Makes it. Belongs to no request: it goes on when whoever asked first goes away.</param>
/// <param name="keptFor">How long it is good after it was made.</param>
/// <param name="clock">What that is measured by.</param>
public sealed class Kept<T>(Func<Task<T>> make, Func<T, TimeSpan> keptFor, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private Task<Made>? _last;

    /// <param name="make">As above.</param>
    /// <param name="keptFor">As above, whatever was made.</param>
    /// <param name="clock">As above.</param>
    public Kept(Func<Task<T>> make, TimeSpan keptFor, TimeProvider clock) : this(make, _ => keptFor, clock)
    {
    }

    /// <summary>What is kept, or what is being made, or else a new one.</summary>
    /// <param name="cancel">Ends the waiting, not the making.</param>
    public async Task<T> GetAsync(CancellationToken cancel = default) => (await Current().WaitAsync(cancel)).Value;

    private Task<Made> Current()
    {
        lock (_lock)
        {
            if (_last is not null && (!_last.IsCompleted || IsGood(_last)))
                return _last;
            // Neither its trace nor its user: it is made for all.
            using (ExecutionContext.SuppressFlow())
                return _last = Task.Run(MakeAsync);
        }
    }

    private async Task<Made> MakeAsync()
    {
        var value = await make();
        return new(value, clock.GetTimestamp(), keptFor(value));
    }

#pragma warning disable RS0030 // It has completed
    private bool IsGood(Task<Made> made) => made.IsCompletedSuccessfully && clock.GetElapsedTime(made.Result.At) < made.Result.For;
#pragma warning restore RS0030

    private sealed record Made(T Value, long At, TimeSpan For);
}
