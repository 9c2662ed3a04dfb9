using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.Gateway.Tests.Nodes;

/// <summary>What arrived at a service.</summary>
public sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A stand-in for one replica of a service, on a real Kestrel. Answers 200 with its name unless told otherwise.</summary>
public sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeService(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>What it got, readiness not counted.</summary>
    public ConcurrentQueue<Received> Received { get; } = new();

    public Received Last => Received.Last();

    /// <summary>How it answers who asks whether it is ready: with 200.</summary>
    public RequestDelegate Ready { get; set; } = _ => Task.CompletedTask;

    /// <param name="name">What it answers.</param>
    /// <param name="answer">How it answers instead; the request's body is not read for it.</param>
    /// <param name="port">Where; 0 for any free port.</param>
    public static async Task<FakeService> Start(string name, RequestDelegate? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;   // as the services do
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        var fake = new FakeService(app);
        app.Run(async context =>
        {
            if (context.Request.Path == "/health/ready")
            {
                await fake.Ready(context);
                return;
            }
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header =>
                header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var body = answer is null ? await new StreamReader(context.Request.Body).ReadToEndAsync() : "";
            fake.Received.Enqueue(new(context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body));
            if (answer is not null)
                await answer(context);
            else
                await context.Response.WriteAsync(name);
        });
        await app.StartAsync();
        fake.Address = app.Urls.Single();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);   // hanging requests are cut
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
