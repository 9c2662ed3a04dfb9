using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.Pacing;

/// <summary>Law 7: what is checked at the moment of dialing.</summary>
public sealed class LastLookTests
{
    private static readonly DateTimeOffset NoonInIndia = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);
    private static readonly CampaignRules Rules = new();
    private static readonly LeadFacts Fine = new()
    {
        TimeZone = "Asia/Kolkata",
        Law = [],
        Tries = 0,
        LastOutcome = null,
        Suppressed = false,
        MetadataKnown = true,
        Dnd = false,
        MetadataAsOf = NoonInIndia,
        PersonBusy = false,
        PersonTries = [],
        PersonLastCallEnded = null,
    };

    [Fact]
    public void Law_7_a_lead_that_nothing_speaks_against_is_dialed() =>
        Assert.IsType<LookVerdict.Dial>(LastLook.Check(Fine, Rules, NoonInIndia));

    [Fact]
    public void Law_7_a_number_on_the_registry_is_never_dialed() =>
        Assert.Equal(LeadReasons.Dnd, Assert.IsType<LookVerdict.Never>(LastLook.Check(Fine with { Dnd = true }, Rules, NoonInIndia)).Reason);

    [Fact]
    public void Law_7_consent_held_by_the_uploader_overrules_the_registry() =>
        Assert.IsType<LookVerdict.Dial>(LastLook.Check(Fine with { Dnd = true }, Rules with { Dnd = "consented" }, NoonInIndia));

    [Fact]
    public void Law_7_a_person_who_opted_out_is_never_dialed_whatever_else_holds() =>
        Assert.Equal(LeadStates.OptedOut, Assert.IsType<LookVerdict.Never>(
            LastLook.Check(Fine with { Suppressed = true }, Rules with { Dnd = "consented" }, NoonInIndia)).State);

    [Fact]
    public void Law_7_a_night_in_the_leads_own_zone_waits_for_its_morning()
    {
        var newYork = Fine with { TimeZone = "America/New_York" };   // 01:30 there

        var hold = Assert.IsType<LookVerdict.Hold>(LastLook.Check(newYork, Rules, NoonInIndia));

        Assert.Equal(LeadReasons.OutsideWindow, hold.Reason);
        Assert.Equal(new DateTimeOffset(2026, 1, 14, 14, 0, 0, TimeSpan.Zero), hold.Until);
    }

    [Theory]
    [InlineData("+447400123456", "Europe/London", "06:00", "22:00", "09:00", "Waits for 09:00 in Europe/London: promotional calls to GB, whose law is not known "
        + "(Pacer:LawfulHours), are made from 09:00 to 21:00 alone.")]
    [InlineData("+12125550123", "America/New_York", "01:00", "24:00", "13:00",
        "Waits for 08:00 in America/New_York: the law of US allows promotional calls from 08:00 to 21:00.")]
    [InlineData("+12125550123", "America/New_York", "00:00", "04:00", "06:30", "In America/New_York the campaign's hours are never on when the law allows the "
        + "call: the law of US allows promotional calls from 08:00 to 21:00. Change the campaign's window, or say in which time zone the person lives "
        + "(PUT /api/v1/leads/{id}/time-zone).")]
    [InlineData("+919825012345", "Asia/Colombo", "00:00", "24:00", "07:30", "Waits for 13:00 in Asia/Colombo: promotional calls to LK, whose law is not known "
        + "(Pacer:LawfulHours), are made from 09:00 to 21:00 alone, and the law of IN allows promotional calls from 13:00 to 20:00.")]
    [InlineData("+870773111632", "Etc/UTC", "00:00", "24:00", "09:00",
        "Waits for 09:00 in Etc/UTC: promotional calls to somebody in a country that is not known are made from 09:00 to 21:00 alone.")]
    public void Law_7_the_hours_are_those_that_the_law_of_the_leads_own_country_allows_whatever_the_campaigns(
        string number, string zones, string from, string to, string until, string text)
    {
        Assert.True(new CallingWindowForm(from, to).TryRead(out var window, out _));
        var hours = new CampaignHours(window, Purposes.Promotional, new Dictionary<string, string> { ["IN-promotional"] = "13:00-20:00" });

        var verdict = LastLook.Check(
            Fine with { TimeZone = zones, Law = hours.Law(zones, number) }, Rules with { Window = window }, NoonInIndia);

        var hold = Assert.IsType<LookVerdict.Hold>(verdict);
        Assert.Equal(LeadReasons.LawfulHours, hold.Reason);
        Assert.Equal(until, $"{hold.Until:HH:mm}");
        Assert.Equal(text, hold.Text);
    }

    [Fact]
    public void Law_7_where_nothing_is_regulated_the_hours_are_the_campaigns_own()
    {
        var hours = new CampaignHours(CallingWindow.Always, Purposes.Service, new Dictionary<string, string>());

        Assert.Empty(hours.Law("America/New_York", "+12125550123"));
        Assert.Empty(hours.Law(CallingZones.Anywhere));
        Assert.Same(CallingWindow.Always, hours.Of("America/New_York", "+12125550123"));
    }

    [Fact]
    public void Law_10_a_lead_of_several_countries_is_called_when_the_law_of_each_allows_it_on_each_of_their_clocks()
    {
        var hours = new CampaignHours(CallingWindow.Always, Purposes.Collections, new Dictionary<string, string>());
        var (zones, number) = (CallingZones.Of("+919876543210", "America/New_York"), "+919876543210");

        Assert.Equal("America/New_York, Asia/Kolkata", zones);
        Assert.Equal(["US", "IN"], hours.Law(zones, number).Select(law => law.Country));
        Assert.Equal(hours.Law(zones), hours.Law(zones, number));
        // 08:00 in New York is 18:30 in India, where it is over at 19:00.
        Assert.Equal(new DateTimeOffset(2026, 1, 14, 13, 0, 0, TimeSpan.Zero), hours.Of(zones, number).FirstOpen(NoonInIndia, zones));
        Assert.Equal(new DateTimeOffset(2026, 1, 14, 13, 30, 0, TimeSpan.Zero), hours.Of(zones, number).ClosesAt(NoonInIndia.AddHours(6.5), zones));
    }

    [Theory]
    [InlineData("+911401234567", "140")]
    [InlineData("+911600123456", "1600")]
    [InlineData("+911800123456", "toll-free")]
    [InlineData("+919825012345", null)]
    [InlineData("+18761234567", null)]   // of Jamaica: whoever uploaded it said so, or it was not taken
    public void Law_7_a_number_that_is_not_taken_any_more_is_not_dialed_either(string number, string? because)
    {
        var verdict = LastLook.Check(Fine with { NotCallable = PhoneNumber.WhyNotCalled(number) }, Rules, NoonInIndia);

        if (because is null)
        {
            Assert.IsType<LookVerdict.Dial>(verdict);
            return;
        }
        Assert.False(PhoneNumber.TryParseCallee(number, "IN", out _, out var atTheDoor));
        var never = Assert.IsType<LookVerdict.Never>(verdict);
        Assert.Equal((LeadStates.Barred, LeadReasons.NotCallable), (never.State, never.Reason));
        Assert.Equal($"The number is not to be called: expected {atTheDoor}.", never.Text);
        Assert.Contains(because, never.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lead_that_was_taken_back_is_not_dialed_whatever_is_owed_to_it()
    {
        var never = Assert.IsType<LookVerdict.Never>(
            LastLook.Check(Fine with { Withdrawal = "Withdrawn by asha: paid.", CallBack = true }, Rules with { Dnd = "consented" }, NoonInIndia));

        Assert.Equal((LeadStates.Canceled, LeadReasons.Withdrawn, "Withdrawn by asha: paid."), (never.State, never.Reason, never.Text));
    }

    [Fact]
    public void Law_7_metadata_that_is_not_known_yet_is_waited_for() =>
        Assert.Equal(LeadReasons.AwaitingMetadata, Assert.IsType<LookVerdict.Hold>(
            LastLook.Check(Fine with { MetadataKnown = false, Dnd = null }, Rules, NoonInIndia)).Reason);

    [Theory, InlineData("hold", false), InlineData("dial", true)]
    public void Law_7_a_registry_that_cannot_be_asked_is_the_campaigns_own_decision(string rule, bool dials) =>
        Assert.Equal(dials, LastLook.Check(Fine with { Dnd = null }, Rules with { DndUnknown = rule }, NoonInIndia) is LookVerdict.Dial);

    [Fact]
    public void Law_6_the_tries_of_a_day_are_counted_in_the_leads_own_day()
    {
        // 19:00 and 20:00 yesterday and 09:30 today, in India: one of today's three.
        DateTimeOffset[] tries = [NoonInIndia.AddHours(-17), NoonInIndia.AddHours(-16), NoonInIndia.AddHours(-2.5)];
        var two = Rules with { MaxAttemptsPerDay = 2 };

        Assert.IsType<LookVerdict.Dial>(LastLook.Check(Fine with { PersonTries = tries }, two, NoonInIndia));
        var hold = Assert.IsType<LookVerdict.Hold>(
            LastLook.Check(Fine with { PersonTries = [.. tries, NoonInIndia.AddHours(-1)] }, two, NoonInIndia));

        Assert.Equal(LeadReasons.DailyCap, hold.Reason);
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 3, 30, 0, TimeSpan.Zero), hold.Until);   // 09:00 tomorrow
    }

    [Theory]
    [InlineData(3, 3, "Called 3 times today, which is all that a day allows; next at")]
    [InlineData(3, 1, "3 tries count for today, which is all that a day allows; the phone is known to have rung in 1 of them; next at")]
    [InlineData(3, 0, "3 tries count for today, which is all that a day allows; the phone is known to have rung in none of them; next at")]
    [InlineData(1, 0, "One try counts for today, which is all that a day allows, though it is not known that the phone rang; next at")]
    public void Tries_that_count_for_the_day_are_no_calls_unless_the_phone_rang(int tries, int rang, string said)
    {
        DateTimeOffset[] times = [.. Enumerable.Range(1, tries).Select(hour => NoonInIndia.AddMinutes(-20 * hour))];

        var hold = Assert.IsType<LookVerdict.Hold>(LastLook.Check(
            Fine with { PersonTries = times, PersonRings = times[..rang] }, Rules with { MaxAttemptsPerDay = tries }, NoonInIndia));

        Assert.StartsWith(said, hold.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_called_a_moment_ago_is_left_alone_for_the_minimum_gap()
    {
        var hold = Assert.IsType<LookVerdict.Hold>(
            LastLook.Check(
                Fine with { PersonLastCallEnded = NoonInIndia.AddMinutes(-2) }, Rules with { MinimumGap = TimeSpan.FromMinutes(5) }, NoonInIndia));

        Assert.Equal((LeadReasons.MinimumGap, NoonInIndia.AddMinutes(3)), (hold.Reason, hold.Until));
    }

    [Fact]
    public void A_person_whose_answer_reached_no_agent_is_left_alone_for_three_days_by_every_campaign()
    {
        var abandoned = Fine with { PersonLastAbandoned = NoonInIndia.AddHours(-71) };   // by another campaign: this lead has no try

        var hold = Assert.IsType<LookVerdict.Hold>(LastLook.Check(abandoned, Rules, NoonInIndia));

        Assert.Equal((LeadReasons.CoolDown, NoonInIndia.AddHours(1)), (hold.Reason, hold.Until));
        Assert.IsType<LookVerdict.Dial>(LastLook.Check(abandoned, Rules, NoonInIndia.AddHours(1)));
        Assert.IsType<LookVerdict.Dial>(LastLook.Check(abandoned with { CallBack = true }, Rules, NoonInIndia));   // it was promised
    }

    [Fact]
    public void The_cool_down_is_the_campaigns_own_also_where_it_does_not_redial()
    {
        var day = Rules with { Redial = new Dictionary<string, RedialRule> { [Outcomes.Abandoned] = new(TimeSpan.FromDays(1), 0) } };
        var abandoned = Fine with { PersonLastAbandoned = NoonInIndia.AddHours(-25) };

        Assert.IsType<LookVerdict.Dial>(LastLook.Check(abandoned, day, NoonInIndia));
        Assert.IsType<LookVerdict.Hold>(LastLook.Check(abandoned, Rules with { Redial = new Dictionary<string, RedialRule>() }, NoonInIndia));
    }

    [Fact]
    public void Redials_after_an_outcome_may_have_hours_of_their_own()
    {
        Assert.True(new CallingWindowForm("18:00", "20:00").TryRead(out var evening, out _));
        var evenings = Rules with
        {
            Redial = new Dictionary<string, RedialRule> { [Outcomes.NoAnswer] = new(TimeSpan.FromMinutes(5), 3) { Within = evening } },
        };

        var hold = Assert.IsType<LookVerdict.Hold>(LastLook.Check(Fine with { Tries = 1, LastOutcome = Outcomes.NoAnswer }, evenings, NoonInIndia));

        Assert.Equal(new DateTimeOffset(2026, 1, 14, 12, 30, 0, TimeSpan.Zero), hold.Until);   // 18:00 there
        Assert.IsType<LookVerdict.Dial>(LastLook.Check(Fine with { Tries = 1, LastOutcome = Outcomes.Busy }, evenings, NoonInIndia));
        Assert.Equal(hold.Until, Assert.IsType<AfterAttempt.Again>(
            RedialPolicy.Next(Outcomes.NoAnswer, 1, 0, NoonInIndia, null, "Asia/Kolkata", evenings)).DueAt);
    }

    [Fact]
    public void A_lead_whose_tries_are_used_up_ends_as_exhausted() =>
        Assert.Equal(LeadStates.Exhausted, Assert.IsType<LookVerdict.Never>(LastLook.Check(Fine with { Tries = 4 }, Rules, NoonInIndia)).State);

    [Fact]
    public void Nothing_is_dialed_after_the_campaigns_end() =>
        Assert.Equal(
            LeadStates.Canceled, Assert.IsType<LookVerdict.Never>(LastLook.Check(Fine, Rules with { EndsAt = NoonInIndia }, NoonInIndia)).State);
}
