using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Inbound;
using Outdial.Cli.Verdicts;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>Customers call a number of ours on a trunk.</summary>
[Collection(SharedServices.Name)]
public class InboundTests(SharedServices shared)
{
    private const string Trunk = "front", Did = "+917948850040", Flow = "926";
    private const string Customer = "+919825056601", Stranger = "+919825156601";
    private const string Asha = "+919740005201", Bina = "+919740005202";

    private Rig _rig = null!;
    private ServicePlatform _services = null!;

    private IOutdialApi Agents => _services.Api;

    [Fact]
    public async Task Whom_nobody_answered_is_called_back_and_callers_reach_the_agents_that_the_explanation_names()
    {
        (_rig, _services) = await shared.RenewAsync(faults: "none");
        var campaign = await OpenFrontDeskAsync();
        var asha = await Agents.CreateAgentAsync("Asha", Asha, campaign, CancellationToken.None);
        var bina = await Agents.CreateAgentAsync("Bina", Bina, campaign, CancellationToken.None);

        // Nobody is there.
        Assert.Empty(Rung(await ExplainAsync(Customer, problems: 1)));
        Assert.Empty((await CallInAsync(Customer)).Legs);
        await Agents.SignInByPhoneAsync(asha, CancellationToken.None);
        await CalledBackAsync(campaign, Asha);

        // A stranger is for who is idle longest.
        await Agents.SignInByPhoneAsync(bina, CancellationToken.None);
        await IsIdleLessAsync(asha);
        await ReachesAsync(Stranger, ["Bina", "Asha"], Bina);

        // A customer is for whom he knows.
        await IsIdleLessAsync(asha);
        await ReachesAsync(Customer, ["Asha", "Bina"], Asha);

        using var analytics = _services.Client("analytics");
        await Eventually.Async(async () => await InboundReportAsync(analytics) == (3, 2, 1), what: "the report knows of three calls, two answered and one missed");
    }

    /// <summary>A number on a trunk, and a campaign that is busy with one lead for hours.</summary>
    private async Task<Guid> OpenFrontDeskAsync()
    {
        var scenario = _rig.ScenarioOf(DemoModes.Power);
        var api = _services.Api;
        await scenario.RegisterCallerIdsAsync(api, CancellationToken.None);
        var (asks, reports) =
            (await Agents.GetDialWhomAddressesAsync(CancellationToken.None), await api.GetFlowAddressesAsync(CancellationToken.None));
        await _rig.Simulator.PutFlowAsync(Flow, new
        {
            dialWhomUrl = asks.DialWhom,
            stayUrl = asks.Stay,
            passthruUrl = reports.Passthru,
            popupUrl = reports.Popup,
            dialedUrl = reports.Dialed,
            noAgentPatience = 1200,
        }, CancellationToken.None);
        await _rig.Controls.GiveFlowAsync(Did, Flow);
        await _rig.Simulator.PutAgentsAsync([new { number = Asha, ringSeconds = 2 }, new { number = Bina, ringSeconds = 2 }], CancellationToken.None);

        var campaign = await api.CreateCampaignAsync(new
        {
            name = "Front desk",
            mode = DemoModes.Power,
            purpose = "service",
            account = "default",
            timeZone = "Asia/Kolkata",
            redial = new Dictionary<string, object> { ["Busy"] = new { after = "06:00:00", times = 1 } },
            dndUnknown = "dial",
            agents = new { ratio = 1.0, connectWithin = "00:01:00", dropLimit = 1.0, wrapUp = "00:00:05" },
        }, CancellationToken.None);
        var alwaysBusy = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(LeadLists.WithSuffix("6602", count: 1)));
        await api.AddLeadsAsync(campaign, alwaysBusy, "leads.csv", CancellationToken.None);
        await api.StartAsync(campaign, CancellationToken.None);

