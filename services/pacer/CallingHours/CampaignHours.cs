using Outdial.Pacer.Campaigns;
using Outdial.Providers;

namespace Outdial.Pacer.CallingHours;

/// <summary>The hours that the law of one country allows for calls of one purpose.</summary>
/// <param name="Country">ISO 3166; null: it is not known where the person is.</param>
/// <param name="AreKnown">False: what the law says is not known, and the narrowest hours hold.</param>
internal sealed record CountryHours(string? Country, string Purpose, LawfulHours Hours, bool AreKnown)
{
    /// <summary>Of several countries in one sentence.</summary>
    public static string Told(IEnumerable<CountryHours> law) => string.Join(", and ", law);

    /// <summary>In words: <c>the law of US allows promotional calls from 08:00 to 21:00</c>.</summary>
    public override string ToString() =>
        AreKnown ? $"the law of {Country} allows {Purpose} calls from {Hours}"
        : Country is null ? $"{Purpose} calls to somebody in a country that is not known are made from {Hours} alone"
        : $"{Purpose} calls to {Country}, whose law is not known (Pacer:LawfulHours), are made from {Hours} alone";
}

/// <summary>
/// When somebody may be called by a campaign: within its own window, and there at hours that the law allows for its purpose in each country
/// where they may be, whatever the campaign's own country. Pure; for one look.
/// </summary>
/// <param name="lawful">As <see cref="PacerOptions.LawfulHours"/>.</param>
internal sealed class CampaignHours(CallingWindow window, string purpose, IReadOnlyDictionary<string, string> lawful)
{
    private readonly bool _areRegulated = LawfulHours.ConcernPurpose(purpose, lawful);
    private readonly Dictionary<(string Zones, string? Region), IReadOnlyList<CountryHours>> _laws = [];

    public static CampaignHours Of(Campaign campaign, PacerOptions options) => new(campaign.Rules.Window, campaign.Purpose, options.LawfulHours);

    /// <summary>
    /// What the law says of somebody in these zones: that of the country of each zone and, where that is another, of the number's. Of a zone
    /// that lies in no country nothing is known.
    /// </summary>
    /// <param name="number">E.164; null: the zones alone tell, as they do of nearly every number.</param>
    public IReadOnlyList<CountryHours> Law(string zones, string? number = null)
    {
        if (!_areRegulated)
            return [];
        var of = (zones, PhoneNumber.Region(number));
        if (!_laws.TryGetValue(of, out var law))
            _laws[of] = law = Find(of);
        return law;
    }

    /// <summary>The hours of somebody in these zones.</summary>
    public CallingWindow Of(string zones, string? number = null) =>
        Law(zones, number) is { Count: > 0 } law ? window.Within(law.Select(each => each.Hours)) : window;

    public bool IsOpen(DateTimeOffset at, string zones) => Of(zones).IsOpen(at, zones);

    private List<CountryHours> Find((string Zones, string? Region) of) =>
    [
        .. CallingZones.CountriesOf(of.Zones).Concat(of.Region is null ? [] : [of.Region]).Distinct()
            .Select(country => LawfulHours.Of(country, purpose, lawful) is { } hours
                ? new CountryHours(country, purpose, hours, LawfulHours.AreKnown(country, purpose, lawful)) : null)
            .OfType<CountryHours>(),
    ];
}
