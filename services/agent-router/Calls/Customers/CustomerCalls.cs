using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>Customers who were called first, and are led to an agent when they pick up.</summary>
internal sealed class CustomerCalls(CustomerAnswers answers, CustomerListener listener, RouterDbContext db) : ICalls
{
    public Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel) => answers.Answer(request, cancel);

    public Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel) => answers.Stays(request, cancel);

    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) => listener.Heard(popup, cancel);

    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => listener.Heard(ended, cancel);

    public async Task<Talk?> Find(Guid attemptId, CancellationToken cancel) =>
        await db.CustomerCalls.AsNoTracking().SingleOrDefaultAsync(c => c.AttemptId == attemptId, cancel) is { } call
            ? new(call.AttemptId, call.CampaignId, call.LeadId, call.AgentId, call.Offered())
            : null;
}
