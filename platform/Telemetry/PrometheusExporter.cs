using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Outdial.Platform;

/// <summary>Hands the current metrics to whoever scrapes them.</summary>
/// <remarks>Named and shaped like the OpenTelemetry project's own Prometheus exporter, so that it could take this one's place.</remarks>
[ExportModes(ExportModes.Pull)]
public sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _lock = new();
    private string _text = "";

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var metrics = new List<Metric>();
        foreach (var metric in batch)
            metrics.Add(metric);
        _text = PrometheusText.Write(metrics, ParentProvider.GetResource());
        return ExportResult.Success;
    }

    /// <summary>The metrics of this moment in the Prometheus text format. Safe for concurrent use.</summary>
    /// <exception cref="InvalidOperationException">No meter provider reads through this exporter.</exception>
    public string Scrape()
    {
        if (Collect is null)
            throw new InvalidOperationException("The exporter belongs to no meter provider yet.");
        lock (_lock)
        {
            Collect(Timeout.Infinite);
            return _text;
        }
    }
}

/// <summary>Registration of the exporter, and what it answers.</summary>
public static class PrometheusRegistration
{
    /// <summary>Lets the provider be scraped through this exporter.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, PrometheusExporter exporter) =>
        builder.AddReader(new BaseExportingMetricReader(exporter));

    /// <summary>Writes the current metrics as the answer to a request.</summary>
    internal static Task ScrapeAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<MeterProvider>();   // without it the exporter belongs to nobody
        var text = context.RequestServices.GetRequiredService<PrometheusExporter>().Scrape();
        return Results.Text(text, PrometheusText.ContentType).ExecuteAsync(context);
    }
}
