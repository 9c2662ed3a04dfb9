using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Platform.Tests.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class MetricsAddressTests
{
    [Fact]
    public async Task On_a_port_of_their_own_the_metrics_are_there_and_nowhere_else_and_nothing_else_is_there()
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:Url"] = "http://127.0.0.1:0");
        using var scraper = new HttpClient { BaseAddress = service.Services.GetRequiredService<MetricsServer>().Address };

        using var metrics = await scraper.GetAsync("/metrics");
        using var other = await scraper.GetAsync("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a");
        using var before = await service.Client.GetAsync("/metrics");

        Assert.Contains("# TYPE target_info gauge", await metrics.Content.ReadAsStringAsync());
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (metrics.StatusCode, other.StatusCode, before.StatusCode));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", metrics.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(metrics.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("false", HttpStatusCode.OK)]
    [InlineData("true", HttpStatusCode.NotFound)]
    public async Task Health_is_at_the_port_of_the_metrics_too_and_where_strangers_reach_the_process_only_there(string alone, HttpStatusCode outside)
    {
        await using var service = await ServiceUnderTest.Start(builder =>
        {
            builder.Configuration["Metrics:Url"] = "http://127.0.0.1:0";
            builder.Configuration["Metrics:HealthThereOnly"] = alone;
        });
        using var probe = new HttpClient { BaseAddress = service.Services.GetRequiredService<MetricsServer>().Address };

        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var inside = await probe.GetAsync(path);
            using var stranger = await service.Client.GetAsync(path);

            Assert.Equal((HttpStatusCode.OK, outside), (inside.StatusCode, stranger.StatusCode));
            Assert.Contains("\"Healthy\"", await inside.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
            Assert.False(inside.Headers.Contains("X-Outdial-State"));
        }

        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var stopping = await probe.GetAsync("/health/ready");
        using var alive = await probe.GetAsync("/health/live");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (stopping.StatusCode, alive.StatusCode));
        Assert.Equal("stopping", stopping.Headers.GetValues("X-Outdial-State").Single());
    }

    [Fact]
    public void Health_on_a_port_that_is_not_named_is_refused() => Assert.Equal(
        ["Metrics:HealthThereOnly is 'true' without Metrics:Url; expected an address such as http://*:9464 there."],
        new MetricsOptionsValidator().Validate(null, new() { HealthThereOnly = true }).Failures);

    [Fact]
    public async Task The_port_of_the_metrics_has_the_limits_of_what_is_open_to_all()
    {
        await using var service = await ServiceUnderTest.Start(builder =>
        {
            builder.Configuration["Metrics:Url"] = "http://127.0.0.1:0";
            builder.Configuration["Open:Burst"] = "2";
            builder.Configuration["Open:RequestsPerSecond"] = "1";
        });
        using var scraper = new HttpClient { BaseAddress = service.Services.GetRequiredService<MetricsServer>().Address };

        using var refused = await Flood.UntilRefused(_ => scraper.GetAsync("/metrics"));

        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_a_sentence()
    {
        await using var first = await ServiceUnderTest.Start(builder => builder.Configuration["Metrics:Url"] = "http://127.0.0.1:0");
        var taken = first.Services.GetRequiredService<MetricsServer>().Address!.ToString();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServiceUnderTest.Start(builder => builder.Configuration["Metrics:Url"] = taken));

        Assert.StartsWith($"Metrics:Url is '{taken}', where this process cannot listen: ", refused.Message);
    }

    [Theory]
    [InlineData("http://*:9464", true)]
    [InlineData("http://127.0.0.1:9464/", true)]
    [InlineData("", true)]
    [InlineData("http://*", false)]
    [InlineData("9464", false)]
    [InlineData("https://*:9464", false)]
    [InlineData("http://*:9464/metrics", false)]
    [InlineData("http://*:9464;http://*:9465", false)]
    public void An_address_of_the_metrics_that_is_none_is_refused_at_the_start(string url, bool isGood)
    {
        var result = new MetricsOptionsValidator().Validate(null, new MetricsOptions { Url = url });

        Assert.Equal(isGood, result.Succeeded);
        if (!isGood)
            Assert.StartsWith($"Metrics:Url is '{url}'; expected an address with a port", result.FailureMessage);
    }

    [Fact]
    public void A_scrape_that_would_be_kept_for_hours_is_refused_at_the_start()
    {
        var result = new MetricsOptionsValidator().Validate(null, new MetricsOptions { KeptFor = TimeSpan.FromHours(1) });

        Assert.Contains("Metrics:KeptFor is '01:00:00'", result.FailureMessage);
    }
}

public sealed class SeriesTests
{
    private const int Strangers = 3 * Platform.Telemetry.MostSeries;

    [Fact]
    public async Task A_tag_that_a_stranger_chooses_makes_so_many_series_and_then_one_more_and_nothing_is_lost()
    {
        using var meter = new Meter($"Outdial.Test.{Guid.NewGuid():N}");
        await using var service = await ServiceUnderTest.Start();
        var counter = meter.CreateCounter<long>("outdial.test.words");
        var histogram = meter.CreateHistogram<double>("outdial.test.waits", "s");
        for (var i = 0; i < Strangers; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("word", $"word-{i}"));
            histogram.Record(1, new KeyValuePair<string, object?>("word", $"word-{i}"));
        }

        var lines = (await service.Client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.Contains(meter.Name, StringComparison.Ordinal)).ToList();

        foreach (var name in new[] { "outdial_test_words_total", "outdial_test_waits_seconds_count" })
        {
            var series = lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).ToList();
            Assert.InRange(series.Count, 1, Platform.Telemetry.MostSeries + 1);
            Assert.Single(series, line => line.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal));
            Assert.Equal(Strangers, series.Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..])));
        }
    }

    [Fact]
    public async Task Paths_methods_and_agents_of_a_stranger_are_no_series_of_their_own()
    {
        await using var service = await ServiceUnderTest.Start();
        for (var i = 0; i < 100; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod($"METHOD{i}"), $"/stranger-{i}/{Guid.NewGuid()}?x={i}");
            request.Headers.UserAgent.ParseAdd($"agent-{i}");
            request.Headers.Host = $"host-{i}.example.org";
            using var answer = await service.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        // Not what the test's own client measures of its requests.
        var lines = (await service.Client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => !line.StartsWith("http_client_", StringComparison.Ordinal)).ToList();

        foreach (var word in new[] { "METHOD1", "stranger-", "agent-1", "host-1" })
            Assert.DoesNotContain(lines, line => line.Contains(word, StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("http_request_method=\"_OTHER\"", StringComparison.Ordinal)
            && line.Contains("http_response_status_code=\"404\"", StringComparison.Ordinal));
    }
}
