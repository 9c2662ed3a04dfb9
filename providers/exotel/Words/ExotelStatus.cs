using Outdial.Contracts;

namespace Outdial.Providers.Exotel.Words;

/// <summary>What is known of a call when its outcome is to be named. Statuses are lower case; null: not told.</summary>
/// <param name="SecondLeg">Null when there was no second leg; the text <c>null</c> when it was not attempted.</param>
internal sealed record ExotelCallFacts(
    string? Status, string? FirstLeg, string? SecondLeg, TimeSpan? Talk, string? AnsweredBy, ExotelCause Cause);

/// <summary>Exotel's status words in neutral ones, for calls that ring the lead first.</summary>
internal static class ExotelStatus
{
    public static bool IsOver(string? status) => status is "completed" or "busy" or "failed" or "no-answer" or "canceled" or "cancelled";

    public static bool IsKnown(string? status) => IsOver(status) || status is "queued" or "ringing" or "in-progress";

    /// <summary>The outcome of a call that is over.</summary>
    public static string Outcome(ExotelCallFacts call) => call.Status switch
    {
        "completed" => Answered(call),
        // The lead's leg came about and the agent's did not: the word is about the agent's.
        "no-answer" or "busy" or "failed" or "canceled" or "cancelled" when call.FirstLeg == "completed" => Answered(call),
        "no-answer" => Outcomes.NoAnswer,
        "busy" => Outcomes.Busy,
        "failed" => call.Cause.Outcome ?? Outcomes.Unreachable,
        "canceled" or "cancelled" => call.Cause.Outcome ?? Outcomes.Canceled,
        _ => call.Talk > TimeSpan.Zero ? Outcomes.Completed : call.Cause.Outcome ?? Outcomes.Unknown,
    };

    /// <summary>How an answered call ended that reached nobody, where that is told; a leg that was not tried tells nothing.</summary>
    public static string? InVain(ExotelCallFacts call) =>
        !IsOver(call.Status) || call.Talk > TimeSpan.Zero || !(call.Status == "completed" || call.FirstLeg == "completed") ? null
        : AnsweredBy.IsMachine(call.AnsweredBy) ? Outcomes.MachineAnswered
        : call.SecondLeg is "no-answer" or "busy" or "failed" or "canceled" or "cancelled" ? Outcomes.Abandoned
        : null;

    private static string Answered(ExotelCallFacts call)
    {
        if (AnsweredBy.IsMachine(call.AnsweredBy))
            return Outcomes.MachineAnswered;
        if (call.Talk > TimeSpan.Zero)
            return Outcomes.Completed;
        return call.SecondLeg is "no-answer" or "busy" or "failed" or "canceled" or "cancelled" or "null" ? Outcomes.Abandoned : Outcomes.Completed;
    }
}
