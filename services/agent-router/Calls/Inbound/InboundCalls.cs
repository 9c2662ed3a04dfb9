using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>Customers who call one of our numbers. They are no attempts: nothing of them is dispositioned.</summary>
internal sealed class InboundCalls(InboundAnswers answers, InboundListener listener) : ICalls
{
    public Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel) => answers.Answer(request, cancel);

    public Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel) => answers.Stays(request, cancel);

    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) => listener.Heard(popup, cancel);

    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => listener.Heard(ended, cancel);

    public Task<Talk?> Find(Guid attemptId, CancellationToken cancel) => Task.FromResult<Talk?>(null);
}
