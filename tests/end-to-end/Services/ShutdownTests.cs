using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Services;

[Collection(SharedServices.Name)]
public sealed class ShutdownTests(SharedServices shared)
{
    private const int Leads = 120;   // enough to go on while one service after the other is away

    [Fact]
    public async Task Every_service_that_is_told_to_stop_in_the_middle_of_a_campaign_ends_in_time_with_0_and_nothing_is_lost()
    {
        var (rig, platform) = await shared.RenewAsync(faults: "some");
        var trial = await Trial.BeginAsync(rig, platform, LeadLists.Sample(Leads, skip: 400), rig.ScenarioOf(DemoModes.Notification));
        // A reader that stays: a process that waited for it to leave would not end.
        using var reader = platform.Client("pacer");
        await using var events = await reader.GetStreamAsync("api/v1/events");

        var endings = new Dictionary<string, int?>();
        foreach (var name in ServicePlatform.Services)
        {
            var placed = (await trial.RecordAsync()).Calls.Count;
            await Eventually.Async(async () => (await trial.RecordAsync()).Calls.Count > placed + 3
                || (await platform.Api.GetCampaignAsync(trial.Campaign, default)).IsOver, TimeSpan.FromMinutes(3), $"calls are placed before {name} stops\n{rig.Tail()}");
            endings[name] = await platform.StopAsync(name);
            await platform.StartAsync(name);
        }

        Assert.All(endings, ending => Assert.True(ending.Value == 0, $"{ending.Key} ended with {ending.Value?.ToString() ?? "force"}\n{rig.Tail()}"));
        await DrainAsync(events);   // ended with the process, in good order
        trial.AssertOk(await trial.JudgeAsync(TimeSpan.FromMinutes(10)), Leads);
    }

    private static async Task DrainAsync(Stream stream)
    {
        using var limit = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, limit.Token) > 0)
        {
        }
    }
}
