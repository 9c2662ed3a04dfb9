using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Inbound;

public sealed record ExplainedTrunk(string Name);

/// <param name="Place">1, 2, 3 … in which they would be rung; null: would not be.</param>
public sealed record ExplainedCandidate(int? Place, string Name, string Reason);

/// <summary>What the router says of a call from one number to another.</summary>
public sealed record Explanation(
    string From, string To, ExplainedTrunk? Trunk, string? Direction, string? Mode, string? Flow, IReadOnlyList<ExplainedCandidate> Candidates,
    IReadOnlyList<string> Steps, IReadOnlyList<string> Problems);

/// <summary>The router's explanations.</summary>
public sealed class InboundApi : IDisposable
{
    private readonly HttpClient _client;

    public InboundApi(Uri address, string key)
    {
        _client = new HttpClient { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/") };
        _client.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <exception cref="CommandFailure">The router refused the question.</exception>
    public async Task<Explanation> ExplainAsync(string from, string to, CancellationToken cancel)
    {
        using var answer = await _client.GetAsync($"api/v1/inbound/explain?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}", cancel);
        if (answer.IsSuccessStatusCode)
            return (await answer.Content.ReadFromJsonAsync<Explanation>(cancel))!;
        throw new CommandFailure(await ReasonAsync(answer, cancel));
    }

    public void Dispose() => _client.Dispose();

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
            if (problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } reason)
                return reason;
        }
        catch (JsonException)   // not our words: a proxy's page, or nothing
        {
        }
        return $"The router answered {(int)answer.StatusCode} ({answer.ReasonPhrase}).";
    }
}
