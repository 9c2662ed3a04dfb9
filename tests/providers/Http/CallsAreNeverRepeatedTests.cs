using System.Net;
using Outdial.Providers.Tests.Wire;
using Outdial.Testing;

namespace Outdial.Providers.Tests.Http;

/// <summary>Law 1 where it is easiest to break: handlers and framework repeat requests unless they are kept from it.</summary>
public sealed class CallsAreNeverRepeatedTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static TheoryData<string, string> EachWay()
    {
        var ways = new TheoryData<string, string>();
        foreach (var provider in new[] { "exotel", "portaswitch" })
        {
            foreach (var failure in new[] { "cut", "cut amid", "307", "408", "429 and when", "429", "500", "502", "503 and when" })
                ways.Add(provider, failure);
        }
        return ways;
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task Law_1_a_call_whose_request_fails_was_asked_for_once(string provider, string failure)
    {
        await using var asked = new Asked(provider, _ => Failures.Of(failure));

        var result = await asked.RingAsync();

        if (failure is "307" or "429" or "429 and when")
            Assert.IsType<OriginateResult.Refused>(result);
        else
            Assert.IsType<OriginateResult.Uncertain>(result);
        asked.Clock.Advance(TimeSpan.FromMinutes(5));   // whatever still waits to repeat it would do so now
        Assert.Equal(1, asked.Count);
    }

    [Theory, MemberData(nameof(EachWay))]
    public async Task Law_1_a_call_that_fails_on_a_connection_that_was_good_before_was_asked_for_once(string provider, string failure)
    {
        Asked? asked = null;
        await using var one = asked = new Asked(provider, count => count == 1 ? asked!.Taken : Failures.Of(failure));

        Assert.IsType<OriginateResult.Accepted>(await asked.RingAsync());
        Assert.IsNotType<OriginateResult.Accepted>(await asked.RingAsync());

        asked.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task Law_1_a_call_whose_answer_does_not_come_in_time_is_uncertain_and_was_asked_for_once(string provider)
    {
        await using var asked = new Asked(provider, _ => Answer.Silence);

        var ringing = asked.RingAsync();
        await Eventually.Async(() => asked.Count == 1);
        asked.Clock.Advance(Deadline - TimeSpan.FromSeconds(1));
        Assert.False(ringing.IsCompleted);
        asked.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<OriginateResult.Uncertain>(await ringing);
        asked.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_call_beyond_those_that_may_be_on_their_way_is_not_sent_and_the_lead_keeps_its_try(string provider)
    {
        var answer = new TaskCompletionSource<Answer>();
        await using var asked = new Asked(provider, _ => answer.Task, null, ("MaxConcurrentCalls", "1"));

        var first = asked.RingAsync();
        await Eventually.Async(() => asked.Count == 1);
        var second = Assert.IsType<OriginateResult.Refused>(await asked.RingAsync());
        answer.SetResult(asked.Taken);

        Assert.True(second is { LeadKeepsTry: true, AccountTrouble: false, StatusCode: null, RetryAfter: not null });
        Assert.IsType<OriginateResult.Accepted>(await first);
        Assert.Equal(1, asked.Count);
    }

    [Theory, InlineData("exotel"), InlineData("portaswitch")]
    public async Task A_provider_whose_reads_fail_is_still_asked_for_calls(string provider)
    {
        await using var asked = new Asked(provider, _ => Failures.Of("500"));
        for (var i = 0; i < 30; i++)
            await Assert.ThrowsAsync<ProviderException>(() => asked.ReadAsync(repeated: false));
        var before = asked.Count;

        await asked.RingAsync();

        Assert.Equal(before + 1, asked.Count);
    }

    [Theory]
    [InlineData("exotel", "Content-Encoding: gzip\r\n")]
    [InlineData("portaswitch", "Content-Encoding: gzip\r\n")]
    [InlineData("exotel", "Content-Type: application/json; charset=klingon\r\n")]
    public async Task A_body_that_cannot_be_read_leaves_a_call_uncertain(string provider, string headers)
    {
        await using var asked = new Asked(provider, _ => new Answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" + headers + "\r\n{\"a\"", Cuts: false));

        Assert.IsType<OriginateResult.Uncertain>(await asked.RingAsync());

        Assert.Equal(1, asked.Count);
    }

    [Fact]
    public async Task An_answer_without_end_leaves_a_call_uncertain()
    {
        await using var asked = new Asked("exotel", _ => Answer.Of(200, new string(' ', 9 * 1024 * 1024)));

        Assert.IsType<OriginateResult.Uncertain>(await asked.RingAsync());

        Assert.Equal(1, asked.Count);
    }

    [Fact]
    public async Task A_handler_that_would_repeat_a_call_cannot()
    {
        var inner = new Inner();
        using var client = new HttpMessageInvoker(new Eager { InnerHandler = new WholeAnswers(1000) { InnerHandler = inner } });
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://provider/") { Content = new StringContent("From=1") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, default));

        Assert.Equal(["From=1"], inner.Bodies);
    }

    [Fact]
    public async Task A_framework_that_would_write_a_calls_body_again_cannot()
    {
        var inner = new Inner { Writes = 2 };
        using var client = new HttpMessageInvoker(new WholeAnswers(1000) { InnerHandler = inner });
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://provider/") { Content = new StringContent("From=1") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, default));

        Assert.Equal(["From=1"], inner.Bodies);
    }

    [Fact]
    public async Task A_call_that_would_wait_for_100_Continue_which_lets_the_framework_repeat_it_is_not_sent()
    {
        var inner = new Inner();
        using var client = new HttpMessageInvoker(new WholeAnswers(1000) { InnerHandler = inner });
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://provider/") { Content = new StringContent("From=1"), Headers = { ExpectContinue = true } };

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, default));

        Assert.Empty(inner.Bodies);
    }

    private sealed class Eager : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Inner : HttpMessageHandler
    {
        public int Writes { get; init; } = 1;

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var i = 0; i < Writes; i++)
            {
                using var wire = new MemoryStream();
                await request.Content!.CopyToAsync(wire, cancellationToken);
                Bodies.Add(System.Text.Encoding.UTF8.GetString(wire.ToArray()));
            }
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
