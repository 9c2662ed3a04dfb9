using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform;

/// <summary>Turns what a request threw into problem details: a caller's mistake is explained, ours is logged and kept to ourselves.</summary>
internal sealed partial class ErrorAnswers(ILogger<ErrorAnswers> log) : IExceptionHandler
{
    private const int ClientWentAway = 499;   // nginx's number for it; nobody is left to read the answer

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancel)
    {
        if (exception is OperationCanceledException or IOException and not BadHttpRequestException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientWentAway;
            return true;
        }
        await (await AnswerAsync(context, exception)).ExecuteAsync(context);
        return true;
    }

    private async Task<ProblemHttpResult> AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
            return await BadRequests.ExplainAsync(context.Request, bad);
        Failed(exception, context.Request.Method, EndpointOf(context)?.DisplayName ?? "an unknown route");
        return ApiProblem.Of(StatusCodes.Status500InternalServerError,
            $"The request could not be completed. The log holds the cause under the correlation id {Correlation.Of(context)}.");
    }

    /// <summary>The one that threw: the context's own is taken away before the answer is made.</summary>
    internal static Endpoint? EndpointOf(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();

    /// <summary>Gives a body to answers that have none: unknown route, wrong method, wrong media type.</summary>
    public static Task FillAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var detail = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {Masked.Text(context.Request.Path)}.",
            StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; allowed: {context.Response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType => NoSuchContent(context.Request),
            StatusCodes.Status413PayloadTooLarge when context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most =>
                $"The request's body is too large: expected at most {most} bytes.",
            _ => "The request was refused.",
        };
        return ApiProblem.Of(context.Response.StatusCode, detail).ExecuteAsync(context);
    }

    /// <summary>Of what takes JSON: whoever takes anything else looks at the content type by itself.</summary>
    internal static string NoSuchContent(HttpRequest request) =>
        $"The content type '{request.ContentType}' is not understood here: expected application/json.";

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error, Message = "A {Method} request to {Route} failed")]
    private partial void Failed(Exception exception, string method, string route);
}
