using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.Flows;

public class FlowControlTests
{
    [Theory]
    [InlineData("simulator/flows/1", """{}""", "dialWhomUrl")]
    [InlineData("simulator/flows/1", """{"dialWhomUrl":"ftp://x/y"}""", "dialWhomUrl")]
    [InlineData("simulator/flows/1", """{"dialWhomUrl":"http://x/y","stayUrl":"wait"}""", "stayUrl")]
    [InlineData("simulator/flows/1", """{"dialWhomUrl":"http://x/y","holdSeconds":0}""", "holdSeconds")]
    [InlineData("simulator/flows/1", """{"dialWhomUrl":"http://x/y","ringSeconds":61}""", "ringSeconds")]
    [InlineData("simulator/flows/926/mischief", """[{"callback":"pop","what":"drop"}]""", "callback")]
    [InlineData("simulator/flows/926/mischief", """[{"callback":"popup","what":"eat"}]""", "what")]
    [InlineData("simulator/flows/926/mischief", """[{"callback":"popup","what":"drop","nth":0}]""", "nth")]
    [InlineData("simulator/agents", """[{"number":"12"}]""", "number")]
    [InlineData("simulator/agents", """[{"number":"07948850040"}]""", "own numbers")]
    [InlineData("simulator/agents", """[{"number":"09876500001"},{"number":"+919876500001"}]""", "twice")]
    [InlineData("simulator/agents", """[{"number":"09876500001","declines":0.6,"answers":0.6}]""", "answers")]
    [InlineData("simulator/agents", """[{"number":"09876500001","hangUpDuring":"lunch"}]""", "hangUpDuring")]
    [InlineData("simulator/exophones/07948850040/flow", """{"flowId":"7"}""", "flowId")]
    public async Task A_wrong_setting_is_refused_and_named(string path, string body, string named)
    {
        await using var rig = await FlowRig.Start();

        var response = await rig.Simulator.Http.PutAsync($"{rig.Simulator.Root}/{path}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, (await response.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulator/flows/1", """{"dialWhomUrl":"http://x/y","dialwhom":"http://x/y"}""")]
    [InlineData("simulator/agents", """[{"number":"09876500001","patience":7}]""")]
    public async Task An_unknown_member_is_refused(string path, string body)
    {
        await using var rig = await FlowRig.Start();

        var response = await rig.Simulator.Http.PutAsync($"{rig.Simulator.Root}/{path}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_flow_and_the_agents_can_be_read_and_removed()
    {
        await using var rig = await FlowRig.Start();

        var flow = await rig.Simulator.Get($"{rig.Simulator.Root}/{FlowRig.FlowPath}");
        Assert.Equal(("926", 5, true), (flow["id"]!.ToString(), (int)flow["holdSeconds"]!, (bool)flow["popupAnswered"]!));
        Assert.Equal(("+919876500001", "idle"), ((await rig.Agents())[0]!["number"]!.ToString(), (await rig.Agents())[0]!["state"]!.ToString()));

        await rig.Simulator.Http.DeleteAsync($"{rig.Simulator.Root}/{FlowRig.FlowPath}");
        await rig.Simulator.Http.DeleteAsync($"{rig.Simulator.Root}/simulator/agents");

        Assert.Equal(HttpStatusCode.NotFound, (await rig.Simulator.Http.GetAsync($"{rig.Simulator.Root}/{FlowRig.FlowPath}")).StatusCode);
        Assert.Empty(await rig.Agents());
    }

    [Fact]
    public async Task Twenty_agents_share_a_list_and_every_lead_is_dialed_once()
    {
        await using var rig = await FlowRig.Start();
        var agents = Enumerable.Range(1, 20).Select(i => $"098765000{i:00}").ToList();
        await rig.Put("simulator/agents", new JsonArray([.. agents.Select(a => new JsonObject { ["number"] = a })]));
        var leads = Enumerable.Range(10, 80).Select(i => $"09825050{i:000}").ToArray();
        rig.Offer(leads);
        foreach (var agent in agents)
            await rig.Simulator.Place(agent);

        await rig.Until(() => rig.Of("/status").Count == agents.Count);

        var counts = await rig.Counts();
        Assert.Equal((20, 0, 80, 100), (
            (int)counts["lines"]!, (int)counts["openLines"]!, (int)counts["legs"]!, (int)counts["dialWhom"]!["requests"]!));
        var dialed = (await rig.Simulator.Record()).SelectMany(r => r!["call"]!["legs"]!.AsArray()).Select(l => "0" + l!["number"]!.ToString()[3..]);
        Assert.Equal(leads.Order(), dialed.Order());
        Assert.Empty(counts["overlapping"]!.AsArray());
        Assert.Empty((await rig.Simulator.Summary())["numbers"]!["overlapping"]!.AsArray());
    }
}
