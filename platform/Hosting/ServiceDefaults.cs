using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Platform.Hosting;

namespace Outdial.Platform;

/// <summary>What every service shares, said once.</summary>
public static class ServiceDefaults
{
    /// <summary>
    /// Adds clock, JSON, problem details, masked logs, API keys, metrics, traces and health checks.
    /// Several services in one process each call it; the first call does the work, the others only add their name.
    /// </summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string serviceName)
    {
        var names = builder.Services.FirstOrDefault(service => service.ServiceType == typeof(ServiceNames))?.ImplementationInstance as ServiceNames;
        if (names is not null)
        {
            names.Add(serviceName);
            return builder;
        }
        names = new ServiceNames(serviceName);
        builder.Services.AddSingleton(names);
        builder.Services.TryAddSingleton(Clock.From(builder.Configuration));
        builder.AddMaskedLogs();
        builder.AddTelemetry(names);
        builder.Services.AddOpenLimits();
        builder.Services.AddMetricsAddress();
        builder.Services.AddHttpDefaults();
        builder.Services.AddApiDescription();
        builder.Services.AddApiKeys();
        builder.Services.AddShutdownSequence();
        builder.Services.AddSingleton(typeof(IValidateOptions<>), typeof(PlainRules<>));
        builder.Services.AddOptions<ShutdownOptions>().BindConfiguration(ShutdownOptions.Section).ValidateOnStart();
        builder.Services.AddHealthChecks().AddCheck<StoppingHealthCheck>("process", tags: ["ready"]);
        builder.Services.AddSharedHealth();
        builder.Services.AddHostedService<ReadinessGauge>();
        return builder;
    }

    /// <summary>Maps health, metrics and the OpenAPI document. May be called several times.</summary>
    public static IEndpointRouteBuilder MapServiceDefaults(this IEndpointRouteBuilder routes)
    {
        var names = routes.ServiceProvider.GetRequiredService<ServiceNames>();
        if (!names.TakeMapping())
            return routes;
        routes.MapHealth();
        routes.MapMetrics();
        routes.MapApiDescription();
        routes.MapInvariants();
        return routes;
    }
}
