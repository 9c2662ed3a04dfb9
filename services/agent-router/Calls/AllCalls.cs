using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls;

/// <summary>Calls of all kinds. The kinds are asked in the order of registration, and the first that knows the call speaks for it.</summary>
internal sealed class AllCalls(IEnumerable<ICalls> kinds)
{
    public Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel) => First(kind => kind.Answer(request, cancel));

    public Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel) => First(kind => kind.Stays(request, cancel));

    /// <returns>True when the call is known.</returns>
    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) => Any(kind => kind.Heard(popup, cancel));

    /// <inheritdoc cref="Heard(DialPopup, CancellationToken)"/>
    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => Any(kind => kind.Heard(ended, cancel));

    public Task<Talk?> Find(Guid attemptId, CancellationToken cancel) => First(kind => kind.Find(attemptId, cancel));

    private async Task<T?> First<T>(Func<ICalls, Task<T?>> ask)
    {
        foreach (var kind in kinds)
        {
            if (await ask(kind) is { } known)
                return known;
        }
        return default;
    }

    private async Task<bool> Any(Func<ICalls, Task<bool>> hear)
    {
        foreach (var kind in kinds)
        {
            if (await hear(kind))
                return true;
        }
        return false;
    }
}
