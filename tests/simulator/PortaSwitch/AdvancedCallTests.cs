using System.Net;
using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.PortaSwitch;

/// <summary>The life of one call, told by its events and kept by the record.</summary>
public class AdvancedCallTests
{
    [Theory]
    [InlineData("callee_id", null, "callee_id_missing"), InlineData("callee_id", "\"nobody\"", "invalid_callee_id")]
    [InlineData("bill_id", null, "invalid_bill_id"), InlineData("bill_id", "\"918047850009\"", "invalid_bill_id")]
    [InlineData("caller_id", null, "invalid_caller_id"), InlineData("caller_id", "\"07948850040\"", "invalid_caller_id")]
    [InlineData("caller_leg_receive_actions", null, "invalid_caller_leg_receive_actions")]
    [InlineData("caller_leg_receive_actions", """{"voicemail":"deny"}""", "invalid_caller_leg_receive_actions")]
    [InlineData("caller_leg_receive_actions", "\"voicemail\"", "invalid_caller_leg_receive_actions")]
    [InlineData("state_info_callback", "\"not a url\"", "invalid_state_info_callback")]
    [InlineData("state_info_events", """["answered"]""", "invalid_state_info_events")]
    public async Task Seed_004_the_required_values_are_insisted_on(string name, string? json, string reason)
    {
        await using var porta = await PortaUnderTest.Start();

        var response = await porta.Originate("9825056601", (name, json is null ? null : JsonNode.Parse(json)));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal($"Server.CallControl.originate_advanced_call.{reason}", await PortaUnderTest.FaultCode(response));
        var record = Assert.Single(await porta.Simulator.Record())!;
        Assert.False((bool)record["accepted"]!);
        Assert.EndsWith(reason, record["reason"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_004_an_answered_call_is_told_from_trying_over_the_queue_to_the_agent_and_the_end()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Staff(new { count = 1, answerSeconds = 2 });

        var reply = await SimulatorUnderTest.Json(await porta.Originate("919825056601"));
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));

        await porta.Received(9);
        var id = reply["call"]!["id"]!.ToString();
        Assert.Equal(
            ["trying", "ringing", "connected", "queued", "agent-trying", "agent-ringing", "dequeued", "agent-connected", "terminated"], porta.States(id));
        Assert.All(porta.Events, e => Assert.Equal(reply["tracking_id"]!.ToString(), e["tracking_id"]!.ToString()));
        Assert.All(porta.Events, e => Assert.Equal(reply["call"]!["tag"]!.ToString(), e["call"]!["tag"]!.ToString()));
        Assert.Equal("918047851001", porta.Events[7]["callee"]!["id"]!.ToString());
        Assert.Equal("outgoing", porta.Events[7]["type"]!.ToString());
        Assert.Equal(77, (int)porta.Events[3]["queue_info"]!["i_c_queue"]!);

        var call = await porta.Call(id);
        var (answered, connected, ended) = (Instant(call["answeredAt"]), Instant(call["queue"]!["connectedAt"]), Instant(call["endedAt"]));
        var last = porta.Events[8];
        Assert.Equal(("BYE Received", 487), (last["reason"]!.ToString(), (int)last["reason_code"]!));
        Assert.Equal((int)(ended - answered).TotalSeconds, (int)last["duration"]!);
        Assert.Equal(answered.ToString("yyyy-MM-dd HH:mm:ss"), last["connect_time"]!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(30), ended - connected);
        Assert.Equal(TimeSpan.FromSeconds(2), connected - Instant(call["queue"]!["queuedAt"]));
        Assert.Equal(("completed", "Completed", "918047851001"), (call["outcome"]!.ToString(), call["flow"]!.ToString(), call["queue"]!["agent"]!.ToString()));
    }

