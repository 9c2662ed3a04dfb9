using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Windows;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.Windows;

/// <summary>What a number tells of where somebody lives, and when they may be called for it.</summary>
public class NumbersAndHoursTests
{
    private static readonly string[] Starts =
    [
        "+1208", "+1308", "+1364", "+1850", "+1928", "+1907", "+1212", "+1306", "+1555", "+1876", "+7495", "+7916", "+7701", "+614", "+612", "+618",
        "+55979", "+5511", "+6281", "+4477", "+4420", "+349", "+5255", "+98", "+919", "+3519",
    ];

    [Fact]
    public void Nobody_is_dialed_at_an_hour_that_is_none_in_a_zone_where_the_number_may_be_and_everybody_at_one_that_is_one_in_all() =>
        Prop.ForAll(Numbers().ToArbitrary(), CallingWindowProperties.AllCases().ToArbitrary(), (number, x) =>
        {
            var facts = new LeadFacts(
                CallingZones.OfNumber(number)!, 0, null, Suppressed: false, MetadataKnown: true, Dnd: false, x.Instant, PersonBusy: false, [], null);

            var verdict = LastLook.Check(facts, new CampaignRules { Window = x.Window }, x.Instant);

            var open = PhoneNumber.TimeZones(number).All(zone => CallingWindowProperties.OpenByTheBook(
                x.Window, TimeZoneInfo.ConvertTime(x.Instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime));
            return verdict is LookVerdict.Dial == open;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Theory]
    [InlineData("+919876543210", "Asia/Kolkata")]
    [InlineData("+447700900123", "Europe/London")]
    [InlineData("+447781123456", "Europe/Guernsey")]
    [InlineData("+353851234567", "Europe/Dublin")]
    [InlineData("+13135550123", "America/New_York")]
    [InlineData("+12085550123", "America/Boise, America/Los_Angeles")]
    [InlineData("+34612345678", "Atlantic/Canary, Europe/Madrid")]
    [InlineData("+870773111632", null)]
    public void Of_zones_with_one_clock_that_of_the_number_s_country_is_named(string number, string? zones) =>
        Assert.Equal(zones, CallingZones.OfNumber(number));

    [Theory]
    [InlineData("Asia/Kolkata", "IN")]
    [InlineData("Asia/Calcutta", "IN")]
    [InlineData("Europe/London", "GB")]
    [InlineData("Europe/Jersey", "JE")]
    [InlineData("America/Toronto", "CA")]
    [InlineData("US/Pacific", "US")]
    [InlineData("Asia/Dubai", "AE")]
    [InlineData("UTC", null)]
    [InlineData("Etc/GMT+5", null)]
    public void A_zone_tells_the_country_in_which_it_lies(string zone, string? country) => Assert.Equal(country, CallingZones.Country(zone));

    [Fact]
    public void Zones_without_a_common_hour_have_no_first_one_and_are_looked_at_again_in_a_day()
    {
        const string zones = "America/New_York, Asia/Bangkok";
        var now = new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

        var verdict = LastLook.Check(
            new LeadFacts(zones, 0, null, Suppressed: false, MetadataKnown: true, Dnd: false, now, PersonBusy: false, [], null), new CampaignRules(), now);

        Assert.Null(CallingWindow.Default.FirstOpen(now, zones));
        Assert.Equal(now.AddDays(1), CallingWindow.Default.NextOpen(now, zones));
        var hold = Assert.IsType<LookVerdict.Hold>(verdict);
        Assert.Contains("no calling hour in common in America/New_York, Asia/Bangkok", hold.Text);
        Assert.NotNull(CallingWindow.Default.ZonesOf("+15555550123", now));   // in winter the whole continent has half an hour in common
        Assert.Null(CallingWindowTests.Window("10:00", "18:00").ZonesOf("+15555550123", now));
    }

    [Fact]
    public void The_day_of_somebody_who_may_live_in_several_zones_holds_the_day_of_each()
    {
        var (start, next) = LocalDay.Of(new DateTimeOffset(2026, 3, 4, 6, 30, 0, TimeSpan.Zero), "America/Chicago, America/Denver");   // 00:30 and 23:30

        Assert.Equal(new DateTimeOffset(2026, 3, 3, 7, 0, 0, TimeSpan.Zero), start);
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 6, 0, 0, TimeSpan.Zero), next);
    }

    private static Gen<string> Numbers() =>
        from start in Gen.Elements(Starts)
        from rest in Gen.Choose(0, 9).ArrayOf(10)
        let digits = start + string.Concat(rest)
        select digits[..Math.Min(digits.Length, 13)] into number
        where CallingZones.OfNumber(number) is not null
        select number;
}
