using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>Takes traces and metrics in, as an OTLP collector would, and keeps the raw messages. Texts in them are plain UTF-8.</summary>
public sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private TelemetrySink(Uri address)
    {
        Address = address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, body.ToArray()));
            return Results.Ok();
        });
    }

    public Uri Address { get; }

    /// <summary>The settings that make a process send here.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    public static async Task<TelemetrySink> StartAsync()
    {
        var sink = new TelemetrySink(Rig.LocalAddress());
        await sink._app.StartAsync();
        return sink;
    }

    /// <summary>Everything that was sent of one signal: <c>traces</c> or <c>metrics</c>.</summary>
    public string TextOf(string signal) =>
        string.Join('\n', _received.Where(sent => sent.Path == signal).Select(sent => Encoding.UTF8.GetString(sent.Body)));

    /// <summary>Every span that was sent.</summary>
    public IReadOnlyList<Span> Spans() => [.. _received.Where(sent => sent.Path == "traces").SelectMany(sent => Span.Read(sent.Body))];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
