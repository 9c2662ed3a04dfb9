using Microsoft.Extensions.Time.Testing;

namespace Outdial.Platform.Tests.Http;

public sealed class KeptTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _made;

    [Fact]
    public async Task All_who_ask_while_it_is_being_made_are_given_the_same()
    {
        var kept = Kept(async () =>
        {
            await _gate.Task;
            return Interlocked.Increment(ref _made);
        });
        var asking = Enumerable.Range(0, 200).Select(_ => kept.GetAsync()).ToList();

        _gate.SetResult();

        Assert.All(await Task.WhenAll(asking), made => Assert.Equal(1, made));
    }

    [Fact]
    public async Task It_is_good_for_its_time_and_then_made_anew()
    {
        var kept = Kept(() => Task.FromResult(++_made));
        var first = await kept.GetAsync();
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        var within = await kept.GetAsync();
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((1, 1, 2), (first, within, await kept.GetAsync()));
    }

    [Fact]
    public async Task What_failed_is_told_to_those_who_waited_and_not_kept()
    {
        var kept = Kept(() => ++_made == 1 ? throw new InvalidOperationException("not now") : Task.FromResult(_made));

        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.GetAsync());

        Assert.Equal(2, await kept.GetAsync());
    }

    [Fact]
    public async Task Whoever_asked_first_and_left_takes_nothing_from_the_others()
    {
        var kept = Kept(async () =>
        {
            await _gate.Task;
            return ++_made;
        });
        using var leaves = new CancellationTokenSource();
        var first = kept.GetAsync(leaves.Token);
        var second = kept.GetAsync();

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _gate.SetResult();

        Assert.Equal(1, await second);
    }

    private Kept<int> Kept(Func<Task<int>> make) => new(make, TimeSpan.FromSeconds(1), _clock);
}
