using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Http;

public sealed class EventStreamTests
{
    private readonly Channel<SseItem<string>> _events = Channel.CreateUnbounded<SseItem<string>>();
    private readonly AwaitedClock _clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_silent_stream_sends_comments_between_its_events_and_readers_pass_over_them()
    {
        await using var service = await Serve(_events.Reader.ReadAllAsync());
        using var answer = await service.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);   // before anything happened
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal((": connected", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
        var line = reader.ReadLineAsync();
        await Eventually.Async(() => _clock.Delays == 1, what: "the stream is silent");
        _clock.Advance(EventStreamResult<string>.Silence);
        await Eventually.Async(() => line.IsCompleted);
        _events.Writer.TryWrite(new("one\ntwo", "said") { EventId = "7" });
        _events.Writer.Complete();
        var rest = await reader.ReadToEndAsync();
        var item = Assert.Single(SseParser.Create(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(": keep-alive\n" + rest))).Enumerate());

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(": keep-alive", await line);
        Assert.Equal(("said", "7", "\"one\\ntwo\""), (item.EventType, item.EventId, item.Data));
    }

    [Fact]
    public async Task A_stream_whose_reader_left_in_silence_ends()
    {
        var ended = new TaskCompletionSource();
        async IAsyncEnumerable<SseItem<string>> Source([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        {
            try
            {
                await foreach (var item in _events.Reader.ReadAllAsync(cancel))
                    yield return item;
            }
            finally
            {
                ended.TrySetResult();
            }
        }

        await using var service = await Serve(Source());
        using (await service.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead))
        {
        }

        await ended.Task.WaitAsync(Eventually.Patience, TimeProvider.System);
    }

    private Task<ServiceUnderTest> Serve(IAsyncEnumerable<SseItem<string>> events) =>
        ServiceUnderTest.Start(map: app => app.MapGet("/stream", () => (IResult)new EventStreamResult<string>(events, _clock)));
}
