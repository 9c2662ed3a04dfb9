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
        routes.MapMethods("/webhooks/{provider}/{token}/{kind}", [HttpMethods.Get, HttpMethods.Post, HttpMethods.Head, HttpMethods.Options], Receive)
            .AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
        return routes;
    }

    private static async Task<IResult> Receive(
        string provider, string token, string kind, HttpContext http, WebhookKinds kinds, CallbackAddresses<IngressDbContext> addresses,
        CallbackEchoes echoes, ProviderAccess access, WebhookIntake intake, IOptions<IngressOptions> options, IngressMetrics metrics,
        TimeProvider clock, ILogger<WebhookIntake> log)
    {
        var opens = CallbackPurposes.OfWebhook(kind);
        (provider, kind) = kinds.Known(provider, kind);
        if (!addresses.TryRead(token, opens, out var claims, out var refusal))
        {
            metrics.Refused(kind, refusal.Word());
            return refusal.Answer();
        }

        // A browser asks what it may send before it sends anything, credentials neither.
        if (!HttpMethods.IsOptions(http.Request.Method) && access.Refuse(http, claims.Account) is { } refused)
        {
            metrics.Refused(kind, "access");
            return refused;
        }
        if (HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method))
            return Probed(http);

        byte[]? body;
        try
        {
            body = await ReadBody(http, options.Value.MaxBodyBytes);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException)   // broken off, or its framing is broken: there is nothing to keep
        {
            metrics.Refused(kind, "broken");
            var status = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            return ApiProblem.Of(status, "The request's body could not be read to its end.");
        }
        if (body is null)
        {
            metrics.Refused(kind, "too-large");
            log.TooLarge(kind, claims.Account, http.Request.ContentLength, options.Value.MaxBodyBytes);
            return ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {options.Value.MaxBodyBytes} bytes.");
        }

        var now = clock.GetUtcNow();
        var since = IngressTelemetry.Source.HasListeners() ? CallTrace.Since(claims.Subject, now) : TimeSpan.Zero;
        using var span = IngressTelemetry.Source.StartOf("receive webhook", ActivityKind.Consumer, claims.TraceParent, since);
        span?.SetTag(CallTrace.Account, claims.Account).SetTag(CallTrace.Kind, kind);
        span?.SetTag(claims.Purpose == CallbackPurpose.Attempt ? CallTrace.Attempt : CallTrace.Line, claims.CallOf);
        var received = new WebhookReceived
        {
            Id = Guid.CreateVersion7(now),
            Provider = provider,
            Account = claims.Account,
            Kind = kind,
            AttemptId = claims.CallOf,
            AddressId = claims.CallOf is null ? claims.Subject : null,
            Method = http.Request.Method.ToUpperInvariant(),
            Path = ShownPath(http.Request.Path, token),
            Query = http.Request.QueryString.Value ?? "",
            Headers = RequestHeaders.Kept(http.Request.Headers),
            ContentType = http.Request.ContentType,
            Body = body,
            ReceivedAt = now,
            OrderKey = OrderKeys.Of(kind, claims, http.Request.QueryString.Value ?? "", body, echoes),
            TraceParent = span?.Id ?? claims.TraceParent,
        };
        // Not the request's own token: a sender that hangs up early has sent the webhook all the same.
        return await intake.KeepAsync(received)
            ? TypedResults.Ok()
            : ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "The request could not be kept: neither broker nor spool took it.");
    }

    /// <summary>For those who look whether the address is there, and browsers that ask what it takes: nothing is kept of it.</summary>
    private static IResult Probed(HttpContext http)
    {
        http.Response.Headers.Allow = "GET, HEAD, OPTIONS, POST";
        return HttpMethods.IsHead(http.Request.Method) ? TypedResults.Ok() : TypedResults.NoContent();
    }

    /// <summary>As it was asked for, without the token, which is a secret.</summary>
    private static string ShownPath(PathString path, string token) => path.Value!.Replace(token, "…", StringComparison.Ordinal);

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
