using Outdial.Analytics.Campaigns;

namespace Outdial.Analytics.Tests.Campaigns;

public class PausesTests
{
    private static CampaignEvent Event(string kind, double minute, string? reason = null) => new()
    {
        EventId = Guid.NewGuid(),
        CampaignId = Guid.Empty,
        Kind = kind,
        Reason = reason,
        OccurredAt = Told.Noon.AddMinutes(minute),
    };

    [Fact]
    public void A_pause_lasts_until_the_campaign_goes_on_ends_or_is_paused_for_another_reason()
    {
        CampaignEvent[] events =
        [
            Event("Resumed", 12, "Person"), Event("Paused", 2, "LowCompletionRate"), Event("Started", 0), Event("Paused", 7, "Person"),
            Event("Paused", 30, "ProviderDown"), Event("Completed", 31),
        ];

        var pauses = Pauses.Of(events, Told.Noon.AddHours(9));

        Assert.Equal(
            [("LowCompletionRate", 5.0), ("Person", 5.0), ("ProviderDown", 1.0)], pauses.Select(p => (p.Reason, p.Duration.TotalMinutes)));
    }

    [Fact]
    public void A_pause_that_goes_on_lasts_until_now()
    {
        var pause = Assert.Single(Pauses.Of([Event("Started", 0), Event("Paused", 10, "OutsideWindow")], Told.Noon.AddMinutes(25)));

        Assert.Equal((null, TimeSpan.FromMinutes(15)), (pause.To, pause.Duration));
    }
}
