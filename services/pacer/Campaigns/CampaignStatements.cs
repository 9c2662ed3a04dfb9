using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Campaigns;

/// <summary>The statements on <c>campaigns</c> that LINQ does not say.</summary>
internal static class CampaignStatements
{
    /// <summary>
    /// The campaign under a shared lock: it cannot be paused or stopped before the transaction ends. Null when its saga has it, which is not waited
    /// for.
    /// </summary>
    public static Task<Campaign?> ShareCampaign(this PacerDbContext db, Guid campaign, CancellationToken cancel) => db.Campaigns.FromSql(
        $"select * from campaigns where id = {campaign} for share skip locked").AsNoTracking().SingleOrDefaultAsync(cancel);

    /// <summary>The campaign, its row locked until the transaction ends, as its saga locks it. Null: there is none.</summary>
    public static Task<Campaign?> LockCampaign(this PacerDbContext db, Guid campaign, CancellationToken cancel) => db.Campaigns.FromSql(
        $"select * from campaigns where id = {campaign} for update").SingleOrDefaultAsync(cancel);

    public static Task<bool> HasRunningImport(this PacerDbContext db, Guid campaign, CancellationToken cancel) => db.Database.SqlQuery<bool>(
        $"""select exists (select from imports where campaign_id = {campaign} and state = 'Running') as "Value" """).SingleAsync(cancel);

    /// <summary>Gone, with its leads and its trail. Its row is locked already, and no attempt refers to it.</summary>
    public static Task DeleteCampaign(this PacerDbContext db, Guid campaign, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        with trails as (delete from trail where campaign_id = {campaign})
        delete from campaigns where id = {campaign}
        """, cancel);

    /// <summary>Its row, locked, with a version that is higher than any that was told of it after a dump.</summary>
    public static async Task<Campaign> LeapAhead(this PacerDbContext db, Guid campaign, int versions, CancellationToken cancel) =>
        (await db.Campaigns.FromSql($"update campaigns set version = version + {versions} where id = {campaign} returning *").ToListAsync(cancel))
            .Single();

    /// <summary>Adds the standing campaign of an account's single calls, unless it is there.</summary>
    public static Task AddStanding(
        this PacerDbContext db, string account, string purpose, CampaignRules rules, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into campaigns (id, name, mode, purpose, account, state, rules, created_at, created_by, started_at)
            values ({Guid.CreateVersion7(now)}, {$"Single calls, {purpose}"}, {CampaignModes.Triggered}, {purpose}, {account},
              {CampaignStates.Running},
              {JsonSerializer.Serialize(rules, JsonSerializerOptions.Web)}::jsonb, {now}, 'platform', {now})
            on conflict do nothing
            """, cancel);

    /// <summary>The time zones that were named for campaigns, ended ones too.</summary>
    public static Task<List<string>> ZonesNamed(this PacerDbContext db, CancellationToken cancel) => db.Database.SqlQuery<string>(
        $"""
        select distinct rules->>'timeZone' as "Value" from campaigns
        where mode <> {CampaignModes.Triggered} and rules->>'timeZone' is not null and rules->>'timeZoneNamed' is distinct from 'false'
        """).ToListAsync(cancel);

    /// <summary>
    /// The running campaigns that have a lead due under a number and may have waited for what is known of it: for the registry's answer, or for the
    /// circle where they have numbers of several.
    /// </summary>
    public static Task<List<CampaignOfNumber>> CampaignsWaitingFor(
        this PacerDbContext db, string number, DateTimeOffset now, CancellationToken cancel) => db.Database.SqlQuery<CampaignOfNumber>(
        $"""
        select distinct c.id, c.mode from leads l join campaigns c on c.id = l.campaign_id
        where l.number = {number} and l.state = {LeadStates.Waiting} and l.due_at <= {now} and c.state = {CampaignStates.Running}
          and (c.rules ->> 'dnd' is distinct from 'consented'
            or (select count(distinct coalesce(x.circle, '')) from caller_ids x where x.account = c.account and x.enabled) > 1)
        """).ToListAsync(cancel);
}

/// <summary>A campaign that has a lead under some number.</summary>
internal sealed record CampaignOfNumber(Guid Id, string Mode);
