using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Has campaigns looked at before their time. A pulse that is looking at this moment may have looked too early, so its row is waited for and
/// then set, never skipped.
/// </summary>
internal sealed class CampaignWake(PacerDbContext db, PulseSignal signal, IOptions<PacerOptions> options)
{
    /// <summary>
    /// A number is known: looks at the running campaigns that have a lead due under it and may have waited for that. A single call is looked at now;
    /// a list, whose numbers are answered a hundred at once, no more often than at every tick.
    /// </summary>
    /// <remarks>Not in a transaction: a row of a pulse is waited for, and the pulse may wait for numbers and leads.</remarks>
    public async Task NumberKnown(string number, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = await db.Database.SqlQuery<Waiting>(
            $"""
            select distinct c.id, c.mode from leads l join campaigns c on c.id = l.campaign_id
            where l.number = {number} and l.state = {LeadStates.Waiting} and l.due_at <= {now} and c.state = {CampaignStates.Running}
              and (c.rules ->> 'dnd' is distinct from 'consented'
                or (select count(distinct coalesce(x.circle, '')) from caller_ids x where x.account = c.account and x.enabled) > 1)
            """).ToListAsync(cancel);
        foreach (var campaign in waiting)
        {
            if (campaign.Mode == CampaignModes.Triggered)
                await Look(campaign.Id, now, cancel);
            else
                await LookAtTick(campaign.Id, now, cancel);
        }

        if (waiting.Count > 0)
            signal.Set();
    }

    /// <summary>Looks at the campaign now. In the caller's transaction, if there is one; then the signal is the caller's to set.</summary>
    public Task Look(Guid campaign, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update campaign_pulses set next_at = least(next_at, {now}) where campaign_id = {campaign} and next_at is not null", cancel);

    private Task LookAtTick(Guid campaign, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        update campaign_pulses set next_at = least(next_at, greatest({now}, last_at + {options.Value.PulseInterval}))
        where campaign_id = {campaign} and next_at is not null
        """, cancel);

    private sealed record Waiting(Guid Id, string Mode);
}
