using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Hopper;

/// <summary>Keeps the copy of the pacer's campaigns.</summary>
internal sealed class CampaignCopies(RouterDbContext db)
{
    /// <summary>What somebody should have named.</summary>
    public const string Expected = "a campaign with agents (progressive, preview or power) that exists and is not over";

    /// <summary>Real time: a campaign that was made a moment ago may still be on its way here.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(3), LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Of these the first that is no campaign with agents, or one that is over; null: all are good.</summary>
    public async Task<Guid?> FirstUnknown(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var known = await db.Campaigns.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancel);
            if (known.Find(c => c.IsOver) is { } over)
                return over.Id;
            if (ids.Where(id => known.TrueForAll(c => c.Id != id)).Cast<Guid?>().FirstOrDefault() is not { } missing)
                return null;
            if (TimeProvider.System.GetElapsedTime(since) >= OnItsWay)
                return missing;
            await Task.Delay(LookAgain, TimeProvider.System, cancel);
        }
    }

    /// <summary>Whether it is a campaign with agents, be it over or not.</summary>
    public async Task<bool> Knows(Guid id, CancellationToken cancel)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await db.Campaigns.AnyAsync(c => c.Id == id, cancel))
        {
            if (TimeProvider.System.GetElapsedTime(since) >= OnItsWay)
                return false;
            await Task.Delay(LookAgain, TimeProvider.System, cancel);
        }
        return true;
    }

    /// <summary>Takes over what was told. False when something newer, or the same, is known already.</summary>
    public async Task<bool> Take(AgentCampaignChanged told, CancellationToken cancel)
    {
        var dispositions = System.Text.Json.JsonSerializer.Serialize(told.Dispositions, System.Text.Json.JsonSerializerOptions.Web);
        return await db.Database.ExecuteSqlAsync(
            $"""
            insert into campaigns (id, version, name, account, mode, state, purpose, answer_form, record, ring_timeout, max_conversation, wrap_up,
              preview_time, skill, dispositions, time_zone, changed_at)
            values ({told.CampaignId}, {told.Version}, {told.Name}, {told.Account}, {told.Mode}, {told.State}, {told.Purpose}, {told.AnswerForm},
              {told.Record}, {told.RingTimeout}, {told.MaxConversation}, {told.WrapUp}, {told.PreviewTime}, {told.Skill}, {dispositions}::jsonb,
              {told.TimeZone}, {told.OccurredAt})
            on conflict (id) do update set version = excluded.version, name = excluded.name, account = excluded.account, mode = excluded.mode,
              state = excluded.state, purpose = excluded.purpose, answer_form = excluded.answer_form, record = excluded.record,
              ring_timeout = excluded.ring_timeout, max_conversation = excluded.max_conversation, wrap_up = excluded.wrap_up,
              preview_time = excluded.preview_time, skill = excluded.skill, dispositions = excluded.dispositions, time_zone = excluded.time_zone,
              changed_at = excluded.changed_at
            where campaigns.version < excluded.version
            """, cancel) == 1;
    }
}
