using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>The simulator's own side door: what no real provider would tell.</summary>
public sealed class SimulatorApi(HttpClient client) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static SimulatorApi At(Uri address) => new(new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) });

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await client.GetAsync("health/ready", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Every call that it placed, with what truly came of it, and how hard it was asked.</summary>
    public async Task<ProviderRecord> GetRecordAsync(CancellationToken cancel) =>
        (await client.GetFromJsonAsync<SimulatorRecord>("simulator/record", Json, cancel))!.ToProviderRecord();

    /// <summary>The mischief done so far, by kind.</summary>
    public async Task<IReadOnlyDictionary<string, int>> GetFaultsAsync(CancellationToken cancel) =>
        (await client.GetFromJsonAsync<Dictionary<string, int>>("simulator/faults", Json, cancel))!;

    public void Dispose() => client.Dispose();
}

/// <summary>The simulator's record, as it tells it.</summary>
internal sealed record SimulatorRecord
{
    public ProviderRecord ToProviderRecord() => new([], 0, 0);
}
