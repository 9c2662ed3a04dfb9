using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// The statements on <c>campaign_pulses</c>: which campaign is looked at when. A pulse that is looking at this moment may have looked too early, so
/// whoever makes a campaign due waits for its row and then sets it, and never skips it.
/// </summary>
internal static class PulseStatements
{
    /// <summary>
    /// The campaign that is due longest, if no other replica looks at it and nobody changes the campaign at this moment: then the next one's turn has
    /// come. Locked until the transaction ends, the campaign's row as by <see cref="CampaignStatements.ShareCampaign"/>.
    /// </summary>
    public static Task<CampaignPulseRow?> ClaimPulse(this PacerDbContext db, DateTimeOffset now, CancellationToken cancel) => db.Pulses.FromSql(
        $"""
        select p.* from campaign_pulses p join campaigns c on c.id = p.campaign_id
        where p.next_at <= {now} order by p.next_at limit 1 for update of p skip locked for share of c skip locked
        """).SingleOrDefaultAsync(cancel);

    /// <summary>A campaign begins to be looked at.</summary>
    public static Task BeginPulse(this PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"insert into campaign_pulses (campaign_id, next_at) values ({campaign}, {now}) on conflict do nothing", cancel);

    /// <summary>The campaign itself has changed: looked at now, whatever was planned.</summary>
    public static Task LookAtChanged(this PacerDbContext db, Guid campaign, DateTimeOffset now) => db.Database.ExecuteSqlAsync(
        $"""
        insert into campaign_pulses (campaign_id, next_at) values ({campaign}, {now})
        on conflict (campaign_id) do update set next_at = excluded.next_at
        """);

    /// <summary>
    /// Looks at the campaign now, if it is looked at. In the caller's transaction, if there is one; then the signal is the caller's to set.
    /// </summary>
    public static Task LookAt(this PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update campaign_pulses set next_at = least(next_at, {now}) where campaign_id = {campaign} and next_at is not null", cancel);

    /// <summary>As <see cref="LookAt"/>, but not before its next tick.</summary>
    public static Task LookAtTick(this PacerDbContext db, Guid campaign, TimeSpan tick, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update campaign_pulses set next_at = least(next_at, greatest({now}, last_at + {tick}))
            where campaign_id = {campaign} and next_at is not null
            """, cancel);

    /// <summary>Agents of these campaigns can take leads. Rows are taken in order, so that two who wake do not wait for each other.</summary>
    public static Task LookAtAll(this PacerDbContext db, Guid[] campaigns, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"""
        update campaign_pulses set next_at = {now}
        where campaign_id in (
          select campaign_id from campaign_pulses where campaign_id = any({campaigns}) and next_at > {now} order by campaign_id for update)
        """, cancel);

    /// <summary>
    /// Leads were added: a running campaign that had nothing left to dial is looked at again, and one that pauses because it was a calling hour for
    /// none of its leads.
    /// </summary>
    public static Task LookAtNewLeads(this PacerDbContext db, Guid campaign, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"""
        update campaign_pulses p set next_at = least(p.next_at, {now}) from campaigns c
        where c.id = p.campaign_id and c.id = {campaign}
          and (c.state = 'Running' or (c.state = 'Paused' and c.pause_reason = {PauseReasons.OutsideWindow}))
        """, cancel);

    /// <summary>A look failed; unless somebody has moved the campaign meanwhile, it waits.</summary>
    public static Task PutOff(
        this PacerDbContext db, Guid campaign, DateTimeOffset until, string reason, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update campaign_pulses set next_at = {until}, last_at = {now}, last_calls = 0, last_code = 'Failed', last_reason = {reason}
            where campaign_id = {campaign} and next_at <= {now}
            """, cancel);
}
