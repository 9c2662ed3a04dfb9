using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>Agents' lines: an agent is called once, and dials one lead after the other over the line.</summary>
internal sealed class LineCalls(LineAnswers answers, LineListener listener, RouterDbContext db) : ICalls
{
    public Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel) => answers.Answer(request, cancel);

    public Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel) => answers.Stays(request, cancel);

    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) => listener.Heard(popup, cancel);

    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => listener.Heard(ended, cancel);

    public async Task<Talk?> Find(Guid attemptId, CancellationToken cancel) =>
        await db.Hopper.AsNoTracking().SingleOrDefaultAsync(h => h.AttemptId == attemptId && h.Number != "", cancel) is { } lead
            ? new(lead.AttemptId, lead.CampaignId, lead.LeadId, lead.DialedBy, lead.Offered())
            : null;
}
