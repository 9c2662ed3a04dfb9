using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform;

/// <summary>The id that a request's answer, problem details and log lines share.</summary>
public static class CorrelationIds
{
    /// <summary>The header that carries the id, in both directions.</summary>
    public const string HeaderName = Correlation.HeaderName;

    /// <summary>The id of this request; null before the platform's pipeline has given it one.</summary>
    public static string? CorrelationId(this HttpContext context) => Correlation.Of(context);
}

/// <summary>Gives every request an id that its answer, its problem details and its log lines share.</summary>
internal sealed class Correlation(RequestDelegate next, ILogger<Correlation> log)
{
    public const string HeaderName = "X-Correlation-Id";
    private const int Longest = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var id = Given(context.Request) ?? Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");
        context.Items[typeof(Correlation)] = id;
        // Set when the answer starts: the exception handler clears the headers before it writes its own.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[HeaderName] = id;
            return Task.CompletedTask;
        });
        using (log.BeginScope(new Dictionary<string, object> { ["CorrelationId"] = id }))
            await next(context);
    }

    public static string? Of(HttpContext context) => context.Items[typeof(Correlation)] as string;

    // Whatever a caller sends ends up in our logs: nothing but a short, plain word is taken.
    private static string? Given(HttpRequest request) =>
        request.Headers[HeaderName].ToString() is { Length: > 0 and <= Longest } id
        && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? id
            : null;
}
