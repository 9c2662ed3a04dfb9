using Outdial.Providers.Tests.Wire;
using Outdial.Testing;

namespace Outdial.Providers.Tests.Http;

/// <summary>What handlers do for a read: repeats, their patience, the circuit and the places.</summary>
public sealed class ReadsAreRepeatedTests
{
    public static TheoryData<string, string> Passing() => Each("cut", "cut amid", "408", "429 and when", "500", "502", "503 and when");

    public static TheoryData<string, string> Any() => Each("cut", "cut amid", "408", "429 and when", "429", "500", "502", "503 and when");

    private static TheoryData<string, string> Each(params string[] failures)
    {
        var each = new TheoryData<string, string>();
        foreach (var provider in new[] { "exotel", "portaswitch" })
        {
            foreach (var failure in failures)
                each.Add(provider, failure);
        }
        return each;
    }

    [Theory, MemberData(nameof(Passing))]
    public async Task A_read_that_fails_is_repeated_and_answers(string provider, string failure)
    {
        Asked? asked = null;
        await using var one = asked = new Asked(provider, count => count == 1 ? Failures.Of(failure) : asked!.Taken);

        var call = await asked.TurnUntilEndAsync(asked.ReadAsync());

        Assert.Equal("c-1", call!.ProviderCallId);
        Assert.Equal(2, asked.Count);
        if (failure.EndsWith("when", StringComparison.Ordinal))
            Assert.True(asked.At[1] - asked.At[0] >= TimeSpan.FromSeconds(3), "It was asked again before the provider's time was over.");
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_read_that_is_not_answered_in_time_is_repeated(string provider)
    {
        Asked? asked = null;
        await using var one = asked = new Asked(provider, count => count == 1 ? Answer.Silence : asked!.Taken);

        var reading = asked.ReadAsync();
        await Eventually.Async(() => asked.Count == 1);
        asked.Clock.Advance(TimeSpan.FromSeconds(10));   // a third of the whole

        Assert.NotNull(await asked.TurnUntilEndAsync(reading));
        Assert.Equal(2, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_read_that_fails_again_and_again_is_given_up_after_its_second_repeat(string provider)
    {
        await using var asked = new Asked(provider, _ => Failures.Of("500"));

        await Assert.ThrowsAsync<ProviderException>(() => asked.TurnUntilEndAsync(asked.ReadAsync()));

        Assert.Equal(3, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_read_ends_with_its_deadline_whatever_is_still_to_be_tried(string provider)
    {
        await using var asked = new Asked(provider, _ => Answer.Silence);

        var reading = asked.ReadAsync();
        await Eventually.Async(() => asked.Count == 1);
        asked.Clock.Advance(TimeSpan.FromSeconds(10));
        await asked.TurnUntilAsync(() => asked.Count == 2);
        asked.Clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<ProviderException>(() => reading);
    }

    [Theory, MemberData(nameof(Any))]
    public async Task A_read_whose_caller_repeats_by_itself_is_one_request(string provider, string failure)
    {
        await using var asked = new Asked(provider, _ => Failures.Of(failure));

        await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync(repeated: false));

        asked.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task Too_many_without_a_time_is_not_repeated_and_neither_is_a_time_that_is_too_long(string provider)
    {
        await using var asked = new Asked(provider, count => count == 1 ? Failures.Of("429") : Answer.Of(503, "", "Retry-After: 90\r\n"));

        var throttled = await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync());
        var away = await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync());

        Assert.Equal((429, (TimeSpan?)null), (throttled.StatusCode, throttled.RetryAfter));
        Assert.Equal((503, TimeSpan.FromSeconds(90)), (away.StatusCode, away.RetryAfter));
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_fault_of_the_switch_is_its_answer_and_not_repeated()
    {
        await using var asked = new Asked("portaswitch", _ => Answer.Of(500, """{"faultcode": "Server.CallControl.get_sip_calls_list.notifications_disabled"}"""));

        await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync());

        Assert.Equal(1, asked.Count);
    }

    [Fact]
    public async Task A_log_in_whose_connection_is_cut_is_repeated_and_the_call_is_asked_for_once()
    {
        Asked? asked = null;
        await using var one = asked = new Asked("portaswitch", _ => Task.FromResult(asked!.Taken), login => login == 1 ? Answer.Cut : Asked.LoggedIn);

        Assert.IsType<OriginateResult.Accepted>(await asked.TurnUntilEndAsync(asked.RingAsync()));

        Assert.Equal((1, 3), (asked.Count, asked.Server.Requests.Count));
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_provider_that_keeps_failing_is_left_alone_for_a_moment_and_the_caller_is_told_for_how_long(string provider)
    {
        var well = false;
        Asked? asked = null;
        await using var one = asked = new Asked(provider, _ => well ? asked!.Taken : Failures.Of("500"));
        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync(repeated: false));
        var before = asked.Count;

        var alone = await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync(repeated: false));
        Assert.Equal((before, ProviderHttp.Break, (int?)null), (asked.Count, alone.RetryAfter, alone.StatusCode));

        well = true;
        asked.Clock.Advance(ProviderHttp.Break);
        Assert.NotNull(await asked.ReadAsync(repeated: false));
    }

    [Fact]
    public async Task A_provider_that_says_too_many_or_not_found_has_not_failed()
    {
        await using var asked = new Asked("exotel", count => Answer.Of(count % 2 == 0 ? 429 : 404));
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(await asked.ReadAsync(repeated: false));
            await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync(repeated: false));
        }

        Assert.Equal(40, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task Reads_beyond_those_that_may_be_on_their_way_wait_for_their_turn(string provider)
    {
        var (first, now, most) = (new TaskCompletionSource(), 0, 0);
        Asked? asked = null;
        await using var one = asked = new Asked(provider, async count =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await (count == 1 ? first.Task : Task.CompletedTask);
            Interlocked.Decrement(ref now);
            return asked!.Taken;
        }, null, ("MaxConcurrentReads", "1"));

        var reads = Enumerable.Range(0, 5).Select(_ => asked.ReadAsync()).ToList();
        await Eventually.Async(() => asked.Count == 1);
        first.SetResult();

        Assert.All(await Task.WhenAll(reads), Assert.NotNull);
        Assert.Equal((5, 1), (asked.Count, most));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_asked_for_again()
    {
        await using var asked = new Asked("exotel", _ => Answer.Of(200, new string(' ', 9 * 1024 * 1024)));

        await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync());

        Assert.Equal(1, asked.Count);
    }
}
