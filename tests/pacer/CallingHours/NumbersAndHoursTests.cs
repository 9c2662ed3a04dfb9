using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Invariants;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.CallingHours;

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
            var facts = new LeadFacts
            {
                TimeZone = CallingZones.OfNumber(number)!,
                Law = [],
                Tries = 0,
                LastOutcome = null,
                Suppressed = false,
                MetadataKnown = true,
                Dnd = false,
                MetadataAsOf = x.Instant,
                PersonBusy = false,
                PersonTries = [],
                PersonLastCallEnded = null,
            };

            var verdict = LastLook.Check(facts, new CampaignRules { Window = x.Window }, x.Instant);

            var open = PhoneNumber.TimeZones(number).All(zone => CallingWindowProperties.OpenByTheBook(
                x.Window, TimeZoneInfo.ConvertTime(x.Instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime));
            return verdict is LookVerdict.Dial == open || !TwoBooksAgree(PhoneNumber.TimeZones(number), x.Instant);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    /// <summary>
    /// The look-up of zones that the program brings, and the one of this machine, which may be older: Alberta's clock from the autumn of 2026 on is
    /// not in all of them.
    /// </summary>
    private static bool TwoBooksAgree(IEnumerable<string> zones, DateTimeOffset at) => zones.All(zone =>
        DateTimeZoneProviders.Tzdb[zone].GetUtcOffset(Instant.FromDateTimeOffset(at)).ToTimeSpan()
            == TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(at));

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

    /// <summary>A campaign from 09:00 to 20:00, from 14 January 2026, 06:30Z on: when the number is called first, and no more.</summary>
    [Theory]
    [InlineData("+12125550123", "14:00", "01:00")]   // New York
    [InlineData("+12085550123", "17:00", "03:00")]   // Idaho: its north is an hour behind its south
    [InlineData("+19865550123", "17:00", "03:00")]   // laid over it
    [InlineData("+18125550123", "15:00", "01:00")]   // Indiana: Evansville by Chicago's clock
    [InlineData("+12705550123", "15:00", "01:00")]   // Kentucky
    [InlineData("+14235550123", "15:00", "01:00")]   // Tennessee
    [InlineData("+19315550123", "15:00", "01:00")]
    [InlineData("+13085550123", "16:00", "02:00")]   // Nebraska
    [InlineData("+17015550123", "16:00", "02:00")]   // the Dakotas
    [InlineData("+16055550123", "16:00", "02:00")]
    [InlineData("+18505550123", "15:00", "01:00")]   // Florida's west
    [InlineData("+14485550123", "15:00", "01:00")]
    [InlineData("+19065550123", "15:00", "01:00")]   // Michigan's north
    [InlineData("+15415550123", "17:00", "03:00")]   // Oregon: Malheur County
    [InlineData("+14585550123", "17:00", "03:00")]
    [InlineData("+19285550123", "16:00", "03:00")]   // Arizona, in winter
    [InlineData("+34928123456", "09:00", "19:00")]   // the Canaries, or Spain
    [InlineData("+34612345678", "09:00", "19:00")]   // a mobile of Spain, or of the Canaries
    [InlineData("+525512345678", "15:00", "02:00")]  // Mexico City
    [InlineData("+77172123456", "06:30", "15:00")]   // Kazakhstan: one clock since 2024
    [InlineData("+77011234567", "06:30", "15:00")]   // its mobiles, which are not Russia's
    [InlineData("+79161234567", null, null)]         // a mobile of Russia: ten hours from end to end
    [InlineData("+5511987654321", "12:00", "23:00")] // São Paulo
    [InlineData("+61412345678", null, null)]         // a mobile of Australia and of Christmas Island, or Cocos
    [InlineData("+6281234567890", "06:30", "11:00")] // a mobile of Indonesia
    [InlineData("+919876543210", "06:30", "14:30")]  // open when asked
    public void A_number_is_called_when_it_is_a_calling_hour_in_each_zone_where_it_may_be(string number, string? first, string? last)
    {
        var window = CallingWindowTests.Window("09:00", "20:00");
        var now = new DateTimeOffset(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

        var opens = window.FirstOpen(now, CallingZones.Of(number, null));

        if (first is null)
        {
            Assert.True(opens is null || window.ClosesAt(opens.Value, CallingZones.Of(number, null)) - opens <= TimeSpan.FromHours(5), $"{opens}");
            return;
        }
        Assert.Equal((first, last), (opens?.ToString("HH:mm"), window.ClosesAt(opens!.Value, CallingZones.Of(number, null))?.ToString("HH:mm")));
    }

    [Theory]
    [InlineData("+12085550123", "America/Boise", "America/Boise")]
    [InlineData("+12085550123", "America/Denver", "America/Denver")]                    // Boise's clock by another name
    [InlineData("+12085550123", "America/New_York", "America/Boise, America/Los_Angeles, America/New_York")]
    [InlineData("+12125550123", "America/Los_Angeles", "America/Los_Angeles, America/New_York")]   // moved, perhaps
    [InlineData("+919876543210", "Asia/Calcutta", "Asia/Calcutta")]
    [InlineData("+919876543210", "America/New_York", "America/New_York, Asia/Kolkata")]
    [InlineData("+919876543210", "UTC", "Asia/Kolkata, Etc/UTC")]
    [InlineData("+79161234567", "Europe/Moscow", "Europe/Moscow")]
    [InlineData("+870773111632", "Asia/Kolkata", "Asia/Kolkata")]                       // the number tells nothing
    [InlineData("+919876543210", "", "Asia/Kolkata")]
    [InlineData("+919876543210", null, "Asia/Kolkata")]
    public void A_zone_that_was_named_stands_for_itself_where_the_number_may_be_there_and_beside_the_number_s_own_where_it_may_not(
        string number, string? own, string zones) => Assert.Equal(zones, CallingZones.Of(number, own));

    [Fact]
    public void Of_whom_nothing_is_known_lives_anywhere_and_is_called_at_no_hour_but_by_a_campaign_that_always_calls()
    {
        var now = new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(CallingZones.Anywhere, CallingZones.Of("+870773111632", null));
        Assert.False(CallingWindow.Default.IsEverOpen(now, CallingZones.Anywhere));
        Assert.True(CallingWindow.Always.IsOpen(now, CallingZones.Anywhere));
        Assert.Equal("any time zone", CallingZones.Shown(CallingZones.Anywhere));
    }

    [Fact]
    public void The_witness_of_hours_agrees_with_the_last_look_and_believes_no_lead() =>
        Prop.ForAll(Numbers().ToArbitrary(), CallingWindowProperties.AllCases().ToArbitrary(), (number, x) =>
            // Zones that have had one clock since then are one to the last look (Kazakhstan had two until 2024), and no call is older.
            x.Instant.Year < 2025 || new[] { "", "America/Denver", "Asia/Kolkata", "Australia/Lord_Howe" }.All(own =>
            {
                var open = x.Window.IsOpen(x.Instant, CallingZones.Of(number, own));
                var allowed = HoursWitness.WasAllowed(x.Window, x.Instant, number, own, "Pacific/Apia");
                // Whether two zones have one clock the witness asks of the year around, the last look of many.
                return own.Length == 0 ? allowed == open : allowed || !open;
            }))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

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
            new LeadFacts
            {
                TimeZone = zones,
                Law = [],
                Tries = 0,
                LastOutcome = null,
                Suppressed = false,
                MetadataKnown = true,
                Dnd = false,
                MetadataAsOf = now,
                PersonBusy = false,
                PersonTries = [],
                PersonLastCallEnded = null,
            }, new CampaignRules(), now);

        Assert.Null(CallingWindow.Default.FirstOpen(now, zones));
        Assert.Equal(now.AddDays(1), CallingWindow.Default.NextOpen(now, zones));
        var hold = Assert.IsType<LookVerdict.Hold>(verdict);
        Assert.Equal(LeadReasons.ZoneUnknown, hold.Reason);
        Assert.Contains("The number may be in America/New_York, Asia/Bangkok, where the campaign's hours are never on at once.", hold.Text);
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