    [Theory]
    [InlineData("6602", "Busy Here", 486, "busy", true), InlineData("6603", "Temporarily Unavailable", 480, "no-answer", true)]
    [InlineData("6604", "Not Found", 404, "failed", false), InlineData("6605", "Temporarily Unavailable", 480, "failed", false)]
    public async Task A_call_that_nobody_answers_ends_with_its_reason_and_without_duration(
        string suffix, string reason, int code, string outcome, bool rings)
    {
        await using var porta = await PortaUnderTest.Start();

        var id = await porta.Place($"982505{suffix}");
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));

        await porta.Received(rings ? 3 : 2);
        Assert.Equal(rings ? ["trying", "ringing", "terminated"] : ["trying", "terminated"], porta.States(id));
        var last = porta.Events[^1];
        Assert.Equal((reason, code, 0), (last["reason"]!.ToString(), (int)last["reason_code"]!, (int)last["duration"]!));
        Assert.Null(last["connect_time"]);
        Assert.Equal(outcome, (await porta.Call(id))["outcome"]!.ToString());
    }

    [Fact]
    public async Task Only_events_that_were_asked_for_come_and_bare_where_so_configured()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:PortaSwitch:WrapEvents", "false"));

        await porta.Place("9825056602", ("state_info_events", new JsonArray("terminated")));
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));

        await porta.Received(1);
        Assert.Equal("terminated", JsonNode.Parse(Assert.Single(porta.Simulator.Receiver.Requests).Body)!["state"]!.ToString());
    }

    [Fact]
    public async Task A_call_without_an_address_for_events_is_placed_and_nothing_is_told()
    {
        await using var porta = await PortaUnderTest.Start();

        var id = await porta.Place("9825056602", ("state_info_callback", null));
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal("busy", (await porta.Call(id))["outcome"]!.ToString());
        Assert.Empty((await porta.Call(id))["callbacks"]!.AsArray());
    }

    [Fact]
    public async Task Live_calls_are_listed_with_their_legs_until_they_are_over()
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056601");

        var trying = Assert.Single(await porta.Listed());
        await porta.Until(id, "queued");
        var queued = Assert.Single(await porta.Listed());
        await porta.Staff(new { count = 1, answerSeconds = 3 });
        var offered = await porta.Listed();
        porta.Seconds(4);
        var talking = await porta.Listed();
        porta.Seconds(60);

        Assert.Equal(("trying", "919825056601"), (trying["state"]!.ToString(), trying["callee"]!["id"]!.ToString()));
        Assert.Equal(77, (int)queued["queue_info"]!["i_c_queue"]!);
        Assert.NotNull(queued["connect_time"]);
        Assert.Equal(["queued", "ringing"], offered.Select(l => l["state"]!.ToString()));
        Assert.Equal(["connected", "connected"], talking.Select(l => l["state"]!.ToString()));
        Assert.Equal(("918047851001", false), (talking[1]["callee"]!["id"]!.ToString(), (bool)talking[1]["is_external_call"]!));
        Assert.Empty(await porta.Listed());
    }

    [Fact]
    public async Task Live_calls_are_listed_only_for_a_known_customer_with_notifications()
    {
        await using var porta = await PortaUnderTest.Start();
        await using var mute = await PortaUnderTest.Start(("Simulator:PortaSwitch:Notifications", "false"));

        var stranger = await porta.Post("CallControl/get_sip_calls_list", new { i_customer = 5 });
        var off = await mute.Post("CallControl/get_sip_calls_list", new { i_customer = 1001 });

        Assert.Equal("Server.CallControl.get_sip_calls_list.customer_not_found", await PortaUnderTest.FaultCode(stranger));
        Assert.Equal("Server.CallControl.get_sip_calls_list.notifications_disabled", await PortaUnderTest.FaultCode(off));
    }

    [Theory, InlineData("ringing", "no-answer", 0), InlineData("queued", "completed", 1)]
    public async Task A_call_can_be_terminated_wherever_it_stands_and_only_once(string state, string outcome, int least)
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056601");
        await porta.Until(id, state);
        porta.Seconds(least);

        await porta.Ok("CallControl/terminate_call", new { call = new { id } });
        var again = await porta.Post("CallControl/terminate_call", new { call = new { id } });

        Assert.Equal("Server.CallControl.terminate_call.call_not_found", await PortaUnderTest.FaultCode(again));
        Assert.Equal(outcome, (await porta.Call(id))["outcome"]!.ToString());
        Assert.Empty(await porta.Listed());
        await porta.Received(state == "queued" ? 5 : 3);
        Assert.Equal("Answer Leg Disconnected Via Call Control API", porta.Events[^1]["reason"]!.ToString());
        Assert.True((int)porta.Events[^1]["duration"]! >= least);
    }

    private static DateTimeOffset Instant(JsonNode? node) => node!.GetValue<DateTimeOffset>();
}
