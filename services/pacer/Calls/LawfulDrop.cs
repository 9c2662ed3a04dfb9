using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Calls;

/// <summary>
/// Abandoned by the law's definition: a person answered, and heard no agent within the campaign's limit
/// (<c>AgentRules.ConnectWithin</c>) of the answer. Connected late is dropped, though the call is Completed; hung up before the limit is dropped
/// too, because nobody can show that an agent would have come in time. Pure.
/// </summary>
/// <remarks>
/// With an agent's line open first (progressive, preview) the agent listens when the lead answers: only a call that ended Abandoned,
/// because the line broke, is a drop. Modes without agents have none.
/// </remarks>
internal static class LawfulDrop
{
    /// <summary>Whether a call that is over counts as dropped.</summary>
    public static bool Of(Attempt call, TimeSpan connectWithin) =>
        call is { AnsweredAt: { } answered, Outcome: { } outcome } && !AnsweredBy.IsMachine(call.AnsweredBy) && outcome != Outcomes.MachineAnswered
        && call.Mode switch
        {
            CampaignModes.Power => Connected(call) is not { } connected || connected - answered > connectWithin,
            CampaignModes.Progressive or CampaignModes.Preview => outcome == Outcomes.Abandoned,
            _ => false,
        };

    /// <summary>Where the records alone tell of a conversation it is taken to have lasted until the end.</summary>
    private static DateTimeOffset? Connected(Attempt call) =>
        call.ConnectedAt ?? (call.TalkTime > TimeSpan.Zero ? call.EndedAt - call.TalkTime : null);
}

/// <summary><see cref="LawfulDrop"/> with the limit of the call's campaign.</summary>
internal sealed class DropRule(PacerDbContext db)
{
    public async Task<bool> Of(Attempt call, CancellationToken cancel)
    {
        if (!CampaignModes.HasAgents(call.Mode))
            return false;
        var campaign = await db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == call.CampaignId, cancel);
        return LawfulDrop.Of(call, (campaign.Rules.Agents ?? new AgentRules()).ConnectWithin);
    }
}
