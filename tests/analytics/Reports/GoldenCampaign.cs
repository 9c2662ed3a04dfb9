using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Reports;

/// <summary>A small campaign whose every figure can be checked by hand.</summary>
internal static class GoldenCampaign
{
    private const string Local = "+918040000001", Far = "+911140000002";

    public static IEnumerable<object> Attempts(Guid campaign)
    {
        // Lead 1: busy at first, then completed from a caller ID of its own circle.
        yield return Ended(campaign, 1, lead: 1, 0, Outcomes.Busy, 1, Far, "DL", "KA");
        yield return Ended(campaign, 2, lead: 1, 45, Outcomes.Completed, 2, Local, "KA", "KA") with
        {
            AnsweredAt = Told.Noon.AddMinutes(45).AddSeconds(9),
            TalkTime = TimeSpan.FromSeconds(31),
        };
        yield return Told.Detailed(campaign, Id(2), Told.Noon.AddMinutes(50), TimeSpan.FromSeconds(31), 1.5m);

        // Lead 2: completed at once; talk time only from the provider's record. Lead 3: refused, no phone rang. Lead 4: still open.
        yield return Ended(campaign, 3, lead: 2, 1, Outcomes.Completed, 1, Far, "DL", "GJ");
        yield return Told.Detailed(campaign, Id(3), Told.Noon.AddMinutes(6), TimeSpan.FromSeconds(20), 0.75m);
        yield return Ended(campaign, 4, lead: 3, 2, Outcomes.ProviderError, 1, Local, "KA", null) with { Dialed = false, ProviderCallId = null };
        yield return Told.Started(campaign, Id(5), Told.Noon.AddMinutes(90)) with { LeadId = Id(104), Circle = "GJ" };
        yield return Ended(campaign, 6, lead: 5, 3, Outcomes.NoAnswer, 1, "+911409999999", null, "GJ");
    }

    public static IEnumerable<object> History(Guid campaign)
    {
        yield return Told.Campaign(campaign, floor: 0.2, name: "Renewals, \"January\"") with { EventId = Id(201) };
        yield return new CampaignPaused
        {
            EventId = Id(202),
            CampaignId = campaign,
            Reason = PauseReasons.LowCompletionRate,
            Explanation = "Completion 18.0 % under the floor of 20.0 %.",
            Automatic = true,
            OccurredAt = Told.Noon.AddMinutes(10),
        };
        yield return new CampaignResumed
        {
            EventId = Id(203),
            CampaignId = campaign,
            Reason = PauseReasons.LowCompletionRate,
            Automatic = true,
            OccurredAt = Told.Noon.AddMinutes(40),
        };
        yield return new CampaignPaused
        {
            EventId = Id(204),
            CampaignId = campaign,
            Reason = PauseReasons.Person,
            Automatic = false,
            OccurredAt = Told.Noon.AddMinutes(100),
        };
    }

    private static Guid Id(int n) => new(0, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)n]);

    private static AttemptEnded Ended(
        Guid campaign, int id, int lead, int minute, string outcome, int number, string callerId, string? callerIdCircle, string? circle) =>
        Told.Ended(campaign, Id(id), outcome, Told.Noon.AddMinutes(minute)) with
        {
            LeadId = Id(100 + lead),
            AttemptNumber = number,
            CallerId = callerId,
            CallerIdCircle = callerIdCircle,
            Circle = circle,
        };
}
