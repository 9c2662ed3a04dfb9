using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Numbers;

/// <summary>The statements on <c>numbers</c>.</summary>
internal static class NumberStatements
{
    /// <summary>
    /// Of the leads due next, the numbers that are not known or not any more, and were not asked for lately. Claimed by the upsert: of two replicas
    /// that see the same number, one asks.
    /// </summary>
    /// <param name="by">Leads that are due by then.</param>
    /// <param name="stale">Asked for before that and not answered: asked for again.</param>
    public static Task<List<string>> ClaimLookUps(
        this PacerDbContext db, Guid campaign, string[] zones, int ahead, DateTimeOffset by, DateTimeOffset stale, DateTimeOffset now,
        CancellationToken cancel) => db.Database.SqlQuery<string>(
        $"""
        insert into numbers (number, requested_at)
        select distinct ahead.number, {now} from due_leads({campaign}, {zones}, {by}, {ahead}) ahead
        left join numbers n on n.number = ahead.number
        where n.number is null or ((n.status is null or n.expires_at <= {now}) and coalesce(n.requested_at, '-infinity') < {stale})
        on conflict (number) do update set requested_at = excluded.requested_at
          where coalesce(numbers.requested_at, '-infinity') < {stale}
        returning number as "Value"
        """).ToListAsync(cancel);

    /// <summary>Keeps the answer, unless a newer one is known.</summary>
    public static Task Keep(this PacerDbContext db, NumberEnriched told, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into numbers (number, status, circle, operator, type, dnd, as_of, expires_at)
        values ({told.Number}, {told.Status}, {told.Circle}, {told.Operator}, {told.Type}, {told.Dnd}, {told.AsOf}, {told.ExpiresAt})
        on conflict (number) do update set status = excluded.status, circle = excluded.circle, operator = excluded.operator,
          type = excluded.type, dnd = excluded.dnd, as_of = excluded.as_of, expires_at = excluded.expires_at
        where numbers.as_of is null or numbers.as_of <= excluded.as_of
        """, cancel);
}
