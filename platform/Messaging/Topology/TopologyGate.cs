using Microsoft.Extensions.Options;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>
/// Open while every queue of the platform is known to exist, so that what is published reaches readers that have never
/// started. Always open on the in-memory transport.
/// </summary>
internal sealed class TopologyGate
{
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TopologyGate(IOptions<MessagingOptions> options)
    {
        if (options.Value.IsMemory)
            Open();
    }

    public bool IsOpen => _open.Task.IsCompleted;

    /// <summary>Completes when it is open.</summary>
    public Task Opened => _open.Task;

    public void Open() => _open.TrySetResult();

    public void Close()
    {
        if (IsOpen)
            _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <returns>Whether it is open now, or within the time. Real time.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancel) =>
        IsOpen || await Task.WhenAny(_open.Task, Task.Delay(limit, TimeProvider.System, cancel)) == _open.Task;
}
