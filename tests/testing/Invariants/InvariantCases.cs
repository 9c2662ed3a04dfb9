using Outdial.Platform;

namespace Outdial.Testing;

/// <summary>
/// What breaks each invariant of a service: puts rows that violate it beside rows that only look like it, and tells the ids that must be reported.
/// </summary>
/// <typeparam name="TRows">Writes rows of the service.</typeparam>
public sealed class InvariantCases<TRows>(IReadOnlyList<Invariant> invariants) : Dictionary<string, Func<TRows, Task<object[]>>>
{
    /// <summary>Invariants that nothing here breaks, and cases of invariants that are gone. Must be empty.</summary>
    public IEnumerable<string> Unproven =>
        invariants.Select(invariant => invariant.Name).Except(Keys).Concat(Keys.Except(invariants.Select(invariant => invariant.Name)));

    public async Task<(IEnumerable<string> Expected, IEnumerable<string> Reported, long Violations)> BreakAsync(
        string name, TRows rows, InvariantRig rig)
    {
        await rig.ClearAsync();
        var expected = await this[name](rows);
        var found = await rig.AskAsync(invariants.Single(invariant => invariant.Name == name));
        return (expected.Select(id => $"{id}").Order(StringComparer.Ordinal), found.Examples.Order(StringComparer.Ordinal), found.Violations);
    }

    /// <summary>The invariants that the rows as they are violate.</summary>
    public async Task<IReadOnlyList<string>> ViolatedAsync(InvariantRig rig)
    {
        var violated = new List<string>();
        foreach (var invariant in invariants)
        {
            if ((await rig.AskAsync(invariant)).Violations != 0)
                violated.Add(invariant.Name);
        }
        return violated;
    }
}
