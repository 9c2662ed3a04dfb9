using Outdial.Cli.Demo;
using Outdial.Client;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Client;

/// <summary>An agent's day in preview, and people who call in.</summary>
internal static class AgentWalk
{
    private const string Phone = "+919740005177";

    public static async Task WalkAsync(OutdialClient client, SharedHost shared)
    {
        await shared.Rig.Simulator.PutAgentsAsync([new { number = Phone, ringSeconds = 2 }], default);
        var campaign = await client.CreateCampaignAsync(new()
        {
            Name = "Walk with agents",
            Purpose = Purposes.Service,
            Mode = CampaignRequestModes.Preview,
            TimeZone = "Asia/Kolkata",
            Window = new() { From = "00:00", To = "24:00" },
            KeepOpen = true,
            Agents = new()
            {
                WrapUp = TimeSpan.FromMinutes(1),
                PreviewTime = TimeSpan.FromMinutes(10),
                Dispositions = [new() { Code = "sold" }, new() { Code = "call-back", Label = "Call back", AsksCallBack = true }],
            },
        });
        await client.AddLeadsAsJsonAsync(campaign.Id, [.. Enumerable.Range(0, 8).Select(i => new LeadRequest { Phone = $"+9198140{i}6601" })]);
        await client.StartCampaignAsync(campaign.Id);
        var made = await client.CreateAgentAsync(new() { Name = "Walker", Phone = Phone, Campaigns = [campaign.Id] });
        var agent = made.Id;
        var skilled = await client.PutAgentAsync(agent, new() { Name = "Walker", Phone = Phone, Campaigns = [campaign.Id], Skills = ["gujarati"] });
        Assert.Equal(skilled.Skills, (await client.GetAgentAsync(agent)).Skills);
        Assert.Contains((await client.ListAgentsAsync(campaign: campaign.Id)).Result, each => each.Id == agent);

        var session = await client.SignInAgentAsync(agent);
        using (var screen = await client.StreamAgentAsync(agent))
            Assert.Equal("snapshot", (await OutdialClient.EventsAsync<StreamedEvent>(screen).FirstAsync()).EventType);
        Assert.Equal(session.Id, (await client.GetAgentSessionAsync(agent)).Id);
        Assert.Contains((await client.ListSessionsAsync()).Result, each => each.Id == session.Id);

        var skipped = await ShownAsync(client, agent, null);
        Assert.NotEmpty((await client.ListCampaignHopperLeadsAsync(campaign.Id)).Result);
        Assert.True((await client.GetCampaignHopperAsync(campaign.Id)).Count > 0);
        await client.SkipAgentAsync(agent, new() { Reason = "speaks another language" });
        var attempt = await ShownAsync(client, agent, skipped);
        await client.AcceptAgentAsync(agent);
        await Eventually.Async(async () => (await client.GetAgentSessionAsync(agent)).State == AgentStates.OnCall);
        await client.PauseAgentAsync(agent, new() { Reason = "lunch" });   // when the call is over
        var said = await client.DisposeOfCallAsync(agent, new() { AttemptId = attempt, Code = "sold", Note = "two of them" });
        await Eventually.Async(async () => (await client.GetAgentSessionAsync(agent)).State == AgentStates.Paused);
        Assert.Null((await client.ReadyAgentAsync(agent)).WantsPause);
        await client.ReleaseAgentAsync(agent, new() { Reason = "line hung" });

        Assert.Equal((attempt, "sold"), (said.AttemptId, said.Code));
        Assert.Contains((await client.ListAuditAsync(agent: agent)).Result, entry => (entry.Who, entry.Reason) == ("walk", "line hung"));
        await client.StopCampaignAsync(campaign.Id);
        await client.SignOutAgentAsync(agent);
        await Eventually.Async(async () => (await client.ListSessionsAsync()).Result.TrueForAll(each => each.AgentId != agent));
        await Eventually.Async(async () => (await client.GetCampaignAgentsAsync(campaign.Id)).Totals.Calls > 0);
        Assert.Contains("Walker", await ReportWalk.TextAsync(client.GetCampaignAgentsCsvAsync(campaign.Id)), StringComparison.Ordinal);
        await client.DeleteAgentAsync(agent);
    }

    /// <summary>Somebody calls a number of ours, and nobody is there.</summary>
    public static async Task CallersAsync(OutdialClient client, SharedHost shared)
    {
        const string Caller = "+919813012377";
        var number = (await client.ListCallerIdsAsync()).Result[0].Number;
        await client.PutTrunkAsync("walk", new()
        {
            Direction = Directions.Bidirectional,
            Sid = "trmum1c2d3e4f5",
            Acl = ["203.0.113.5/32"],
            DestinationUris = ["pbx.example.com:443;transport=tls"],
        });
        await client.PutDidAsync(number, new() { Trunk = "walk", Mode = RoutingModes.Flow, Flow = "927", Strategy = Strategies.Parallel });
        await shared.Rig.Controls.GiveFlowAsync(number, "927");

        Assert.Equal("walk", Assert.Single((await client.ListTrunksAsync()).Result, trunk => trunk.Name == "walk").Name);
        Assert.Equal("walk", Assert.Single((await client.ListDidsAsync()).Result, did => did.Number == number).Trunk);
        var why = await client.ExplainInboundAsync(from: Caller, to: number);
        Assert.Equal((number, "walk"), (why.Did!.Number, why.Trunk!.Name));
        await shared.Rig.Controls.CallInAsync(Caller, number);
        await Eventually.Async(async () => (await client.ListMissedCallsAsync()).Result.Exists(call => (call.Number, call.Did) == (Caller, number)));
        await client.DeleteDidAsync(number);
        await client.DeleteTrunkAsync("walk");
    }

    /// <summary>The attempt that is on the agent's screen, another than the last.</summary>
    private static async Task<Guid> ShownAsync(OutdialClient client, Guid agent, Guid? last)
    {
        Guid? shown = null;
        await Eventually.Async(async () =>
            await client.GetAgentSessionAsync(agent) is { State: AgentStates.Previewing, AttemptId: { } attempt } && (shown = attempt) != last);
        return shown!.Value;
    }
}
