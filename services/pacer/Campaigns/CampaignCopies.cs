using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>Which leads a copy of a campaign takes along.</summary>
internal static class CopiedLeads
{
    public const string None = "none", Unreached = "unreached", Everyone = "all";
    public static readonly string[] All = [None, Unreached, Everyone];
}

/// <summary>A campaign once more: as a new one, or its leads that ended without being reached.</summary>
internal sealed class CampaignCopies(PacerDbContext db, IOutbox<PacerDbContext> outbox, CampaignJournal journal)
{
    /// <summary>Of a list of a million; it is not on the way of any call.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>A draft with the same rules, and with leads if they are wanted: numbers and attributes, none of what happened to them.</summary>
    /// <param name="leads">One of <see cref="CopiedLeads"/>.</param>
    public async Task<(Campaign? Campaign, ProblemHttpResult? Problem)> Copy(Guid id, string? name, string leads, string by, CancellationToken cancel)
    {
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel) is not { } from)
            return (null, ApiProblem.NotFound("campaign", id));
        if (from.Mode == CampaignModes.Triggered)
            return (null, ApiProblem.Conflict("The standing campaign of single calls is not copied."));
        var now = journal.Now;
        var copy = new Campaign
        {
            CorrelationId = Guid.CreateVersion7(now),
            Name = name?.Trim() ?? Named(from.Name),
            Mode = from.Mode,
            Purpose = from.Purpose,
            Account = from.Account,
            State = CampaignStates.Draft,
            Rules = from.Rules.EndsAt <= now ? from.Rules with { EndsAt = null } : from.Rules,
            CreatedAt = now,
            CreatedBy = by,
        };
        db.Database.SetCommandTimeout(Longest);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Campaigns.Add(copy);
        db.Pulses.Add(new() { CampaignId = copy.CorrelationId });
        if (AgentCampaign.Of(copy, now) is { } told)
            await outbox.Publish(told with { Version = 0 }, cancel);
        db.Trail.Add(TrailOf(copy, $"Copied from '{from.Name}' ({id}) by {by}"));
        await db.SaveChangesAsync(cancel);
        if (leads != CopiedLeads.None)
            await db.CopyLeads(id, copy.CorrelationId, Guid.CreateVersion7(now), leads == CopiedLeads.Everyone, now, cancel);
        await transaction.CommitAsync(cancel);
        return (copy, null);

        History.TrailEntry TrailOf(Campaign campaign, string text) => History.TrailEntry.Of(campaign, now, "created", text);
    }

    /// <summary>
    /// Leads that used up their tries and ended so are dialed again: as often as the campaign allows, with the gaps and caps of each person, and
    /// whoever opted out meanwhile is left alone. A campaign that completed is paused with them, for somebody to look at it and resume it.
    /// </summary>
    /// <returns>How many leads wait again.</returns>
    public async Task<(int Leads, string State, ProblemHttpResult? Problem)> Recycle(
        Guid id, string[] outcomes, string by, CancellationToken cancel)
    {
        db.Database.SetCommandTimeout(Longest);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockCampaign(id, cancel) is not { } campaign)
            return (0, "", ApiProblem.NotFound("campaign", id));
        if (campaign.State == CampaignStates.Stopped || campaign.Mode == CampaignModes.Triggered)
            return (0, campaign.State, ApiProblem.Conflict("The campaign was stopped for good: copy it with its unreached leads."));
        if (campaign.Rules.EndsAt is { } end && end <= journal.Now)
            return (0, campaign.State, ApiProblem.Conflict($"The campaign ended at {end:u}: copy it with its unreached leads."));
        await db.Archived.Where(a => a.CampaignId == id).ExecuteDeleteAsync(cancel);
        var count = await db.RecycleLeads(id, outcomes, $"Put back by {by}", journal.Now, cancel);
        if (count > 0)
        {
            campaign.Version++;
            await journal.Write(campaign, "recycled",
                $"{Counted.Of(count, "lead")} that ended {string.Join(", ", outcomes)} put back by {by}");
            if (campaign.State == CampaignStates.Completed)
            {
                (campaign.State, campaign.EndedAt) = (CampaignStates.Paused, null);
                await outbox.Publish(await journal.Pause(
                    campaign, PauseReasons.Person, "leads were put back to be dialed again: resume it", null, by), cancel);
            }
            if (AgentCampaign.Of(campaign, journal.Now) is { } told)
                await outbox.Publish(told with { Version = campaign.Version }, cancel);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (count, campaign.State, null);
    }

    private static string Named(string name)
    {
        const string Suffix = " (copy)";
        return name.Length + Suffix.Length <= CampaignRequest.LongestName ? name + Suffix : name;
    }
}
