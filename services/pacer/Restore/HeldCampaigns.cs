using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Restore;

/// <summary>
/// Running campaigns of whose calls after the dump nobody can tell: those over agents' lines, and those at a provider without records.
/// </summary>
internal sealed class HeldCampaigns(PacerDbContext db, IOutbox<PacerDbContext> outbox, CampaignJournal journal)
{
    /// <summary>
    /// What the router heard of a campaign after the dump has a higher version than the restored row: from here on ours are higher again.
    /// </summary>
    private const int Ahead = 1000;

    /// <returns>The names and ids of those that are paused now.</returns>
    public async IAsyncEnumerable<string> Hold(string[] withRecords, DateTimeOffset dumpedAt, [EnumeratorCancellation] CancellationToken cancel)
    {
        var explanation = $"the database was restored from a dump of {dumpedAt:u}, and the provider cannot tell whom it called since";
        var running = await db.Campaigns.AsNoTracking()
            .Where(c => c.State == CampaignStates.Running && c.Mode != CampaignModes.Triggered)
            .Select(c => new { c.CorrelationId, c.Mode, c.Account }).ToListAsync(cancel);
        foreach (var campaign in running.Where(c => CampaignModes.IsAgentFirst(c.Mode) || !withRecords.Contains(c.Account)))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var held = await db.LeapAhead(campaign.CorrelationId, Ahead, cancel);
            await Pause(held, explanation, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            yield return $"\"{held.Name}\" ({campaign.CorrelationId})";
        }
    }

    private async Task Pause(Campaign campaign, string explanation, CancellationToken cancel)
    {
        campaign.State = CampaignStates.Paused;
        await outbox.Publish(await journal.Pause(campaign, PauseReasons.Restored, explanation, null, "platform"), cancel);
        if (AgentCampaign.Of(campaign, journal.Now) is { } told)
            await outbox.Publish(told, cancel);
    }
}
