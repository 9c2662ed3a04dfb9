using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Invariants;
using Outdial.Gateway.Limits;
using Outdial.Gateway.OpenApi;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;
using Yarp.ReverseProxy.Health;

namespace Outdial.Gateway;

/// <summary>The one public address in front of all services.</summary>
public static class GatewayService
{
    /// <summary>
    /// Lanes, limits and forwarding. Needs <c>Gateway:Services</c>, <c>Identity:SigningKey</c> and <c>Webhooks:SigningKey</c>; reads the accounts'
    /// <c>Accounts:{name}:Webhooks</c>.
    /// </summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("gateway");
        builder.AddCallbackTokens();
        builder.AddProviderAccess();

        var services = builder.Services;
        services.AddGatewayOptions();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.PostConfigure<IdentityOptions>(identity => identity.Believe = false);
        services.AddCounters<GatewayMetrics>();
        services.Configure<LoggerFilterOptions>(Quiet);
        services.PostConfigure<KestrelServerOptions>(TakeLessThanServices);
        services.AddSingleton<ApiLimits>();
        services.AddSingleton<AnyReplica>();
        services.AddSingleton<AllInvariants>();
        services.AddSingleton<WholeApi>();
        services.AddSingleton<IStartupFilter, ClientAddresses>();
        services.AddSingleton<IPassiveHealthCheckPolicy, UnreachablePolicy>();
        services.AddSingleton<IActiveHealthCheckPolicy, ReadinessPolicy>();
        services.AddServiceDiscoveryCore();
        builder.AddReplicasFile();
        services.AddSingleton<IServiceEndpointProviderFactory, DnsReplicas>();
        services.AddPassThroughServiceEndpointProvider();   // an address is itself, and so is a name that cannot be looked up now

        var options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new();
        var (routes, clusters) = ProxyRoutes.Build(options);
        services.AddReverseProxy()
            .LoadFromMemory(routes, clusters)
            .AddServiceDiscoveryDestinationResolver()
            .AddTransforms<Headers>()
            .ConfigureHttpClient((_, handler) => Connections.Configure(handler, options.Limits.Connect));
        return builder;
    }

    /// <summary>The options, for whatever part of the gateway a process has.</summary>
    internal static void AddGatewayOptions(this IServiceCollection services) =>
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();

    // Before DNS is asked, which leaves alone what is known here.
    private static void AddReplicasFile(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[$"{GatewayOptions.Section}:{nameof(GatewayOptions.ReplicasFile)}"] is not { Length: > 0 } path)
            return;
        builder.Configuration.Sources.Add(ReplicasFile.At(path));
        builder.Services.AddConfigurationServiceEndpointProvider();
    }

    // The proxy reads its settings while it is mapped. A wrong one is left to RunServiceAsync, which says it in a sentence.
    private static bool IsConfigured(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return true;
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException)
        {
            return false;
        }
    }

    // So that what comes through here, with the headers that are added, is never too large for the service behind.
    private static void TakeLessThanServices(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 200;
    }

    // What became of a request is in its answer and the metrics; that a replica went out or came back is worth a line, each failed probe is not.
    private static void Quiet(LoggerFilterOptions filters)
    {
        filters.Rules.Insert(0, new(null, "Yarp.ReverseProxy.Forwarder", LogLevel.Error, null));
        filters.Rules.Insert(0, new(null, "Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error, null));
        filters.Rules.Insert(0, new(null, "Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Information, null));
    }

    public static WebApplication MapGateway(this WebApplication app)
    {
        if (!IsConfigured(app.Services))
            return app;
        // Said here although the framework would add them, because the limits stand between: a client is known before it is
        // counted, and one that guesses keys is counted too.
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<ApiLimitsMiddleware>();
        app.UseAuthorization();
        app.MapAllInvariants();
        app.MapWholeApi();
        app.MapApiPage();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<LaneMiddleware>();
            proxy.UseMiddleware<ProviderDoor>();
            proxy.UseMiddleware<Attempts>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
