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
    [InlineData("\u202a+91 98765 43210\u202c", "US", "+919876543210")]
    [InlineData("९८७६५४३२१०", "IN", "+919876543210")]
    [InlineData("080 2345 6789", "IN", "+918023456789")]
    [InlineData("022-2345 6789", "IN", "+912223456789")]
    [InlineData("011 2345 6789", "IN", "+911123456789")]   // begins with 112 and is Delhi
    [InlineData("0141 234 5678", "IN", "+911412345678")]
    [InlineData("9876543210.0", "IN", "+919876543210")]   // a column of amounts
    [InlineData("919876543210.0", "IN", "+919876543210")]
    [InlineData("9876543210,00", "IN", "+919876543210")]
    [InlineData("2125550123.0", "US", "+12125550123")]
    [InlineData("0330 123 4567", "GB", "+443301234567")]    // companies' numbers that cost what any other does
    [InlineData("058 123 45 67", "CH", "+41581234567")]
    [InlineData("010-234 56 78", "SE", "+46102345678")]
    [InlineData("0372 123 456", "RO", "+40372123456")]
    [InlineData("088 123 4567", "NL", "+31881234567")]
    [InlineData("(212) 555-0123", "US", "+12125550123")]
    [InlineData("1-212-555-0123", "CA", "+12125550123")]
    [InlineData("011 91 98765 43210", "US", "+919876543210")]
    [InlineData("+1 416.555.0123", "IN", "+14165550123")]
    [InlineData("07700 900123", "GB", "+447700900123")]
    [InlineData("+44 (0)20 7946 0958", "IN", "+442079460958")]
    [InlineData("447700900123", "GB", "+447700900123")]
    [InlineData("01697 73555", "GB", "+44169773555")]
    [InlineData("+971 50 123 4567", "IN", "+971501234567")]
    [InlineData("06 698 12345", "IT", "+390669812345")]    // the zero stays, in Italy
    [InlineData("8 (916) 123-45-67", "RU", "+79161234567")]
    [InlineData("06 12 34 56 78", "FR", "+33612345678")]
    public void A_number_is_read_however_people_write_it(string text, string region, string expected)
    {
        Assert.True(PhoneNumber.TryParse(text, region, out var e164, out var expectation), expectation);
        Assert.Equal(expected, e164);
        Assert.Empty(expectation);
        Assert.True(PhoneNumber.TryParseCallee(text, region, out e164, out expectation), expectation);
        Assert.Equal(expected, e164);
    }

    [Theory]
    [InlineData(null, "IN", "of IN, such as")]
    [InlineData("", "IN", "of IN, such as")]
    [InlineData("   ", "IN", "of IN")]
    [InlineData("+", "IN", "of IN")]
    [InlineData("n/a", "IN", "of IN")]
    [InlineData("98765", "IN", "of IN, such as 081234 56789 or +918123456789; this one is too short")]
    [InlineData("98765432101", "IN", "this one is too long")]
    [InlineData("0691234567.0", "DE", "of DE, such as 01512 3456789 or +4915123456789, without decimals")]   // or a longer number of Frankfurt
    [InlineData("9.87654E+09", "IN", "in scientific notation, 9.87654E+09, its last digits are lost: give the column the format text")]
    [InlineData("9,19825e+11", "IN", "its last digits are lost")]
    [InlineData("9.19825E11", "US", "of US, such as (201) 555-0123 or +12015550123; in scientific notation")]
    [InlineData("9876543210 x12", "IN", "of IN")]
    [InlineData("+919876543210;12", "IN", "of IN")]
    [InlineData("98765 43210 / 98765 43211", "IN", "of IN")]
    [InlineData("0000000000", "IN", "of IN")]
    [InlineData("0099 9501234567", "IN", "a country code that exists")]
    [InlineData("+999501234567", "IN", "a country code that exists")]
    [InlineData("+870773111632", "IN", "the country code of a country")]   // satellites
    [InlineData("+9198765", "US", "of IN")]
    [InlineData("112", "IN", "of IN")]
    [InlineData("112-555-0123", "US", "of US")]
    [InlineData("911-555-0123", "US", "of US")]
    [InlineData("555-0123 Bob", "US", "of US")]            // B, o and b are keys of a telephone
    [InlineData("07700 90012", "GB", "of GB")]
    public void A_number_that_cannot_be_is_refused_with_what_was_expected(string? text, string region, string named)
    {
        Assert.False(PhoneNumber.TryParse(text, region, out var e164, out var expected));
        Assert.Empty(e164);
        Assert.Contains(named, expected);
        Assert.False(PhoneNumber.TryParseCallee(text, region, out _, out _));
    }

    [Theory]
    [InlineData("1800123456", "IN", "toll-free")]
    [InlineData("0800 123 4567", "GB", "toll-free")]
    [InlineData("800-555-0123", "US", "toll-free")]
    [InlineData("900-555-0123", "US", "premium-rate")]
    [InlineData("0909 8790123", "GB", "premium-rate")]
    [InlineData("0900 123 4567", "DE", "premium-rate")]
    [InlineData("070 1234 5678", "GB", "personal")]
    [InlineData("0845 123 4567", "GB", "number, for which the caller pays more")]
    [InlineData("1860 123 4567", "IN", "shared-cost number, for which the caller pays more")]
    [InlineData("1409876543", "IN", "this one is of the series 140, from which companies call: nobody is to be called there")]
    [InlineData("+91 1600 123456", "GB", "this one is of the series 1600, from which companies call")]
    [InlineData("1601234567", "IN", "series 1601")]
    [InlineData("1609999999", "IN", "series 1609")]
    [InlineData("0570-123-456", "JP", "universal access number of a company, for which the caller may pay more")]
    [InlineData("018500 123456", "DE", "universal access")]
    [InlineData("707 123 456", "PT", "universal access")]
    [InlineData("1544-1234", "KR", "universal access")]
    [InlineData("876-555-0123", "US", "is of JM and billed as international")]
    [InlineData("+1 (876) 555-0123", "IN", "is of JM and billed as international")]
    [InlineData("+1 242 357 0123", "CA", "is of BS and billed as international")]
    public void What_costs_more_than_it_seems_or_is_nobody_s_telephone_is_never_called(string text, string region, string named)
    {
        Assert.False(PhoneNumber.TryParseCallee(text, region, out var e164, out var expected));
        Assert.Empty(e164);
        Assert.Contains(named, expected);
        Assert.True(PhoneNumber.TryParse(text, region, out _, out _));   // but it may have called us, or be ours
    }

    [Theory]
    [InlineData("+18765550123", "JM")]
    [InlineData("+17875550123", "US")]   // Puerto Rico is no call abroad
    public void A_caribbean_number_is_called_by_those_who_say_that_they_mean_it(string text, string region) =>
        Assert.True(PhoneNumber.TryParseCallee(text, region, out _, out _));

    [Theory]
    [InlineData("+919876543210", "IN", "mobile", true)]
    [InlineData("+911409876543", "IN", "commercial calls (140)", true)]
    [InlineData("+911600123456", "IN", "commercial calls (1600)", true)]   // the library takes it for a mobile
    [InlineData("+12125550123", "US", "fixed or mobile", true)]
    [InlineData("+14165550123", "CA", "fixed or mobile", true)]
    [InlineData("+18765550123", "JM", "mobile", true)]
    [InlineData("+447700900123", "GB", null, false)]   // for films
    [InlineData("+912211234567", "IN", null, false)]
    [InlineData("+12121550123", "US", null, false)]
    [InlineData("+447781123456", "GG", "mobile", true)]
    [InlineData("+441624756789", "IM", "fixed", true)]
    [InlineData("+77011234567", "KZ", "mobile", true)]
    [InlineData("+79161234567", "RU", "mobile", true)]
    [InlineData("+390669812345", "VA", "fixed", true)]
    [InlineData("+971501234567", "AE", "mobile", true)]
    [InlineData("+999501234567", null, null, false)]
    [InlineData("+870773111632", null, "mobile", true)]
    [InlineData("919876543210", null, null, false)]
    [InlineData("+", null, null, false)]
    [InlineData(null, null, null, false)]
    public void A_number_tells_its_country_and_kind_and_whether_its_range_is_given_out(string? e164, string? region, string? kind, bool valid)
    {
        Assert.Equal(region, PhoneNumber.Region(e164));
        Assert.Equal(kind, PhoneNumber.Kind(e164));
        Assert.Equal(valid, PhoneNumber.IsValid(e164));
    }

    [Fact]
    public void No_number_of_three_digits_is_called_in_any_country() =>
        Assert.All(PhoneNumber.Regions, region => Assert.DoesNotContain(
            Enumerable.Range(0, 1_000).Select(number => $"{number:000}"), number => PhoneNumber.TryParseCallee(number, region, out _, out _)));

    [Theory]
    [InlineData("IN", "1091"), InlineData("IN", "1909"), InlineData("IN", "14567"), InlineData("DE", "116123"), InlineData("FI", "116123")]
    [InlineData("GB", "116123"), InlineData("US", "988"), InlineData("AT", "116123"), InlineData("FR", "3646"), InlineData("NZ", "1737")]
    public void A_country_s_help_lines_and_emergency_services_are_read_nowhere_in_it(string region, string number)
    {
        Assert.False(PhoneNumber.TryParse(number, region, out _, out _));
        Assert.False(PhoneNumber.TryParseCallee($"+{PhoneNumbers.PhoneNumberUtil.GetInstance().GetCountryCodeForRegion(region)}{number}", null, out _, out _));
    }

    [Fact]
    public void A_region_that_is_not_known_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => PhoneNumber.TryParse("9876543210", "Atlantis", out _, out _));

    [Fact]
    public void Every_region_has_an_example_that_reads_as_it_is_shown()
    {
        Assert.True(PhoneNumber.Regions.Count > 200);
        Assert.All(PhoneNumber.Regions, region =>
        {
            Assert.False(PhoneNumber.TryParse("", region, out _, out var expected));
            var example = expected[(expected.IndexOf(" or +", StringComparison.Ordinal) + 4)..];
            Assert.True(PhoneNumber.TryParse(example, "IN", out var e164, out _) && e164 == example, expected);
        });
    }

    [Fact]
    public void Reading_any_text_never_throws_and_what_was_read_reads_as_itself() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Or(PhoneLike()).ToArbitrary(), Gen.Elements(PhoneNumber.Regions.ToArray()).ToArbitrary(),
            (text, region) => !PhoneNumber.TryParse(text, region, out var e164, out _)
                || (PhoneNumber.Region(e164) is not null
                    && new[] { "IN", "US", "GB", "IT", "AR", region }.All(r => PhoneNumber.TryParse(e164, r, out var again, out _) && again == e164)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    private static Gen<string> PhoneLike() =>
        from start in Gen.Elements("", "+", "0", "00", "+1", "+44", "+91", "+7", "+54", "+52")
        from rest in Gen.Elements("0123456789+- ().".ToCharArray()).ArrayOf()
        select start + new string(rest);
}
