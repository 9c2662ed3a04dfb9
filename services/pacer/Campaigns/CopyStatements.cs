using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Campaigns;

/// <summary>Many leads at once: into another campaign, or back to be dialed again.</summary>
internal static class CopyStatements
{
    /// <summary>
    /// Leads as they were uploaded, in the order of the list, counted as an upload of their own. Ids are of version 7 like all others: the
    /// milliseconds of <paramref name="now"/>, the place in the list, and chance.
    /// </summary>
    /// <param name="everyone">Also those who were reached, opted out, or cannot be called; nobody who was withdrawn.</param>
    public static Task CopyLeads(
        this PacerDbContext db, Guid from, Guid to, Guid import, bool everyone, DateTimeOffset now, CancellationToken cancel)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        return db.Database.ExecuteSqlAsync(
            $"""
            with source as (
              select l.*, row_number() over (order by l.id) as place from leads l
              where l.campaign_id = {from} and l.idempotency_key is null and l.withdrawal is null
                and ({everyone} or (l.state in ({LeadStates.Waiting}, {LeadStates.Exhausted}, {LeadStates.Canceled})
                  and l.reason <> {LeadReasons.CalledIn}))
            ), copied as (
              insert into leads (
                id, campaign_id, number, priority, time_zone, own_zone, external_id, attributes, due_at, reason, reason_text, import_id, import_row,
                imported_at)
              select (lpad(to_hex({milliseconds}), 12, '0') || '7' || substr(lpad(to_hex(place), 8, '0'), 1, 3) || '8'
                  || substr(lpad(to_hex(place), 8, '0'), 4, 5) || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10))::uuid,
                {to}, number, priority, time_zone, own_zone, external_id, attributes,
                case when reason = {LeadReasons.NotBefore} then greatest(due_at, {now}) else {now} end,
                case when reason = {LeadReasons.NotBefore} then reason else {LeadReasons.InQueue} end,
                case when reason = {LeadReasons.NotBefore} then reason_text end, {import}, place, {now}
              from source
              returning 1
            )
            insert into imports (id, campaign_id, state, file_name, format, rows, accepted, started_at, finished_at)
            select {import}, {to}, 'Completed', null, 'copy', count(*), count(*), {now}, {now} from copied
            """, cancel);
    }

    /// <summary>Leads whose tries were used up wait again; how many tries they had is kept beside them.</summary>
    /// <returns>How many.</returns>
    public static Task<int> RecycleLeads(
        this PacerDbContext db, Guid campaign, string[] outcomes, string text, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            with back as (
              update leads set state = {LeadStates.Waiting}, reason = {LeadReasons.InQueue}, reason_text = {text}, reason_at = {now}, due_at = {now},
                finished_at = null
              where campaign_id = {campaign} and state = {LeadStates.Exhausted} and withdrawal is null
                and last_outcome = any({outcomes})
              returning id, tries
            )
            insert into recycled_leads (lead_id, at, tries_before) select id, {now}, tries from back
            on conflict (lead_id) do update set at = excluded.at, tries_before = excluded.tries_before
            """, cancel);
}
