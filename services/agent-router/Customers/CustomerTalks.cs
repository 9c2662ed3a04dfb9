using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Dispositions;

namespace Outdial.AgentRouter.Customers;

/// <summary>Customers who were called first, for screens and dispositions.</summary>
internal sealed class CustomerTalks(RouterDbContext db) : ITalkSource
{
    public async Task<Talk?> FindAsync(Guid attemptId, CancellationToken cancel) =>
        await db.Set<CustomerCall>().AsNoTracking().SingleOrDefaultAsync(c => c.AttemptId == attemptId, cancel) is { } call
            ? new Talk(call.AttemptId, call.CampaignId, call.LeadId, call.AgentId, call.Offered())
            : null;
}
