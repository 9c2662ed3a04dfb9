using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Platform;

namespace Outdial.Pacer.Numbers;

/// <summary>
/// Asks enrichment for the numbers that are due next, not for the whole list: a million look-ups at 200 a minute would take
/// days, and a do-not-disturb flag that old is worth little.
/// </summary>
internal sealed class LookAhead(PacerDbContext db, IOutbox<PacerDbContext> outbox, IOptions<PacerOptions> options)
{
    private const int MostPerMessage = 100;

    /// <param name="forCircle">Leads wait for the circle, for a while, although consent is held.</param>
    public async Task Ask(Campaign campaign, string[] zones, bool forCircle, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        var horizon = now + TimeSpan.FromMinutes(5);
        var stale = now - settings.EnrichAgainAfter;
        // Claimed by the upsert: of two replicas that see the same number, one asks.
        var numbers = await db.Database.SqlQuery<string>(
            $"""
            insert into numbers (number, requested_at)
            select distinct ahead.number, {now} from (
              select l.number from leads l where l.campaign_id = {campaign.CorrelationId} and l.state = 'Waiting' and l.due_at <= {horizon} and l.time_zone = any({zones})
              order by (l.call_back_at is not null) desc, l.priority desc, l.due_at, l.id limit {settings.EnrichAhead}) ahead
            left join numbers n on n.number = ahead.number
            where n.number is null or ((n.status is null or n.expires_at <= {now}) and coalesce(n.requested_at, '-infinity') < {stale})
            on conflict (number) do update set requested_at = excluded.requested_at
              where coalesce(numbers.requested_at, '-infinity') < {stale}
            returning number as "Value"
            """).ToListAsync(cancel);
        if (numbers.Count == 0)
            return;
        if (campaign.Rules.Dnd != "consented" || forCircle)
            await SayWhatIsAwaited(campaign, numbers, now, cancel);
        foreach (var some in numbers.Chunk(MostPerMessage))
            await outbox.Publish(new EnrichNumbers { Account = campaign.Account, Numbers = some }, cancel);
    }

    private string Awaited(Campaign campaign) => campaign.Rules.Dnd != "consented"
        ? "Circle and do-not-disturb flag are being looked up."
        : $"Its circle is being looked up, so that it sees a local number; dialed without after {options.Value.CircleWait.TotalSeconds:0} s.";

    private Task SayWhatIsAwaited(Campaign campaign, List<string> numbers, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update leads set reason = {LeadReasons.AwaitingMetadata}, reason_text = {Awaited(campaign)}, reason_at = {now}
            where campaign_id = {campaign.CorrelationId} and state = 'Waiting' and reason = {LeadReasons.InQueue} and number = any({numbers})
              and not exists (select from numbers n where n.number = leads.number and n.status is not null)
            """, cancel);
}
