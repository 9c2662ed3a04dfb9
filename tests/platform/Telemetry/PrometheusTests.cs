using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Telemetry;

public sealed partial class PrometheusTests
{
    [Fact]
    public void A_counter_is_described_named_and_escaped_as_the_format_asks()
    {
        var text = Scrape(meter => meter.CreateCounter<long>("outdial.call.count", "{call}", "Calls\nby \\ \"outcome\"")
            .Add(3, new KeyValuePair<string, object?>("call.outcome", "No\"Answer\\\n")));

        Assert.Contains("""
            # HELP outdial_call_count_total Calls\nby \\ "outcome"
            # TYPE outdial_call_count_total counter
            outdial_call_count_total{otel_scope_name="NAME",call_outcome="No\"Answer\\\n"} 3

            """, text);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_up_to_infinity_a_sum_and_a_count()
    {
        var text = Scrape(meter =>
        {
            var histogram = meter.CreateHistogram("outdial.ring.duration", "s", "Ringing", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2.5] });
            foreach (var value in new[] { 0.5, 2, 2, 30 })
                histogram.Record(value);
        });

        Assert.Contains("""
            # TYPE outdial_ring_duration_seconds histogram
            outdial_ring_duration_seconds_bucket{otel_scope_name="NAME",le="1"} 1
            outdial_ring_duration_seconds_bucket{otel_scope_name="NAME",le="2.5"} 3
            outdial_ring_duration_seconds_bucket{otel_scope_name="NAME",le="+Inf"} 4
            outdial_ring_duration_seconds_sum{otel_scope_name="NAME"} 34.5
            outdial_ring_duration_seconds_count{otel_scope_name="NAME"} 4

            """, text);
    }

    [Fact]
    public void What_can_fall_is_a_gauge_and_special_values_are_spelled_right()
    {
        var text = Scrape(meter =>
        {
            meter.CreateUpDownCounter<long>("outdial.hopper.depth", "{lead}").Add(-2);
            meter.CreateObservableGauge("outdial.odd", () => double.NaN);
            meter.CreateObservableGauge("outdial.size", () => 7L, "By");
        });

        Assert.Contains("# TYPE outdial_hopper_depth gauge\noutdial_hopper_depth{otel_scope_name=\"NAME\"} -2\n", text);
        Assert.Contains("outdial_odd{otel_scope_name=\"NAME\"} NaN\n", text);
        Assert.Contains("outdial_size_bytes{otel_scope_name=\"NAME\"} 7\n", text);
    }

    [Fact]
    public void A_phone_number_in_a_tag_is_masked()
    {
        var text = Scrape(meter => meter.CreateCounter<long>("outdial.mistake").Add(1, new KeyValuePair<string, object?>("to", "+919876540240")));

        Assert.Contains("to=\"+91••••••0240\"", text);
    }

    [Theory]
    [InlineData("a.b", "ms", PrometheusType.Gauge, "a_b_milliseconds")]
    [InlineData("a.share", "1", PrometheusType.Gauge, "a_share_ratio")]
    [InlineData("a.seconds", "s", PrometheusType.Counter, "a_seconds_total")]
    [InlineData("a..rate", "By/s", PrometheusType.Gauge, "a_rate_bytes_per_second")]
    [InlineData("2nd", "{call}", PrometheusType.Gauge, "_2nd")]
    internal void Names_follow_the_specification(string name, string unit, PrometheusType type, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(name, unit, type));

    [Fact]
    public async Task Every_line_of_a_running_service_is_well_formed_and_every_family_is_declared_once()
    {
        await using var service = await ServiceUnderTest.Start();
        await service.Client.GetAsync("/nowhere");

        var text = await service.Client.GetStringAsync("/metrics");

        var lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(Line(), line));
        var types = lines.Where(line => line.StartsWith("# TYPE ")).Select(line => line.Split(' ')[2]).ToArray();
        Assert.Equal(types.Length, types.Distinct().Count());
        var series = lines.Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToArray();
        Assert.Equal(series.Length, series.Distinct().Count());
        Assert.Contains("http_server_request_duration_seconds", types);
        Assert.Contains("service_name=\"outdial\"", text);
    }

    private static string Scrape(Action<Meter> measure)
    {
        var name = $"Test.{Guid.NewGuid():N}";
        using var meter = new Meter(name);
        using var exporter = new PrometheusExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(name).AddPrometheusExporter(exporter).Build();
        measure(meter);
        return exporter.Scrape().Replace(name, "NAME");
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .+|[a-zA-Z_][a-zA-Z0-9_]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*",?)*\})? (NaN|[+-]Inf|-?[0-9][0-9.E+-]*))$""")]
    private static partial Regex Line();
}
