using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Calls;

/// <summary>
/// The statements on <c>attempts</c> that LINQ does not say: conditional updates, of which exactly one of several writers succeeds. Each counts up
/// <c>version</c>, so that a saga which has read the row reads it again.
/// </summary>
internal static class AttemptStatements
{
    /// <summary>An offer that came back undialed was no call. In LINQ as in SQL: the function <c>was_call</c>.</summary>
    public static bool WasCall(DateTimeOffset? offeredAt, bool dialed) =>
        throw new NotSupportedException($"Is said in SQL, of {nameof(Attempt.OfferedAt)} and {nameof(Attempt.Dialed)}: {offeredAt}, {dialed}.");

    /// <summary>The second last look, and the line that a request must cross before it may go out. False: it may not.</summary>
    /// <param name="repeats">Whatever the state: only to show that the fault suite notices.</param>
    public static async Task<bool> TrySubmit(
        this PacerDbContext db, Guid attempt, DateTimeOffset deadline, bool repeats, DateTimeOffset now, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            update attempts a set state = {Attempt.Submitting}, version = a.version + 1, submitted_at = {now}, deadline_at = {deadline}
            from campaigns c, leads l
            where a.id = {attempt} and (a.state = {CallStates.Requested} or {repeats}) and a.expires_at > {now}
              and c.id = a.campaign_id and c.state = {CampaignStates.Running}
              and l.id = a.lead_id and l.settled is null and l.withdrawal is null
              and not exists (select from suppressions s where s.number = a.number and s.scope in ('all', c.purpose))
            """, cancel) == 1;

    /// <summary>In words, why <see cref="TrySubmit"/> did not let it go out. Asked afterwards: what kept it may be over.</summary>
    public static async Task<string> WhyNotSubmitted(this PacerDbContext db, Guid attempt, DateTimeOffset now, CancellationToken cancel) =>
        await db.Database.SqlQuery<string>(
            $"""
            select case
                when a.expires_at <= {now} then 'it expired before it was placed'
                when c.state <> {CampaignStates.Running} then 'the campaign is ' || lower(c.state)
                when exists (select from suppressions s where s.number = a.number and s.scope in ('all', c.purpose)) then 'the person opted out'
                when l.withdrawal is not null then 'the lead was withdrawn'
                when l.settled is not null then 'an earlier call had reached the person'
                else 'what kept it is over' end as "Value"
            from attempts a join campaigns c on c.id = a.campaign_id join leads l on l.id = a.lead_id where a.id = {attempt}
            """).SingleOrDefaultAsync(cancel) ?? "the attempt is not there any more";

    /// <summary>The trace of the lead's attempt before this one; null where there is none. Asked only while somebody traces.</summary>
    public static Task<string?> TraceOfTryBefore(this PacerDbContext db, Guid lead, int number, CancellationToken cancel) =>
        db.Attempts.Where(attempt => attempt.LeadId == lead && attempt.AttemptNumber == number - 1).Select(attempt => attempt.TraceParent)
            .SingleOrDefaultAsync(cancel);

    /// <summary>Who talks to the person, as the agent's own state tells it; what the provider said stands.</summary>
    public static Task LearnAgent(this PacerDbContext db, Guid attempt, Guid agent, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update attempts set agent_id = {agent}, version = version + 1 where id = {attempt} and agent_id is null", cancel);

    /// <summary>
    /// Takes the attempt's time away, so that no issuer, whatever its clock says, can submit it afterwards. False when an issuer
    /// did so first and may be asking the provider right now: then there is nothing to take back.
    /// </summary>
    public static async Task<bool> TryWithdraw(this PacerDbContext db, Guid attempt, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"update attempts set expires_at = requested_at, version = version + 1 where id = {attempt} and state = {CallStates.Requested}",
            cancel) == 1;

    /// <summary>The attempt that is overdue longest, its deadline pushed on, so that other replicas leave it alone while this one asks.</summary>
    /// <param name="lease">The deadline from now on.</param>
    /// <param name="doubtLease">Of a call that was said to be over and may not be.</param>
    public static async Task<Attempt?> ClaimOverdue(
        this PacerDbContext db, DateTimeOffset lease, DateTimeOffset doubtLease, DateTimeOffset now, CancellationToken cancel)
    {
        var claimed = await db.Attempts.FromSql(
            $"""
            update attempts set deadline_at = case when provisional_ended_at is null then {lease} else {doubtLease} end, look_ups = look_ups + 1,
              version = version + 1
            where id = (select id from attempts where state <> 'Ended' and deadline_at <= {now} order by deadline_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        return claimed.SingleOrDefault();
    }

    /// <summary>Nothing was heard since it was claimed: it is looked up again then.</summary>
    public static Task PutOff(this PacerDbContext db, Attempt claimed, DateTimeOffset until, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"update attempts set deadline_at = {until} where id = {claimed.CorrelationId} and version = {claimed.Version} and state <> 'Ended'", cancel);

    /// <summary>What the agent said came of it; what was left out stays. Without the saga, which has nothing to decide of it.</summary>
    public static Task KeepDisposition(this PacerDbContext db, LeadDispositioned told, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        update attempts set disposition = coalesce({told.Code}, disposition), note = coalesce({told.Note}, note),
          agent_id = coalesce(agent_id, {told.AgentId}),
          version = version + 1
        where id = {told.AttemptId}
        """, cancel);

    /// <summary>Ordered when the dump was made, at a provider that keeps records: as if its request had gone out and its answer been lost.</summary>
    public static Task<int> DoubtOrdered(
        this PacerDbContext db, string[] accounts, DateTimeOffset upTo, string why, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update attempts set state = {Attempt.Submitting}, submitted_at = requested_at, dialed = true, uncertain_reason = {why},
              deadline_at = {now},
              version = version + 1
            where state = {CallStates.Requested} and requested_at <= {upTo} and account = any({accounts})
            """, cancel);

    /// <summary>The same of those of which nobody can tell: in the hopper, or at a provider without records.</summary>
    public static Task<List<Attempt>> DoubtForGood(
        this PacerDbContext db, string[] accountsWithRecords, DateTimeOffset upTo, string why, DateTimeOffset deadline, CancellationToken cancel) =>
        db.Attempts.FromSql(
            $"""
            update attempts set state = case when state = {CallStates.Offered} then state else {Attempt.Submitting} end, dialed = true,
              uncertain_reason = {why}, deadline_at = {deadline}, version = version + 1
            where requested_at <= {upTo} and uncertain_reason is distinct from {why}
              and (state = {CallStates.Offered}
                or (state in ({CallStates.Requested}, {Attempt.Submitting}) and not account = any({accountsWithRecords})))
            returning *
            """).AsNoTracking().ToListAsync(cancel);
}
