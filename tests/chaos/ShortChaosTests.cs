using Outdial.Cli.Chaos;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>The short form of <c>./outdial chaos</c>: real processes, two of those that matter most, and one of each act that kills.</summary>
public sealed class ShortChaosTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("chaos");

    [Fact]
    public async Task Laws_1_to_5_a_platform_whose_processes_and_servers_are_killed_and_frozen_accounts_for_every_call()
    {
        var options = new ChaosOptions { Folder = _folder, Seed = 20, Leads = 120, Agents = 3, Replicas = new Dictionary<string, int> { ["pacer"] = 2 } };

        var result = await new ChaosRun(options, output.WriteLine, TimeProvider.System).RunAsync(default);

        foreach (var line in result.Lines())
            output.WriteLine(line);
        Assert.True(result.Verdict.Ok, string.Join('\n', result.Verdict.Findings.Select(finding => $"{finding.Kind} {finding.Id} {finding.Text}").Prepend(result.Verdict.Line())));
        // A run in which nothing was broken, and nobody called, would prove nothing.
        Assert.Equal(ChaosScript.Short(20).Count(), result.Acts.Values.Sum());
        Assert.True(result.Witness.Calls.Placed > 100, $"{result.Witness.Calls.Placed} calls were placed");
        Assert.True(result.Witness.Callbacks is { Duplicates: > 0, Dropped: > 0 }, "the provider doubled and dropped callbacks");
    }

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
