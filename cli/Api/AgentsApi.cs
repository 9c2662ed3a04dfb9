using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Outdial.Cli.Api;

/// <summary>What the commands need of the agents' part of the API.</summary>
public sealed class AgentsApi(HttpClient router) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="phone">The agent's own phone, as people write it.</param>
    /// <param name="campaign">The campaign that the agent works for.</param>
    public async Task<Guid> CreateAsync(string name, string phone, Guid campaign, CancellationToken cancel) =>
        (await SendAsync<AgentRow>(HttpMethod.Post, "api/v1/agents", new { name, phone, campaigns = new[] { campaign } }, cancel)).Id;

    public Task<AgentSession> SignInAsync(Guid agent, CancellationToken cancel) => VerbAsync(agent, "sign-in", null, cancel);

    /// <summary>Signs in an agent whose phone is rung for each call.</summary>
    public Task<AgentSession> SignInByPhoneAsync(Guid agent, CancellationToken cancel) => VerbAsync(agent, "sign-in", new { reach = "phone" }, cancel);

    public Task<AgentSession> SignOutAsync(Guid agent, CancellationToken cancel) => VerbAsync(agent, "sign-out", null, cancel);

    public Task<AgentSession> PauseAsync(Guid agent, string reason, CancellationToken cancel) => VerbAsync(agent, "pause", new { reason }, cancel);

    public Task<AgentSession> ReadyAsync(Guid agent, CancellationToken cancel) => VerbAsync(agent, "ready", null, cancel);

    public Task<AgentSession> AcceptAsync(Guid agent, CancellationToken cancel) => VerbAsync(agent, "accept", null, cancel);

    public Task<AgentSession> SkipAsync(Guid agent, string reason, CancellationToken cancel) => VerbAsync(agent, "skip", new { reason }, cancel);

    /// <summary>What came of a conversation.</summary>
    public Task DispositionAsync(Guid agent, DispositionOfACall disposition, CancellationToken cancel) =>
        SendAsync<JsonElement>(HttpMethod.Post, $"api/v1/agents/{agent}/disposition", disposition, cancel);

    /// <summary>All open sessions.</summary>
    public Task<List<AgentSession>> GetSessionsAsync(CancellationToken cancel) =>
        OutdialApi.GetAllAsync<AgentSession>(router, "api/v1/sessions?limit=1000", cancel);

    /// <summary>Where the provider's Connect applets ask whom to dial for the account <c>default</c>. The addresses are secrets.</summary>
    public Task<DialWhomAddresses> GetDialWhomAddressesAsync(CancellationToken cancel) =>
        SendAsync<DialWhomAddresses>(HttpMethod.Get, "api/v1/accounts/default/dialwhom-addresses", null, cancel);

    /// <summary>An agent's screen: a snapshot, then what changes, until the connection ends.</summary>
    public async IAsyncEnumerable<ScreenEvent> StreamAsync(Guid agent, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/agents/{agent}/stream");
        using var response = await router.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var events = SseParser.Create(body, (_, data) => data.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(data, Json));
        await foreach (var item in events.EnumerateAsync(cancel))
        {
            if (item.Data.ValueKind == JsonValueKind.Object)
                yield return new ScreenEvent(item.EventType, item.Data.GetProperty("at").GetDateTimeOffset(), item.Data.GetProperty("body"));
        }
    }

    public void Dispose() => router.Dispose();

    private Task<AgentSession> VerbAsync(Guid agent, string verb, object? body, CancellationToken cancel) =>
        SendAsync<AgentSession>(HttpMethod.Post, $"api/v1/agents/{agent}/{verb}", body, cancel);

    private Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancel) =>
        OutdialApi.SendAsync<T>(router, method, path, body is null ? null : JsonContent.Create(body, body.GetType(), options: Json), cancel);

    private sealed record AgentRow(Guid Id);
}

/// <param name="State">One of the agent states, such as <c>Ready</c>.</param>
/// <param name="Deadline">Nobody stays in this state past it; null for those that have none.</param>
public sealed record AgentSession(
    Guid Id, Guid AgentId, string AgentName, string State, string? Reason, DateTimeOffset Since, DateTimeOffset? Deadline, Guid? AttemptId);

public sealed record DialWhomAddresses(Uri DialWhom, Uri Stay);

/// <summary>One thing an agent's screen is told.</summary>
/// <param name="Kind">Such as <c>snapshot</c>, <c>state</c>, <c>lead</c> or <c>call</c>.</param>
public sealed record ScreenEvent(string Kind, DateTimeOffset At, JsonElement Body);

/// <param name="Personal">The call-back is this agent's own.</param>
public sealed record DispositionOfACall(Guid AttemptId, string? Code, string? Note = null, DateTimeOffset? CallBackAt = null, bool Personal = false);

/// <param name="Count">Leads that wait in the hopper.</param>
/// <param name="Target">How many should.</param>
/// <param name="Text">Why it holds what it holds, in words.</param>
public sealed record HopperStatus(int Count, int Target, string? Text);
