using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Outdial.Platform;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so do the things it needs.</summary>
internal static class HealthAnswers
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Alive without any check: restarting us would not bring back a broker that is away.
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write });
    }

    // Names and sentences, no exceptions: the address is open to everyone.
    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = report.Status.ToString(),
        Checks = report.Entries.Select(entry => new
        {
            Name = entry.Key,
            Status = entry.Value.Status.ToString(),
            Description = entry.Value.Description is { } text ? Masked.Text(text) : null,
        }),
    }, context.RequestAborted);
}
