using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>
/// Every service in its own process on RabbitMQ behind a gateway, and a simulator, for one test after the other: to start them all takes more of
/// the machine than most tests do. The account can do what each of the Exotel scenarios needs. The provider's requests pass the gateway; ours do in
/// the tests that are about it.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedServices : IAsyncLifetime, ICollectionFixture<SharedServices>
{
    public const string Name = "services";

    private const double Speed = 20;
    private Rig _rig = null!;
    private ServicePlatform _services = null!;

    /// <summary>The same services by the gateway's address.</summary>
    public GatewayPlatform Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _rig = await Rig.StartAsync(Speed, seed: 7, faults: "none", DemoModes.Progressive);
        Gateway = await GatewayPlatform.StartAsync(_rig);
        _services = Gateway.Services;
    }

    /// <summary>As if just started: all services run, no campaign does, there are no agents, and the simulator has forgotten the last test.</summary>
    /// <param name="faults">The simulator's mischief from now on.</param>
    public async Task<(Rig Rig, ServicePlatform Services)> RenewAsync(string faults)
    {
        await _services.EnsureRunningAsync();
        using var pacer = _services.Client("pacer");
        foreach (var campaign in await pacer.GetFromJsonAsync<List<CampaignStatus>>("api/v1/campaigns?limit=100") ?? [])
        {
            if (!campaign.IsOver)
                (await pacer.PostAsync($"api/v1/campaigns/{campaign.Id}/stop", null)).EnsureSuccessStatusCode();
        }
        await SendHomeAsync();
        await using (var database = NpgsqlDataSource.Create(_services.PacerDatabase))
        {
            // What is placed after the simulator forgot would be a call of an unknown attempt to the next test.
            await using var open = database.CreateCommand("select count(*) from attempts where state <> 'Ended'");
            await Eventually.Async(async () => (long)(await open.ExecuteScalarAsync())! == 0, TimeSpan.FromMinutes(5), "the calls of the last test are over");
        }
        await _rig.Controls.ForgetAsync(faults);
        return (_rig, _services);
    }

    public Task DisposeAsync() => _rig.DisposeAsync().AsTask();

    private async Task SendHomeAsync()
    {
        var agents = _services.Api;
        using var router = _services.Client("agent-router");
        foreach (var session in await agents.GetSessionsAsync(CancellationToken.None))
        {
            // Who was leaving already is not there to be asked.
            var answer = await router.PostAsync($"api/v1/agents/{session.AgentId}/sign-out", null);
            if (answer.StatusCode != HttpStatusCode.NotFound)
                answer.EnsureSuccessStatusCode();
        }
        await Eventually.Async(async () => (await agents.GetSessionsAsync(CancellationToken.None)).Count == 0, what: "all agents are gone");
        foreach (var agent in await router.GetFromJsonAsync<List<Known>>("api/v1/agents") ?? [])
            (await router.DeleteAsync($"api/v1/agents/{agent.Id}")).EnsureSuccessStatusCode();
    }

    private sealed record Known(Guid Id);
}
