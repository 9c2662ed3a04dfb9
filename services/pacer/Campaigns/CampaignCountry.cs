using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>In which country a campaign's people are.</summary>
internal static class CampaignCountry
{
    /// <summary>
    /// That of the zone that was named; where none was, the account's. Null: it is not known, and whoever uploads has to say it.
    /// </summary>
    public static string? Of(Campaign campaign, NumberDoors doors)
    {
        var (ofZone, ofAccount) = (Countries.OfZone(campaign.Rules.TimeZone), doors.Of(campaign.Account));
        return campaign.Rules.TimeZoneNamed switch
        {
            true => ofZone ?? ofAccount,
            false => ofAccount ?? doors.Home(campaign.Account),
            // It may have been named, and it may be what all campaigns had that named none: not known where the account is elsewhere.
            null when campaign.Rules.TimeZone == new CampaignRules().TimeZone && ofAccount is not null && ofAccount != ofZone => null,
            null => ofZone ?? ofAccount,
        };
    }
}
