using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Outdial.Platform.Tests.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class TraceTests
{
    private static readonly ActivitySource Source = new("Outdial.TraceTests");

    [Fact]
    public async Task A_span_leaves_with_route_and_status_and_without_a_whole_number()
    {
        var spans = new Collector();
        await using var service = await ServiceUnderTest.Start(builder => Trace(builder.Services, spans));

        var id = Guid.CreateVersion7();

        await service.Client.GetAsync($"/api/v1/orders/{id}?limit=1&to=%2B919876540240");
        await service.Client.GetAsync($"/numbers/+919876540240/{id}");

        // Spans of other tests in this process pass by, too: only those with our id are looked at.
        await Eventually.Async(() => spans.With(id).Count() == 2);
        var ordered = spans.With(id).Single(span => span.DisplayName == "GET /api/v1/orders/{id:guid}");
        Assert.Equal("/api/v1/orders/{id:guid}", ordered.GetTagItem("http.route"));
        Assert.Equal(200, ordered.GetTagItem("http.response.status_code"));
        Assert.Contains(spans.With(id), span => Equals(span.GetTagItem("url.path"), $"/numbers/+91••••••0240/{id}"));
        Assert.DoesNotContain(spans.All, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("9876540240") == true));
    }

    [Fact]
    public async Task Numbers_in_names_statuses_and_exceptions_are_masked_too()
    {
        var spans = new Collector();
        await using var service = await ServiceUnderTest.Start(builder => Trace(builder.Services, spans));

        using (var span = Source.StartActivity("dial +919876540240"))
        {
            span!.SetStatus(ActivityStatusCode.Error, "no route to 919876540240");
            span.SetTag("number", 919876540240L);
            span.AddException(new NpgsqlException("Key (number)=(+919876540240) exists"));
        }

        var ended = spans.Of(Source.Name).Single(span => span.DisplayName.StartsWith("dial"));
        Assert.Equal(("dial +91••••••0240", "no route to ••••••0240", "••••••0240"), (ended.DisplayName, ended.StatusDescription, ended.GetTagItem("number")));
        Assert.Contains(ended.Events.Single().Tags, tag => tag.Key == "exception.message" && tag.Value is "Key (number)=(+91••••••0240) exists");
        Assert.DoesNotContain(ended.Events.Single().Tags, tag => tag.Value?.ToString()?.Contains("9876540240") == true);
    }

    [Fact]
    public async Task Health_and_metrics_requests_are_not_recorded()
    {
        var spans = new Collector();
        await using var service = await ServiceUnderTest.Start(builder => Trace(builder.Services, spans));

        await service.Client.GetAsync("/health/live");
        await service.Client.GetAsync("/after");

        await Eventually.Async(() => spans.Of("Microsoft.AspNetCore").Any(span => Equals(span.GetTagItem("url.path"), "/after")));
        Assert.DoesNotContain(spans.Of("Microsoft.AspNetCore"), span => span.Recorded && Equals(span.GetTagItem("url.path"), "/health/live"));
    }

    [Fact]
    public async Task Where_nothing_exports_no_span_is_made()
    {
        await using var service = await ServiceUnderTest.Start(map: app =>
            app.MapGet("/api/v1/span", () => TypedResults.Ok(new { Recorded = Activity.Current?.Recorded, Tags = Activity.Current?.TagObjects.Count() })));

        using var own = Source.StartActivity("place call");
        var request = await service.Client.GetStringAsync("/api/v1/span");

        Assert.Null(own);
        Assert.Null(service.Services.GetService<TracerProvider>());
        Assert.Equal("""{"recorded":false,"tags":0}""", request);
    }

    [Fact]
    public async Task A_request_without_exporters_still_passes_its_trace_on()
    {
        await using var second = await ServiceUnderTest.Start(map: app => app.MapGet("/api/v1/trace", () => Activity.Current?.TraceId.ToHexString()));
        await using var first = await ServiceUnderTest.Start(map: app => app.MapGet("/api/v1/pass", () => second.Client.GetStringAsync("/api/v1/trace")));
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pass");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        using var answer = await first.Client.SendAsync(request);

        Assert.Equal(trace, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Spans_and_metrics_go_where_the_variables_say_with_their_headers_and_a_span_without_numbers()
    {
        var received = new ConcurrentQueue<(string Signal, string? Key, string Body)>();
        await using var collector = await ServiceUnderTest.Start(map: app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.Enqueue((signal, request.Headers["x-collector-key"], Encoding.UTF8.GetString(body.ToArray())));
        }));
        await using (var service = await ServiceUnderTest.Start(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Client.BaseAddress!.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-collector-key=opens it",
        })))
        {
            using var answer = await service.Client.GetAsync("/numbers/+919876540240");
        }   // what it still holds is sent

        var traces = received.Where(sent => sent.Signal == "traces").ToList();
        Assert.Contains(traces, sent => sent.Body.Contains("/numbers/+91••••••0240", StringComparison.Ordinal));
        Assert.DoesNotContain(received, sent => sent.Body.Contains("9876540240", StringComparison.Ordinal));
        Assert.Contains(received, sent => sent.Signal == "metrics" && sent.Body.Contains("http.server.request.duration", StringComparison.Ordinal));
        Assert.All(received, sent => Assert.Equal("opens it", sent.Key));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "expected an address such as http://localhost:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost", "expected an address such as http://localhost:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "expected grpc or http/protobuf.")]
    public async Task A_variable_of_OTLP_that_is_wrong_stops_the_start_with_a_sentence(string variable, string value, string expected)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            ServiceUnderTest.Start(builder => builder.Configuration[variable] = value));

        Assert.Equal([$"{variable} is '{value}'; {expected}"], refused.Failures);
    }

    private static void Trace(IServiceCollection services, Collector spans) =>
        services.AddOpenTelemetry().WithTracing(traces => Platform.Telemetry.Traced(traces).AddProcessor(spans));

    private sealed class Collector : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = new();

        public IEnumerable<Activity> All => _spans;

        public IEnumerable<Activity> Of(string source) => _spans.Where(span => span.Source.Name == source);

        public IEnumerable<Activity> With(Guid id) =>
            Of("Microsoft.AspNetCore").Where(span => span.GetTagItem("url.path") is string path && path.Contains(id.ToString()));

        public override void OnEnd(Activity data) => _spans.Enqueue(data);
    }
}
