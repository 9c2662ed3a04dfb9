namespace Outdial.Platform;

/// <summary>For answers that go on until somebody leaves, such as server-sent events.</summary>
public static class StreamTicks
{
    /// <summary>
    /// The next look at what is new. False when the process was told to stop: the stream then ends as if it were complete, and
    /// its reader comes back to another replica with Last-Event-ID.
    /// </summary>
    /// <param name="timer">One reader only.</param>
    /// <param name="stopping"><c>IHostApplicationLifetime.ApplicationStopping</c>.</param>
    /// <param name="cancel">The request's own.</param>
    /// <exception cref="OperationCanceledException">The reader has left.</exception>
    public static async ValueTask<bool> NextLookAsync(this PeriodicTimer timer, CancellationToken stopping, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        try
        {
            return await timer.WaitForNextTickAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
