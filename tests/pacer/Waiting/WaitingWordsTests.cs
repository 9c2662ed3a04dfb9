using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Waiting;

namespace Outdial.Pacer.Tests.Waiting;

public sealed class WaitingWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 1, 30, 0, TimeSpan.Zero);   // 07:00 in India

    private static WaitingLeads Some(string reason, int count, double minutes, string where = "GJ", string zone = "Asia/Kolkata") => new()
    {
        Reason = reason,
        Where = where,
        TimeZone = zone,
        NextAt = Now.AddMinutes(minutes),
        LastAt = Now.AddMinutes(minutes),
        Count = count,
    };

    private static string Say(params WaitingLeads[] groups) =>
        WaitingWords.Sentence(CampaignStates.Running, null, true, WaitingWords.Told(groups, Now), null, null, Now);

    [Fact]
    public void Leads_of_many_circles_with_one_reason_are_one_count() => Assert.Equal(
        "211 are due and come in their turn.",
        Say([.. Enumerable.Range(0, 20).Select(i => Some(LeadReasons.InQueue, i + 1, 0, $"C{i}")), Some(LeadReasons.InQueue, 1, 0)]));

    [Fact]
    public void Times_are_a_first_and_a_last_and_name_their_zone() => Assert.Equal(
        "5 wait for their redial, the first from 01:32 UTC, the last from 03:30 UTC.",
        Say(Some(LeadReasons.RedialDelay, 4, 120), Some(LeadReasons.RedialDelay, 1, 2, "KA")));

    [Fact]
    public void What_a_day_allows_is_told_with_when_it_is_allowed_again() => Assert.Equal(
        "2 had all the calls of a day and may be called again from Thu 03:30 UTC.", Say(Some(LeadReasons.DailyCap, 2, 26 * 60)));

    [Fact]
    public void Circles_whose_hours_begin_together_are_one_place_and_others_are_told_apart() => Assert.Equal(
        "7 wait for 09:00 in Asia/Kolkata, 2 wait for 09:00 in Europe/London, 1 waits for its redial, from 01:31 UTC.",
        Say(Some(LeadReasons.OutsideWindow, 4, 120), Some(LeadReasons.OutsideWindow, 3, 120, "KA"),
            Some(LeadReasons.OutsideWindow, 2, 450, "Europe/London", "Europe/London"), Some(LeadReasons.RedialDelay, 1, 1)));

    [Fact]
    public void Hours_of_many_places_have_a_first_and_a_last() => Assert.Equal(
        "10 wait for their hours in 5 places, the first for 08:30 in C1, the last for 12:30 in C5.",
        Say([.. Enumerable.Range(1, 5).Select(i => Some(LeadReasons.OutsideWindow, 2, 30 + (60 * i), $"C{i}"))]));

    [Fact]
    public void Others_are_of_other_reasons_and_nothing_else()
    {
        string[] reasons =
        [
            LeadReasons.RedialDelay, LeadReasons.CallBack, LeadReasons.AwaitingAgent, LeadReasons.AwaitingMetadata, LeadReasons.DndUnknown,
            LeadReasons.MinimumGap, LeadReasons.CoolDown, LeadReasons.PersonBusy, LeadReasons.NoCallerId, LeadReasons.NotBefore,
        ];

        var told = Say([.. reasons.Select((reason, at) => Some(reason, 10 * (reasons.Length - at), 5))]);

        Assert.EndsWith(", 30 for other reasons.", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "1 is in the hopper and no agent is signed in.")]
    [InlineData(2, 2, "1 is in the hopper and no agent is at work.")]
    [InlineData(2, 1, "1 waits in the hopper for the next free agent.")]
    public void A_lead_in_the_hopper_waits_and_whether_anybody_is_there_for_it_is_told(int signedIn, int paused, string told) => Assert.Equal(
        told, WaitingWords.Sentence(
            CampaignStates.Running, null, true, [], WaitingWords.InHopper(1, new AgentCounts(signedIn, 0, 0, paused)), null, Now));
}
