using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Outdial.Platform;

/// <summary>
/// What every answer says and what none says, also one that another process wrote and this one passes on: browsers do not guess content types,
/// come back by TLS where they came by TLS, and nobody is told which server it is.
/// </summary>
internal static class AnswerHeaders
{
    /// <summary>One year, this host alone: whether its sister hosts have certificates is not ours to say.</summary>
    public const string Hsts = "max-age=31536000";

    public static void AddAnswerHeaders(this IServiceCollection services) =>
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);

    /// <summary>Outside of everything else: what is set when the answer starts is set last, after whatever cleared or copied headers.</summary>
    public static void UseAnswerHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.Remove(HeaderNames.Server);
            headers.Remove(HeaderNames.XPoweredBy);
            // Over plain HTTP a browser must not believe it. The scheme is the client's own where a trusted proxy has told it.
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = Hsts;
            else
                headers.Remove(HeaderNames.StrictTransportSecurity);
            return Task.CompletedTask;
        });
        return next(context);
    });
}
