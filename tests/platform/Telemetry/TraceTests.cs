using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
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
        await using var service = await ServiceUnderTest.Start(builder => builder.Services.AddSingleton<BaseProcessor<Activity>>(spans));

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
        await using var service = await ServiceUnderTest.Start(builder => builder.Services.AddSingleton<BaseProcessor<Activity>>(spans));

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
        await using var service = await ServiceUnderTest.Start(builder => builder.Services.AddSingleton<BaseProcessor<Activity>>(spans));

        await service.Client.GetAsync("/health/live");
        await service.Client.GetAsync("/after");

        await Eventually.Async(() => spans.Of("Microsoft.AspNetCore").Any(span => Equals(span.GetTagItem("url.path"), "/after")));
        Assert.DoesNotContain(spans.Of("Microsoft.AspNetCore"), span => span.Recorded && Equals(span.GetTagItem("url.path"), "/health/live"));
    }

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
