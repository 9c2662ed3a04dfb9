using Microsoft.Extensions.Options;

namespace Outdial.AgentRouter.Calls;

/// <summary>
/// Lets a question wait for a moment when its caller may be a line or customer that we called ourselves: whose call it is, the provider's answer to
/// our own request says, and that is on its way from the pacer. Nobody is believed by a phone number, so until then the answer is nobody.
/// </summary>
internal sealed class AwaitedCallers(IOptions<RouterOptions> options) : IDisposable
{
    /// <summary>More than an installation has lines that are being opened; a flood of questions waits for nothing.</summary>
    private const int MostWaiting = 64;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(150);
    private readonly SemaphoreSlim _places = new(MostWaiting);

    /// <summary>
    /// Asks until the answer is final, for <see cref="RouterOptions.WaitForCallId"/> at most. Real time: the provider waits five seconds.
    /// </summary>
    public async Task<DialWhomAnswer?> Answer(Func<Task<DialWhomAnswer?>> ask, CancellationToken cancel)
    {
        var answer = await ask();
        if (answer is not { IsAwaited: true } || !await _places.WaitAsync(TimeSpan.Zero, cancel))
            return answer;
        try
        {
            var since = TimeProvider.System.GetTimestamp();
            while (answer is { IsAwaited: true } && TimeProvider.System.GetElapsedTime(since) < options.Value.WaitForCallId)
            {
                await Task.Delay(LookAgain, TimeProvider.System, cancel);
                answer = await ask();
            }
            return answer;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
