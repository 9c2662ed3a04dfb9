using Outdial.Pacer.Data;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>The zones that campaigns name.</summary>
internal sealed class CampaignZones(PacerDbContext db) : ICampaignZones
{
    public Task<List<string>> All(CancellationToken cancel) => db.ZonesNamed(cancel);
}
