using Outdial.Contracts;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The lattice of call states: a later word never lowers the rank, terminal is terminal, facts fill blanks. Pure.
/// </summary>
internal static class CallProgress
{
    private static readonly Dictionary<string, int> Ranks = new()
    {
        [CallStates.Offered] = -1,
        [CallStates.Requested] = 0,
        [Attempt.Submitting] = 1,
        [CallStates.Submitted] = 2,
        [CallStates.Dialing] = 3,
        [CallStates.Ringing] = 4,
        [CallStates.Answered] = 5,
        [CallStates.Queued] = 6,
        [CallStates.Connected] = 7,
        [CallStates.Ended] = 9,
    };

    /// <exception cref="KeyNotFoundException">Not a state of a call.</exception>
    public static int Rank(string state) => Ranks[state];

    public static string Later(string one, string other) => Rank(one) >= Rank(other) ? one : other;

    /// <summary>The earlier of what is known and what is told: the same whatever the order of telling.</summary>
    public static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset told) => known is { } at && at <= told ? at : told;
}
