using System.Reflection;
using Outdial.Providers;
using PhoneNumbers;

namespace Outdial.Providers.Tests.Numbers;

public class NumberZonesTests
{
    [Theory]
    [InlineData("+919876543210", "Asia/Calcutta")]
    [InlineData("+12125550123", "America/New_York")]
    [InlineData("+12085550123", "America/Boise America/Los_Angeles")]
    [InlineData("+13085550123", "America/Chicago America/Denver")]      // the library's own answer for this exchange is Chicago alone
    [InlineData("+13645550123", "America/Chicago America/New_York")]    // laid over 270, of which the library knows both
    [InlineData("+13065550123", "America/Edmonton America/Regina")]     // Lloydminster
    [InlineData("+16895550123", "America/Chicago America/New_York")]    // Orlando, which the library takes for Chicago
    [InlineData("+18765550123", "America/Jamaica")]
    [InlineData("+442079460958", "Europe/London")]
    [InlineData("+61412345678", "Australia/Sydney Australia/Adelaide Australia/Perth Indian/Christmas")]
    [InlineData("+79161234567", "Europe/Kaliningrad Europe/Moscow Asia/Kamchatka")]
    [InlineData("+77011234567", "Asia/Almaty Asia/Aqtau")]
    [InlineData("+6281234567890", "Asia/Jakarta Asia/Makassar Asia/Jayapura")]    // the library takes the operator for an area
    [InlineData("+5581987654321", "America/Noronha America/Sao_Paulo")]    // Recife, and an island
    [InlineData("+13345550123", "America/Chicago America/New_York")]    // Phenix City
    [InlineData("+447700900123", "Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London")]
    [InlineData("+74951234567", "Europe/Moscow")]
    [InlineData("+61289876544", "Australia/Lord_Howe Australia/Sydney")]
    [InlineData("+5597981234567", "America/Eirunepe America/Manaus")]
    [InlineData("+212650123456", "Africa/Casablanca")]                  // the library names the Canary Islands
    [InlineData("+56221234567", "America/Santiago America/Punta_Arenas Pacific/Easter")]
    [InlineData("+870773111632", "")]
    [InlineData("919876543210", "")]
    [InlineData(null, "")]
    public void A_number_may_be_in_every_zone_of_its_area(string? e164, string zones) =>
        Assert.Superset(zones.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), PhoneNumber.TimeZones(e164).ToHashSet());

    [Theory]
    [InlineData("+12125550123", 1)]
    [InlineData("+13085550123", 2)]
    [InlineData("+18765550123", 1)]
    [InlineData("+74951234567", 1)]
    [InlineData("+61289876544", 2)]
    [InlineData("+971501234567", 1)]
    [InlineData("+447400123456", 1)]       // Great Britain's, and not an island's
    [InlineData("+62911123456", 1)]        // a fixed telephone of Ambon
    public void And_in_no_other(string e164, int zones) => Assert.Equal(zones, PhoneNumber.TimeZones(e164).Count);

    [Theory]
    [InlineData("+61412345678", "+61499999999")]
    [InlineData("+447911123456", "+447700900123")]
    public void A_number_that_is_only_possible_may_be_anywhere_in_its_country(string valid, string possible) =>
        Assert.Superset(PhoneNumber.TimeZones(valid).ToHashSet(), PhoneNumber.TimeZones(possible).ToHashSet());

    [Theory, InlineData("+77011234567", "Europe/Moscow"), InlineData("+79161234567", "Asia/Almaty"), InlineData("+262692123456", "Indian/Mayotte")]
    public void Of_several_countries_under_one_code_only_those_count_in_which_the_number_is_valid(string e164, string zone) =>
        Assert.DoesNotContain(zone, PhoneNumber.TimeZones(e164));

    [Fact]
    public void A_number_of_no_area_that_is_given_out_may_be_anywhere_in_the_plan() =>
        Assert.True(PhoneNumber.TimeZones("+15555550123").Count > 30);

    [Fact]
    public void Every_zone_of_every_country_is_one_that_exists()
    {
        var zones = Data().SelectMany(entry => entry.Value).Concat(NumberZones.AlsoIn.Values).Distinct().ToList();

        Assert.True(zones.Count > 200);
        Assert.All(zones, zone => Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _), zone));
        Assert.All(PhoneNumber.Regions, region => Assert.NotEmpty(PhoneNumber.TimeZones(Example(region))));
    }

    /// <summary>
    /// Against the library's data itself, which only a test may look at: were it finer than is asked, an area's answer would be too narrow.
    /// </summary>
    [Fact]
    public void No_zone_of_an_area_code_is_missed()
    {
        var data = Data();
        var codes = PhoneNumberUtil.GetInstance().GetSupportedCallingCodes().Select(code => $"{code}").ToList();

        Assert.All(data.Keys, prefix =>
            Assert.Contains(codes, code => prefix.StartsWith(code, StringComparison.Ordinal) && prefix.Length - code.Length <= NumberZones.Deepest));
        Assert.All(Enumerable.Range(200, 800), area =>
        {
            var known = data.Where(entry => entry.Key.StartsWith($"1{area}", StringComparison.Ordinal)).SelectMany(entry => entry.Value).ToHashSet();
            Assert.Superset(known, PhoneNumber.TimeZones($"+1{area}5550123").ToHashSet());
        });
    }

    [Fact]
    public void What_is_said_of_area_codes_beyond_the_library_is_not_in_it_yet() => Assert.All(NumberZones.AlsoIn, entry =>
        Assert.DoesNotContain(Data().Where(e => e.Key.StartsWith(entry.Key, StringComparison.Ordinal)), e => e.Value.Contains(entry.Value)));

    private static string Example(string region) =>
        PhoneNumberUtil.GetInstance().Format(PhoneNumberUtil.GetInstance().GetExampleNumber(region), PhoneNumberFormat.E164);

    private static Dictionary<string, string[]> Data()
    {
        var field = typeof(PhoneNumberToTimeZonesMapper).GetField("map", BindingFlags.NonPublic | BindingFlags.Instance);
        return ((IEnumerable<KeyValuePair<long, string[]>>)field!.GetValue(PhoneNumberToTimeZonesMapper.GetInstance())!)
            .ToDictionary(e => $"{e.Key}", e => e.Value);
    }
}
