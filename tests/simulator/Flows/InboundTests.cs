using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>People call the account's own numbers.</summary>
public class InboundTests
{
    private const string Customer = "09825056601";

    [Fact]
    public async Task A_call_to_an_own_number_runs_its_flow_and_reaches_an_agent()
    {
        await using var rig = await WithFlow();
        rig.Offer(FlowRig.Agent);
        var sid = await Call(rig, Customer);

        await rig.Until(() => rig.Of("/dialed").Count > 0);

        var (asked, passthru) = (rig.Of("/dialwhom")[0], rig.Of("/dialed")[0]);
        Assert.Equal((sid, Customer, SimulatorUnderTest.Gujarati, "incoming"), (asked["CallSid"], asked["CallFrom"], asked["CallTo"], asked["Direction"]));
        Assert.Equal(("completed", FlowRig.Agent), (passthru["CallType"], passthru["DialWhomNumber"]));
        Assert.Equal("inbound", (await rig.Call())["kind"]!.ToString());
        Assert.Equal("inbound", (await rig.Simulator.Get($"Calls/{sid}.json"))["Call"]!["Direction"]!.ToString());
        Assert.Equal(1, (int)(await rig.Counts())["inbound"]!);
    }

    [Fact]
    public async Task A_caller_who_reaches_nobody_may_leave_a_voicemail()
    {
        await using var rig = await WithFlow(new { voicemailSeconds = 20 });
        await Call(rig, Customer);

        await rig.Until(() => rig.Of("/dialed").Count > 0);

        var passthru = Assert.Single(rig.Of("/dialed"));
        Assert.Equal(("voicemail", ""), (passthru["CallType"], passthru["DialWhomNumber"]));
        Assert.NotNull(passthru["RecordingUrl"]);
        Assert.Equal("Voicemail", (await rig.Call())["flow"]!.ToString());
    }

    [Fact]
    public async Task A_caller_who_reaches_nobody_is_told_of_by_one_passthru()
    {
        await using var rig = await WithFlow(agent: new { declines = 1.0 });
        rig.Offer(FlowRig.Agent);
        await Call(rig, Customer);

        await rig.Until(() => rig.Of("/dialed").Count > 0);

        Assert.Equal(("incomplete", "busy"), (Assert.Single(rig.Of("/dialed"))["CallType"], rig.Of("/dialed")[0]["DialCallStatus"]));
        Assert.Empty(rig.Of("/status"));
    }

    [Theory]
    [InlineData("12", SimulatorUnderTest.Gujarati, HttpStatusCode.BadRequest)]
    [InlineData(Customer, "09825012345", HttpStatusCode.BadRequest)]
    [InlineData(Customer, "02248850020", HttpStatusCode.Conflict)]
    public async Task A_call_that_cannot_be_is_refused(string from, string to, HttpStatusCode status)
    {
        await using var rig = await WithFlow();

        Assert.Equal(status, (await rig.Post("simulator/inbound", new { from, to })).StatusCode);
    }

    [Fact]
    public async Task Who_is_on_the_phone_cannot_call()
    {
        await using var rig = await WithFlow(new { stayUrl = "/stay" });
        await Call(rig, Customer);

        var second = await rig.Post("simulator/inbound", new { from = Customer, to = SimulatorUnderTest.Gujarati });

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Empty((await rig.Simulator.Summary())["numbers"]!["overlapping"]!.AsArray());
    }

    private static async Task<FlowRig> WithFlow(object? flow = null, object? agent = null)
    {
        var rig = await FlowRig.Start(flow, agent);
        await rig.Put($"simulator/exophones/{SimulatorUnderTest.Gujarati}/flow", new JsonObject { ["flowId"] = "926" });
        return rig;
    }

    private static async Task<string> Call(FlowRig rig, string from)
    {
        var response = await rig.Post("simulator/inbound", new { from, to = SimulatorUnderTest.Gujarati });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["sid"]!.ToString();
    }
}
