using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>The simulator's own side door: what no real provider would tell.</summary>
public sealed class SimulatorApi(HttpClient client) : IDisposable
{
    private const int PageSize = 5_000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static SimulatorApi At(Uri address) => new(new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) });

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await client.GetAsync("simulator/clock", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Every call that it placed, with what truly came of it, and how hard it was asked.</summary>
    /// <param name="budget">How many connect requests the account may make in 60 seconds.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<ProviderRecord> GetRecordAsync(int budget, CancellationToken cancel) =>
        SimulatorRecord.Read(await GetLinesAsync<SimulatorLine>(cancel), budget);

    /// <summary>The record, line by line, in a dialect's own shape.</summary>
    public async Task<IReadOnlyList<T>> GetLinesAsync<T>(CancellationToken cancel)
    {
        var lines = new List<T>();
        long? after = 0;
        do
        {
            var page = await client.GetFromJsonAsync<SimulatorPage<T>>($"simulator/record?after={after}&limit={PageSize}", Json, cancel);
            lines.AddRange(page!.Items);
            after = page.Next;
        }
        while (after is not null);
        return lines;
    }

    /// <summary>The mischief done so far, by kind.</summary>
    public async Task<IReadOnlyDictionary<string, int>> GetFaultsAsync(CancellationToken cancel) => (await GetSummaryAsync(cancel)).Faults;

    /// <summary>Counts over its record.</summary>
    public async Task<SimulatorSummary> GetSummaryAsync(CancellationToken cancel) =>
        (await client.GetFromJsonAsync<SimulatorSummary>("simulator/summary", Json, cancel))!;

    /// <summary>Points the applet that the simulated flow reports by to an address of ours.</summary>
    public Task SetPassthruAsync(Uri address, CancellationToken cancel) =>
        PutAsync("simulator/flow", new { passthruUrl = address.ToString() }, cancel);

    /// <summary>Builds a flow, as a person would in the provider's flow builder.</summary>
    /// <param name="id">The last segment of the flow's address.</param>
    public Task PutFlowAsync(string id, object flow, CancellationToken cancel) => PutAsync($"simulator/flows/{id}", flow, cancel);

    /// <summary>These and no others are simulated agents from now on.</summary>
    public Task PutAgentsAsync(IReadOnlyList<object> agents, CancellationToken cancel) => PutAsync("simulator/agents", agents, cancel);

    /// <summary>Sets something by the simulator's controls.</summary>
    /// <exception cref="CommandFailure">The simulator refused it; the message is its answer.</exception>
    public async Task PutAsync(string path, object body, CancellationToken cancel)
    {
        using var response = await client.PutAsJsonAsync(path, body, Json, cancel);
        if (!response.IsSuccessStatusCode)
            throw new CommandFailure($"PUT {path} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
    }

    /// <summary>Changes who answers PortaSwitch's queue; what is left out stays.</summary>
    /// <returns>The extensions of the agents.</returns>
    public async Task<IReadOnlyList<string>> StaffAsync(object staffing, CancellationToken cancel)
    {
        using var response = await client.PutAsJsonAsync("simulator/portaswitch/agents", staffing, Json, cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<StaffedFloor>(Json, cancel))!.Floor.Extensions;
    }

    public void Dispose() => client.Dispose();

    private sealed record SimulatorPage<T>(long? Next, IReadOnlyList<T> Items);

    private sealed record StaffedFloor(SimulatorFloor Floor);

    private sealed record SimulatorFloor(IReadOnlyList<string> Extensions);
}
