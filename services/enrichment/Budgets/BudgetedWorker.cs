using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Budgets;

/// <summary>One row of work that this process holds a claim on, and the slot of the budget it may spend.</summary>
/// <param name="Slot">Null when no request is needed.</param>
public sealed record Claim<TItem>(string Account, TItem Item, long? Slot);

/// <summary>Work that was done.</summary>
/// <param name="At">When the provider answered, or the request was over.</param>
public sealed record Done<TItem, TResult>(Claim<TItem> Claim, TResult Result, DateTimeOffset At);

/// <summary>
/// Claims rows of a work table within the account's budget, asks the provider for several at once, and writes what came
/// back in batches. A claim lapses by itself: what a dead process held is asked for again.
/// </summary>
public abstract class BudgetedWorker<TItem, TResult>(
    ITelephonyProviders providers, TimeProvider clock, IOptions<EnrichmentOptions> options, Lease lease, ILogger log)
    : BackgroundService, IPollingWork
{
    private const int LargestBatch = 50;

    protected TimeProvider Clock => clock;
    protected EnrichmentOptions Options => options.Value;

    private readonly LoopRecord _record = new($"look-up of {typeof(TItem).Name}", log);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Channel<Done<TItem, TResult>> _done = Channel.CreateUnbounded<Done<TItem, TResult>>(new() { SingleReader = true });
    private readonly Dictionary<string, int> _busy = [];
    private int _inHand;
    private long _wanted = 1, _looked, _begun;

    /// <summary>Names this process in its claims.</summary>
    protected Guid Worker { get; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public string Name => $"look-up of {typeof(TItem).Name}";

    /// <inheritdoc/>
    public int InHand => ExecuteTask is { IsCompleted: true }
        ? 0
        : Volatile.Read(ref _inHand) + (Volatile.Read(ref _looked) == Volatile.Read(ref _wanted) ? 0 : 1);

    /// <inheritdoc/>
    public long Begun => Volatile.Read(ref _begun);

    /// <summary>Looks at the work table at once instead of at the next poll.</summary>
    public void Wake()
    {
        Interlocked.Increment(ref _wanted);
        lock (_busy)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Claims at most so many rows that are due.</summary>
    protected abstract Task<IReadOnlyList<Claim<TItem>>> ClaimAsync(
        string account, int atMost, DateTimeOffset now, DateTimeOffset leaseEnds, CancellationToken cancel);

    /// <summary>Asks the provider. Never throws but for bugs.</summary>
    protected abstract Task<TResult> AskAsync(ITelephonyProvider provider, Claim<TItem> claim, CancellationToken timeout);

    /// <summary>Writes results and what follows from them in one transaction.</summary>
    protected abstract Task CommitAsync(IReadOnlyList<Done<TItem, TResult>> done, CancellationToken cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var committing = CommitLoopAsync();
        var asking = new HashSet<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var claimed = 0;
                var wanted = Volatile.Read(ref _wanted);
                foreach (var provider in providers.All)
                    claimed += await TurnAsync(provider, asking, stoppingToken);
                asking.RemoveWhere(task => task.IsCompleted);
                _record.Succeeded();
                if (claimed == 0)
                {
                    Volatile.Write(ref _looked, wanted);
                    await _wake.WaitAsync(options.Value.PollInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                _record.Failed(failure);
                await _wake.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }

        // What is on its way is finished: its budget is spent, and asking again would spend it twice.
        await Task.WhenAll(asking);
        _done.Writer.Complete();
        await committing;
    }

    private async Task<int> TurnAsync(ITelephonyProvider provider, HashSet<Task> asking, CancellationToken cancel)
    {
        int room;
        lock (_busy)
            room = options.Value.Concurrency - _busy.GetValueOrDefault(provider.Account);
        if (room <= 0)
            return 0;

        var now = clock.GetUtcNow();
        var claims = await ClaimAsync(provider.Account, room, now, now + lease.Length, cancel);
        foreach (var claim in claims)
        {
            Count(claim.Account, +1);
            Interlocked.Increment(ref _inHand);
            Interlocked.Increment(ref _begun);
            asking.Add(RunAsync(provider, claim));
        }
        return claims.Count;
    }

    private async Task RunAsync(ITelephonyProvider provider, Claim<TItem> claim)
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, TimeProvider.System);
            // Repeats are claims of their own, each with a slot, so no handler makes any.
            var result = await AskAsync(provider.Unrepeated, claim, timeout.Token);
            await _done.Writer.WriteAsync(new(claim, result, clock.GetUtcNow()), CancellationToken.None);
        }
        catch (Exception failure)
        {
            WorkerLog.AskFailed(log, failure);   // the claim lapses and the row is asked for again
            Interlocked.Decrement(ref _inHand);
        }
        finally
        {
            Count(claim.Account, -1);
        }
    }

    private async Task CommitLoopAsync()
    {
        while (await _done.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<Done<TItem, TResult>>();
            while (batch.Count < LargestBatch && _done.Reader.TryRead(out var done))
                batch.Add(done);
            try
            {
                await CommitAsync(batch, CancellationToken.None);
            }
            catch (Exception failure)
            {
                WorkerLog.CommitFailed(log, failure, batch.Count);
            }
            Wake();
            Interlocked.Add(ref _inHand, -batch.Count);
        }
    }

    public override void Dispose()
    {
        _record.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Count(string account, int change)
    {
        lock (_busy)
            _busy[account] = _busy.GetValueOrDefault(account) + change;
    }
}

internal static partial class WorkerLog
{
    [LoggerMessage(EventId = 3102, Level = LogLevel.Error, Message = "A request ended in a way that was not foreseen; its claim lapses and it is made again")]
    public static partial void AskFailed(ILogger log, Exception failure);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "{Count} answers could not be stored; their claims lapse and they are asked for again")]
    public static partial void CommitFailed(ILogger log, Exception failure, int count);
}
