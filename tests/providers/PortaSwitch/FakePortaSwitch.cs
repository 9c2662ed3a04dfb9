using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Providers.Tests.PortaSwitch;

/// <summary>A PortaSwitch on a free port: it keeps sessions as the real one does, and answers the rest as the test says.</summary>
public sealed class FakePortaSwitch : IAsyncDisposable
{
    public sealed record Asked(string Method, string? Authorization, JsonElement Parameters);

    private readonly WebApplication _server;
    private int _tokens;

    private FakePortaSwitch(WebApplication server) => _server = server;

    public static readonly string Address = "https://calls.example.org";

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 6, 0, 0, TimeSpan.Zero));

    /// <summary>The access token that is good now.</summary>
    public string? Good { get; private set; }

    public TimeSpan SessionLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Wrong from now on: log-in and refresh are refused.</summary>
    public bool LoginRefused { get; set; }

    public bool RefreshRefused { get; set; }

    /// <summary>Answers a request whose session is good.</summary>
    public Func<HttpContext, Asked, Task> Answer { get; set; } = (context, _) => Json(context, 200, """{"call": {"id": "c-1", "tag": "t-1"}, "tracking_id": "tr-1"}""");

    public ITelephonyProvider Account { get; private set; } = null!;

    public IHost Client { get; private set; } = null!;

    public IReadOnlyList<string> Methods => [.. Requests.Select(request => request.Method)];

    /// <summary>The session ends on the other side, as it does for inactivity.</summary>
    public void EndSession() => Good = null;

    public static Task Json(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }

    public static Task Fault(HttpContext context, string code, int status = 500) =>
        Json(context, status, $$"""{"faultcode": "{{code}}", "faultstring": "said so"}""");

    public static async Task<FakePortaSwitch> StartAsync(params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var fake = new FakePortaSwitch(server);
        server.Run(fake.Serve);
        await server.StartAsync();
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        fake.Client = NewClient(address, fake.Clock, settings);
        fake.Account = fake.Client.Services.GetRequiredService<ITelephonyProviders>().Get("porta");
        return fake;
    }

    /// <summary>A host with one account named <c>porta</c>.</summary>
    public static IHost NewClient(string address, TimeProvider? clock, params (string Key, string? Value)[] settings) =>
        NewClient(address, clock, _ => { }, settings);

    /// <inheritdoc cref="NewClient(string, TimeProvider, ValueTuple{string, string}[])"/>
    public static IHost NewClient(
        string address, TimeProvider? clock, Action<IServiceCollection> services, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Accounts:porta:Provider"] = "portaswitch",
            ["Accounts:porta:BaseAddress"] = address,
            ["Accounts:porta:Login"] = "dialer",
            ["Accounts:porta:Password"] = "secret",
            ["Accounts:porta:AutoAttendantId"] = "aa-7",
            ["Accounts:porta:CustomerId"] = "42",
            ["Accounts:porta:CallbackBaseAddress"] = Address,
            ["Accounts:porta:AllowPrivateAddresses"] = "true",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Accounts:porta:" + setting.Key, setting.Value)));
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.AddPortaSwitch();
        services(builder.Services);
        return builder.Build();
    }

    private async Task Serve(HttpContext context)
    {
        var method = context.Request.Path.Value!.Replace("/rest/", "", StringComparison.Ordinal);
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
        var asked = new Asked(method, context.Request.Headers.Authorization, body.GetProperty("params"));
        Requests.Enqueue(asked);
        switch (method)
        {
            case "Session/login" when LoginRefused || !Known(asked.Parameters):
            case "Session/refresh_access_token" when RefreshRefused || LoginRefused:
                await Fault(context, $"Server.{method.Replace('/', '.')}.auth_failed".Replace("Server.Session.login.", "Server.Session.", StringComparison.Ordinal));
                break;
            case "Session/login" or "Session/refresh_access_token":
                Good = $"access-{Interlocked.Increment(ref _tokens)}";
                await Json(context, 200, $$"""
                    {"session_id": "s", "access_token": "{{Good}}", "refresh_token": "refresh-{{_tokens}}",
                     "expires_at": "{{(Clock.GetUtcNow() + SessionLife).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}}"}
                    """);
                break;
            case var _ when Good is null || asked.Authorization != "Bearer " + Good:
                await Fault(context, "Server.Session.check_auth.auth_failed");
                break;
            default:
                await Answer(context, asked);
                break;
        }
    }

    private static bool Known(JsonElement parameters) =>
        parameters.GetProperty("login").GetString() == "dialer"
        && (parameters.TryGetProperty("password", out var password) ? password.GetString() == "secret"
            : parameters.GetProperty("token").GetString() == "api-token");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
