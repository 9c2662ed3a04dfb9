using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;

namespace Outdial.AgentRouter.Dispositions;

/// <summary>Finds the lead of an attempt: in the hopper, else where customers who were called first are kept.</summary>
public sealed class Talks(RouterDbContext db, IEnumerable<ITalkSource> others)
{
    public async Task<Talk?> Find(Guid attemptId, CancellationToken cancel)
    {
        if (await db.Hopper.AsNoTracking().SingleOrDefaultAsync(h => h.AttemptId == attemptId && h.Number != "", cancel) is { } lead)
            return new(lead.AttemptId, lead.CampaignId, lead.LeadId, lead.DialedBy, lead.Offered());
        foreach (var other in others)
        {
            if (await other.FindAsync(attemptId, cancel) is { } talk)
                return talk;
        }
        return null;
    }
}
