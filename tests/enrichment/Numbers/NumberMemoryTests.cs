using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outdial.Enrichment.Numbers;

namespace Outdial.Enrichment.Tests.Numbers;

public sealed class NumberMemoryTests : IDisposable
{
    private const string Number = "+919876500240";

    private static readonly DateTimeOffset Noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly NumberMemory _memory;

    public NumberMemoryTests() => _memory = new(Options.Create(new EnrichmentOptions { MemoryNumbers = 100 }), _clock);

    [Fact]
    public async Task What_one_finds_is_given_to_all_who_wait_for_it()
    {
        var (finders, found) = (0, new TaskCompletionSource<NumberRecord?>());
        var waiting = Enumerable.Range(0, 20).Select(_ => _memory.FindAsync(Number, Find, default)).ToList();

        found.SetResult(Record(Number));
        var answers = await Task.WhenAll(waiting);

        Assert.All(answers, answer => Assert.Equal(Record(Number), answer));
        Assert.Equal(1, finders);

        Task<NumberRecord?> Find(CancellationToken cancel)
        {
            Interlocked.Increment(ref finders);
            return found.Task;
        }
    }

    [Fact]
    public async Task One_who_gives_up_ends_the_wait_of_nobody_else()
    {
        using var impatient = new CancellationTokenSource();
        var first = _memory.FindAsync(Number, async cancel =>
            { await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancel); return null; }, impatient.Token);
        var second = _memory.FindAsync(Number, _ => Task.FromResult<NumberRecord?>(Record(Number)), default);
        using var hurried = new CancellationTokenSource();
        var third = _memory.FindAsync(Number, _ => throw new InvalidOperationException("nobody asked it"), hurried.Token);

        await hurried.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(second.IsCompleted);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(Record(Number), await second);
    }

    [Fact]
    public async Task What_was_not_found_and_what_failed_is_not_kept()
    {
        Assert.Null(await _memory.FindAsync(Number, _ => Task.FromResult<NumberRecord?>(null), default));
        await Assert.ThrowsAsync<TimeoutException>(() => _memory.FindAsync(Number, _ => throw new TimeoutException(), default));

        Assert.Null(_memory.Find(Number));
        Assert.Equal(Record(Number), await _memory.FindAsync(Number, _ => Task.FromResult<NumberRecord?>(Record(Number)), default));
    }

    [Fact]
    public async Task A_record_is_handed_out_until_it_expires_on_the_platforms_clock()
    {
        _memory.Keep(Record(Number));

        _clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromTicks(1));
        Assert.Equal(Record(Number), _memory.Find(Number));
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Null(_memory.Find(Number));
        Assert.Null(await _memory.FindAsync(Number, _ => Task.FromResult<NumberRecord?>(null), default));
    }

    [Fact]
    public void It_holds_no_more_numbers_than_it_may()
    {
        var numbers = Enumerable.Range(0, 1_000).Select(n => $"+9198765{n:00000}").ToList();

        foreach (var number in numbers)
            _memory.Keep(Record(number));

        Assert.InRange(numbers.Count(number => _memory.Find(number) is not null), 1, 100);
    }

    public void Dispose() => _memory.Dispose();

    private static NumberRecord Record(string number) =>
        new() { Number = number, Status = NumberStatus.Found, Circle = "GJ", AsOf = Noon, ExpiresAt = Noon.AddDays(30) };
}
