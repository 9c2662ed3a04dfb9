using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Demo;

/// <summary>The people of a run: agents at their desks and whoever staffs them. This one is empty.</summary>
public class DemoFloor : IAsyncDisposable
{
    /// <summary>What is wrong with how the agents were served, known when the floor is closed.</summary>
    public virtual IReadOnlyList<Finding> Findings => [];

    /// <summary>What is worth telling of the run besides the report, a sentence each.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    /// <summary>The floor at this instant; null when there is none.</summary>
    public virtual Task<FloorSnapshot?> LookAsync(CancellationToken cancel) => Task.FromResult<FloorSnapshot?>(null);

    /// <summary>The campaign is over: everybody goes home, and whoever cannot is a finding.</summary>
    public virtual Task CloseAsync(CancellationToken cancel) => Task.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The floor at one instant, for the live picture.</summary>
/// <param name="AgentsByState">Signed-in agents by state, those without an entry have none.</param>
/// <param name="Hopper">Leads that wait in the hopper; null in modes without one.</param>
/// <param name="HopperTarget">How many should.</param>
/// <param name="HopperReason">Why it holds what it holds, in words.</param>
/// <param name="Waiting">Answered people who wait for an agent; null where nobody can.</param>
public sealed record FloorSnapshot(
    IReadOnlyDictionary<string, int> AgentsByState, int? Hopper = null, int? HopperTarget = null, string? HopperReason = null, int? Waiting = null)
{
    public static readonly IReadOnlyList<string> States =
        ["OnCall", "Dialing", "Previewing", "Ready", "WrapUp", "Resting", "Paused", "CallingAgent"];

    public IEnumerable<(string State, int Agents)> ByState =>
        States.Select(state => (state, AgentsByState.GetValueOrDefault(state))).Where(entry => entry.Item2 > 0);
}
