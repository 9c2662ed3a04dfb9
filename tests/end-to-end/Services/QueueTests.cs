using System.Globalization;
using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>The customer first, over PortaSwitch and its queue.</summary>
public class QueueTests
{
    private const double Speed = 20;

    /// <summary>
    /// Enough agents that a queue can outgrow them: with all but one gone, twice as many people as Outdial believes to be free are
    /// called, and four more than that have to wait.
    /// </summary>
    private const int Agents = 10;

    /// <summary>
    /// PortaSwitch keeps no records of calls that are over: after this the ledger alone decides how one ended. Real time, for a machine
    /// that is busy with starting processes.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20), BetweenLookUps = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The floor's findings, and so the verdict, say whether the campaign paused by itself when agents left, and went on when they were back.
    /// </summary>
    [Fact]
    public async Task Customers_in_the_queue_are_accounted_for_and_a_queue_that_grows_stops_dialing_until_it_is_short_again()
    {
        await using var rig = await Rig.StartAsync(Speed, seed: 5, faults: "some", DemoModes.Power, DemoDialects.PortaSwitch, Agents);
        var services = await ServicePlatform.StartAsync(rig, new Dictionary<string, string>
        {
            ["Pacer__SubmittedDeadline"] = OnTheClock(Silence),
            ["Pacer__LookUpAgainAfter"] = OnTheClock(BetweenLookUps),
        });
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(60));

        var verdict = await trial.JudgeAsync(TimeSpan.FromMinutes(6));

        trial.AssertOk(verdict, trial.Import.Accepted);
        await trial.AssertAgentsWorkedAsync();
    }

    private static string OnTheClock(TimeSpan real) => (real * Speed).ToString("c", CultureInfo.InvariantCulture);
}
