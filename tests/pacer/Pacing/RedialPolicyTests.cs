using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

public sealed class RedialPolicyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);
    private static readonly CampaignRules Rules = new();

    private static AfterAttempt Next(string outcome, int tries = 1, int before = 0, TimeSpan? retryAfter = null, CampaignRules? rules = null) =>
        RedialPolicy.Next(outcome, tries, before, Noon, retryAfter, "Asia/Kolkata", rules ?? Rules);

    [Theory]
    [InlineData(Outcomes.Completed, LeadStates.Completed)]
    [InlineData(Outcomes.InvalidNumber, LeadStates.Invalid)]
    [InlineData(Outcomes.Barred, LeadStates.Barred)]
    [InlineData(Outcomes.Rejected, LeadStates.Exhausted)]
    public void Some_outcomes_end_the_lead(string outcome, string state) =>
        Assert.Equal(state, Assert.IsType<AfterAttempt.Final>(Next(outcome)).State);

    [Fact]
    public void A_busy_lead_is_redialed_after_the_delay_of_its_outcome() =>
        Assert.Equal(Noon.AddMinutes(5), Assert.IsType<AfterAttempt.Again>(Next(Outcomes.Busy)).DueAt);

    [Fact]
    public void The_providers_wish_for_a_longer_delay_is_granted() =>
        Assert.Equal(Noon.AddMinutes(20), Assert.IsType<AfterAttempt.Again>(Next(Outcomes.Busy, retryAfter: TimeSpan.FromMinutes(20))).DueAt);

    [Fact]
    public void A_redial_that_would_fall_into_the_night_waits_for_the_morning()
    {
        var again = RedialPolicy.Next(Outcomes.Unreachable, 1, 0, Noon.AddHours(8), null, "Asia/Kolkata", Rules);   // 20:00 there, due at 22:00

        Assert.Equal(new DateTimeOffset(2026, 1, 15, 3, 30, 0, TimeSpan.Zero), Assert.IsType<AfterAttempt.Again>(again).DueAt);
    }

    [Fact]
    public void Each_outcome_has_its_own_number_of_redials()
    {
        Assert.IsType<AfterAttempt.Again>(Next(Outcomes.Busy, tries: 3, before: 2));
        Assert.IsType<AfterAttempt.Final>(Next(Outcomes.Busy, tries: 4, before: 3, rules: Rules with { MaxAttempts = 10 }));
    }

    [Fact]
    public void The_last_try_is_the_last_whatever_the_outcome() =>
        Assert.Equal(LeadReasons.TriesUsed, Assert.IsType<AfterAttempt.Final>(Next(Outcomes.NoAnswer, tries: 4)).Reason);

    [Fact]
    public void Every_outcome_leads_somewhere() =>
        Assert.All(Outcomes.All, outcome => Assert.True(Next(outcome) is AfterAttempt.Final or AfterAttempt.Again));
}
