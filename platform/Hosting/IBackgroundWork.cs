namespace Outdial.Platform;

/// <summary>
/// Work in the background that can tell whether it has any in hand: a shutdown that cuts it names it, and a test awaits its end instead of some time.
/// </summary>
public interface IBackgroundWork
{
    /// <summary>In words.</summary>
    string Name { get; }

    /// <summary>How many pieces of work are in hand, or due and not begun. Never 0 between the moment that something is due and its end.</summary>
    int InHand { get; }

    /// <summary>How often something has begun: if it is what it was, nothing came and went meanwhile.</summary>
    long Begun { get; }
}

/// <summary>Work that looks now and then whether there is something to do.</summary>
public interface IPollingWork : IBackgroundWork
{
    /// <summary>Has it look at once. It is in hand until a look that began after this has found nothing.</summary>
    void Wake();
}
