using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Calls.Lines;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Hopper;

/// <summary>
/// Changes leads of the hopper, and tells what was decided with the row that says so. Only inside a transaction; a session that
/// is touched too is locked first.
/// </summary>
internal sealed class LeadChanges(RouterDbContext db, IOutbox<RouterDbContext> outbox, IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <summary>The lead under its row lock; null when the hopper never held it.</summary>
    public Task<HopperLead?> Lock(Guid attemptId, CancellationToken cancel) =>
        db.Hopper.Locked(attemptId).SingleOrDefaultAsync(cancel);

    /// <summary>Gives a lead back that nobody's phone rang for.</summary>
    public async Task Return(HopperLead lead, string reason, Guid? skippedBy, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        (lead.State, lead.ReturnedReason, lead.SkippedBy, lead.OverAt, lead.SettleAt) = (HopperStates.Returned, reason, skippedBy, now, null);
        await outbox.Publish(ReturnedOf(lead, now), cancel);
    }

    /// <summary>The dialing is over as far as anyone can tell: the Passthru's word is waited for a little, then the outcome is told.</summary>
    public void DialingOver(HopperLead lead)
    {
        if (!lead.IsDialingOver)
            lead.SettleAt = clock.GetUtcNow() + options.Value.SettleAfter;
    }

    /// <summary>Says again what was said of this lead, to one who is not sure of having heard it.</summary>
    public async Task TellAgain(HopperLead lead, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (lead.State == HopperStates.Returned)
        {
            await outbox.Publish(ReturnedOf(lead, now), cancel);
            return;
        }
        await outbox.Publish(DialedOf(lead, now), cancel);
        if (lead.State == HopperStates.Over)
            await outbox.Publish(LineEnd.Of(lead, now), cancel);
    }

    public static LeadDialed DialedOf(HopperLead lead, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = lead.AttemptId,
        CampaignId = lead.CampaignId,
        LeadId = lead.LeadId,
        Account = lead.Account!,
        AgentId = lead.DialedBy!.Value,
        SessionId = lead.SessionId!.Value,
        ProviderCallId = lead.ProviderCallId!,
        OccurredAt = lead.TakenAt ?? now,
    };

    public static LeadReturned ReturnedOf(HopperLead lead, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        AttemptId = lead.AttemptId,
        CampaignId = lead.CampaignId,
        LeadId = lead.LeadId,
        Reason = lead.ReturnedReason ?? "returned",
        SkippedBy = lead.SkippedBy,
        OccurredAt = lead.OverAt ?? now,
    };
}
