namespace Outdial.Simulator.Tests.Callbacks;

public class PassthruTests
{
    // The query fields of the three sample requests in seed 003, in their order.
    private static readonly string[] SeedBeforeDialling =
    [
        "CallFrom", "CallSid", "CallStatus", "CallTo", "CallType", "Created", "CurrentTime", "DialCallDuration", "DialWhomNumber", "Direction",
        "EndTime", "From", "StartTime", "To", "flow_id", "tenant_id",
    ];

    private static readonly string[] SeedIncomplete =
    [
        "CallFrom", "CallSid", "CallTo", "CallType", "Created", "CurrentTime", "DialCallDuration", "DialCallStatus", "DialWhomNumber", "Direction",
        "EndTime", "ForwardedFrom", "From", "Legs[0][Number]", "Legs[0][Type]", "Legs[0][OnCallDuration]", "Legs[0][CauseCode]", "Legs[0][Cause]",
        "OutgoingPhoneNumber", "ProcessStatus", "StartTime", "To", "flow_id", "tenant_id",
    ];

    private static readonly string[] SeedCompleted =
    [
        .. SeedIncomplete[..20], "RecordingAvailableBy", "RecordingUrl", .. SeedIncomplete[20..],
    ];

    [Fact]
    public async Task As_the_call_is_answered_it_sends_the_published_fields_of_a_call_attempt()
    {
        var passthru = await APassthru("6601", at: "answered");

        Assert.Equal("GET", passthru.Method);
        Assert.Equal(SeedBeforeDialling, passthru.Fields.Select(f => f.Key));
        Assert.Equal("call-attempt", passthru["CallType"]);
        Assert.Equal("in-progress", passthru["CallStatus"]);
        Assert.Equal("09825056601", passthru["CallFrom"]);
        Assert.Equal("07948850040", passthru["CallTo"]);
        Assert.Equal("", passthru["DialWhomNumber"]);
        Assert.Equal("1970-01-01 05:30:00", passthru["EndTime"]);
        Assert.Equal("Wed, 14 Jan 2026 11:30:00", passthru["Created"]);
        Assert.Equal("2026-01-14 11:30:00", passthru["StartTime"]);
        Assert.Equal("incoming", passthru["Direction"]);
    }

    [Fact]
    public async Task After_a_conversation_it_sends_the_published_fields_of_a_completed_call()
    {
        var passthru = await APassthru("6601", at: "end");

        Assert.Equal([.. SeedCompleted, "digits"], passthru.Fields.Select(f => f.Key));
        Assert.Equal("completed", passthru["CallType"]);
        Assert.Equal(("NORMAL_CLEARING", "16"), (passthru["Legs[0][CauseCode]"], passthru["Legs[0][Cause]"]));
        Assert.Equal("30", passthru["Legs[0][OnCallDuration]"]);
        Assert.True(int.Parse(passthru["DialCallDuration"]!) > 30);   // the agent's ringing counts
        Assert.Equal(("null", "null"), (passthru["ForwardedFrom"], passthru["ProcessStatus"]));
        Assert.Equal("\"1\"", passthru["digits"]);
    }

    [Fact]
    public async Task When_the_caller_leaves_while_the_agent_rings_it_sends_the_published_fields_of_an_incomplete_call()
    {
        var passthru = await APassthru("6611", at: "end");

        Assert.Equal(SeedIncomplete, passthru.Fields.Select(f => f.Key));
        Assert.Equal(("client-hangup", "canceled", "0"), (passthru["CallType"], passthru["DialCallStatus"], passthru["DialCallDuration"]));
        Assert.Equal(("RING_TIMEOUT", "1003"), (passthru["Legs[0][CauseCode]"], passthru["Legs[0][Cause]"]));
    }

    [Fact]
    public async Task When_no_agent_picks_up_the_call_is_incomplete()
    {
        var passthru = await APassthru("6612", at: "end");

        Assert.Equal(("incomplete", "no-answer"), (passthru["CallType"], passthru["DialCallStatus"]));
    }

    [Fact]
    public async Task The_custom_field_comes_back()
    {
        var passthru = await APassthru("6601", at: "end", ("CustomField", "attempt 7&8"));

        Assert.Equal("attempt 7&8", passthru["CustomField"]);
    }

    [Fact]
    public async Task A_flow_without_agents_ends_as_a_call_attempt()
    {
        await using var simulator = await SimulatorUnderTest.Start(
            ("Simulator:FlowConnects", "false"), ("Simulator:PassthruUrl", "{receiver}/p"), ("Simulator:PassthruAt", "end"));
        await simulator.Connect("9825056607");

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(1);
        Assert.Equal([.. SeedBeforeDialling, "digits"], simulator.Receiver.Requests[0].Fields.Select(f => f.Key));
        Assert.Equal("\"9\"", simulator.Receiver.Requests[0]["digits"]);
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_call_that_nobody_answers_and_the_address_can_be_set_while_running()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        await simulator.Http.PutAsync(
            $"{simulator.Root}/simulator/flow", System.Net.Http.Json.JsonContent.Create(new { passthruUrl = $"{simulator.Receiver.Url}/p?x=1" }));
        await simulator.Connect("9825056602");
        await simulator.Connect("9825056601");

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(2);
        Assert.All(simulator.Receiver.Requests, r => Assert.Equal(("09825056601", "1"), (r["From"], r["x"])));
        Assert.Equal(["call-attempt", "completed"], simulator.Receiver.Requests.Select(r => r["CallType"]));
    }

    private static async Task<ReceivedRequest> APassthru(string suffix, string at, params (string, string)[] fields)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:PassthruUrl", "{receiver}/p"), ("Simulator:PassthruAt", at));
        await simulator.Connect($"982505{suffix}", fields);
        simulator.Pass(TimeSpan.FromMinutes(5));
        await simulator.Delivered(1);
        return Assert.Single(simulator.Receiver.Requests);
    }
}
