using FsCheck;
using FsCheck.Fluent;
using Outdial.Providers;

namespace Outdial.Providers.Tests.Numbers;

public class PhoneNumberTests
{
    [Theory]
    [InlineData("9876543210", "IN", "+919876543210")]
    [InlineData("09876543210", "IN", "+919876543210")]
    [InlineData("+91 98765 43210", "IN", "+919876543210")]
    [InlineData("0091-98765-43210", "IN", "+919876543210")]
    [InlineData("919876543210", "IN", "+919876543210")]
    [InlineData("+91 (0) 98765.43210", "US", "+919876543210")]
    [InlineData("'9876543210", "IN", "+919876543210")]
    [InlineData("tel:+919876543210", "GB", "+919876543210")]
    [InlineData("98765\u00a043210\u200e", "IN", "+919876543210")]
    [InlineData("९८७६५४३२१०", "IN", "+919876543210")]
    [InlineData("080 2345 6789", "IN", "+918023456789")]
    [InlineData("022-2345 6789", "IN", "+912223456789")]
    [InlineData("0141 234 5678", "IN", "+911412345678")]
    [InlineData("1409876543", "IN", "+911409876543")]
    [InlineData("(212) 555-0123", "US", "+12125550123")]
    [InlineData("1-212-555-0123", "CA", "+12125550123")]
    [InlineData("011 91 98765 43210", "US", "+919876543210")]
    [InlineData("+1 416.555.0123", "IN", "+14165550123")]
    [InlineData("07700 900123", "GB", "+447700900123")]
    [InlineData("+44 (0)20 7946 0958", "IN", "+442079460958")]
    [InlineData("447700900123", "GB", "+447700900123")]
    [InlineData("01697 73555", "GB", "+44169773555")]
    public void A_number_is_read_however_people_write_it(string text, string region, string expected)
    {
        Assert.True(PhoneNumber.TryParse(text, region, out var e164, out var expectation), expectation);
        Assert.Equal(expected, e164);
        Assert.Empty(expectation);
    }

    [Theory]
    [InlineData(null, "IN", "Indian")]
    [InlineData("", "IN", "Indian")]
    [InlineData("   ", "IN", "Indian")]
    [InlineData("+", "IN", "Indian")]
    [InlineData("n/a", "IN", "Indian")]
    [InlineData("98765", "IN", "Indian")]
    [InlineData("98765432101", "IN", "Indian")]
    [InlineData("9876543210.0", "IN", "Indian")]
    [InlineData("9.87654E+09", "IN", "Indian")]
    [InlineData("9876543210 x12", "IN", "Indian")]
    [InlineData("0000000000", "IN", "country code")]
    [InlineData("1800123456", "IN", "Indian")]
    [InlineData("2211234567", "IN", "Indian")]
    [InlineData("+9198765", "US", "Indian")]
    [InlineData("+971501234567", "IN", "country code")]
    [InlineData("112-555-0123", "US", "United States")]
    [InlineData("911-555-0123", "US", "United States")]
    [InlineData("212-155-0123", "US", "United States")]
    [InlineData("212-911-0123", "US", "United States")]
    [InlineData("876-555-0123", "US", "United States")]
    [InlineData("900-555-0123", "US", "United States")]
    [InlineData("0909 8790123", "GB", "British")]
    [InlineData("070 1234 5678", "GB", "British")]
    [InlineData("07700 90012", "GB", "British")]
    public void A_number_that_cannot_be_is_refused_with_what_was_expected(string? text, string region, string named)
    {
        Assert.False(PhoneNumber.TryParse(text, region, out var e164, out var expected));
        Assert.Empty(e164);
        Assert.Contains(named, expected);
    }

    [Theory]
    [InlineData("+919876543210", "IN", "Asia/Kolkata")]
    [InlineData("+447700900123", "GB", "Europe/London")]
    [InlineData("+12125550123", "US", "America/New_York")]
    [InlineData("+16025550123", "US", "America/Phoenix")]
    [InlineData("+14165550123", "CA", "America/Toronto")]
    [InlineData("+12085550123", "US", null)]    // Idaho lies in two zones
    [InlineData("+13065550123", "CA", null)]    // so does a corner of Saskatchewan
    [InlineData("+18765550123", null, null)]    // Jamaica
    [InlineData("+971501234567", null, null)]
    [InlineData("919876543210", null, null)]
    [InlineData(null, null, null)]
    public void Region_and_zone_are_told_only_where_they_are_certain(string? e164, string? region, string? zone)
    {
        Assert.Equal(region, PhoneNumber.Region(e164));
        Assert.Equal(zone, PhoneNumber.DefaultTimeZone(e164));
    }

    [Fact]
    public void A_region_that_is_not_known_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => PhoneNumber.TryParse("9876543210", "FR", out _, out _));

    [Fact]
    public void Reading_any_text_never_throws_and_what_was_read_reads_as_itself() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Or(PhoneLike()).ToArbitrary(), Gen.Elements("IN", "US", "CA", "GB").ToArbitrary(),
            (text, region) => !PhoneNumber.TryParse(text, region, out var e164, out _)
                || (PhoneNumber.Region(e164) is not null
                    && PhoneNumber.Regions.All(r => PhoneNumber.TryParse(e164, r, out var again, out _) && again == e164)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Every_zone_of_the_area_codes_is_one_that_exists()
    {
        var zones = Enumerable.Range(200, 800).Select(code => PhoneNumber.DefaultTimeZone($"+1{code}5550123")).OfType<string>().Distinct().ToList();

        Assert.True(zones.Count > 15);
        Assert.All(zones, zone => Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _), zone));
    }

    private static Gen<string> PhoneLike() =>
        Gen.Elements("0123456789+- ().".ToCharArray()).ArrayOf().Select(characters => new string(characters));
}
