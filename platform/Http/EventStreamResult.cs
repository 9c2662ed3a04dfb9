using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

public static class EventStreams
{
    /// <summary>Says in the API's description that an endpoint answers so: what is the data of each event.</summary>
    public static RouteHandlerBuilder ProducesEvents<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<T>(StatusCodes.Status200OK, "text/event-stream")
            .WithHeader("Last-Event-ID", isRequired: false, "Go on behind the event with this id; left out: from now on.", "4711");
}

/// <summary>
/// Server-sent events as JSON, within <see cref="OpenStreams"/>. At the beginning and after every <see cref="Silence"/> a comment line goes
/// out, which readers pass over: proxies pass nothing on before a first byte and cut connections that are silent, and a reader that left
/// without a word is noticed.
/// </summary>
/// <param name="events">The stream ends where they end.</param>
/// <param name="clock">What silence is measured by: the reader's time, not the platform's.</param>
/// <param name="agent">Whose stream it is; null: nobody's in particular.</param>
public sealed class EventStreamResult<T>(IAsyncEnumerable<SseItem<T>> events, TimeProvider clock, Guid? agent = null) : IResult
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var stream = httpContext.RequestServices.GetRequiredService<OpenStreams>().Enter(httpContext, agent);
        if (stream.Refused is { } refused)
        {
            await refused.ExecuteAsync(httpContext);
            return;
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stream.KeyEnded);
        var (response, left) = (httpContext.Response, over.Token);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(left);
        var reader = events.GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        try
        {
            await WriteCommentAsync(response, "connected", left);   // a reader sees it at once
            while (true)
            {
                next = reader.MoveNextAsync().AsTask();
                while (!await IsHereAsync(next))
                {
                    await WriteCommentAsync(response, "keep-alive", left);
                }
                if (!await next)
                    return;
                await SseFormatter.WriteAsync(One(reader.Current), response.Body, (item, buffer) =>
                {
                    using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = json.Encoder });
                    JsonSerializer.Serialize(writer, item.Data, json);
                }, left);
                await response.Body.FlushAsync(left);
            }
        }
        catch (Exception e) when (left.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The reader has left, or its key has ended.
        }
        finally
        {
            await stop.CancelAsync();
            if (next is not null)
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // what is being read cannot be put away
            await reader.DisposeAsync();
        }
    }

    private static async Task WriteCommentAsync(HttpResponse response, string comment, CancellationToken cancel)
    {
        await response.WriteAsync($": {comment}\n\n", cancel);
        await response.Body.FlushAsync(cancel);
    }

    /// <summary>False when there was silence for as long as it may last.</summary>
    private async Task<bool> IsHereAsync(Task next)
    {
        try
        {
            await next.WaitAsync(Silence, clock);
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
        return true;
    }

    private static async IAsyncEnumerable<SseItem<T>> One(SseItem<T> item)
    {
        yield return item;
        await Task.CompletedTask;
    }
}
