using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Outdial.Platform.Tests.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class ScrapeTests
{
    private readonly string _meter = $"Outdial.Test.{Guid.NewGuid():N}";

    [Fact]
    public async Task A_number_that_somebody_makes_a_tag_does_not_leave_and_figures_stay_what_they_are()
    {
        using var meter = new Meter(_meter);
        await using var service = await ServiceUnderTest.Start();
        var id = Guid.CreateVersion7();
        meter.CreateCounter<long>("outdial.test.mistakes").Add(919876540240, new("to", "+919876540240"), new("as", 919876540240L),
            new("said", "he \"said\" +91 98765 40240\\\n"), new("id", id));
        meter.CreateHistogram("outdial.test.sizes", "By", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10_000_000] })
            .Record(2, new KeyValuePair<string, object?>("path", "/numbers/919876540240"));

        var lines = (await service.Client.GetStringAsync("/metrics")).Split('\n').Where(line => line.Contains(_meter, StringComparison.Ordinal)).ToList();

        var counted = Assert.Single(lines, line => line.StartsWith("outdial_test_mistakes_total{", StringComparison.Ordinal));
        foreach (var label in new[] { "to=\"+91••••••0240\"", "as=\"••••••0240\"", @"said=""he \""said\"" +91••••••0240\\\n""", $"id=\"{id}\"" })
            Assert.Contains(label, counted);
        Assert.EndsWith("} 919876540240", counted);
        Assert.Contains(lines, line => line.StartsWith("outdial_test_sizes_bytes_bucket{", StringComparison.Ordinal)
            && line.EndsWith("path=\"/numbers/••••••0240\",le=\"10000000\"} 1", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line[..line.LastIndexOf(' ')].Contains("9876540240", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_nothing_in_what_a_service_says()
    {
        using var meter = new Meter(_meter);
        using var other = new Meter(_meter + ".Other");
        await using var service = await ServiceUnderTest.Start();
        foreach (var one in new[] { meter, other })
            one.CreateCounter<long>("outdial.test.calls", "{call}", "Calls\nby \\ \"outcome\"")
                .Add(1, new KeyValuePair<string, object?>("call.outcome", "No\"Answer\\\n"));
        meter.CreateUpDownCounter<long>("outdial.test.depth", "{lead}", "What can fall").Add(-2);
        meter.CreateHistogram<double>("outdial.test.waits", "s", "Waits").Record(1);
        await service.Client.GetAsync("/nowhere");

        var text = await service.Client.GetStringAsync("/metrics");

        Assert.Equal("", await Promtool.CheckAsync(text));
        var series = text.TrimEnd('\n').Split('\n').Where(line => line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).ToArray();
        // Of other services of this process, one that ends may be there beside one that begins.
        Assert.All(series.Where(line => line.Contains(_meter, StringComparison.Ordinal)).GroupBy(line => line), same => Assert.Single(same));
        Assert.Contains(series, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal));
        Assert.Contains(series, line => line.StartsWith("target_info{", StringComparison.Ordinal)
            && line.Contains("service_name=\"outdial\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_something_where_there_is_something() =>
        Assert.Contains("outdial_calls", await Promtool.CheckAsync("# HELP outdial_calls Calls\n# TYPE outdial_calls counter\noutdial_calls 1\n"));

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    [InlineData("text/plain")]
    public async Task Every_version_of_Prometheus_is_given_the_same_names(string accept)
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:01:00");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await service.Client.SendAsync(request);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(await service.Client.GetStringAsync("/metrics"), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Whoever_reads_the_metrics_slowly_keeps_nobody_else_from_new_ones()
    {
        using var meter = new Meter(_meter);
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:KeptFor"] = "00:00:00");
        // More than fits into what the connection itself holds.
        var large = meter.CreateCounter<long>("outdial.test.large");
        for (var i = 0; i < 100; i++)
            large.Add(1, new KeyValuePair<string, object?>("word", $"{i}-{new string('x', 40_000)}"));
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync("127.0.0.1", service.Client.BaseAddress!.Port);
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Equal(1, await slow.ReceiveAsync(new byte[1]));

        var news = meter.CreateCounter<long>("outdial.test.news");
        news.Add(1);
        var text = await service.Client.GetStringAsync("/metrics").WaitAsync(Eventually.Patience, TimeProvider.System);

        Assert.Contains("outdial_test_news_total{", text);
    }
}
