namespace Outdial.Providers.Tests.Numbers;

public sealed class CountriesTests
{
    [Theory]
    [InlineData("IN", "IN"), InlineData("in", "IN"), InlineData("IND", "IN"), InlineData("India", "IN"), InlineData("INDIA ", "IN")]
    [InlineData("Republic of India", "IN")]
    [InlineData("US", "US"), InlineData("USA", "US"), InlineData("U.S.", "US"), InlineData("U.S.A.", "US"), InlineData("United States", "US")]
    [InlineData("United States of America", "US"), InlineData("The United States", "US"), InlineData("America", "US")]
    [InlineData("United States (US)", "US")]
    [InlineData("GB", "GB"), InlineData("UK", "GB"), InlineData("U.K.", "GB"), InlineData("GBR", "GB"), InlineData("United Kingdom", "GB")]
    [InlineData("Great Britain", "GB")]
    [InlineData("England", "GB"), InlineData("Scotland", "GB"), InlineData("united kingdom of great britain and northern ireland", "GB")]
    [InlineData("UAE", "AE"), InlineData("U.A.E.", "AE"), InlineData("United Arab Emirates", "AE"), InlineData("South Korea", "KR")]
    [InlineData("Korea, South", "KR")]
    [InlineData("Republic of Korea", "KR"), InlineData("Korea, Republic of", "KR"), InlineData("Côte d'Ivoire", "CI")]
    [InlineData("Cote d’Ivoire", "CI"), InlineData("Ivory Coast", "CI")]
    [InlineData("Türkiye", "TR"), InlineData("Turkey", "TR"), InlineData("Czechia", "CZ"), InlineData("Czech Republic", "CZ")]
    [InlineData("Russia", "RU"), InlineData("Russian Federation", "RU")]
    [InlineData("Viet Nam", "VN"), InlineData("Vietnam", "VN"), InlineData("New Zealand", "NZ"), InlineData("NZL", "NZ")]
    [InlineData("Singapore", "SG"), InlineData("Hong Kong SAR", "HK")]
    [InlineData("Bosnia and Herzegovina", "BA"), InlineData("St. Lucia", "LC"), InlineData("Saint Lucia", "LC")]
    [InlineData("Trinidad & Tobago", "TT"), InlineData("KSA", "SA")]
    [InlineData("Deutschland", "DE"), InlineData("España", "ES"), InlineData("México", "MX"), InlineData("Kosovo", "XK"), InlineData("IS", "IS")]
    [InlineData("ST", "ST"), InlineData("NA", "NA")]
    [InlineData("91", "IN"), InlineData("+91", "IN"), InlineData("0091", "IN"), InlineData("00 91", "IN"), InlineData("(+91)", "IN")]
    [InlineData("91.0", "IN"), InlineData("'+91", "IN")]
    [InlineData("1", "US"), InlineData("+1", "US"), InlineData("001", "US"), InlineData("1-868", "TT"), InlineData("+1868", "TT")]
    [InlineData("1 876", "JM"), InlineData("1-416", "CA")]
    [InlineData("44", "GB"), InlineData("0044", "GB"), InlineData("7", "RU"), InlineData("39", "IT"), InlineData("65", "SG"), InlineData("64", "NZ")]
    [InlineData("971", "AE")]
    [InlineData("India (+91)", "IN"), InlineData("+44 GB", "GB"), InlineData("IN - India", "IN"), InlineData("US +1", "US")]
    public void A_country_is_read_however_lists_write_it(string text, string region) => Assert.Equal(region, Countries.Read(text));

    [Fact]
    public void Every_region_of_the_number_library_is_read_by_its_code_and_its_calling_code_and_each_that_has_a_zone_by_a_name()
    {
        Assert.All(PhoneNumber.Regions, region => Assert.Equal(region, Countries.Read(region)));
        Assert.All(PhoneNumber.Regions, region =>
            Assert.True(Countries.Share(Countries.Read($"+{PhoneNumbers.PhoneNumberUtil.GetInstance().GetCountryCodeForRegion(region)}")!, region)));
        Assert.All(
            NodaTime.TimeZones.TzdbDateTimeZoneSource.Default.ZoneLocations!.Where(zone => PhoneNumber.Regions.Contains(zone.CountryCode)),
            zone => Assert.Equal(zone.CountryCode, Countries.Read(zone.CountryName)));
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("-"), InlineData("Narnia"), InlineData("Gujarat"), InlineData("XX"), InlineData("999")]
    [InlineData("0"), InlineData("840")]
    [InlineData("India / Pakistan"), InlineData("India (+44)"), InlineData("9876543210"), InlineData("1-999")]
    public void What_is_no_country_or_two_is_none(string? text) => Assert.Null(Countries.Read(text));

    [Theory]
    [InlineData("Asia/Kolkata", "IN"), InlineData("Asia/Calcutta", "IN"), InlineData("Europe/London", "GB"), InlineData("GB", "GB")]
    [InlineData("America/New_York", "US")]
    [InlineData("UTC", null), InlineData("Etc/GMT+5", null), InlineData("Mars/Base", null), InlineData(null, null)]
    public void A_zone_tells_its_country(string? zone, string? region) => Assert.Equal(region, Countries.OfZone(zone));

    [Fact]
    public void Every_country_that_has_telephones_is_known_by_its_code() =>
        Assert.All(PhoneNumber.Regions, region => Assert.Equal(region, Countries.Find(region)));
}
