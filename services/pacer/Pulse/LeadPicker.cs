using Microsoft.Extensions.Options;
using Outdial.Pacer.CallerIds;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Telemetry;

namespace Outdial.Pacer.Pulse;

/// <summary>A lead that may be called now, and the number of ours that it sees.</summary>
internal sealed record PickedLead(Lead Lead, NumberFacts Number, CallerId CallerId);

/// <summary>
/// Takes due leads in their order and has the last look at each; those that may not be called now or ever are told why and put
/// aside. Runs in the pulse's transaction, in which the attempt of each picked lead is written.
/// </summary>
internal sealed class LeadPicker(PacerDbContext db, PulseQueries queries, PacerMetrics metrics, IOptions<PacerOptions> options)
{
    private const int MostRounds = 10;
    private static readonly TimeSpan LookForAgentAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookForRoomAgain = TimeSpan.FromSeconds(30), LookForNumbersAgain = TimeSpan.FromMinutes(1);

    /// <param name="agents">The agents at work, for whom personal call-backs wait; null: the campaign has none.</param>
    /// <param name="write">Writes the attempt of a picked lead, which is not picked again.</param>
    /// <returns>How many were picked.</returns>
    public async Task<int> Pick(
        Campaign campaign, string[] zones, int count, IReadOnlySet<Guid>? agents, DateTimeOffset now, Func<PickedLead, Task> write,
        CancellationToken cancel)
    {
        var chooser = await queries.CallerIds(campaign, now, cancel);
        var askedSince = await queries.AskedSince(campaign, now, cancel);
        var picked = 0;
        for (var round = 0; round < MostRounds && picked < count; round++)
        {
            var wanted = count - picked;
            var leads = await db.TakeReadyLeads(campaign, zones, wanted, options.Value.EnrichAhead, askedSince, now, cancel);
            var facts = await queries.Facts(leads, campaign.Purpose, now, cancel);
            var taken = new HashSet<string>();
            foreach (var lead in leads)
            {
                if (Look(campaign, lead, facts[lead.Number], taken, agents, now) && Choose(chooser, lead, facts[lead.Number], now) is { } callerId)
                {
                    await write(new(lead, facts[lead.Number], callerId));
                    picked++;
                }
            }

            await db.SaveChangesAsync(cancel);   // before the next round, so that held leads are not taken again
            if (leads.Count < wanted)
                break;
        }

        return picked;
    }

    private bool Look(Campaign campaign, Lead lead, NumberFacts number, HashSet<string> taken, IReadOnlySet<Guid>? agents, DateTimeOffset now)
    {
        var facts = number.ForLead(lead) with { PersonBusy = number.PersonBusy || taken.Contains(lead.Number) };
        switch (LastLook.Check(facts, campaign.Rules, now))
        {
            case LookVerdict.Never never:
                lead.Finish(never.State, never.Reason, never.Text, now);
                db.Trail.Add(TrailEntry.Of(lead, now, "final", $"{never.State}: {never.Text}"));
                metrics.Held(never.Reason);
                return false;
            case LookVerdict.Hold hold:
                Hold(lead, hold.Reason, hold.Text, hold.Until, now);
                return false;
        }

        if (lead.PersonalUntil(campaign.Rules) is { } until && now < until && agents?.Contains(lead.CallBackAgentId!.Value) == false)
        {
            var again = now + LookForAgentAgain;
            Hold(lead, LeadReasons.AwaitingAgent, $"The agent who promised the call-back is not at work; anyone may dial it from {until:u}.",
                again < until ? again : until, now);
            return false;
        }

        taken.Add(lead.Number);
        return true;
    }

    private CallerId? Choose(CallerIdChooser chooser, Lead lead, NumberFacts number, DateTimeOffset now)
    {
        if (chooser.Take(number.Circle) is { } callerId)
            return callerId;
        var (why, passes) = chooser.WhyNone();
        Hold(lead, LeadReasons.NoCallerId, why, now + (passes ? LookForRoomAgain : LookForNumbersAgain), now);
        return null;
    }

    private void Hold(Lead lead, string reason, string text, DateTimeOffset until, DateTimeOffset now)
    {
        if (lead.Reason != reason)
            db.Trail.Add(TrailEntry.Of(lead, now, "held", text));
        lead.Hold(reason, text, until, now);
        metrics.Held(reason);
    }
}
