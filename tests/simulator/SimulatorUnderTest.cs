using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Outdial.Simulator;
using Outdial.Testing;

namespace Outdial.Simulator.Tests;

/// <summary>A simulator on a free port whose clock the test turns, and a receiver for its callbacks.</summary>
internal sealed class SimulatorUnderTest : IAsyncDisposable
{
    public const string Gujarati = "07948850040";   // the default ExoPhone of circle GJ
    public const string Flow = "http://my.exotel.com/outdial1/exoml/start_voice/926";

    private readonly WebApplication _app;

    private SimulatorUnderTest(WebApplication app, FakeTimeProvider clock, Receiver receiver)
    {
        (_app, Clock, Receiver, Root) = (app, clock, receiver, app.Urls.First());
        Http = new HttpClient { BaseAddress = new Uri($"{Root}/v1/Accounts/outdial1/") };
        Http.DefaultRequestHeaders.Authorization = Basic("simulator-key", "simulator-token");
    }

    public FakeTimeProvider Clock { get; }
    public Receiver Receiver { get; }
    public HttpClient Http { get; }
    public string Root { get; }

    /// <summary>Half past eleven in the morning in India, a good hour.</summary>
    public static DateTimeOffset Morning { get; } = new(2026, 1, 14, 6, 0, 0, TimeSpan.Zero);

    public static async Task<SimulatorUnderTest> Start(params (string Key, string Value)[] settings)
    {
        var clock = new FakeTimeProvider(Morning);
        var receiver = await Receiver.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value.Replace("{receiver}", receiver.Url))));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddSimulator();
        var app = builder.Build();
        app.MapSimulator();
        await app.StartAsync();
        return new SimulatorUnderTest(app, clock, receiver);
    }

    public static AuthenticationHeaderValue Basic(string key, string token) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{token}")));

    /// <summary>Lets so much time pass, and whatever the agenda has on the way happen at its own moment.</summary>
    public void Pass(TimeSpan time)
    {
        var (agenda, end) = (_app.Services.GetRequiredService<Agenda>(), Clock.GetUtcNow() + time);
        while (agenda.Next is { } due && due <= end)
        {
            if (due > Clock.GetUtcNow())
                Clock.SetUtcNow(due);
            else
                Thread.Yield();   // it is running
        }
        Clock.SetUtcNow(end);
    }

    /// <summary>Waits, in real time, until what happened has had its consequences, but for those that take time: no request is on its way.</summary>
    public Task Settle()
    {
        var (agenda, floor, postman) =
            (_app.Services.GetRequiredService<Agenda>(), _app.Services.GetRequiredService<FlowFloor>(), _app.Services.GetRequiredService<Postman>());
        return Eventually.Async(
            () => floor.IsAtRest && postman.InHand == 0 && agenda.IsIdle && floor.IsAtRest && postman.InHand == 0,
            what: "no flow waits for an answer, and no callback is on its way");
    }

    /// <summary>A form that is right; the given fields replace or (with an empty value) remove.</summary>
    public static Dictionary<string, string> Form(string from, params (string Name, string Value)[] fields)
    {
        var form = new Dictionary<string, string> { ["From"] = from, ["CallerId"] = Gujarati, ["Url"] = Flow };
        foreach (var (name, value) in fields)
            form[name] = value;
        return form.Where(f => f.Value.Length > 0).ToDictionary();
    }

    public Task<HttpResponseMessage> Connect(string from, params (string Name, string Value)[] fields) =>
        Http.PostAsync("Calls/connect.json", new FormUrlEncodedContent(Form(from, fields)));

    /// <summary>Places a call whose status callback goes to the receiver; its id.</summary>
    public async Task<string> Place(string from, params (string Name, string Value)[] fields)
    {
        var response = await Connect(from, [("StatusCallback", $"{Receiver.Url}/status"), .. fields]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await Json(response))["Call"]!["Sid"]!.ToString();
    }

    public async Task<JsonObject> Get(string path) => await Json(await Http.GetAsync(path));

    public Task<JsonObject> Summary() => Get($"{Root}/simulator/summary");

    public async Task<JsonArray> Record() => (await Get($"{Root}/simulator/record?limit=10000"))["items"]!.AsArray();

    public async Task<JsonObject> OnlyCall() => Assert.Single(await Record())!["call"]!.AsObject();

    /// <summary>Waits, in real time, until nothing that is due is still on its way.</summary>
    public Task Delivered(int requests) => Eventually.Async(() => Receiver.Requests.Count >= requests);

    public static async Task<JsonObject> Json(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
