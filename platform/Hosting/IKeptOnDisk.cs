namespace Outdial.Platform;

/// <summary>
/// What a process keeps on its own disk for the broker. A process that stops hands it over when no more requests come and its loops have ended:
/// nobody knows whether it will ever start again. The verb <c>drain</c> waits until there is nothing left of it.
/// </summary>
public interface IKeptOnDisk
{
    /// <summary>How many messages are kept.</summary>
    long Depth { get; }

    /// <summary>Hands over what is kept, as far as the broker takes it. Does not throw.</summary>
    Task EmptyAsync(CancellationToken cancel);
}
