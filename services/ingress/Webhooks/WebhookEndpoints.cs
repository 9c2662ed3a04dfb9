using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Outdial.Ingress.Data;
using Outdial.Ingress.Telemetry;
using Outdial.Platform;

namespace Outdial.Ingress.Webhooks;

/// <summary>
/// The addresses that the provider calls. The handler looks at who sends and nothing else: whatever an authentic request
/// carries is kept first and understood later, so that no content can make it fail.
/// </summary>
internal static class WebhookEndpoints
{
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/webhooks/{provider}/{token}/{kind}", [HttpMethods.Get, HttpMethods.Post], Receive)
            .AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
        return routes;
    }

    private static async Task<IResult> Receive(
        string provider, string token, string kind, HttpContext http, WebhookKinds kinds, CallbackAddresses<IngressDbContext> addresses,
        CallbackEchoes echoes, ProviderAccess access, WebhookIntake intake, IOptions<IngressOptions> options, IngressMetrics metrics, TimeProvider clock)
    {
        var opens = CallbackPurposes.OfWebhook(kind);
        (provider, kind) = kinds.Known(provider, kind);
        if (!addresses.TryRead(token, opens, out var claims, out var refusal))
        {
            metrics.Refused(kind, refusal.Word());
            return refusal.Answer();
        }

        if (access.Refuse(http, claims.Account) is { } refused)
        {
            metrics.Refused(kind, "access");
            return refused;
        }

        byte[]? body;
        try
        {
            body = await ReadBody(http, options.Value.MaxBodyBytes);
        }
        catch (BadHttpRequestException e)   // the sender broke off, or broke the framing: there is nothing to keep
        {
            metrics.Refused(kind, "broken");
            return ApiProblem.Of(e.StatusCode, "The request's body could not be read to its end.");
        }
        if (body is null)
        {
            metrics.Refused(kind, "too-large");
            return ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.Value.MaxBodyBytes} bytes.");
        }

        var now = clock.GetUtcNow();
        using var span = IngressTelemetry.Source.StartActivity("receive webhook", ActivityKind.Consumer, claims.TraceParent);
        var received = new WebhookReceived
        {
            Id = Guid.CreateVersion7(now),
            Provider = provider,
            Account = claims.Account,
            Kind = kind,
            AttemptId = claims.CallOf,
            AddressId = claims.CallOf is null ? claims.Subject : null,
            Method = http.Request.Method,
            Query = http.Request.QueryString.Value ?? "",
            ContentType = http.Request.ContentType,
            Body = body,
            ReceivedAt = now,
            OrderKey = OrderKeys.Of(kind, claims, http.Request.Query, body, echoes),
            TraceParent = span?.Id ?? claims.TraceParent,
        };
        // Not the request's own token: a sender that hangs up early has sent the webhook all the same.
        return await intake.KeepAsync(received)
            ? TypedResults.Ok()
            : ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "The request could not be kept: neither broker nor spool took it.");
    }

    /// <summary>The body; null when it is larger than allowed.</summary>
    private static async Task<byte[]?> ReadBody(HttpContext http, int limit)
    {
        if (http.Request.ContentLength > limit)
            return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limit + 1L;
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + read > limit)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
