using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Outdial.Platform;

/// <summary>
/// Metrics for Prometheus; traces and metrics by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Without it nobody listens to spans, and
/// none is made.
/// </summary>
internal static class Telemetry
{
    // From a database statement to a long ring. The library's defaults are for milliseconds and useless for seconds.
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

    /// <summary>Most series of one instrument; what is beyond them is one more series, with the tag <c>otel.metric.overflow</c>.</summary>
    internal const int MostSeries = 500;

    /// <summary>The same for an instrument whose series come and go (<see cref="PassingGauges"/>), by the end of its meter's name.</summary>
    internal const int MostPassing = 5_000;

    /// <summary>How the names of their meters end.</summary>
    internal const string OfPassing = ".Passing";

    /// <summary>
    /// Instruments that a process may ever have. A place is not given back when an instrument ends, and the library's own 1,000 would be used up by
    /// gauges that are made anew now and then.
    /// </summary>
    internal const int MostInstruments = 50_000;

    // The web framework's other tags (scheme, protocol, kind of error) multiply the series and tell nothing that these do not.
    private static readonly string[] RequestTags = ["http.request.method", "http.route", "http.response.status_code"];
    private static readonly double[] RequestSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // What ends in "count" is, to Prometheus, part of a histogram.
    private static readonly Dictionary<string, string> Gauges = new()
    {
        ["db.client.connection.count"] = "db.client.connections",
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.timer.count"] = "dotnet.timers",
    };

    public static void AddTelemetry(this IHostApplicationBuilder builder, ServiceNames names)
    {
        builder.Services.AddSingleton<IValidateOptions<OtlpVariables>, OtlpVariablesValidator>();
        builder.Services.AddOptions<OtlpVariables>()
            .Configure<IConfiguration>((variables, configuration) => configuration.Bind(variables)).ValidateOnStart();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(names.Shared, serviceVersion: ProductVersion.Text))
            .WithMetrics(Measured);
        builder.Services.ConfigureOpenTelemetryMeterProvider(static (services, metrics) =>
        {
            var own = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => IsForeign(instrument.Meter, own) ? MetricStreamConfiguration.Drop : Bounded(instrument));
        });
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpVariables.EndpointName]))
            return;
        // The variables are read by the library itself.
        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
        telemetry.WithTracing(traces => Traced(traces).AddOtlpExporter());
    }

    /// <summary>What is measured, and how it is bounded.</summary>
    private static void Measured(MeterProviderBuilder metrics) => metrics
        .SetMaxMetricStreams(MostInstruments)
        .AddMeter("Outdial.*", "MassTransit").AddInstrumentation(services => new BusDurations(services.GetRequiredService<IMeterFactory>()))
        .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddNpgsqlInstrumentation()
        .AddPrometheusExporter(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);   // MetricsAnswer keeps it

    /// <summary>
    /// Of another service in the same process, with a container of its own: whoever listens to a name hears all that are called so. What it
    /// tells is not ours.
    /// </summary>
    private static bool IsForeign(Meter meter, IMeterFactory own) => meter.Scope is IMeterFactory factory && factory != own;

    /// <summary>Whatever a tag is taken from, an instrument has so many series and no more: each costs memory and every scrape, for ever.</summary>
    private static MetricStreamConfiguration Bounded(Instrument instrument) => instrument switch
    {
        { Name: "http.server.request.duration" } =>
            new ExplicitBucketHistogramConfiguration { Boundaries = RequestSeconds, TagKeys = RequestTags, CardinalityLimit = MostSeries },
        Histogram<double> { Unit: "s", Advice: null } =>
            new ExplicitBucketHistogramConfiguration { Boundaries = Seconds, CardinalityLimit = MostSeries },
        { Meter.Name: var meter } when meter.EndsWith(OfPassing, StringComparison.Ordinal) =>
            new MetricStreamConfiguration { CardinalityLimit = MostPassing },
        _ when BusDurations.AreTakenOver(instrument) => MetricStreamConfiguration.Drop,
        _ when Gauges.TryGetValue(instrument.Name, out var name) => new MetricStreamConfiguration { Name = name, CardinalityLimit = MostSeries },
        _ => new MetricStreamConfiguration { CardinalityLimit = MostSeries },
    };

    /// <summary>What is traced, without whole numbers. Exporters come behind it.</summary>
    internal static TracerProviderBuilder Traced(TracerProviderBuilder traces) => traces
        .AddSource("Outdial.*", "MassTransit")
        .AddAspNetCoreInstrumentation(requests => requests.Filter = IsOfInterest).AddHttpClientInstrumentation().AddNpgsql()
        .SetSampler(services => new ParentBasedSampler(new Beginnings(
            services.GetRequiredService<IConfiguration>().GetValue("Traces:Share", 1.0))))
        .AddProcessor(new MaskingProcessor());

    /// <summary>Requests of the platform's own watchmen would outnumber everything else.</summary>
    private static bool IsOfInterest(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments(MetricsAddress.Path, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Which traces are begun: a share of them, by their id. Statements of loops that look for work begin none: they are a multitude, and of no call.
/// </summary>
internal sealed class Beginnings(double share) : Sampler
{
    /// <summary>What the database's driver calls all its spans.</summary>
    private const string Statement = "postgresql";

    private readonly TraceIdRatioBasedSampler _some = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters is { Kind: System.Diagnostics.ActivityKind.Client, Name: Statement }
            ? new SamplingResult(SamplingDecision.Drop)
            : _some.ShouldSample(samplingParameters);
}

/// <summary>The variables of OTLP that would be passed over in silence if they were wrong.</summary>
internal sealed class OtlpVariables
{
    public const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT", ProtocolName = "OTEL_EXPORTER_OTLP_PROTOCOL";

    [ConfigurationKeyName(EndpointName)] public string? Endpoint { get; init; }

    [ConfigurationKeyName(ProtocolName)] public string? Protocol { get; init; }
}

internal sealed class OtlpVariablesValidator : IValidateOptions<OtlpVariables>
{
    public ValidateOptionsResult Validate(string? name, OtlpVariables variables)
    {
        if (!string.IsNullOrWhiteSpace(variables.Endpoint) && !IsAddress(variables.Endpoint))
            return Wrong(OtlpVariables.EndpointName, variables.Endpoint, "an address such as http://localhost:4317");
        return string.IsNullOrWhiteSpace(variables.Protocol) || variables.Protocol is "grpc" or "http/protobuf"
            ? ValidateOptionsResult.Success
            : Wrong(OtlpVariables.ProtocolName, variables.Protocol, "grpc or http/protobuf");
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static ValidateOptionsResult Wrong(string variable, string value, string expected) =>
        ValidateOptionsResult.Fail($"{variable} is '{value}'; expected {expected}.");
}
