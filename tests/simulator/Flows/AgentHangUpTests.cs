using System.Net;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>An agent's line ends whenever the agent likes.</summary>
public class AgentHangUpTests
{
    [Fact]
    public async Task While_the_lead_rings_the_passthru_is_the_published_one_of_an_incomplete_call()
    {
        await using var rig = await FlowRig.Start(agent: new { hangUpAfterCalls = 1, hangUpDuring = "ringing" });
        rig.Offer("09825056603", "09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        var passthru = Assert.Single(rig.Of("/dialed"));
        Assert.Equal(
            [
                "CallFrom", "CallSid", "CallTo", "CallType", "Created", "CurrentTime", "DialCallDuration", "DialCallStatus", "DialWhomNumber", "Direction",
                "EndTime", "ForwardedFrom", "From", "Legs[0][Number]", "Legs[0][Type]", "Legs[0][OnCallDuration]", "Legs[0][CauseCode]", "Legs[0][Cause]",
                "OutgoingPhoneNumber", "ProcessStatus", "StartTime", "To", "flow_id", "tenant_id",
            ],
            passthru.Fields.Select(f => f.Key));
        Assert.Equal(("client-hangup", "canceled", "0", "0", "RING_TIMEOUT", "1003"), (
            passthru["CallType"], passthru["DialCallStatus"], passthru["DialCallDuration"], passthru["Legs[0][OnCallDuration]"],
            passthru["Legs[0][CauseCode]"], passthru["Legs[0][Cause]"]));
        Assert.Equal([" Dial", "Terminal"], rig.Of("/popup").Select(r => r["EventType"]));
        Assert.Equal("completed", rig.Of("/status")[0]["Status"]);   // the agent did pick up
    }

    [Fact]
    public async Task In_a_conversation_the_seconds_talked_are_told()
    {
        await using var rig = await FlowRig.Start(agent: new { hangUpAfterCalls = 2, hangUpDuring = "call" });
        rig.Offer("09825056601", "09825056601", "09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal(
            ["completed completed 30", "client-hangup completed 15"],
            rig.Of("/dialed").Select(r => $"{r["CallType"]} {r["DialCallStatus"]} {r["Legs[0][OnCallDuration]"]}"));
    }

    [Fact]
    public async Task Between_two_calls_nothing_more_is_asked()
    {
        await using var rig = await FlowRig.Start(agent: new { hangUpAfterCalls = 2 });
        rig.Offer("09825056602", "09825056602", "09825056602");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal((2, 2), (rig.Of("/dialwhom").Count, rig.Of("/dialed").Count));
    }

    [Fact]
    public async Task While_DialWhom_is_asked_the_lead_that_it_answers_is_never_dialed()
    {
        await using var rig = await FlowRig.Start(agent: new { hangUpAfterCalls = 1, hangUpDuring = "asking" });
        rig.Offer("09825056602", "09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal((2, 0), (rig.Of("/dialwhom").Count, rig.Left));
        Assert.Equal(["+919825056602 busy"], await rig.Legs());
    }

    [Fact]
    public async Task By_a_control_it_ends_at_once_and_the_phone_is_free_again()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay" });
        await rig.OpenLine();
        Assert.Equal(HttpStatusCode.Conflict, (await rig.Post($"simulator/agents/{FlowRig.Agent}/hang-up")).StatusCode);   // still rings
        await rig.Until(() => rig.Of("/stay").Count > 0);

        Assert.Equal(HttpStatusCode.NoContent, (await rig.Post($"simulator/agents/{FlowRig.Agent}/hang-up")).StatusCode);
        await rig.LineEnds();

        Assert.Equal("idle", (await rig.Agents())[0]!["state"]!.ToString());
        Assert.Equal("ended", (await rig.Call())["state"]!.ToString());
    }

    [Fact]
    public async Task A_reset_of_the_record_ends_every_flow_without_another_word()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay" });
        await rig.OpenLine();
        await rig.Until(() => rig.Of("/stay").Count > 0);

        await rig.Simulator.Http.DeleteAsync($"{rig.Simulator.Root}/simulator/record");
        await rig.Simulator.Place("09825056602");
        await rig.LineEnds();

        Assert.Equal("busy", Assert.Single(rig.Of("/status"))["Status"]);
        Assert.Equal("idle", (await rig.Agents())[0]!["state"]!.ToString());
        Assert.Equal(0, (int)(await rig.Counts())["lines"]!);
    }
}
