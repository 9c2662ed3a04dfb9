using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Campaigns;

/// <summary>Writes what happens to a campaign into its trail and has the pulse look at it at once.</summary>
internal sealed class CampaignJournal(PacerDbContext db, PacerMetrics metrics, TimeProvider clock, ILogger<CampaignJournal> log)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task Write(Campaign campaign, string kind, string text)
    {
        db.Trail.Add(TrailEntry.Of(campaign, Now, kind, text));
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into campaign_pulses (campaign_id, next_at) values ({campaign.CorrelationId}, {Now})
            on conflict (campaign_id) do update set next_at = excluded.next_at
            """);
    }

    public void Paused(Campaign campaign, string reason, string? explanation)
    {
        metrics.Paused(reason);
        log.CampaignPauses(campaign.CorrelationId, reason, explanation);
    }
}
