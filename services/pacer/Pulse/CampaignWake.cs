using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Has campaigns looked at before their time. A pulse that is looking at this moment may have looked too early, so its row is waited for and
/// then set, never skipped.
/// </summary>
internal sealed class CampaignWake(PacerDbContext db, PulseSignal signal, IOptions<PacerOptions> options)
{
    /// <summary>
    /// A number is known: looks at the running campaigns that have a lead due under it and may have waited for that. A single call is looked at now;
    /// a list, whose numbers are answered a hundred at once, no more often than at every tick.
    /// </summary>
    /// <remarks>Not in a transaction: a row of a pulse is waited for, and the pulse may wait for numbers and leads.</remarks>
    public async Task NumberKnown(string number, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = await db.CampaignsWaitingFor(number, now, cancel);
        foreach (var campaign in waiting)
        {
            if (campaign.Mode == CampaignModes.Triggered)
                await db.LookAt(campaign.Id, now, cancel);
            else
                await db.LookAtTick(campaign.Id, options.Value.PulseInterval, now, cancel);
        }

        if (waiting.Count > 0)
            signal.Set();
    }
}
