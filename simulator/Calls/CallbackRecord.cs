namespace Outdial.Simulator;

/// <summary>One callback that was due, and what came of it. Guarded by the lock on its call's list.</summary>
/// <param name="Kind"><c>status</c> or <c>passthru</c>; of a configured flow also <c>dialwhom</c>, <c>popup</c>, <c>dialed</c>, <c>stay</c>.</param>
/// <param name="Event">Such as <c>terminal</c> or <c>answered</c>.</param>
/// <param name="At">The moment it speaks of.</param>
/// <param name="DueAt">When it is to be sent; later than <paramref name="At"/> when a fault holds it back.</param>
/// <param name="Copy">1, or 2 for a duplicate.</param>
/// <param name="Fault">The fault that struck it; null for none.</param>
public sealed record CallbackRecord(string Kind, string Event, DateTimeOffset At, DateTimeOffset DueAt, int Copy, string? Fault)
{
    public bool Dropped { get; init; }

    /// <summary>The index of the leg it speaks of; null for none.</summary>
    public int? Leg { get; init; }

    public List<CallbackTry> Tries { get; } = [];

    /// <summary>Nothing more will be tried, and no try was answered 2xx.</summary>
    public bool GivenUp { get; set; }

    /// <summary>
    /// How a flow understood the answer: of <c>dialwhom</c> <c>numbers</c>, <c>nobody</c>, <c>invalid</c>, <c>failed</c> (not 200) or
    /// <c>late</c> (none in time); of <c>stay</c> <c>stay</c> or <c>hang-up</c>. null where the answer steers nothing.
    /// </summary>
    public string? Understood { get; set; }

    /// <summary>A redirect is an answer where a flow asks which way to go.</summary>
    public bool Delivered => Tries.Exists(t => t.Status is >= 200 and < 300 || (t.Status == 302 && Kind is ("stay" or "dialed")));
}

/// <param name="Status">The HTTP status of the answer; null when there was none.</param>
/// <param name="Problem">Why there was none, such as <c>timeout</c>, or what is wrong with it.</param>
public sealed record CallbackTry(DateTimeOffset At, int? Status, string? Problem);
