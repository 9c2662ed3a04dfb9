using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;
using Yarp.ReverseProxy.Forwarder;

namespace Outdial.Gateway.Forwarding;

/// <summary>Gives a request the limits of its lane, and its sender an answer when no replica gave one.</summary>
internal sealed class LaneMiddleware(
    RequestDelegate next, IOptions<GatewayOptions> options, GatewayMetrics metrics, OpenStreams streams, IHostApplicationLifetime lifetime,
    ILogger<LaneMiddleware> log)
{
    private readonly Dictionary<LaneKind, Lane> _lanes = Enum.GetValues<LaneKind>()
        .ToDictionary(kind => kind, kind => Lane.Of(kind, options.Value.Limits));

    public async Task InvokeAsync(HttpContext context)
    {
        var to = Destined.Of(context)!;
        var lane = _lanes[to.Lane];
        if (context.Request.ContentLength > lane.BodyBytes)
        {
            metrics.Refused(lane.Kind, "too-large");
            if (lane.IsProviders)
                log.TooLarge(lane.Kind, context.Request.ContentLength, lane.BodyBytes);
            await Failure.TooLarge(lane).ExecuteAsync(context);
            return;
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = lane.BodyBytes;   // for bodies that do not say how large they are
        context.Features.Set(lane);

        var client = context.RequestAborted;
        using var stream = lane.Kind == LaneKind.Stream ? streams.Enter(context, AgentOf(context)) : null;
        if (stream?.Refused is { } refused)
        {
            metrics.Refused(lane.Kind, stream.Limit!);
            await refused.ExecuteAsync(context);
            return;
        }
        var late = stream is null ? await WithDeadline(context, lane.Deadline) : await Streaming(context, stream.KeyEnded);
        if (context.Response.HasStarted || client.IsCancellationRequested)
            return;
        if (stream?.KeyEnded.IsCancellationRequested == true)
        {
            context.Response.Clear();
            await ApiProblem.Of(StatusCodes.Status401Unauthorized, "The API key has ended.").ExecuteAsync(context);
            return;
        }
        var error = context.Features.Get<IForwarderErrorFeature>();
        if (error is null && !late && !Attempts.WasDeclined(context))
            return;
        context.Response.Clear();
        metrics.Unanswered(lane.Kind, to.Service);
        var answer = Failure.Explain(to, lane, error, late);
        // Once, after all tries: of a webhook it may be the last that is heard, and what cannot be passed on is never better at the next try.
        if (lane.Kind == LaneKind.Webhook || (error is not null && Failure.IsOfTheMessage(error)))
            log.NotPassedOn(lane.Kind, to.Service, answer.StatusCode, late ? "the time was up" : Failure.Reason(error));
        if (lane.Kind == LaneKind.DialWhom)
        {
            log.NobodyAnsweredDialWhom(error?.Error.ToString() ?? "Late");
            await Nobody(context);
            return;
        }
        if (answer.StatusCode == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        await answer.ExecuteAsync(context);
    }

    /// <summary>The agent of the address; null: it is no agent's. However the id is spelled, it is one agent.</summary>
    private static Guid? AgentOf(HttpContext context) => Guid.TryParse(context.Request.RouteValues["id"] as string, out var agent) ? agent : null;

    /// <summary>
    /// Runs a request that has no end of its own: a stream that stops with this process goes on at another gateway, from its last event, and
    /// one whose key has ended does not.
    /// </summary>
    /// <returns>False: such a request is never late.</returns>
    private async Task<bool> Streaming(HttpContext context, CancellationToken keyEnded)
    {
        var client = context.RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(client, lifetime.ApplicationStopping, keyEnded);
        context.RequestAborted = stop.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = client;
        }
        return false;
    }

    /// <summary>Runs the request; true when its deadline passed before an answer began.</summary>
    private async Task<bool> WithDeadline(HttpContext context, TimeSpan? limit)
    {
        var client = context.RequestAborted;
        if (limit is null)
        {
            await next(context);
            return false;
        }
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(client);
        var running = true;
        context.Response.OnStarting(() =>
        {
            // An answer that has begun may take its time: only silence ends it.
            if (running)
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            return Task.CompletedTask;
        });
        deadline.CancelAfter(limit.Value);
        context.RequestAborted = deadline.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.Response.HasStarted)
        {
        }
        finally
        {
            running = false;
            context.RequestAborted = client;
        }
        return deadline.IsCancellationRequested && !client.IsCancellationRequested && !context.Response.HasStarted;
    }

    /// <summary>An error page ends an agent's line. "Nobody" makes the flow wait and ask again, and "stay" keeps the line for that.</summary>
    private static Task Nobody(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        if (context.Request.Path.Value!.EndsWith("/stay", StringComparison.OrdinalIgnoreCase))
            return Task.CompletedTask;
        // The header tells which of Exotel's two forms of Connect asks; see the agent-router.
        var json = context.Request.Headers.ContainsKey("Exotel-Version");
        context.Response.ContentType = json ? "application/json" : "text/plain";
        return context.Response.WriteAsync(json ? """{"destination":{"numbers":[]}}""" : "", context.RequestAborted);
    }
}
