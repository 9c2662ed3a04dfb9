using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Outdial.Platform;

/// <summary>Writes metrics in the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Metric> metrics, Resource resource)
    {
        var text = new StringBuilder();
        WriteTarget(text, resource);
        // A name may come from several meters; the format wants it described once, with all its series together.
        foreach (var family in metrics.GroupBy(metric => PrometheusNames.Metric(metric.Name, metric.Unit, TypeOf(metric.MetricType))))
        {
            var type = TypeOf(family.First().MetricType);
            var help = family.Select(metric => metric.Description).FirstOrDefault(description => !string.IsNullOrEmpty(description));
            if (help is not null)
                text.Append("# HELP ").Append(family.Key).Append(' ').Append(Escape(help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(type.ToString().ToLowerInvariant()).Append('\n');
            foreach (var metric in family.Where(metric => TypeOf(metric.MetricType) == type))
                WritePoints(text, family.Key, metric);
        }
        return text.ToString();
    }

    private static PrometheusType TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
        MetricType.Histogram => PrometheusType.Histogram,
        _ => PrometheusType.Gauge,   // gauges, and sums that can fall
    };

    private static void WritePoints(StringBuilder text, string name, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(metric.MeterName, point.Tags);
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    WriteSample(text, name, labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    WriteSample(text, name, labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    WriteSample(text, name, labels, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    WriteSample(text, name, labels, point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    WriteHistogram(text, name, labels, point);
                    break;
                case MetricType.ExponentialHistogram:   // has no form in this version of the text; no view of ours makes one
                    break;
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        long upTo = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            upTo += bucket.BucketCount;
            WriteSample(text, name + "_bucket", $"{labels},le=\"{Number(bucket.ExplicitBound)}\"", upTo);
        }
        WriteSample(text, name + "_sum", labels, point.GetHistogramSum());
        WriteSample(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static void WriteTarget(StringBuilder text, Resource resource)
    {
        var labels = string.Join(',', resource.Attributes.Select(pair => $"{PrometheusNames.Label(pair.Key)}=\"{Escape(Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!)}\""));
        text.Append("# HELP target_info What is measured here\n# TYPE target_info gauge\n");
        WriteSample(text, "target_info", labels, 1);
    }

    private static string Labels(string meter, ReadOnlyTagCollection tags)
    {
        var labels = new StringBuilder().Append("otel_scope_name=\"").Append(Escape(meter)).Append('"');
        var names = new HashSet<string>(StringComparer.Ordinal) { "otel_scope_name", "le" };
        foreach (var (key, value) in tags)
        {
            var name = PrometheusNames.Label(key);
            if (names.Add(name))
                labels.Append(',').Append(name).Append("=\"").Append(Escape(Masked.Text(Text(value)))).Append('"');
        }
        return labels.ToString();
    }

    private static string? Text(object? value) => value switch
    {
        true => "true",
        false => "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static void WriteSample(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(Number(value)).Append('\n');

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escape(string text, bool quotes = true)
    {
        var escaped = text.Replace("\\", "\\\\").Replace("\n", "\\n");
        return quotes ? escaped.Replace("\"", "\\\"") : escaped;
    }
}
