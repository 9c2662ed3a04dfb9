using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Outdial.Platform;

/// <summary>Metrics for Prometheus, traces and metrics by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
internal static class Telemetry
{
    private static readonly string[] Meters =
        ["Outdial.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "MassTransit", "Npgsql"];

    private static readonly string[] Sources = ["Outdial.*", "Microsoft.AspNetCore", "System.Net.Http", "MassTransit", "Npgsql"];

    // From a database statement to a long ring. The library's defaults are for milliseconds and useless for seconds.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

    /// <summary>Most series of one instrument; what is beyond them is one more series, with the tag <c>otel.metric.overflow</c>.</summary>
    internal const int MostSeries = 500;

    // The web framework's other tags (scheme, protocol, kind of error) multiply the series and tell nothing that these do not.
    private static readonly string[] RequestTags = ["http.request.method", "http.route", "http.response.status_code"];
    private static readonly double[] RequestSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static void AddTelemetry(this IServiceCollection services)
    {
        // Without it the server's spans carry no tags at all.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(MeterProviderOf);
        services.AddSingleton(TracerProviderOf);
        services.AddHostedService<Beginning>();
    }

    private static MeterProvider MeterProviderOf(IServiceProvider services)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceOf(services)).AddMeter(Meters)
            .AddView(Bounded)
            .AddPrometheusExporter(services.GetRequiredService<PrometheusExporter>());
        if (OtlpFor(services, "metrics") is { } otlp)
            builder.AddOtlpExporter(otlp);
        return builder.Build();
    }

    /// <summary>Whatever a tag is taken from, an instrument has so many series and no more: each costs memory and every scrape, for ever.</summary>
    private static MetricStreamConfiguration Bounded(Instrument instrument) => instrument switch
    {
        { Name: "http.server.request.duration" } =>
            new ExplicitBucketHistogramConfiguration { Boundaries = RequestSeconds, TagKeys = RequestTags, CardinalityLimit = MostSeries },
        Histogram<double> { Unit: "s", Advice: null } => new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = MostSeries },
        _ => new MetricStreamConfiguration { CardinalityLimit = MostSeries },
    };

    private static TracerProvider TracerProviderOf(IServiceProvider services)
    {
        var share = services.GetRequiredService<IConfiguration>().GetValue("Traces:Share", 1.0);
        var builder = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceOf(services)).AddSource(Sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(share)))
            .AddProcessor(new MaskingProcessor());   // before everything that sends
        foreach (var processor in services.GetServices<BaseProcessor<Activity>>())
            builder.AddProcessor(processor);
        if (OtlpFor(services, "traces") is { } otlp)
            builder.AddOtlpExporter(otlp);
        return builder.Build();
    }

    private static ResourceBuilder ResourceOf(IServiceProvider services) => ResourceBuilder.CreateDefault().AddService(
        services.GetRequiredService<ServiceNames>().Shared,
        serviceVersion: Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3));

    private static Action<OtlpExporterOptions>? OtlpFor(IServiceProvider services, string signal)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint))
            throw new InvalidOperationException($"OTEL_EXPORTER_OTLP_ENDPOINT is '{text}'; expected an address such as http://localhost:4317.");
        var http = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/protobuf";
        return options =>
        {
            options.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            // The exporter adds the signal's path only to an address it read itself.
            options.Endpoint = http ? new Uri($"{endpoint.ToString().TrimEnd('/')}/v1/{signal}") : endpoint;
            options.Headers = configuration["OTEL_EXPORTER_OTLP_HEADERS"] ?? "";
        };
    }

    /// <summary>Builds both providers before the first service starts, so that nothing is measured by nobody.</summary>
    private sealed class Beginning(MeterProvider meters, TracerProvider tracers) : IHostedService
    {
        public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancel)
        {
            meters.ForceFlush(1_000);
            tracers.ForceFlush(1_000);
            return Task.CompletedTask;
        }
    }
}
