using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Calls;

/// <summary>A lead whose attempt has ended, under its row lock, with all that <see cref="RedialPolicy"/> asks of it.</summary>
/// <param name="SameOutcomeBefore">How many other calls to this lead ended the same way since it was put back, if it was.</param>
/// <param name="TriesBefore">Tries before that.</param>
internal sealed record LeadAfterCall(Lead Lead, Campaign Campaign, int SameOutcomeBefore, int TriesBefore)
{
    /// <summary>The lead was put back since this call, which decides about it no more.</summary>
    public bool IsRecycled { get; private init; }

    public static async Task<LeadAfterCall> Lock(PacerDbContext db, Attempt call, Ending ending, CancellationToken cancel)
    {
        var lead = await db.LockedLead(call.LeadId).SingleAsync(cancel);
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == call.CampaignId, cancel);
        var recycled = lead.Attempts > 0 ? await db.Recycled.AsNoTracking().SingleOrDefaultAsync(r => r.LeadId == lead.Id, cancel) : null;
        var since = recycled?.At ?? DateTimeOffset.MinValue;
        // What came back from the hopper undialed was no call.
        var before = await db.Attempts.CountAsync(
            a => a.LeadId == call.LeadId && a.Outcome == ending.Outcome && a.CorrelationId != call.CorrelationId && a.RequestedAt >= since
                && (a.OfferedAt == null || (a.Dialed && a.CountsAsTry)), cancel);
        return new(lead, campaign, before, call.RequestedAt >= since ? recycled?.TriesBefore ?? 0 : 0)
        {
            IsRecycled = call.RequestedAt < since,
        };
    }

    public static readonly TimeSpan WaitAfterInVain = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of a lead that was asked for in vain: it waits as after any call without an outcome, and no redial is used up.</summary>
    public AfterAttempt InVain(Ending ending)
    {
        if (Decided() is { } decided)
            return decided;
        var wait = Campaign.Rules.Redial.TryGetValue(ending.Outcome, out var rule) && rule.After > WaitAfterInVain ? rule.After : WaitAfterInVain;
        var due = Campaign.Rules.Window.NextOpen(ending.HeardAt + wait, Lead.TimeZone);
        return Campaign.Rules.EndsAt is { } end && due >= end
            ? new AfterAttempt.Final(LeadStates.Canceled, LeadReasons.CampaignEnded, $"The campaign ends at {end:u}, before it would be due again.")
            : new AfterAttempt.Again(due,
                $"An agent's line asked for it, and there is no word that it was dialed; due again at {due:u}, with the try it had.");
    }

    /// <summary>What becomes of the lead, its tries counted up to this attempt.</summary>
    public AfterAttempt Next(Ending ending)
    {
        var next = RedialPolicy.Next(
            ending.Outcome, Lead.Tries - TriesBefore, SameOutcomeBefore, ending.HeardAt, ending.RetryAfter, Lead.TimeZone, Campaign.Rules);
        return next switch
        {
            AfterAttempt.Again => Decided() ?? next,
            AfterAttempt.Final { State: LeadStates.Exhausted } => Settled() ?? next,
            _ => next,
        };
    }

    /// <summary>It is not dialed again, whatever is owed. Null: nothing speaks against it.</summary>
    private AfterAttempt.Final? Decided() =>
        Settled() ?? (Lead.Withdrawal is { } withdrawal ? new(LeadStates.Canceled, LeadReasons.Withdrawn, withdrawal) : null);

    /// <summary>An earlier call reached the person. Null: none did.</summary>
    private AfterAttempt.Final? Settled() => Lead.Settled is { } settled ? new(LeadStates.Completed, Outcomes.Completed, settled) : null;
}
