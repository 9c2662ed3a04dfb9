using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Campaigns;

/// <summary>Writes what happens to a campaign into its trail and has the pulse look at it at once.</summary>
internal sealed class CampaignJournal(PacerDbContext db, PacerMetrics metrics, TimeProvider clock, ILogger<CampaignJournal> log)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task Write(Campaign campaign, string kind, string text)
    {
        db.Trail.Add(TrailEntry.Of(campaign, Now, kind, text));
        await db.LookAtChanged(campaign.CorrelationId, Now);
    }

    /// <summary>The step that pauses, whoever takes it: the saga, or what runs after a restore, when no message can reach a saga yet.</summary>
    /// <param name="until">An automatic pause is looked at again then; null: a person ends it.</param>
    /// <returns>What the world is to be told.</returns>
    public async Task<CampaignPaused> Pause(Campaign campaign, string reason, string? explanation, DateTimeOffset? until, string by)
    {
        var now = Now;
        (campaign.PauseReason, campaign.PauseExplanation, campaign.PausedAt, campaign.PausedBy, campaign.PausedUntil) = (reason, explanation, now,
            by, until);
        await Write(campaign, "paused", $"{reason}, by {by}{(explanation is null ? "" : $": {explanation}")}");
        metrics.Paused(reason);
        log.CampaignPauses(campaign.CorrelationId, reason, explanation, by);
        return new()
        {
            EventId = Guid.CreateVersion7(now),
            CampaignId = campaign.CorrelationId,
            Reason = reason,
            Explanation = explanation,
            Automatic = reason != PauseReasons.Person,
            OccurredAt = now,
            By = by,
        };
    }

    /// <summary>What runs is in the lists.</summary>
    public Task Unarchive(Campaign campaign) => db.Archived.Where(a => a.CampaignId == campaign.CorrelationId).ExecuteDeleteAsync();

    /// <summary>Nothing is left to dial, or its end is past and nothing is under way any more.</summary>
    public async Task<bool> IsDone(Campaign campaign)
    {
        var isPastEnd = campaign.Rules.EndsAt is { } end && end <= Now;
        return (isPastEnd || !campaign.Rules.KeepOpen)
            && !await db.Leads.AnyAsync(l =>
                l.CampaignId == campaign.CorrelationId && (l.State == LeadStates.Waiting || l.State == LeadStates.Dialing))
            && !await db.HasRunningImport(campaign.CorrelationId, default);
    }

    public void Starts(Campaign campaign, string by) => log.CampaignStarts(campaign.CorrelationId, by);

    public void Resumes(Campaign campaign, string reason, string by) => log.CampaignResumes(campaign.CorrelationId, reason, by);

    public void Ends(Campaign campaign, string how) => log.CampaignEnds(campaign.CorrelationId, how);
}
