using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Reconciliation;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Restore;

/// <summary>
/// Calls that the provider has and the ledger has lost: each becomes an attempt of the lead whose number was called, so that its try counts and
/// nobody is called again as if nothing had been.
/// </summary>
internal sealed class LostCalls(PacerDbContext db, IOutbox<PacerDbContext> outbox, ITelephonyProviders providers, AccountSettings accounts,
    TimeProvider clock)
{
    /// <summary>How far the provider's clock and ours, or the clocks of two of our machines, may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>The records of so many calls are read at most, until one tells its time.</summary>
    private const int LastKnown = 3;

    private const string FromRecords = "found in the provider's records after the database was restored";

    /// <returns>How many calls the ledger has now that it had not, and how many belong to no lead of it.</returns>
    /// <exception cref="ProviderException">The provider could not be asked; nothing was changed.</exception>
    public async Task<(int Placed, int Nobodys)> TakeIn(string account, DateTimeOffset dumpedAt, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var apart = await ClockOf(account, cancel);
        var listed = await providers.Get(account).ListCallsAsync(dumpedAt - apart - ClockSkew, now - apart + ClockSkew, cancel);
        var records = listed.Select(r => r with { CreatedAt = r.CreatedAt + apart, StartedAt = r.StartedAt + apart, EndedAt = r.EndedAt + apart })
            .ToList();
        var ids = records.Select(record => record.ProviderCallId).ToArray();
        var known = await db.Attempts.Where(a => a.Account == account && ids.Contains(a.ProviderCallId!)).Select(a => a.ProviderCallId!)
            .ToHashSetAsync(cancel);
        var strange = records.Where(record => record.To is not null && !known.Contains(record.ProviderCallId)).ToLookup(record => record.To!);

        var placed = 0;
        foreach (var number in strange)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            if (await db.LockedLeadToBeCalled(number.Key, account).SingleOrDefaultAsync(cancel) is { } lead && !await IsCalledAsAnother(lead, cancel))
                placed += await Take(lead, [.. number.OrderBy(record => record.CreatedAt)], dumpedAt, now, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            db.ChangeTracker.Clear();
        }
        return (placed, records.Count - known.Count - placed);
    }

    /// <summary>
    /// How far the clock of the provider's records is behind ours, from what they say of the last calls that the dump knows: a clock of another
    /// zone, or one that is wrong, must not hide the calls that are looked for.
    /// </summary>
    private async Task<TimeSpan> ClockOf(string account, CancellationToken cancel)
    {
        var last = await db.Attempts.AsNoTracking()
            .Where(a => a.Account == account && a.ProviderCallId != null && a.SubmittedAt != null && a.SessionId == null)
            .OrderByDescending(a => a.CorrelationId).Take(LastKnown).ToListAsync(cancel);
        foreach (var call in last)
        {
            var record = await providers.Get(account).GetCallAsync(call.ProviderCallId!, cancel);
            if (call.SubmittedAt - record?.CreatedAt is { } apart)
                return apart.Duration() > ClockSkew ? apart : TimeSpan.Zero;
        }
        return TimeSpan.Zero;
    }

    /// <summary>The person has an open attempt under another lead, which holds them back from being called: a second one cannot be open.</summary>
    private Task<bool> IsCalledAsAnother(Lead lead, CancellationToken cancel) =>
        db.Attempts.AnyAsync(a => a.Number == lead.Number && a.LeadId != lead.Id && a.State != CallStates.Ended, cancel);

    /// <summary>
    /// The first may be the call of an attempt that was ordered when the dump was made. All but the last are over: one person has one open attempt.
    /// </summary>
    private async Task<int> Take(Lead lead, IReadOnlyList<CallRecord> records, DateTimeOffset dumpedAt, DateTimeOffset now, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == lead.CampaignId, cancel);
        var open = await db.Attempts.SingleOrDefaultAsync(a => a.LeadId == lead.Id && a.State != CallStates.Ended, cancel);
        foreach (var record in records)
        {
            if (open is { ProviderCallId: null })
            {
                Found(open, record, now);
                continue;
            }
            if (open is not null)
                await Close(lead, open, await providers.Get(open.Account).GetCallAsync(open.ProviderCallId!, cancel), now, cancel);
            // The row of the one before must be over before the next can be open.
            await db.SaveChangesAsync(cancel);
            open = await Open(lead, campaign, record, dumpedAt, now, cancel);
        }
        return records.Count;
    }

    private void Found(Attempt call, CallRecord record, DateTimeOffset now)
    {
        call.ProviderCallId = record.ProviderCallId;
        call.State = CallStates.Submitted;
        call.DeadlineAt = now;   // how it ended is looked up as soon as the service runs
        db.Trail.Add(TrailEntry.Of(call, now, "submitted", $"The provider took the call as {record.ProviderCallId}: {FromRecords}"));
    }

    private async Task<Attempt> Open(Lead lead, Campaign campaign, CallRecord record, DateTimeOffset dumpedAt, DateTimeOffset now,
        CancellationToken cancel)
    {
        var at = record.CreatedAt is { } created ? ForeignClock.Held(created, dumpedAt - ClockSkew, now).At : dumpedAt;
        var circle = await db.Numbers.Where(n => n.Number == lead.Number).Select(n => n.Circle).SingleOrDefaultAsync(cancel);
        var call = Attempt.Found(campaign, accounts.Find(campaign.Account), lead, circle, record, at, FromRecords, now);
        db.Attempts.Add(call);
        db.Trail.Add(TrailEntry.Of(call, now, "attempt",
            $"Attempt {call.AttemptNumber}, placed at {at:u} as {record.ProviderCallId}: {FromRecords}"));
        await outbox.Publish(call.Started(at), cancel);
        return call;
    }

    /// <summary>There was a later call to the same person, so this one is over; what its record says is how.</summary>
    private async Task Close(Lead lead, Attempt call, CallRecord? record, DateTimeOffset now, CancellationToken cancel)
    {
        var endedAt = ForeignClock.Held(record?.EndedAt ?? now, call.SubmittedAt ?? call.RequestedAt, now).At;
        if (record?.Outcome is { } outcome)
            call.Learn(SilentCallVerdict.Word(call, outcome, endedAt, record, now));
        var ending = call.EndsAt(new(FinalWord.Outcome(call) ?? Outcomes.Unknown, endedAt, true, true, FinalWord.Reconciliation, null, null)
        {
            HeardAt = now,
        });
        (call.State, call.Outcome, call.Dialed, call.CountsAsTry, call.Source) =
            (CallStates.Ended, ending.Outcome, ending.Dialed, ending.CountsAsTry, ending.Source);
        lead.Remember(ending.Outcome, countsAsTry: true);
        db.Trail.Add(TrailEntry.Of(call, ending.At, "ended", $"{ending.Outcome}, told by {ending.Source}"));
        await outbox.Publish(EndedAttempt.Of(call, ending), cancel);
    }
}
