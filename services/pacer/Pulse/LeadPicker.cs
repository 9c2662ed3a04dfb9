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

    /// <param name="write">Writes the attempt of a picked lead, which is not picked again.</param>
    /// <returns>How many were picked.</returns>
    public async Task<int> Pick(
        Campaign campaign, string[] zones, int count, DateTimeOffset now, Func<PickedLead, Task> write, CancellationToken cancel)
    {
        var looks = await queries.Looks(campaign, now, cancel);
        var askedSince = await queries.AskedSince(campaign, now, cancel);
        var picked = 0;
        for (var round = 0; round < MostRounds && picked < count; round++)
        {
            var wanted = count - picked;
            var leads = await db.TakeReadyLeads(campaign, zones, wanted, options.Value.EnrichAhead, askedSince, now, cancel);
            var facts = await queries.Facts(leads, campaign.Purpose, askedSince, now, cancel);
            var triesBefore = await queries.TriesBefore(leads, cancel);
            foreach (var lead in leads)
            {
                if (!Keep(lead, looks.At(lead, facts[lead.Number], triesBefore, out var callerId), now))
                    continue;
                looks.Take(lead, callerId!);
                await write(new(lead, facts[lead.Number], callerId!));
                picked++;
            }

            await db.SaveChangesAsync(cancel);   // before the next round, so that held leads are not taken again
            if (leads.Count < wanted)
                break;
        }

        return picked;
    }

    /// <summary>What the look found is written to the lead; true: it may be dialed.</summary>
    private bool Keep(Lead lead, LookVerdict verdict, DateTimeOffset now)
    {
        switch (verdict)
        {
            case LookVerdict.Never never:
                lead.Finish(never.State, never.Reason, never.Text, now);
                db.Trail.Add(TrailEntry.Of(lead, now, "final", $"{never.State}: {never.Text}"));
                metrics.Held(never.Reason);
                return false;
            case LookVerdict.Hold hold:
                Hold(lead, hold.Reason, hold.Text, hold.Until, now);
                return false;
            default:
                return true;
        }
    }

    private void Hold(Lead lead, string reason, string text, DateTimeOffset until, DateTimeOffset now)
    {
        if (lead.Reason != reason)
            db.Trail.Add(TrailEntry.Of(lead, now, "held", text));
        lead.Hold(reason, text, until, now);
        metrics.Held(reason);
    }
}
