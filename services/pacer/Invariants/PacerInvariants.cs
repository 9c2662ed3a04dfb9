using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Placing;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Invariants;

/// <summary>What must never be so in the ledger.</summary>
internal static class PacerInvariants
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<Invariant> All { get; } =
    [
        Rows("open-attempt-past-deadline", "An attempt is open long after silence about it should have been looked into.",
            "select id from attempts where state <> 'Ended' and deadline_at < @overdue"),
        Rows("attempt-never-placed", "An attempt was ordered, and nobody placed or dropped it long after its last look was too old.",
            "select id from attempts where state = 'Requested' and expires_at < @overdue"),
        Rows("lead-with-two-open-attempts", "A lead is being dialed twice.",
            "select lead_id as id from attempts where state <> 'Ended' group by lead_id having count(*) > 1"),
        Rows("person-with-two-open-attempts", "A person is being dialed twice, under two leads.",
            "select (array_agg(id order by id))[1] as id from attempts where state <> 'Ended' group by number having count(*) > 1"),
        Rows("lead-dialing-without-attempt", "A lead is said to be dialed and has no open attempt: nothing would ever move it again.",
            """
            select l.id from leads l join campaigns c on c.id = l.campaign_id
            where l.state = 'Dialing' and not exists (select from attempts a where a.lead_id = l.id and a.state <> 'Ended')
            """),
        Rows("open-attempt-of-waiting-lead", "An attempt is open and its lead is said to wait: it could be dialed a second time.",
            "select a.id from attempts a join leads l on l.id = a.lead_id where a.state <> 'Ended' and l.state = 'Waiting'"),
        Rows("ended-without-outcome", "An attempt has ended and nobody knows how.",
            """
            select a.id from campaigns c join attempts a on a.campaign_id = c.id
            where c.state in ('Running', 'Paused') and a.state = 'Ended' and (a.outcome is null or a.ended_at is null)
            """),
        Rows("ended-before-asked", "A call ended, rang, was answered or was connected before it was asked for, or ended before that.",
            """
            select a.id from campaigns c join attempts a on a.campaign_id = c.id and a.requested_at > @now - interval '1 day'
            where least(a.ended_at, a.ringing_at, a.answered_at, a.queued_at, a.connected_at) < a.requested_at
              or a.ended_at < greatest(a.answered_at, a.connected_at) or a.connected_at < a.answered_at
            """),
        Rows("attempt-count-differs", "What a lead says of its attempts and tries is not what their rows say.",
            """
            select l.id from campaigns c join leads l on l.campaign_id = c.id
            join lateral (
              select coalesce(max(attempt_number), 0) as last, count(*) filter (where a.state = 'Ended' and a.counts_as_try) as tries
              from attempts a where a.lead_id = l.id) counted on true
            where c.state in ('Running', 'Paused') and (l.state = 'Dialing' or l.reason_at > @now - interval '1 hour')
              and (l.attempts <> counted.last or l.tries <> counted.tries)
            """),
        Rows("leads-not-conserved", "A campaign has more or fewer leads than its uploads accepted.",
            """
            select c.id from campaigns c
            where c.state in ('Running', 'Paused') and c.mode <> 'triggered'
              and not exists (select from imports i where i.campaign_id = c.id and i.state = 'Running')
              and (select count(*) from leads l where l.campaign_id = c.id and l.import_id is not null)
                  <> (select coalesce(sum(i.accepted), 0) from imports i where i.campaign_id = c.id)
            """),
        Rows("lead-left-behind", "A campaign ended long ago and a lead of it still waits.",
            """
            select l.id from campaigns c join leads l on l.campaign_id = c.id
            where c.state in ('Completed', 'Stopped') and c.ended_at < @overdue and l.state = 'Waiting'
            """),
        Rows("campaign-not-looked-at", "A campaign is due and no pacer has looked at it, or it runs and is never due.",
            """
            select c.id from campaigns c left join campaign_pulses p on p.campaign_id = c.id
            where p.next_at < @overdue or (c.state = 'Running' and p.next_at is null)
            """),
        new("dialed-outside-window", "A person was dialed at an hour that the campaign does not allow.", DialedOutsideWindow),
        new("calls-per-minute-exceeded", "An account was asked for more calls in a minute than it allows.", CallsPerMinuteExceeded),
        new("concurrent-calls-exceeded", "An account has more open calls than it allows.", ConcurrentCallsExceeded),
    ];

    private static Invariant Rows(string name, string description, string sql) => Invariant.Rows<PacerDbContext>(name, description, sql);

    // The window is in the campaign's rules and asks the clocks of the zones where the number may be, which no SQL knows.
    private static async Task<InvariantFinding> DialedOutsideWindow(IServiceProvider services, InvariantMoment moment, CancellationToken cancel)
    {
        var db = services.GetRequiredService<PacerDbContext>();
        var since = moment.Now - TimeSpan.FromHours(1);
        var campaigns = await db.Campaigns.AsNoTracking()
            .Where(c => c.StartedAt != null && (c.EndedAt == null || c.EndedAt > since)).ToDictionaryAsync(c => c.CorrelationId, cancel);
        // What people changed meanwhile held for the calls after it only.
        var changes = (await db.Revisions.AsNoTracking().Where(r => r.At > since).OrderByDescending(r => r.Revision).ToListAsync(cancel))
            .ToLookup(r => r.CampaignId);
        var outside = new List<string>();
        foreach (var (id, campaign) in campaigns)
        {
            var dialed = await db.Attempts.AsNoTracking()
                .Where(a => a.CampaignId == id && a.RequestedAt > since && a.Dialed)
                .Select(a => new { a.CorrelationId, a.RequestedAt, At = a.SubmittedAt ?? a.RequestedAt, a.Number, a.OwnZone, a.TimeZone })
                .ToListAsync(cancel);
            CallingWindow Window(DateTimeOffset at) => CampaignHistories.WindowBefore(
                campaign.Rules.Window, changes[id].Where(r => r.At > at).SelectMany(r => r.Read()));
            outside.AddRange(dialed.Where(a => !HoursWitness.WasAllowed(Window(a.RequestedAt), a.At, a.Number, a.OwnZone, a.TimeZone))
                .Select(a => a.CorrelationId.ToString()));
        }
        return Invariant.Found(outside);
    }

    private static async Task<InvariantFinding> CallsPerMinuteExceeded(IServiceProvider services, InvariantMoment moment, CancellationToken cancel)
    {
        var db = services.GetRequiredService<PacerDbContext>();
        var exceeded = new List<string>();
        foreach (var account in services.GetRequiredService<AccountSettings>().All)
        {
            var permits = await db.Database.SqlQuery<DateTimeOffset>(
                $"""select at as "Value" from originate_permits where account = {account.Name} order by at""").ToListAsync(cancel);
            for (var i = account.CallsPerMinute; i < permits.Count; i++)
            {
                if (permits[i] - permits[i - account.CallsPerMinute] < Minute)
                {
                    exceeded.Add(account.Name);
                    break;
                }
            }
        }
        return Invariant.Found(exceeded);
    }

    private static async Task<InvariantFinding> ConcurrentCallsExceeded(IServiceProvider services, InvariantMoment moment, CancellationToken cancel)
    {
        var db = services.GetRequiredService<PacerDbContext>();
        var open = await db.Attempts.AsNoTracking().Where(a => a.State != CallStates.Ended && a.State != CallStates.Offered)
            .GroupBy(a => a.Account).Select(group => new { Account = group.Key, Count = group.Count() }).ToListAsync(cancel);
        var settings = services.GetRequiredService<AccountSettings>();
        return Invariant.Found([.. open.Where(o => settings.Find(o.Account) is { } account && o.Count > account.MaxConcurrentCalls)
            .Select(o => o.Account)]);
    }
}