        using var router = _services.Client("agent-router");
        await PutAsync(router, $"api/v1/trunks/{Trunk}", new
        {
            sid = "trmum1front",
            direction = "bidirectional",
            acl = new[] { "203.0.113.7/32" },
            destinationUris = new[] { "sip.example.org:5061;transport=tls" },
        });
        await PutAsync(router, $"api/v1/dids/{Uri.EscapeDataString(Did)}", new { trunk = Trunk, flow = Flow, campaignId = campaign });
        return campaign;
    }

    /// <summary>The campaign has a lead of the missed call, and one call to it, which this agent answered.</summary>
    private async Task CalledBackAsync(Guid campaign, string phone)
    {
        Ledger ledger = null!;
        await Eventually.Async(async () =>
        {
            ledger = await _services.Api.GetLedgerAsync(campaign, imported: 1, CancellationToken.None);
            return ledger.Leads.Any(lead => lead.Number == Customer && lead.State == "Completed");
        }, what: "the customer is called back");
        var attempt = Assert.Single(ledger.Calls, call => call.Number == Customer);
        var line = Assert.Single(await LinesAsync(), line => line.Call is { Kind: "customer", Number: Customer });
        Assert.Equal((attempt.AttemptId.ToString(), "Completed"), (line.CustomField?.Split('.')[0], attempt.Outcome));
        Assert.Equal(phone, Assert.Single(line.Call!.Legs, leg => leg.AnsweredAt is not null).Number);
    }

    /// <summary>The explanation names these agents in this order, and then the first of them talks to the caller.</summary>
    private async Task ReachesAsync(string caller, string[] names, string phone)
    {
        Assert.Equal(names, Rung(await ExplainAsync(caller, problems: 0)));

        var leg = Assert.Single((await CallInAsync(caller)).Legs);
        Assert.Equal((phone, "completed"), (leg.Number, leg.Status));
    }

    private async Task<Explanation> ExplainAsync(string from, int problems)
    {
        var told = await _services.Api.ExplainInboundAsync(from, Did, CancellationToken.None);
        Assert.Equal((Trunk, "bidirectional", "pstn", Flow), (told.Trunk?.Name, told.Direction, told.Mode, told.Flow));
        Assert.True(told.Problems.Count == problems, string.Join('\n', ExplanationView.Lines(told)));
        return told;
    }

    private static IEnumerable<string> Rung(Explanation told) =>
        told.Candidates.Where(candidate => candidate.Place is not null).OrderBy(candidate => candidate.Place).Select(candidate => candidate.Name);

    /// <summary>A call from its beginning to its end, as the provider saw it.</summary>
    private async Task<SimulatorCall> CallInAsync(string from)
    {
        var sid = await _rig.Controls.CallInAsync(from, Did);
        return await Eventually.Some(
            async () => (await LinesAsync()).Select(line => line.Call).FirstOrDefault(call => call?.Sid == sid && call.EndedAt is not null), what: "the call is over");
    }

    private Task<IReadOnlyList<SimulatorLine>> LinesAsync() => _rig.Simulator.GetLinesAsync<SimulatorLine>(CancellationToken.None);

    /// <summary>All agents are free, and this one has been for less time than the others.</summary>
    private async Task IsIdleLessAsync(Guid agent)
    {
        await AllAreFreeAsync();
        await Agents.PauseAsync(agent, new("tea"), CancellationToken.None);
        await Agents.ReadyAsync(agent, CancellationToken.None);
        await AllAreFreeAsync();
    }

    private Task AllAreFreeAsync() => Eventually.Async(
        async () => (await Agents.GetSessionsAsync(CancellationToken.None)).TrueForAll(session => session.State == "Ready"), what: "all agents are free");

    private static async Task<(int Calls, int Answered, int Missed)> InboundReportAsync(HttpClient analytics)
    {
        var totals = (await analytics.GetFromJsonAsync<JsonElement>("api/v1/inbound/report")).GetProperty("totals");
        return (totals.GetProperty("calls").GetInt32(), totals.GetProperty("answered").GetInt32(), totals.GetProperty("missed").GetInt32());
    }

    private static async Task PutAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"PUT {path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
