using Outdial.Contracts;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Pacing;

/// <summary>What a pulse sees; a test says what differs.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Now = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    /// <summary>A list of 500 due leads, an account that nobody else dials over, and nothing under way.</summary>
    public static readonly PacingSnapshot Calm = new()
    {
        Mode = CampaignModes.Notification,
        At = Now,
        SecondsSinceLast = 1,
        LeadsDue = 500,
        Zones = 1,
        OpenZones = 1,
        CampaignOpen = 0,
        AccountOpen = 0,
        AccountMaxOpen = 100,
        AccountPerMinute = 200,
        AccountTokens = 200,
        CampaignsSharing = 1,
        CampaignPerMinute = null,
        CampaignLastMinute = 0,
        RateFactor = 1,
        CompletionRate = null,
        CompletionFloor = null,
        BlockedUntil = null,
        BlockedCode = null,
        BlockedReason = null,
    };
}
