using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

// The three ways in which an attempt begins. Each takes the next number of its lead, whose row is written in the same transaction.
internal sealed partial class Attempt
{
    /// <summary>An order nobody took up is withdrawn so long after it expired.</summary>
    private static readonly TimeSpan TimeToWithdraw = TimeSpan.FromSeconds(5);

    /// <summary>A call is ordered: customer first.</summary>
    /// <param name="expires">The last look is too old then.</param>
    internal static Attempt Ordered(
        Campaign campaign, AccountSetting account, PickedLead picked, DecisionRow decision, string? traceParent, DateTimeOffset now,
        DateTimeOffset expires) =>
        Picked(campaign, picked, picked.Lead.BeginAttempt(now), campaign.Rules.Flow ?? account.Flow, decision, traceParent, now, null, expires,
            expires + TimeToWithdraw);

    /// <summary>The lead is offered to the agents' hopper: no call, and no try, before the router says that it was dialed.</summary>
    /// <param name="until">It is dialed by then or comes back.</param>
    /// <param name="grace">So long after that it is asked back.</param>
    internal static Attempt Offered(
        Campaign campaign, AccountSetting account, PickedLead picked, DecisionRow decision, string? traceParent, DateTimeOffset now,
        DateTimeOffset until, TimeSpan grace)
    {
        var attempt = Picked(
            campaign, picked, picked.Lead.BeginOffer(now), account.AgentFlow, decision, traceParent, now, now, until, until + grace);
        (attempt.State, attempt.CountsAsTry) = (CallStates.Offered, false);
        return attempt;
    }

    /// <summary>A call that the provider's records show and the ledger had lost: placed, and looked up as soon as the service runs.</summary>
    /// <param name="at">When it was placed, as far as that is believed.</param>
    /// <param name="why">Where it was found, in words.</param>
    internal static Attempt Found(
        Campaign campaign, AccountSetting? account, Lead lead, string? circle, CallRecord record, DateTimeOffset at, string why,
        DateTimeOffset now) => new()
        {
            CorrelationId = Guid.CreateVersion7(now),
            CampaignId = lead.CampaignId,
            LeadId = lead.Id,
            AttemptNumber = lead.BeginAttempt(now),
            Account = campaign.Account,
            Mode = campaign.Mode,
            Number = lead.Number,
            CallerId = record.CallerId ?? "",
            Circle = circle,
            TimeZone = lead.TimeZone,
            Flow = campaign.Rules.Flow ?? account?.Flow ?? "",
            RingTimeout = campaign.Rules.RingTimeout,
            TimeLimit = campaign.Rules.TimeLimit,
            ReachedAfter = campaign.Rules.ReachedAfter,
            State = CallStates.Submitted,
            RequestedAt = at,
            SubmittedAt = at,
            ExpiresAt = at,
            DeadlineAt = now,
            Dialed = true,
            UncertainReason = why,
            ProviderCallId = record.ProviderCallId,
        };

    private static Attempt Picked(
        Campaign campaign, PickedLead picked, int number, string? flow, DecisionRow decision, string? traceParent, DateTimeOffset now,
        DateTimeOffset? offeredAt, DateTimeOffset expires, DateTimeOffset deadline) => new()
        {
            CorrelationId = Guid.CreateVersion7(now),
            CampaignId = campaign.CorrelationId,
            LeadId = picked.Lead.Id,
            AttemptNumber = number,
            Account = campaign.Account,
            Mode = campaign.Mode,
            Number = picked.Lead.Number,
            CallerId = picked.CallerId.Number,
            CallerIdCircle = picked.CallerId.Circle,
            Circle = picked.Number.Circle,
            TimeZone = picked.Lead.TimeZone,
            OwnZone = picked.Lead.OwnZone,
            Flow = flow ?? "",
            RingTimeout = campaign.Rules.RingTimeout,
            TimeLimit = campaign.Rules.TimeLimit,
            ReachedAfter = campaign.Rules.ReachedAfter,
            DecisionId = decision.Id,
            TraceParent = traceParent,
            RequestedAt = now,
            OfferedAt = offeredAt,
            CallBackAt = picked.Lead.CallBackAt,
            ExpiresAt = expires,
            DeadlineAt = deadline,
        };
}
