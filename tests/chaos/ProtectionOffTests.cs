using Outdial.Cli.Chaos;
using Outdial.Cli.Verdicts;
using Outdial.Testing;
using Xunit.Abstractions;

namespace Outdial.Chaos.Tests;

/// <summary>The fault suite can fail: without one of the protections its verdict is red.</summary>
public sealed class ProtectionOffTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("chaos");

    [Fact]
    public async Task The_verdict_is_red_when_an_attempt_may_be_placed_more_than_once()
    {
        // The provider places each call and does not answer: a pacer that is killed then has orders in hand, and they come again.
        var options = new ChaosOptions
        {
            Folder = _folder,
            Seed = 21,
            Leads = 20,
            Agents = 0,
            Suffix = "6643",
            Acts = [new(ChaosKinds.Kill, "pacer", 0, TimeSpan.Zero, TimeSpan.Zero, AfterCalls: 3)],
            Replicas = new Dictionary<string, int>(),
            Settings = new Dictionary<string, string>
            {
                ["Pacer__PlaceOnce"] = "false",
                // The other protections take their time: only the one that is off could help.
                ["Accounts__default__RequestTimeout"] = "00:00:20",
                ["Pacer__AttemptLife"] = "02:00:00",
                ["Pacer__AnswerDeadline"] = "02:00:00",
            },
        };

        var result = await new ChaosRun(options, output.WriteLine, TimeProvider.System).RunAsync(default);

        output.WriteLine(result.Verdict.Line());
        Assert.False(result.Verdict.Ok);
        Assert.Contains(result.Verdict.Findings, finding => finding.Kind == FindingKinds.DoubleDial && finding.Text.StartsWith("was placed ", StringComparison.Ordinal));
    }

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
