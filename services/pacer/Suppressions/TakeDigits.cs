using MassTransit;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;

namespace Outdial.Pacer.Suppressions;

/// <summary>A lead pressed keys: the campaign's opt-out keys put the person on the suppression list at once.</summary>
internal sealed class TakeDigits(PacerDbContext db, SuppressionList suppressions, TimeProvider clock) : CallActivity<CallDigitsPressed>("take-digits")
{
    protected override async Task Run(BehaviorContext<Attempt, CallDigitsPressed> context)
    {
        var call = context.Saga;
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == call.CampaignId, context.CancellationToken);
        if (OptOut.IsAsked(context.Message.Digits, campaign.Rules.OptOutDigits))
        {
            var added = await suppressions.Add(
                call.Number, SuppressionList.Everything, Reason(context.Message.Digits, campaign.Rules.OptOutDigits!), "digits", campaign.Name,
                context.CancellationToken);
            if (added)
                db.Trail.Add(TrailEntry.Of(call, clock.GetUtcNow(), "opted-out", "Asked by key not to be called again"));
        }
    }

    /// <summary>What was pressed, where it is not what was asked for: so that a doubt can be told from a wish.</summary>
    private static string Reason(string pressed, string keys) =>
        pressed == keys ? $"pressed {keys} in a call" : $"pressed {pressed} in a call, which was taken for {keys}";
}
