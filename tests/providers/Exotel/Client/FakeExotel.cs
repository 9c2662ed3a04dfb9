using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.Providers.Exotel;

namespace Outdial.Providers.Tests.Exotel.Client;

public sealed record Received(
    string Method, string Path, string Query, string? Authorization, string? ContentType, IReadOnlyDictionary<string, string> Form);

/// <summary>A server on a free port that answers as it is told and remembers what it was asked.</summary>
public sealed class FakeExotel : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly IHost _client;

    private FakeExotel(WebApplication server, IHost client) => (_server, _client) = (server, client);

    public ConcurrentQueue<Received> Requests { get; private init; } = new();

    public ITelephonyProvider Account => _client.Services.GetRequiredService<ITelephonyProviders>().Get("default");

    public static Task<FakeExotel> Answering(int status, string body, string type = "application/json", Action<HttpResponse>? also = null) =>
        Answering(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            also?.Invoke(context.Response);
            await context.Response.WriteAsync(body);
        });

    public static async Task<FakeExotel> Answering(RequestDelegate answer, params (string Key, string? Value)[] settings)
    {
        var requests = new ConcurrentQueue<Received>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async context =>
        {
            var form = context.Request.HasFormContentType
                ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString())
                : [];
            requests.Enqueue(new Received(
                context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", context.Request.Headers.Authorization,
                context.Request.ContentType, form));
            await answer(context);
        });
        await server.StartAsync();
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new FakeExotel(server, Client(address, settings)) { Requests = requests };
    }

    /// <summary>A host with one account named <c>default</c>.</summary>
    public static IHost Client(string address, params (string Key, string? Value)[] settings) => Client(address, _ => { }, settings);

    /// <inheritdoc cref="Client(string, ValueTuple{string, string}[])"/>
    public static IHost Client(string address, Action<IServiceCollection> services, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Accounts:default:BaseAddress"] = address,
            ["Accounts:default:AccountSid"] = "acme1",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            ["Accounts:default:CallbackBaseAddress"] = "https://calls.example.org",
            ["Accounts:default:AllowPrivateAddresses"] = "true",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.AddExotel();
        services(builder.Services);
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
