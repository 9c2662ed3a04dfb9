using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.SingleCalls;

namespace Outdial.Pacer.Leads;

/// <summary>The statements on <c>leads</c> that LINQ does not say: locks, upserts, and many rows at once.</summary>
internal static class LeadStatements
{
    private const int CancelAtOnce = 5000;

    /// <summary>One lead, and its row locked until the transaction ends. An attempt's row is locked before its lead's.</summary>
    public static IQueryable<Lead> LockedLead(this PacerDbContext db, Guid id) => db.Leads.FromSql($"select * from leads where id = {id} for update");

    /// <summary>As <see cref="LockedLead"/>: the lead of a list, not of a single call.</summary>
    public static IQueryable<Lead> LockedLeadOfList(this PacerDbContext db, Guid campaign, string number) => db.Leads.FromSql(
        $"select * from leads where campaign_id = {campaign} and number = {number} and idempotency_key is null for update");

    /// <summary>
    /// Of several leads of one number the one that is being called, else the one that would have been first, its row locked. Leads in a final state
    /// were not called again.
    /// </summary>
    public static IQueryable<Lead> LockedLeadToBeCalled(this PacerDbContext db, string number, string account) => db.Leads.FromSql(
        $"""
        select l.* from leads l join campaigns c on c.id = l.campaign_id
        where l.number = {number} and l.state in ({LeadStates.Waiting}, {LeadStates.Dialing}) and c.account = {account}
          and c.mode not in ({CampaignModes.Progressive}, {CampaignModes.Preview})
        order by l.state = {LeadStates.Dialing} desc, c.state = {CampaignStates.Running} desc, l.due_at, l.id limit 1
        for update of l
        """);

    /// <summary>
    /// Of the leads due next, those whose number tells enough, in their order; rows that another writer holds are passed over. Only as many are
    /// looked at as are looked up ahead: behind them, in a long list, hardly one is known, and finding that out would mean reading the whole list at
    /// each pulse.
    /// </summary>
    public static Task<List<Lead>> TakeReadyLeads(
        this PacerDbContext db, Campaign campaign, string[] zones, int count, int ahead, DateTimeOffset askedSince, DateTimeOffset now,
        CancellationToken cancel) => db.Leads.FromSql(
        $"""
        select l.* from leads l
        join unnest(array(
            select id from ready_leads({campaign.CorrelationId}, {zones}, {now}, {ahead}, {campaign.Rules.Dnd == "consented"}, {askedSince})))
          with ordinality as ready(id, place) on ready.id = l.id
        where l.state = 'Waiting' and l.due_at <= {now}
        order by ready.place limit {count} for update of l skip locked
        """).ToListAsync(cancel);

    /// <summary>The time zones of the campaign's leads, by hops over the index: cheap for a million leads in one zone.</summary>
    public static Task<List<string>> ZonesOfOpenLeads(this PacerDbContext db, Guid campaign, CancellationToken cancel) =>
        db.Database.SqlQuery<string>(
        $"""
        with recursive zones(zone) as (
          (select min(time_zone) from leads where campaign_id = {campaign} and state in ('Waiting', 'Dialing'))
          union all
          select (select min(time_zone) from leads where campaign_id = {campaign} and state in ('Waiting', 'Dialing') and time_zone > zone)
          from zones where zone is not null)
        select zone as "Value" from zones where zone is not null
        """).ToListAsync(cancel);

    /// <summary>A stopped or ended campaign's waiting leads reach their final state, some thousand at a time.</summary>
    public static Task<int> CancelWaitingLeads(
        this PacerDbContext db, Guid campaign, string reason, string text, DateTimeOffset now, CancellationToken cancel) =>
            db.Database.ExecuteSqlAsync(
        $"""
        update leads set state = {LeadStates.Canceled}, reason = {reason}, reason_text = {text}, reason_at = {now}, finished_at = {now}
        where id in (select id from leads where campaign_id = {campaign} and state = 'Waiting' limit {CancelAtOnce} for update skip locked)
        """, cancel);

