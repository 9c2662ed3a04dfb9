using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Providers.Tests.Numbers;

public sealed class NumberRegionsTests
{
    private static NumberRegions Of(string regions) => NumberRegions.Of(regions.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static NumberDoors Doors(params (string Key, string? Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build());

    [Theory]
    [InlineData("07700 900123", "GB", "+447700900123")]
    [InlineData("07700 900123", "IN", "+917700900123")]
    [InlineData("07700 900123", "GB GG JE", "+447700900123")]      // one calling code: one number
    [InlineData("(212) 555-0177", "US CA", "+12125550177")]
    [InlineData("021 123 4567", "NZ", "+64211234567")]
    [InlineData("8123 4567", "SG", "+6581234567")]
    [InlineData("8123 4567", "SG IN", "+6581234567")]              // too short for India
    [InlineData("06 698 12345", "IT", "+390669812345")]
    [InlineData("+44 7700 900123", "IN US", "+447700900123")]
    [InlineData("+44 7700 900123", "", "+447700900123")]
    [InlineData("＋４４ ７７００ ９００１２３", "", "+447700900123")]
    [InlineData("(+44) 07700 900123", "IN", "+447700900123")]
    [InlineData("00 44 7700 900123", "US", "+447700900123")]       // 00 leads abroad from nowhere in America, and is nothing else there
    [InlineData("0044 (0)7700 900123", "US IN", "+447700900123")]
    [InlineData("0044 7700 900123", "", "+447700900123")]
    [InlineData("011 44 7700 900123", "IN", "+447700900123")]      // 011 is Delhi, where a number is shorter
    [InlineData("011 44 7700 900123", "IN US", "+447700900123")]
    [InlineData("011 2345 6789", "IN US", "+911123456789")]
    [InlineData("0011 44 7700 900123", "AU IN", "+447700900123")]
    [InlineData("91 98765 43210", "IN US", "+919876543210")]
    [InlineData("tel:+44-7700-900123", "IN", "+447700900123")]
    [InlineData("tel:07700900123;phone-context=+44", "IN", "+447700900123")]
    [InlineData("TEL:00447700900123", "IN", "+447700900123")]
    [InlineData("+44\u202f7700\u2007900\u2011123", "IN", "+447700900123")]
    [InlineData("\u2066+44\u2069 7700\u200e 900\u200b123\u00ad", "IN", "+447700900123")]
    [InlineData("\ufeff07700 900123", "GB", "+447700900123")]
    [InlineData("٠٧٧٠٠ ٩٠٠١٢٣", "GB", "+447700900123")]
    [InlineData("０３ー１２３４ー５６７８", "JP", "+81312345678")]
    public void A_number_with_one_reading_is_read(string text, string regions, string expected)
    {
        Assert.True(Of(regions).TryParse(text, out var e164, out var expectation), expectation);
        Assert.Equal(expected, e164);
        Assert.True(Of(regions).TryParseCallee(text, out e164, out expectation), expectation);
        Assert.Equal(expected, e164);
    }

    [Theory]
    [InlineData("07700 900123", "IN GB", "+917700900123 (IN) or +447700900123 (GB)")]
    [InlineData("(212) 555-0177", "IN US", "+912125550177 (IN) or +12125550177 (US)")]
    [InlineData("800 555 0199", "US IN", "+18005550199 (US) or +918005550199 (IN)")]    // toll-free here, somebody's phone there
    [InlineData("98765 43210", "IN US GB", "+919876543210 (IN)")]
    [InlineData("020 7946 0018", "GB IN", "+442079460018 (GB) or +912079460018 (IN)")]
    public void A_number_with_several_readings_is_refused_with_all_of_them_and_asked_for_with_a_plus(string text, string regions, string readings)
    {
        Assert.False(Of(regions).TryParse(text, out var e164, out var expected));
        Assert.False(Of(regions).TryParseCallee(text, out _, out _));

        Assert.Empty(e164);
        Assert.StartsWith("the number with + and the code of its country", expected);
        Assert.Contains(readings, expected);
    }

    [Theory]
    [InlineData("07700 900123", "")]
    [InlineData("98765 43210", "")]
    [InlineData("555 0123", "US GB")]
    [InlineData("9876543210.0", "DE")]      // a decimal would be one digit more
    [InlineData("030 1234567 ext. 5", "DE")]
    [InlineData("+44 7700 900123 x 5", "GB")]
    [InlineData("tel:+447700900123;ext=5", "GB")]
    public void A_number_without_a_reading_is_refused_with_what_would_be_one(string text, string regions)
    {
        Assert.False(Of(regions).TryParse(text, out var e164, out var expected));
        Assert.Empty(e164);
        Assert.Contains("+", expected);
    }

    [Fact]
    public void An_extension_is_named_as_what_is_too_much()
    {
        Assert.False(Of("GB").TryParse("020 7946 0018 ext 12", out _, out var expected));
        Assert.Contains("without an extension", expected);
    }

    [Theory]
    [InlineData(new[] { "Accounts:default:Region=GB", "Accounts:default:TimeZone=Asia/Kolkata" }, "GB")]
    [InlineData(new[] { "Accounts:default:Region=uk" }, "GB")]
    [InlineData(new[] { "Accounts:default:TimeZone=Europe/London", "Numbers:DefaultRegion=IN" }, "GB")]
    [InlineData(new[] { "Accounts:default:TimeZone=Asia/Calcutta" }, "IN")]
    [InlineData(new[] { "Accounts:default:TimeZone=US/Eastern" }, "US")]
    [InlineData(new[] { "Accounts:default:TimeZone=UTC", "Numbers:DefaultRegion=NZ" }, "NZ")]
    [InlineData(new[] { "Accounts:default:Provider=exotel" }, "IN")]                                      // its own country, where no other is in use
    [InlineData(new[] { "Accounts:default:Provider=exotel", "Accounts:other:Region=GB" }, "IN GB")]       // nothing says which
    [InlineData(new[] { "Accounts:default:Provider=portaswitch", "Accounts:default:TimeZone=UTC" }, "")]
    public void A_number_is_read_in_the_country_of_its_account_else_in_the_default_one_else_in_all_that_are_in_use(string[] settings, string regions)
    {
        var doors = Doors([.. settings.Select(setting => setting.Split('=')).Select(setting => (setting[0], (string?)setting[1]))]);

        Assert.Equal(Of(regions).All, doors.OfAccount(null).All);
        Assert.Equal(Of(regions).All, doors.OfAccount("default").All);
    }

    [Theory]
    [InlineData("Numbers:DefaultRegion", "Narnia")]
    [InlineData("Accounts:default:Region", "XX")]
    public async Task A_country_that_is_none_stops_the_start_and_is_named(string setting, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(setting, (string?)value)]);
        builder.AddNumberDoors();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains($"{setting} is \"{value}\"; expected a country as ISO 3166 writes it", error.Message);
    }

