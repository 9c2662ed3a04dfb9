using System.Net.Http.Json;
using System.Text.Json;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>Those controls of the simulator that only tests turn.</summary>
public sealed class SimulatorControls(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    /// <summary>Forgets calls, flows and agents, and changes the mischief.</summary>
    /// <param name="faults"><c>none</c>, <c>some</c> or <c>many</c>.</param>
    public async Task ForgetAsync(string faults)
    {
        await OkAsync(_client.DeleteAsync("simulator/record"));
        await OkAsync(_client.DeleteAsync("simulator/agents"));
        foreach (var flow in await _client.GetFromJsonAsync<List<JsonElement>>("simulator/flows") ?? [])
            await OkAsync(_client.DeleteAsync($"simulator/flows/{flow.GetProperty("id").GetString()}"));
        await OkAsync(_client.PutAsJsonAsync("simulator/faults", new { preset = faults }));
    }

    /// <summary>Gives a number of the account a flow, as one would in the dashboard.</summary>
    public Task GiveFlowAsync(string number, string flow) =>
        OkAsync(_client.PutAsJsonAsync($"simulator/exophones/{Uri.EscapeDataString(number)}/flow", new { flowId = flow }));

    /// <summary>A person calls a number of the account.</summary>
    /// <returns>The call's id.</returns>
    public async Task<string> CallInAsync(string from, string to)
    {
        using var answer = await _client.PostAsJsonAsync("simulator/inbound", new { from, to });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sid").GetString()!;
    }

    public void Dispose() => _client.Dispose();

    private static async Task OkAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        answer.EnsureSuccessStatusCode();
    }
}
