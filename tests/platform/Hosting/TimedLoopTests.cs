using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Hosting;

public sealed class TimedLoopTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _log = new();

    /// <summary>What a database that is away looks like to a loop, and what else may come out of one.</summary>
    public static TheoryData<string, Exception> Failures => new()
    {
        { "bare", Away() },
        { "as Entity Framework wraps a statement", new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", Away()) },
        { "as Entity Framework wraps a change", new DbUpdateException("An error occurred while saving.", Away()) },
        { "after retries", new RetryLimitExceededException("The maximum number of retries was exceeded.", Away()) },
        { "of several at once", new AggregateException(Away(), Away()) },
        { "a time-out as a cancellation", new TaskCanceledException("The operation timed out.", new TimeoutException()) },
        { "a cancellation that nobody asked for", new OperationCanceledException() },
        { "a time-out", new NpgsqlException("Exception while reading from stream", new TimeoutException()) },
        { "a socket", new SocketException((int)SocketError.ConnectionRefused) },
        { "a defect", new NullReferenceException() },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task Nothing_that_a_turn_throws_ends_the_loop(string what, Exception error)
    {
        using var loop = new Probe(_clock, _log, turn => turn == 1 ? throw error : Task.CompletedTask);
        await loop.StartAsync(default);

        await Turned(loop, 1, TimeSpan.FromMinutes(1));
        await Turned(loop, 2, TimeSpan.FromMinutes(1));

        Assert.False(loop.ExecuteTask!.IsCompleted, what);
        await loop.StopAsync(default);
        Assert.False(loop.ExecuteTask.IsFaulted);
    }

    [Fact]
    public async Task A_turn_comes_once_for_each_interval_and_at_no_other_time()
    {
        using var loop = new Probe(_clock, _log, _ => Task.CompletedTask);
        await loop.StartAsync(default);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, loop.Turns);
        await Turned(loop, 1, TimeSpan.FromSeconds(1));
        await Turned(loop, 2, TimeSpan.FromMinutes(1));
        await Turned(loop, 3, TimeSpan.FromMinutes(1));

        await loop.StopAsync(default);
        Assert.Equal(3, loop.Turns);
    }

    [Fact]
    public async Task A_loop_that_is_told_to_turn_at_its_start_does_and_then_keeps_to_its_clock()
    {
        using var loop = new Probe(_clock, _log, _ => Task.CompletedTask) { AtStart = true };

        await loop.StartAsync(default);
        await Eventually.Async(() => loop.Turns == 1);
        await Turned(loop, 2, TimeSpan.FromMinutes(1));

        await loop.StopAsync(default);
    }

    [Fact]
    public async Task Whoever_cannot_wait_for_the_clock_wakes_it()
    {
        using var loop = new Probe(_clock, _log, _ => Task.CompletedTask) { Wakes = true };
        await loop.StartAsync(default);

        loop.Wake();
        await Eventually.Async(() => loop.Turns == 1);
        loop.Wake();
        await Eventually.Async(() => loop.Turns == 2);
        await Turned(loop, 3, TimeSpan.FromMinutes(1));

        await loop.StopAsync(default);
    }

    [Fact]
    public async Task An_outage_is_one_line_in_the_log_and_its_end_another()
    {
        using var loop = new Probe(_clock, _log, turn => turn <= 5 ? throw new InvalidOperationException($"try {turn}", Away()) : Task.CompletedTask);
        await loop.StartAsync(default);

        for (var turn = 1; turn <= 7; turn++)
            await Turned(loop, turn, TimeSpan.FromMinutes(1));
        await loop.StopAsync(default);

        Assert.Equal(
            [(LogLevel.Warning, "The probe waits for its database, which is said once until it is back: Connection refused"),
             (LogLevel.Information, "The probe works again, after 5 turns that failed")], _log.Written);
    }

    [Fact]
    public async Task Another_reason_for_failing_is_a_line_of_its_own()
    {
        using var loop = new Probe(_clock, _log, turn => turn switch
        {
            1 or 2 => throw Away(),
            3 or 4 => throw new FormatException("x"),
            _ => Task.CompletedTask,
        });
        await loop.StartAsync(default);

        for (var turn = 1; turn <= 5; turn++)
            await Turned(loop, turn, TimeSpan.FromMinutes(1));
        await loop.StopAsync(default);

        Assert.Equal([LogLevel.Warning, LogLevel.Error, LogLevel.Information], _log.Written.Select(line => line.Level));
    }

    [Fact]
    public async Task While_it_fails_a_loop_of_short_intervals_rests_longer_and_longer_up_to_ten_seconds()
    {
        var failing = true;
        using var loop = new Probe(_clock, _log, _ => failing ? throw Away() : Task.CompletedTask, TimeSpan.FromSeconds(1));
        await loop.StartAsync(default);
        var turnedAt = new List<int>();

        for (var second = 1; second <= 40; second++)
        {
            if (second == 36)
                failing = false;
            if (await Ticked(loop))
                turnedAt.Add(second);
        }
        await loop.StopAsync(default);

        // It is turned 1, 2, 4, 8 and 10 seconds later; where it works it keeps to its clock again.
        Assert.Equal([1, 2, 4, 8, 16, 26, 36, 37, 38, 39, 40], turnedAt);
    }

    [Fact]
    public async Task A_loop_that_ends_ends_the_process_with_1_and_a_sentence()
    {
        var program = await LoopProgram(_ => throw new FormatException("The loop has a defect near +919825012345."));

        var (exit, said) = await ErrorOutput.Of(() => program.Run());

        Assert.Equal(1, exit);
        Assert.Contains("BareLoop ended although the process goes on: FormatException: The loop has a defect near", said);
        Assert.DoesNotContain("9825012345", said);
    }

    [Fact]
    public async Task A_loop_that_returns_ends_the_process_with_1_and_a_sentence()
    {
        var program = await LoopProgram(_ => Task.CompletedTask);

        var (exit, said) = await ErrorOutput.Of(() => program.Run());

        Assert.Equal((1, true), (exit, said.Contains("BareLoop ended although the process goes on: it returned.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_loop_that_ends_because_it_was_told_to_is_no_failure()
    {
        var program = await LoopProgram(async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new FormatException("Something broke while the process stopped.");
        });
        var serving = program.Serve();
        await Eventually.Async(async () => await program.Health("live") == 200);

        await serving.DisposeAsync();

        Assert.Equal(0, await serving.Ended);
    }

    private static async Task<VerbProgram> LoopProgram(Func<CancellationToken, Task> run)
    {
        var bare = await VerbProgram.WithoutDatabase(("Shutdown:Notice", "00:00:00"));
        return new VerbProgram(bare.Database, ("Shutdown:Notice", "00:00:00")) { Also = services => services.AddHostedService(_ => new BareLoop(run)) };
    }

    private static NpgsqlException Away() => new("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));

    private async Task Turned(Probe loop, int turns, TimeSpan time)
    {
        _clock.Advance(time);
        await Eventually.Async(() => loop.Turns == turns);
    }

    /// <summary>A second later: whether there was a turn.</summary>
    private async Task<bool> Ticked(Probe loop)
    {
        var (turns, rests) = (loop.Turns, _log.Rests);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Async(() => loop.Turns + _log.Rests == turns + rests + 1);
        return loop.Turns > turns;
    }

    private sealed class BareLoop(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<(LogLevel, string)> _written = new();

        public IReadOnlyList<(LogLevel Level, string Text)> Written => [.. _written.Where(line => line.Item1 > LogLevel.Debug)];

        /// <summary>Turns that were left out.</summary>
        public int Rests => _written.Count(line => line.Item1 == LogLevel.Debug);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _written.Enqueue((logLevel, formatter(state, exception)));
    }

    private sealed class Probe(FakeTimeProvider clock, ILogger log, Func<int, Task> turn, TimeSpan? interval = null)
        : TimedLoop("probe", interval ?? TimeSpan.FromMinutes(1), clock, log)
    {
        private readonly LoopSignal _wake = new();
        private int _turns;

        public bool AtStart { get; init; }

        public bool Wakes { get; init; }

        public int Turns => Volatile.Read(ref _turns);

        public void Wake() => _wake.Set();

        protected override bool TurnsAtStart => AtStart;

        protected override LoopSignal? Signal => Wakes ? _wake : null;

        protected override Task TurnAsync(CancellationToken cancel) => turn(Interlocked.Increment(ref _turns));
    }
}
