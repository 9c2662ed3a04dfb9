namespace Outdial.Simulator;

/// <summary>One callback that was due, and what came of it. Guarded by the lock on its call's list.</summary>
/// <param name="Kind"><c>status</c> or <c>passthru</c>.</param>
/// <param name="Event">Such as <c>terminal</c> or <c>answered</c>.</param>
/// <param name="At">The moment it speaks of.</param>
/// <param name="DueAt">When it is to be sent; later than <paramref name="At"/> when a fault holds it back.</param>
/// <param name="Copy">1, or 2 for a duplicate.</param>
/// <param name="Fault">The fault that struck it; null for none.</param>
public sealed record CallbackRecord(string Kind, string Event, DateTimeOffset At, DateTimeOffset DueAt, int Copy, string? Fault)
{
    public bool Dropped { get; init; }
    public List<CallbackTry> Tries { get; } = [];

    /// <summary>Nothing more will be tried, and no try was answered 2xx.</summary>
    public bool GivenUp { get; set; }

    public bool Delivered => Tries.Any(t => t.Status is >= 200 and < 300);
}

/// <param name="Status">The HTTP status of the answer; null when there was none.</param>
/// <param name="Problem">Why there was none, such as <c>timeout</c>.</param>
public sealed record CallbackTry(DateTimeOffset At, int? Status, string? Problem);
