using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Refit;

namespace Outdial.Cli.Api;

/// <summary>
/// The simulator's own side door: what no real provider would tell. A refusal is a <see cref="CommandFailure"/> with the simulator's words.
/// </summary>
public interface ISimulatorApi : IDisposable
{
    [Get("/simulator/clock")]
    Task<SimulatorClock> GetClockAsync(CancellationToken cancel);

    /// <summary>A part of the record, in a dialect's own shape.</summary>
    [Get("/simulator/record")]
    Task<SimulatorPage<T>> GetPageAsync<T>(long after, int limit, CancellationToken cancel);

    /// <summary>Counts over its record.</summary>
    [Get("/simulator/summary")]
    Task<SimulatorSummary> GetSummaryAsync(CancellationToken cancel);

    /// <summary>Changes the applet that the simulated flow reports by.</summary>
    [Put("/simulator/flow")]
    Task PutFlowAsync([Body] object flow, CancellationToken cancel);

    /// <summary>Builds a flow, as a person would in the provider's flow builder.</summary>
    /// <param name="id">The last segment of the flow's address.</param>
    [Put("/simulator/flows/{id}")]
    Task PutFlowAsync(string id, [Body] object flow, CancellationToken cancel);

    /// <summary>These and no others are simulated agents from now on.</summary>
    [Put("/simulator/agents")]
    Task PutAgentsAsync([Body] IReadOnlyList<object> agents, CancellationToken cancel);

    /// <summary>Changes who answers PortaSwitch's queue; what is left out stays.</summary>
    [Put("/simulator/portaswitch/agents")]
    Task<StaffedFloor> PutStaffAsync([Body] object staffing, CancellationToken cancel);
}

/// <param name="Speed">Times as fast as the machine's.</param>
public sealed record SimulatorClock(DateTimeOffset Now, double Speed);

/// <param name="Next">Where the next part begins; null: this is the last.</param>
public sealed record SimulatorPage<T>(long? Next, IReadOnlyList<T> Items);

public sealed record StaffedFloor(SimulatorFloor Floor);

/// <param name="Extensions">Of the agents.</param>
public sealed record SimulatorFloor(IReadOnlyList<string> Extensions);

/// <summary>Clients of the simulator, and what takes more than one of its requests.</summary>
public static class SimulatorApi
{
    private const int PageSize = 5_000;

    public static ISimulatorApi At(Uri address) => RestService.ForGenerated<ISimulatorApi>(
        JsonApi.Client(new SocketsHttpHandler(), address, TimeSpan.FromMinutes(1)), JsonApi.Settings);

    public static async Task<bool> IsReadyAsync(this ISimulatorApi simulator, CancellationToken cancel)
    {
        try
        {
            await simulator.GetClockAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or CommandFailure)
        {
            return false;
        }
    }

    /// <summary>Every call that it placed, with what truly came of it, and how hard it was asked.</summary>
    /// <param name="budget">How many connect requests the account may make in 60 seconds.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<ProviderRecord> GetRecordAsync(this ISimulatorApi simulator, int budget, CancellationToken cancel) =>
        SimulatorRecord.Read(await simulator.GetLinesAsync<SimulatorLine>(cancel), budget);

    /// <summary>The record, line by line, in a dialect's own shape.</summary>
    public static async Task<IReadOnlyList<T>> GetLinesAsync<T>(this ISimulatorApi simulator, CancellationToken cancel)
    {
        var lines = new List<T>();
        long? after = 0;
        do
        {
            var page = await simulator.GetPageAsync<T>(after.Value, PageSize, cancel);
            lines.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return lines;
    }

    /// <summary>The mischief done so far, by kind.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> GetFaultsAsync(this ISimulatorApi simulator, CancellationToken cancel) =>
        (await simulator.GetSummaryAsync(cancel)).Faults;

    /// <summary>Points the applet that the simulated flow reports by to an address of ours.</summary>
    public static Task SetPassthruAsync(this ISimulatorApi simulator, Uri address, CancellationToken cancel) =>
        simulator.PutFlowAsync(new { passthruUrl = address.ToString() }, cancel);

    /// <summary>Changes who answers PortaSwitch's queue; what is left out stays.</summary>
    /// <returns>The extensions of the agents.</returns>
    public static async Task<IReadOnlyList<string>> StaffAsync(this ISimulatorApi simulator, object staffing, CancellationToken cancel) =>
        (await simulator.PutStaffAsync(staffing, cancel)).Floor.Extensions;
}
