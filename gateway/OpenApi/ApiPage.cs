using Outdial.Platform;
using Scalar.AspNetCore;

namespace Outdial.Gateway.OpenApi;

/// <summary>
/// The page at <c>/docs</c> that shows people what <see cref="WholeApi"/> says. All of it comes from this process; it knows no key and sends no
/// request of the API. Its content security policy makes the browser hold it to that.
/// </summary>
internal static class ApiPage
{
    public const string Path = "/docs";

    public static void MapApiPage(this IEndpointRouteBuilder routes) => routes.MapScalarApiReference(Path, Describe)
        .OpenWithinLimits()
        .AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Response.OnStarting(() => Guard(call.HttpContext));
            return next(call);
        });

    private static void Describe(ScalarOptions page)
    {
        page.Title = "Outdial";
        page.OpenApiRoutePattern = WholeApi.Path;
        page.AddServer("/");                 // the examples name the address by which the page was reached
        page.DynamicBaseServerUrl = true;
        page.Favicon = "data:,";             // there is none to ask for
        page.DynamicNonce = true;
        page.HideClientButton = true;        // leads to an application of others
        page.HideTestRequestButton = true;   // would want a key, and ring phones
        page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        page.DefaultFonts = false;           // are fetched from elsewhere
        page.Telemetry = false;
        page.Agent = new() { Disabled = true };
        page.Mcp = new() { Disabled = true };
    }

    /// <summary>The scripts that this answer names, the styles that they make, pictures in the page itself, and the document: nothing else.</summary>
    private static Task Guard(HttpContext context)
    {
        var allowed = context.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce
            ? $"script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
            : "";   // a script by itself, or the way to the page
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; {allowed}base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }
}
