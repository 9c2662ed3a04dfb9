using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Calls;

/// <summary>A lead whose attempt has ended, under its row lock, with all that <see cref="RedialPolicy"/> asks of it.</summary>
/// <param name="SameOutcomeBefore">How many other calls to this lead ended the same way.</param>
internal sealed record LeadAfterCall(Lead Lead, Campaign Campaign, int SameOutcomeBefore)
{
    public static async Task<LeadAfterCall> LockAsync(PacerDbContext db, Attempt call, Ending ending, CancellationToken cancel)
    {
        var lead = await db.Leads.FromSql($"select * from leads where id = {call.LeadId} for update").SingleAsync(cancel);
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == call.CampaignId, cancel);
        // What came back from the hopper undialed was no call.
        var before = await db.Attempts.CountAsync(
            a => a.LeadId == call.LeadId && a.Outcome == ending.Outcome && a.CorrelationId != call.CorrelationId && (a.OfferedAt == null || a.Dialed), cancel);
        return new(lead, campaign, before);
    }

    /// <summary>What becomes of the lead, its tries counted up to this attempt.</summary>
    public AfterAttempt Next(Ending ending) =>
        RedialPolicy.Next(ending.Outcome, Lead.Tries, SameOutcomeBefore, ending.At, ending.RetryAfter, Lead.TimeZone, Campaign.Rules);
}
