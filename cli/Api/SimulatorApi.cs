using System.Net.Http.Json;
using System.Text.Json;
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
    public async Task<ProviderRecord> GetRecordAsync(int budget, CancellationToken cancel)
    {
        var lines = new List<SimulatorLine>();
        long? after = 0;
        do
        {
            var page = await client.GetFromJsonAsync<SimulatorPage>($"simulator/record?after={after}&limit={PageSize}", Json, cancel);
            lines.AddRange(page!.Items);
            after = page.Next;
        }
        while (after is not null);
        return SimulatorRecord.Read(lines, budget);
    }

    /// <summary>The mischief done so far, by kind.</summary>
    public async Task<IReadOnlyDictionary<string, int>> GetFaultsAsync(CancellationToken cancel) =>
        (await client.GetFromJsonAsync<SimulatorSummary>("simulator/summary", Json, cancel))!.Faults;

    /// <summary>Points the applet that the simulated flow reports by to an address of ours.</summary>
    public async Task SetPassthruAsync(Uri address, CancellationToken cancel)
    {
        using var response = await client.PutAsJsonAsync("simulator/flow", new { passthruUrl = address.ToString() }, Json, cancel);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => client.Dispose();

    private sealed record SimulatorPage(long? Next, IReadOnlyList<SimulatorLine> Items);

    private sealed record SimulatorSummary(IReadOnlyDictionary<string, int> Faults);
}
