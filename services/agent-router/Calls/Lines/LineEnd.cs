using Outdial.AgentRouter.Hopper;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>
/// How the dialing of a lead over an agent's line ended, by what its row knows; here and nowhere else. Pure. When it is over,
/// <see cref="LineEvidence"/> says.
/// </summary>
internal static class LineEnd
{
    /// <summary>
    /// The Passthru's word decides, but one that knows of no conversation does not overrule that the lead was told to have picked up. Without it the
    /// popups' words do. Of a lead that was given, and of which there is no word, nobody knows whether its phone rang.
    /// </summary>
    /// <returns>One of <see cref="Outcomes"/>.</returns>
    public static string Outcome(HopperLead lead) =>
        lead.AnsweredAt is not null ? Outcomes.Completed
        : lead.ToldOutcome ?? (lead.LastWord is not null ? Outcomes.NoAnswer : Outcomes.Unknown);

    /// <summary>Where nobody told it, the talk lasted from the answer to the line's release; null: there was none, or its end is not known.</summary>
    public static TimeSpan? Talk(HopperLead lead) =>
        (lead.ReleasedAt ?? lead.EndedAt) - lead.AnsweredAt is { Ticks: > 0 } talk ? talk : null;

    /// <summary>The end of a lead that has its outcome.</summary>
    public static CallTerminated Of(HopperLead lead, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = lead.AttemptId,
        Account = lead.Account!,
        ProviderCallId = lead.ProviderCallId,
        OccurredAt = At(lead, now),
        ReceivedAt = now,
        RawStatus = lead.RawStatus,
        Outcome = lead.Outcome!,
        Cause = lead.Cause,
        CauseName = lead.CauseName,
        TalkTime = lead.TalkTime,
        RecordingUrl = lead.RecordingUrl,
        InVain = lead is { ToldOutcome: null, LastWord: null, Outcome: Outcomes.Unknown },
        Source = lead.ToldOutcome is null && lead.AnsweredAt is null ? EndSources.Inferred : "webhook",
    };

    /// <summary>By the provider's clock where it told; else when it was held to be over.</summary>
    public static DateTimeOffset At(HopperLead lead, DateTimeOffset now) => lead.EndedAt ?? lead.ReleasedAt ?? lead.OverAt ?? now;
}
