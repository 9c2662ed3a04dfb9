using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Outdial.Platform.Invariants;

namespace Outdial.Platform;

/// <summary>What an installation answers when it is asked whether all is as it must be.</summary>
/// <param name="Ok">Nothing is violated, and every question could be asked.</param>
public sealed record InvariantsAnswer(bool Ok, DateTimeOffset CheckedAt, IReadOnlyList<InvariantReport> Invariants);

public static class InvariantExtensions
{
    /// <summary>Adds what must never be so in the rows of a service. Asked every <c>Invariants:Interval</c>, and whenever somebody looks.</summary>
    public static IHostApplicationBuilder AddInvariants(
        this IHostApplicationBuilder builder, string service, params IEnumerable<Invariant> invariants)
    {
        foreach (var invariant in invariants)
            builder.Services.AddSingleton(new OwnedInvariant(service, invariant));
        if (builder.Services.Any(added => added.ServiceType == typeof(InvariantMonitor)))
            return builder;
        builder.Services.AddOptions<InvariantOptions>().BindConfiguration("Invariants").ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<InvariantMonitor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<InvariantMonitor>());
        return builder;
    }

    /// <summary>
    /// Maps <c>GET /api/v1/invariants</c>: asks now, once for all who want to know within a second. Nothing where no service of the process has any.
    /// </summary>
    internal static void MapInvariants(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<InvariantMonitor>() is null)
            return;
        routes.MapApi().MapGet("/invariants", async (InvariantMonitor monitor, TimeProvider time, CancellationToken cancel) =>
        {
            var reports = await monitor.LookAsync(cancel);
            return TypedResults.Ok(new InvariantsAnswer(reports.All(report => report.Violations == 0), time.GetUtcNow(), reports));
        }).RequireAuthorization(ApiPolicies.Read).WithTags("Invariants").WithSummary("What must never be so, asked of the rows now.");
    }
}
