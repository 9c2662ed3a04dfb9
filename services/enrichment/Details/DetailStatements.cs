using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Enrichment.Data;
using Outdial.Platform;

namespace Outdial.Enrichment.Details;

internal static class DetailStatements
{
    /// <summary>
    /// Has the records of a call read; one that is known stays as it is. Told again with a later end, the first had been a guess, and what was read
    /// then was read too early: it is read anew.
    /// </summary>
    public static Task AskForDetails(
        this EnrichmentDbContext db, AttemptEnded ended, string callId, bool answered, bool recorded, DateTimeOffset endedAt, DateTimeOffset dueAt,
        CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into detail_requests as request (
              attempt_id, campaign_id, account, provider_call_id, answered, ended_at, due_at, recording_known, recorded, trace_parent)
            values (
              {ended.AttemptId}, {ended.CampaignId}, {ended.Account}, {callId}, {answered}, {endedAt}, {dueAt}, {recorded}, {recorded},
              {CallTrace.Here})
            on conflict (attempt_id) do update set
              answered = excluded.answered, ended_at = excluded.ended_at, due_at = excluded.due_at, recording_known = excluded.recording_known,
              recorded = request.recorded or excluded.recorded, tries = 0, done_at = null, result = null
            where request.result in ('incomplete', 'missing') and request.ended_at < excluded.ended_at
            """, cancel);
}
