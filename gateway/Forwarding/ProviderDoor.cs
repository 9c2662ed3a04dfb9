using Microsoft.Extensions.Options;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// Lets a provider's request in by the token of its address, and by Basic authentication and source range where its account asks for them.
/// The body is read into memory, so that another replica can be given the same.
/// </summary>
internal sealed class ProviderDoor(
    RequestDelegate next, CallbackTokens tokens, ProviderAccess access, GatewayMetrics metrics, IOptions<GatewayOptions> options,
    ILogger<ProviderDoor> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var lane = context.Features.Get<Lane>()!;
        if (!lane.IsProviders)
        {
            await next(context);
            return;
        }
        if (!tokens.TryRead(context.Request.RouteValues["token"] as string, Opens(lane, context.Request.RouteValues), out var claims, out var refusal))
        {
            metrics.Refused(lane.Kind, refusal.Word());
            await refusal.Answer().ExecuteAsync(context);
            return;
        }
        // A browser asks what it may send before it sends anything, credentials neither.
        if (!HttpMethods.IsOptions(context.Request.Method) && access.Refuse(context, claims.Account) is { } refused)
        {
            metrics.Refused(lane.Kind, refused.StatusCode == StatusCodes.Status403Forbidden ? "source" : "basic");
            await refused.ExecuteAsync(context);
            return;
        }
        if (lane.Kind == LaneKind.Webhook && !await KeepBody(context))
        {
            metrics.Refused(lane.Kind, "body");
            return;
        }
        await next(context);
    }

    /// <summary>The purposes that open this address; the service that it leads to looks once more, and knows which addresses are revoked.</summary>
    private static IReadOnlyCollection<CallbackPurpose> Opens(Lane lane, RouteValueDictionary route) => lane.Kind switch
    {
        LaneKind.Webhook => CallbackPurposes.OfWebhook(route["kind"] as string),
        _ when string.Equals(route["rest"] as string, "stay", StringComparison.OrdinalIgnoreCase) => CallbackPurposes.Stay,
        _ => CallbackPurposes.DialWhom,
    };

    private async Task<bool> KeepBody(HttpContext context)
    {
        try
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            body.Position = 0;
            context.Request.Body = body;
            return true;
        }
        catch (BadHttpRequestException e)   // too large without having said so, or broken off
        {
            if (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
                log.TooLarge(LaneKind.Webhook, null, options.Value.Limits.WebhookBodyBytes);
            await (e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Failure.TooLarge(Lane.Of(LaneKind.Webhook, options.Value.Limits))
                : ApiProblem.Of(e.StatusCode, "The request's body could not be read to its end.")).ExecuteAsync(context);
            return false;
        }
        catch (IOException)   // the connection was cut in the middle: there is nobody left to answer
        {
            await ApiProblem.Of(StatusCodes.Status400BadRequest, "The request's body could not be read to its end.").ExecuteAsync(context);
            return false;
        }
        catch (OperationCanceledException)   // the lane's time was up, and it was not the service that took it
        {
            await ApiProblem.Of(StatusCodes.Status408RequestTimeout, "The request's body came too slowly.").ExecuteAsync(context);
            return false;
        }
    }
}
