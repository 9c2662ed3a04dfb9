using Outdial.Cli.Chaos;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>The fault suite in its short form: the whole distributed platform, killed, frozen and cut while it dials.</summary>
public sealed class ShortChaosTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("chaos");

    [Fact]
    public async Task Laws_1_to_6_every_call_is_accounted_for_while_services_broker_and_database_die()
    {
        var result = await RunAsync(new() { Folder = _folder, Seed = 20, Leads = 150, Agents = 4 });

        Assert.True(result.Verdict.Ok, $"{result.Verdict.Line()}\n{string.Join('\n', result.Verdict.Findings)}");
        // A run in which nothing was hit would prove nothing.
        Assert.True(result.Acts.Values.Sum() >= 8, string.Join(", ", result.Acts));
        Assert.True(result.Witness.Calls.Placed > 150 && result.Witness.Callbacks.FailedTries > 0, string.Join('\n', result.Lines()));
    }

    [Fact]
    public async Task The_verdict_is_red_when_an_attempt_may_be_placed_more_than_once()
    {
        // The provider hangs after it has placed the call: whoever is killed then has orders in hand that come again.
        ChaosAct kill = new(ChaosKinds.Kill, "pacer", 0, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        var result = await RunAsync(new()
        {
            Folder = _folder,
            Seed = 21,
            Leads = 60,
            Agents = 0,
            Suffix = "6643",
            Acts = [kill, kill, kill],
            Replicas = new Dictionary<string, int>(),
            Settings = new Dictionary<string, string> { ["Pacer__PlaceOnce"] = "false" },
        });

        Assert.False(result.Verdict.Ok);
        Assert.True(result.Verdict.DoubleDials > 0, result.Verdict.Line());
    }

    private Task<ChaosResult> RunAsync(ChaosOptions options) => new ChaosRun(options, output.WriteLine, TimeProvider.System).RunAsync(CancellationToken.None);

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
