using Outdial.Pacer.Campaigns;

namespace Outdial.Pacer.Pacing;

/// <param name="High">So many more waiting leads than free agents pause the campaign; 1 or more.</param>
/// <param name="Low">With no more than so many waiting it may go on; less than <paramref name="High"/>.</param>
/// <param name="Dwell">How long they must have been that few, in seconds.</param>
internal sealed record QueueMarks(int High, int Low, double Dwell);

/// <param name="Paused">The campaign is paused for its queue.</param>
/// <param name="LowSince">Paused, and since when the queue has been short enough; null: it is not.</param>
internal sealed record BrakeState(bool Paused, DateTimeOffset? LowSince);

/// <summary>What the brake asks of the campaign.</summary>
internal enum BrakeAction
{
    Stay,
    Pause,
    Resume,
}

/// <summary>
/// Pauses a campaign when too many people who answered wait for an agent, and lets it go on when the queue has been short for
/// long enough. Two marks, so that a queue that wavers around one of them changes nothing: after a pause the queue must fall to the
/// low mark, after a resume it must grow to the high one. Pure; the one bit of state is the campaign's own.
/// </summary>
internal static class QueueBrake
{
    /// <summary>
    /// The marks for so many agents: high = max(2, 5 % of the agents, half as many again as become free within the time that a
    /// lead may wait), low = a quarter of it. The campaign's own marks go first.
    /// </summary>
    /// <param name="agents">Signed in.</param>
    /// <param name="handleSeconds">Mean time that a conversation takes an agent, wrap-up included.</param>
    public static QueueMarks Marks(AgentRules rules, int agents, double handleSeconds)
    {
        var freedInTime = agents * rules.ConnectWithin.TotalSeconds / Math.Max(1, handleSeconds);
        var high = rules.QueueHigh ?? Math.Max(2, (int)Math.Max(Math.Ceiling(0.05 * agents), Math.Ceiling(1.5 * freedInTime)));
        return new(high, Math.Clamp(rules.QueueLow ?? high / 4, 0, high - 1), (rules.QueueDwell ?? TimeSpan.Zero).TotalSeconds);
    }

    public static bool IsExcess(int waiting, int free, QueueMarks marks) => waiting - free >= marks.High;

    /// <param name="waiting">Leads who answered and wait for an agent.</param>
    /// <param name="free">Agents who are free for them.</param>
    /// <returns>What to do, and the state to remember until the next look.</returns>
    public static (BrakeAction Action, BrakeState State) Next(BrakeState state, int waiting, int free, QueueMarks marks, DateTimeOffset now)
    {
        if (!state.Paused)
            return IsExcess(waiting, free, marks) ? (BrakeAction.Pause, new(true, null)) : (BrakeAction.Stay, new(false, null));
        if (waiting > marks.Low || free == 0)
            return (BrakeAction.Stay, new(true, null));
        var since = state.LowSince ?? now;
        return (now - since).TotalSeconds >= marks.Dwell ? (BrakeAction.Resume, new(false, null)) : (BrakeAction.Stay, new(true, since));
    }
}
