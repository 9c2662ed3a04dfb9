using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Outdial.Platform;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so do the things it needs.</summary>
internal static class HealthAnswers
{
    public const string Live = "/health/live", Ready = "/health/ready";

    /// <summary>On the process's own addresses, unless strangers reach those (<see cref="MetricsOptions.HealthThereOnly"/>).</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        if (MetricsAddress.HasHealthAlone(routes.ServiceProvider.GetRequiredService<IConfiguration>()))
            return;
        routes.MapHealthChecks(Live, Options(isReady: false));
        routes.MapHealthChecks(Ready, Options(isReady: true));
    }

    /// <summary>The same for an address that has no routes; what it does not answer goes on.</summary>
    public static void UseHealth(this IApplicationBuilder app)
    {
        app.UseHealthChecks(Live, Options(isReady: false));
        app.UseHealthChecks(Ready, Options(isReady: true));
    }

    // Alive without any check: restarting us would not bring back a broker that is away.
    private static HealthCheckOptions Options(bool isReady) => new() { Predicate = isReady ? null : _ => false, ResponseWriter = Write };

    // Names and sentences, no exceptions: the address is open to everyone.
    private static Task Write(HttpContext context, HealthReport report)
    {
        if (context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping.IsCancellationRequested == true)
            context.Response.Headers[HealthState.Header] = HealthState.Stopping;
        return context.Response.WriteAsJsonAsync(new
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
}
