using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.Platform.Hosting;

namespace Outdial.Platform;

/// <summary>
/// Work that is done again and again for as long as the process lives: at each tick of a clock, and when somebody cannot wait for it. Nothing
/// that a turn throws ends the loop, however it is wrapped: it is logged once for each outage (<see cref="LoopRecord"/>), and the next turns come
/// at growing distances, up to ten seconds or one interval, until one succeeds.
/// </summary>
/// <param name="name">In words, for logs and metrics: <c>sweep of inbound calls</c>.</param>
/// <param name="interval">Between two turns; zero: it turns only when it is woken.</param>
/// <param name="clock">What the interval is counted on: the platform's, or real time where the work has nothing to do with its speed.</param>
public abstract class TimedLoop(string name, TimeSpan interval, TimeProvider clock, ILogger log) : BackgroundService, IBackgroundWork
{
    private static readonly Task<bool> Never = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously).Task;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly LoopRecord _record = new(name, log);
    private readonly LoopSignal _ticks = new();
    private ITimer? _timer;
    private bool _turning = true;   // from its creation until it first waits: the first turn may be due at once
    private long _begun;
    private int _rest;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int InHand =>
        ExecuteTask is not { IsCompleted: true } && (Volatile.Read(ref _turning) || _ticks.IsSet || Signal is { IsSet: true }) ? 1 : 0;

    /// <inheritdoc/>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>What the interval is counted on.</summary>
    protected TimeProvider Clock { get; } = clock;

    protected ILogger Logger { get; } = log;

    /// <summary>Whether the first turn comes at the start, and not one interval after it.</summary>
    protected virtual bool TurnsAtStart => false;

    /// <summary>The work. What it throws is logged; what it has not done is done at a later turn.</summary>
    protected abstract Task TurnAsync(CancellationToken cancel);

    /// <summary>By which a turn is wanted before the next tick; null: nobody does.</summary>
    protected virtual LoopSignal? Signal => null;

    /// <summary>The clock is looked at from here on, so that no tick is missed however late the loop itself comes to run.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var between = interval > TimeSpan.Zero ? interval : Timeout.InfiniteTimeSpan;
        _timer ??= Clock.CreateTimer(_ => _ticks.Set(), null, between, between);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (TurnsAtStart)
                await AttemptAsync(stoppingToken);
            var tick = _ticks.WaitAsync(stoppingToken);
            var woken = WokenAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                Volatile.Write(ref _turning, false);
                await Task.WhenAny(tick, woken);
                Volatile.Write(ref _turning, true);
                if (woken.IsCompleted)
                {
                    Signal?.Clear();
                    woken = WokenAsync(stoppingToken);
                }
                var ticked = tick.IsCompleted;
                if (ticked)
                {
                    if (!await tick)
                        return;   // disposed of without having been stopped
                    _ticks.Clear();
                    tick = _ticks.WaitAsync(stoppingToken);
                }
                if (_rest == 0)
                    await AttemptAsync(stoppingToken);
                else if (ticked)
                    Logger.LoopRests(name, _rest--);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;   // told to stop between two turns
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();   // stops it; without its timer it would end too, as if it had not been told to
        _timer?.Dispose();
        _ticks.Close();
        _record.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<bool> WokenAsync(CancellationToken cancel) => Signal?.WaitAsync(cancel) ?? Never;

    private async Task AttemptAsync(CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return;
        Interlocked.Increment(ref _begun);
        try
        {
            await TurnAsync(cancel);
            _record.Succeeded();
        }
        catch (Exception e)
        {
            // What breaks because the process stops is no failure; a time-out, which is a cancellation too, is one.
            if (!cancel.IsCancellationRequested)
                _rest = RestAfter(_record.Failed(e));
        }
    }

    /// <summary>How many ticks are left out after so many failures in a row: 0, 1, 3, 7, …</summary>
    private int RestAfter(int failures)
    {
        var most = interval > TimeSpan.Zero ? Math.Max(1, (int)Math.Min(LongestRest / interval, 1_000_000)) : 1;
        return Math.Min(1 << Math.Min(failures - 1, 20), most) - 1;
    }
}
