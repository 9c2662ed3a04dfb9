using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Providers;

namespace Outdial.AgentRouter.Hopper;

/// <summary>The zones of the campaigns with agents.</summary>
internal sealed class CampaignZones(RouterDbContext db) : ICampaignZones
{
    public Task<List<string>> All(CancellationToken cancel) =>
        db.Campaigns.Where(c => c.TimeZone != null).Select(c => c.TimeZone!).Distinct().ToListAsync(cancel);
}
