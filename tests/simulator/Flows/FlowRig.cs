using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Outdial.Testing;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>A simulator with the flow 926 configured, one agent, and a receiver that hands out leads one by one.</summary>
internal sealed class FlowRig : IAsyncDisposable
{
    public const string Agent = "09876500001";
    public const string FlowPath = "simulator/flows/926";

    private const int Turns = 2_000;

    private readonly ConcurrentQueue<string> _answers = new();

    private FlowRig(SimulatorUnderTest simulator)
    {
        Simulator = simulator;
        simulator.Receiver.Body = request => request.Path == "/dialwhom" && Answer(request) is { } text
            ? (text.StartsWith('{') ? "application/json" : "text/plain; charset=utf-8", text)
            : null;
    }

    public SimulatorUnderTest Simulator { get; }
    public IReadOnlyList<ReceivedRequest> Requests => Simulator.Receiver.Requests;

    /// <summary>Answers DialWhom instead of what was offered.</summary>
    public Func<ReceivedRequest, string?>? Answers { get; set; }

    /// <param name="flow">Members of the flow over the usual ones; null removes one.</param>
    public static async Task<FlowRig> Start(object? flow = null, object? agent = null, params (string Key, string Value)[] settings)
    {
        var rig = new FlowRig(await SimulatorUnderTest.Start(settings));
        await rig.Configure(flow);
        await rig.Put("simulator/agents", new JsonArray(Merged(new JsonObject { ["number"] = Agent }, agent)));
        return rig;
    }

    public Task Configure(object? flow)
    {
        var body = Merged(new JsonObject { ["dialWhomUrl"] = "/dialwhom?t=1", ["popupUrl"] = "/popup", ["dialedUrl"] = "/dialed" }, flow);
        foreach (var (name, value) in body.ToList())
            if (value?.ToString() is ['/', ..] path)
                body[name] = Simulator.Receiver.Url + path;   // paths are the receiver's
        return Put(FlowPath, body);
    }

    /// <summary>Answers that nobody has had yet.</summary>
    public int Left => _answers.Count;

    public void Offer(params string[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
    }

    public async Task<JsonNode?> Put(string path, JsonNode body)
    {
        var response = await Simulator.Http.PutAsync($"{Simulator.Root}/{path}", JsonContent.Create(body));
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> Post(string path, object? body = null) =>
        Simulator.Http.PostAsync($"{Simulator.Root}/{path}", body is null ? null : JsonContent.Create(body));

    /// <summary>Opens the agent's line; its sid.</summary>
    public Task<string> OpenLine(params (string Name, string Value)[] fields) => Simulator.Place(Agent, fields);

    /// <summary>Turns the clock bit by bit, while no request waits to be answered, until it is so.</summary>
    public async Task Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var from = Simulator.Clock.GetUtcNow();
        await Simulator.Settle();
        for (var turn = 0; !condition(); turn++)
        {
            Assert.True(turn < Turns, $"{Simulator.Clock.GetUtcNow() - from} later, and with nothing on its way, it is still not so: {what}");
            Simulator.Pass(TimeSpan.FromSeconds(3));
            await Simulator.Settle();
        }
    }

    /// <summary>Until the line's status callback has come.</summary>
    public Task LineEnds() => Until(() => Of("/status").Count > 0);

    public IReadOnlyList<ReceivedRequest> Of(string path) => [.. Requests.Where(r => r.Path == path)];

    /// <summary>The one call's record.</summary>
    public Task<JsonObject> Call() => Simulator.OnlyCall();

    public async Task<JsonObject> Leg(int index = 0) => (await Call())["legs"]![index]!.AsObject();

    public async Task<JsonArray> Agents() => JsonNode.Parse(await Simulator.Http.GetStringAsync($"{Simulator.Root}/simulator/agents"))!.AsArray();

    /// <summary>The legs as "number status".</summary>
    public async Task<IReadOnlyList<string>> Legs() => [.. (await Call())["legs"]!.AsArray().Select(l => $"{l!["number"]} {l["status"]}")];

    /// <summary>Says 200 on the stay branch while there are answers left, then 302.</summary>
    public void StayWhileOffered() => Simulator.Receiver.Answer = r => r.Path == "/stay" && Left == 0 ? 302 : 200;

    public async Task<JsonNode> Counts() => (await Simulator.Summary())["agents"]!;

    public ValueTask DisposeAsync() => Simulator.DisposeAsync();

    private string? Answer(ReceivedRequest request) => Answers is { } answers ? answers(request) : _answers.TryDequeue(out var next) ? next : null;

    private static JsonObject Merged(JsonObject usual, object? over)
    {
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(over)?.AsObject() ?? [])
            if (value is null)
                usual.Remove(name);
            else
                usual[name] = value.DeepClone();
        return usual;
    }
}