    [Theory]
    [InlineData("Region=GB", "GB", "Europe/London"), InlineData("TimeZone=Europe/London", "", "Europe/London"), InlineData("Region=US", "US", "America/New_York")]
    [InlineData("Provider=exotel", "", "Asia/Kolkata"), InlineData("Provider=portaswitch", "", null), InlineData("TimeZone=UTC", "", "Asia/Kolkata")]
    public void An_account_has_a_zone_of_its_country_and_is_in_a_named_one_only_where_somebody_named_it(string setting, string named, string? zone)
    {
        var doors = Doors(($"Accounts:default:{setting.Split('=')[0]}", setting.Split('=')[1]));

        Assert.Equal((named, zone), (string.Join(' ', doors.Named), doors.Zone(null)));
    }

    [Theory]
    [InlineData("Accounts:default:Region=GB", "020 7183 8750", "+442071838750"), InlineData("Accounts:default:Provider=exotel", "080 4000 0009", "+918040000009")]
    [InlineData("Accounts:other:Region=GB", "+91 80 4000 0009", "+918040000009")]
    public async Task The_number_that_agents_see_starts_where_it_is_one(string setting, string written, string read)
    {
        (string, string?)[] settings = [(setting.Split('=')[0], setting.Split('=')[1]), ("Accounts:default:AgentCallerId", written)];
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Item1, each.Item2)));
        builder.AddNumberDoors();
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal(read, Doors(settings).AgentCallerId(builder.Configuration.GetSection("Accounts:default"), out _));
    }

    [Theory]
    [InlineData("12345", "a telephone number of IN"), InlineData("07700 900123", "+917700900123 (IN) or +447700900123 (GB)")]
    public async Task A_number_that_agents_would_see_and_that_is_none_or_two_stops_the_start(string written, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("Accounts:default:AgentCallerId", (string?)written),
            .. expected.Contains("GB", StringComparison.Ordinal) ? [KeyValuePair.Create("Accounts:uk:Region", (string?)"GB")]
                : Array.Empty<KeyValuePair<string, string?>>(),
        ]);
        builder.AddNumberDoors();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Accounts:default:AgentCallerId is no number that can be shown; expected", error.Message);
        Assert.Contains(expected, error.Message);
    }

    private static readonly string[] Regions = [.. PhoneNumber.Regions.Order(StringComparer.Ordinal)];

    /// <summary>A number as one country's people write it, at a door of accounts in some countries.</summary>
    private sealed record Written(string E164, string Home, string National, string Abroad, string[] InUse, string? Default);

    private static readonly Gen<Written> AnyWritten =
        from home in Gen.Elements(Regions)
        from inUse in Gen.Elements(Regions).ArrayOf(3)
        from defaulted in Gen.Elements<string?>([null, .. Regions])
        from type in Gen.Elements(PhoneNumbers.PhoneNumberType.MOBILE, PhoneNumbers.PhoneNumberType.FIXED_LINE)
        from tail in Gen.Choose(0, 999)
        select Write(home, inUse, defaulted, type, tail);

    private static Written Write(string home, string[] inUse, string? defaulted, PhoneNumbers.PhoneNumberType type, int tail)
    {
        var util = PhoneNumbers.PhoneNumberUtil.GetInstance();
        var example = util.GetExampleNumberForType(home, type) ?? util.GetExampleNumber(home);
        var digits = example.NationalNumber.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var varied = digits.Length < 7 ? digits : digits[..^3] + tail.ToString("000", System.Globalization.CultureInfo.InvariantCulture);
        var national = ulong.Parse(varied, System.Globalization.CultureInfo.InvariantCulture);
        var number = new PhoneNumbers.PhoneNumber.Builder().MergeFrom(example).SetNationalNumber(national).Build();
        if (!util.IsValidNumberForRegion(number, home))
            number = example;
        return new(
            util.Format(number, PhoneNumbers.PhoneNumberFormat.E164), home, util.Format(number, PhoneNumbers.PhoneNumberFormat.NATIONAL),
            util.Format(number, PhoneNumbers.PhoneNumberFormat.INTERNATIONAL), inUse, defaulted);
    }

    [Fact]
    public void At_any_door_a_number_is_what_its_owner_s_country_makes_of_it_or_it_is_refused() => Prop.ForAll(AnyWritten.ToArbitrary(), written =>
    {
        (string, string?)[] accounts = [.. written.InUse.Select((region, at) => ($"Accounts:in-use-{at}:Region", (string?)region))];
        var owned = Doors([.. accounts, ("Accounts:own:Region", written.Home), ("Numbers:DefaultRegion", written.Default)]);
        var defaulted = Doors([.. accounts, ("Accounts:own:TimeZone", "UTC"), ("Accounts:own:Provider", "portaswitch"),
            ("Numbers:DefaultRegion", written.Home)]);
        var nobody = Doors([.. accounts, ("Accounts:own:TimeZone", "UTC"), ("Accounts:own:Provider", "portaswitch")]);

        // With its country's code it is itself, whoever owns the door.
        foreach (var doors in new[] { owned, defaulted, nobody })
        {
            Assert.True(doors.OfAccount("own").TryParse(written.E164, out var plus, out _));
            Assert.True(doors.OfAccount("own").TryParse(written.Abroad, out var spaced, out _));
            Assert.Equal((written.E164, written.E164), (plus, spaced));
        }

        // Without, it is what its owner's country, or the default one, makes of it, whatever else is in use.
        Assert.True(PhoneNumber.TryParse(written.National, written.Home, out var read, out _));
        Assert.True(owned.OfAccount("own").TryParse(written.National, out var own, out _));
        Assert.True(defaulted.OfAccount("own").TryParse(written.National, out var byDefault, out _));
        Assert.Equal((read, read), (own, byDefault));

        // Nobody's is what every country in use makes of it, where they agree; else it is not read.
        var readings = written.InUse.Select(region => PhoneNumber.TryParse(written.National, region, out var e164, out _) ? e164 : null)
            .OfType<string>().Distinct().ToList();
        Assert.Equal(readings.Count == 1, nobody.OfAccount("own").TryParse(written.National, out var clear, out var expected));
        Assert.Equal(readings.Count == 1 ? readings[0] : "", clear);
        if (readings.Count > 1)
            Assert.All(readings, reading => Assert.Contains(reading, expected));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
}
