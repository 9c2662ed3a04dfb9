using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Outdial.Testing;

namespace Outdial.Simulator.Tests.PortaSwitch;

/// <summary>A simulator seen through its PortaSwitch dialect, logged in, with no agents until a test sends some.</summary>
internal sealed class PortaUnderTest : IAsyncDisposable
{
    public const string AutoAttendant = "918047850000";
    private readonly HttpClient _http;

    private PortaUnderTest(SimulatorUnderTest simulator) =>
        (Simulator, _http) = (simulator, new HttpClient { BaseAddress = new Uri(simulator.Root) });

    public SimulatorUnderTest Simulator { get; }

    public string CallbackUrl => $"{Simulator.Receiver.Url}/events";

    /// <summary>All events received, unwrapped, in order of arrival.</summary>
    public IReadOnlyList<JsonObject> Events =>
        [.. Simulator.Receiver.Requests.Select(r => JsonNode.Parse(r.Body)!.AsObject()).Select(b => b["call_info"]?.AsObject() ?? b)];

    /// <summary>The states of one call's events, an agent's leg marked.</summary>
    public IReadOnlyList<string> States(string call) =>
        [.. Events.Where(e => e["call"]!["id"]!.ToString() == call).Select(e => ((bool)e["is_external_call"]! ? "" : "agent-") + e["state"])];

    public static async Task<PortaUnderTest> Start(params (string Key, string Value)[] settings)
    {
        var porta = new PortaUnderTest(await SimulatorUnderTest.Start([("Simulator:PortaSwitch:Agents:Count", "0"), .. settings]));
        await porta.Login();
        return porta;
    }

    public async Task<JsonObject> Login()
    {
        var tokens = await Ok("Session/login", new { login = "outdial", password = "simulator-password" });
        Use(tokens["access_token"]!.ToString());
        return tokens;
    }

    public void Use(string? accessToken) =>
        _http.DefaultRequestHeaders.Authorization = accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);

    public Task<HttpResponseMessage> Post(string method, object parameters) => _http.PostAsJsonAsync($"/rest/{method}", new { @params = parameters });

    public Task<HttpResponseMessage> PostForm(string method, params (string Name, string Value)[] fields) =>
        _http.PostAsync($"/rest/{method}", new FormUrlEncodedContent(fields.ToDictionary(f => f.Name, f => f.Value)));

    public async Task<JsonObject> Ok(string method, object parameters)
    {
        var response = await Post(method, parameters);
        response.EnsureSuccessStatusCode();
        return await SimulatorUnderTest.Json(response);
    }

    /// <summary>Parameters that are right; the given ones replace, or with null remove.</summary>
    public JsonObject Parameters(string callee, params (string Name, JsonNode? Value)[] changes)
    {
        var parameters = new JsonObject
        {
            ["callee_id"] = callee,
            ["bill_id"] = AutoAttendant,
            ["caller_id"] = AutoAttendant,
            ["caller_leg_receive_actions"] = new JsonObject { ["voicemail"] = "allow" },
            ["state_info_callback"] = CallbackUrl,
            ["state_info_events"] = new JsonArray("trying", "ringing", "connected", "queued", "dequeued", "terminated"),
        };
        foreach (var (name, value) in changes)
        {
            parameters.Remove(name);
            if (value is not null)
                parameters[name] = value;
        }
        return parameters;
    }

    public Task<HttpResponseMessage> Originate(string callee, params (string Name, JsonNode? Value)[] changes) =>
        Post("CallControl/originate_advanced_call", Parameters(callee, changes));

    /// <returns>The id of the call.</returns>
    public async Task<string> Place(string callee, params (string Name, JsonNode? Value)[] changes)
    {
        var response = await Originate(callee, changes);
        response.EnsureSuccessStatusCode();
        return (await SimulatorUnderTest.Json(response))["call"]!["id"]!.ToString();
    }

    public async Task<JsonObject> Staff(object change)
    {
        var response = await _http.PutAsJsonAsync("/simulator/portaswitch/agents", change);
        response.EnsureSuccessStatusCode();
        return (await SimulatorUnderTest.Json(response))["floor"]!.AsObject();
    }

    public Task<HttpResponseMessage> PutAgents(object change) => _http.PutAsJsonAsync("/simulator/portaswitch/agents", change);

    public async Task<JsonObject> Floor() => (await Simulator.Get($"{Simulator.Root}/simulator/portaswitch/agents"))["floor"]!.AsObject();

    public async Task EndSessions() => (await _http.DeleteAsync("/simulator/portaswitch/sessions")).EnsureSuccessStatusCode();

    public async Task<JsonObject> Call(string id) =>
        (await Simulator.Record()).Select(r => r!["call"]?.AsObject()).Single(c => c?["sid"]?.ToString() == id)!;

    public async Task<IReadOnlyList<JsonObject>> Listed() =>
        [.. (await Ok("CallControl/get_sip_calls_list", new { i_customer = 1001 }))["calls_list"]!.AsArray().Select(c => c!.AsObject())];

    public void Seconds(int seconds) => Simulator.Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Turns the clock by a second until a call is in a state, for at most ten minutes.</summary>
    public async Task Until(string call, string state)
    {
        for (var i = 0; i < 600; i++)
        {
            if ((await Listed()).Any(c => c["call"]!["id"]!.ToString() == call && c["state"]!.ToString() == state))
                return;
            Seconds(1);
        }
        Assert.Fail($"Never {state}.");
    }

    public Task Received(int events) => Eventually.Async(() => Simulator.Receiver.Requests.Count >= events);

    public static async Task<string> FaultCode(HttpResponseMessage response) => (await SimulatorUnderTest.Json(response))["faultcode"]!.ToString();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return Simulator.DisposeAsync();
    }
}