    /// <summary>Leads that are held back for one of these reasons are due now; some thousand at a time.</summary>
    public static Task<int> LookAtHeldLeads(
        this PacerDbContext db, Guid campaign, string[] reasons, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        update leads set due_at = greatest({now}, call_back_at)
        where id in (
          select id from leads where campaign_id = {campaign} and state = 'Waiting' and due_at > {now} and reason = any({reasons})
            and (call_back_at is null or due_at > call_back_at)
          limit {CancelAtOnce} for update skip locked)
        """, cancel);

    /// <summary>What one is told who asks why nothing happens to a lead with an open attempt, as long as it is there for this reason.</summary>
    public static Task ExplainSilence(this PacerDbContext db, Guid lead, string reason, string text, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
        $"update leads set reason_text = {text} where id = {lead} and state = {LeadStates.Dialing} and reason = {reason}", cancel);

    /// <summary>These numbers are asked for; leads that nothing else holds back say so.</summary>
    public static Task SayNumbersAreAwaited(
        this PacerDbContext db, Guid campaign, List<string> numbers, string text, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update leads set reason = {LeadReasons.AwaitingMetadata}, reason_text = {text}, reason_at = {now}
            where campaign_id = {campaign} and state = 'Waiting' and reason = {LeadReasons.InQueue} and number = any({numbers})
              and not exists (select from numbers n where n.number = leads.number and n.status is not null)
            """, cancel);

    /// <summary>The counterpart: the number is known.</summary>
    public static Task SayNumberIsKnown(this PacerDbContext db, string number, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update leads set reason = {LeadReasons.InQueue}, reason_text = null, reason_at = {now}
            where number = {number} and state = 'Waiting' and reason = {LeadReasons.AwaitingMetadata}
            """, cancel);

    /// <summary>Somebody who called us and is no lead of the campaign becomes one. False: is one already.</summary>
    public static async Task<bool> AddCaller(this PacerDbContext db, Guid campaign, string number, DateTimeOffset now, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into leads (id, campaign_id, number, time_zone, own_zone, due_at, imported_at)
            values ({Guid.CreateVersion7(now)}, {campaign}, {number}, {CallingZones.Of(number, null)}, '', {now}, {now})
            on conflict (campaign_id, number) where idempotency_key is null do nothing
            """, cancel) > 0;

    /// <summary>Adds leads one by one, in the order of their numbers: two who add the same wait for each other and never in a circle.</summary>
    /// <returns>The ids of those that the campaign did not have yet.</returns>
    public static Task<List<Guid>> AddLeads(
        this PacerDbContext db, Guid campaign, IReadOnlyList<NewLead> leads, string by, DateTimeOffset now, CancellationToken cancel)
    {
        Guid[] ids = [.. leads.Select(lead => lead.Id)];
        string[] numbers = [.. leads.Select(lead => lead.Number)], zones = [.. leads.Select(lead => lead.TimeZone)],
            own = [.. leads.Select(lead => lead.OwnZone)], attributes = [.. leads.Select(lead => lead.Attributes)],
            reasons = [.. leads.Select(lead => lead.Reason)];
        string?[] external = [.. leads.Select(lead => lead.ExternalId)], texts = [.. leads.Select(lead => lead.ReasonText)];
        int[] priorities = [.. leads.Select(lead => lead.Priority)];
        DateTimeOffset[] due = [.. leads.Select(lead => lead.DueAt)];
        return db.Database.SqlQuery<Guid>(
            $"""
            insert into leads (id, campaign_id, number, priority, time_zone, own_zone, external_id, attributes, due_at, reason, reason_text,
              reason_at, imported_at, added_by)
            select id, {campaign}, number, priority, zone, own, external_id, attributes::jsonb, due, reason, text,
              case when text is not null then {now} end, {now}, {by}
            from unnest({ids}, {numbers}, {priorities}, {zones}, {own}, {external}, {attributes}, {due}, {reasons}, {texts})
              as l(id, number, priority, zone, own, external_id, attributes, due, reason, text)
            order by number, id
            on conflict (campaign_id, number) where idempotency_key is null do nothing
            returning id as "Value"
            """).ToListAsync(cancel);
    }

    /// <summary>The campaign's state; its row shared until the transaction ends: no lead slips into a campaign that is being stopped.</summary>
    public static Task<string> SharedStateOf(this PacerDbContext db, Guid campaign, CancellationToken cancel) =>
        db.Database.SqlQuery<string>($"""select state as "Value" from campaigns where id = {campaign} for share""").SingleAsync(cancel);

    /// <summary>The lead of a single call.</summary>
    /// <param name="unique">The key's text, with the lead's id behind it where another call has that.</param>
    /// <returns>False: another call has it.</returns>
    public static async Task<bool> AddSingleCall(this PacerDbContext db, CallKey key, string unique, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into leads (id, campaign_id, number, time_zone, own_zone, due_at, imported_at, idempotency_key, key_owner)
            values ({key.LeadId}, {key.CampaignId}, {key.Number}, {CallingZones.Of(key.Number, null)}, '', {key.UsedAt}, {key.UsedAt},
              {unique}, {key.Owner})
            on conflict (campaign_id, idempotency_key) where idempotency_key is not null do nothing
            """, cancel) > 0;
}
