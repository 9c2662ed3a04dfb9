using System.Globalization;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>The loop of seed 003: DialWhom, popups, Passthru, DialWhom, on one call.</summary>
public class AgentLoopTests
{
    [Fact]
    public async Task DialWhom_carries_the_fields_of_the_published_sample_and_then_the_number_dialed_last()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056601");
        var sid = await rig.OpenLine(("CustomField", "line-1"));

        await rig.LineEnds();

        var (first, second) = (rig.Of("/dialwhom")[0], rig.Of("/dialwhom")[1]);
        Assert.Equal(
            [
                "t", "CallFrom", "CallSid", "CallStatus", "CallTo", "CallType", "Created", "CurrentTime", "DialCallDuration", "DialWhomNumber", "Direction",
                "EndTime", "From", "StartTime", "To", "flow_id", "tenant_id",
            ],
            first.Fields.Select(f => f.Key));
        Assert.Equal((FlowRig.Agent, FlowRig.Agent, sid, "in-progress"), (first["CallFrom"], first["From"], first["CallSid"], first["CallStatus"]));
        Assert.Equal(("07948850040", "07948850040", "call-attempt", "incoming"), (first["CallTo"], first["To"], first["CallType"], first["Direction"]));
        Assert.Equal(("0", "", "1970-01-01 05:30:00"), (first["DialCallDuration"], first["DialWhomNumber"], first["EndTime"]));
        Assert.Equal(("Wed, 14 Jan 2026 11:30:00", "2026-01-14 11:30:00"), (first["Created"], first["StartTime"]));
        Assert.Equal(("926", "53926", "1.0"), (first["flow_id"], first["tenant_id"], first.Version));
        Assert.Equal(("09825056601", sid), (second["DialWhomNumber"], second["CallSid"]));
        Assert.True(string.CompareOrdinal(second["CurrentTime"], first["CurrentTime"]) > 0);
    }

    [Fact]
    public async Task A_line_dials_lead_after_lead_on_one_call_and_ends_when_nobody_is_left()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056601", "09825056602", "+919825056603");
        var sid = await rig.OpenLine();

        await rig.LineEnds();

        Assert.All(rig.Requests, r => Assert.Equal(sid, r["CallSid"]));
        Assert.Equal(
            [
                "09825056601  Dial busy", "09825056601 Answered busy", "09825056601 Terminal free",
                "09825056602  Dial busy", "09825056602 Terminal free", "09825056603  Dial busy", "09825056603 Terminal free",
            ],
            rig.Of("/popup").Select(r => $"{r["DialWhomNumber"]} {r["EventType"]} {r["Status"]}"));
        Assert.Equal(
            ["09825056601 completed", "09825056602 incomplete", "09825056603 incomplete", " call-attempt"],
            rig.Of("/dialed").Select(r => $"{r["DialWhomNumber"]} {r["CallType"]}"));
        Assert.Equal("completed", Assert.Single(rig.Of("/status"))["Status"]);
        Assert.Equal(["completed", "busy", "no-answer"], (await rig.Call())["legs"]!.AsArray().Select(l => l!["status"]!.ToString()));
    }

    [Fact]
    public async Task A_popup_carries_the_published_parameters()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        var popup = rig.Of("/popup")[0];
        Assert.Equal(
            ["CallSid", "CallFrom", "CallTo", "Direction", "Created", "From", "To", "CurrentTime", "DialWhomNumber", "Status", "EventType"],
            popup.Fields.Select(f => f.Key));
        Assert.Equal((FlowRig.Agent, "07948850040", "outbound-dial", " Dial"), (popup["From"], popup["To"], popup["Direction"], popup["EventType"]));
    }

    [Fact]
    public async Task The_popup_of_the_answer_is_sent_only_where_it_is_enabled()
    {
        await using var rig = await FlowRig.Start(new { popupAnswered = false });
        rig.Offer("09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal([" Dial", "Terminal"], rig.Of("/popup").Select(r => r["EventType"]));
    }

    [Fact]
    public async Task The_passthru_of_a_conversation_has_the_published_fields()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056601");
        await rig.OpenLine();

        await rig.LineEnds();

        var passthru = rig.Of("/dialed")[0];
        Assert.Equal(
            [
                "CallFrom", "CallSid", "CallTo", "CallType", "Created", "CurrentTime", "DialCallDuration", "DialCallStatus", "DialWhomNumber", "Direction",
                "EndTime", "ForwardedFrom", "From", "Legs[0][Number]", "Legs[0][Type]", "Legs[0][OnCallDuration]", "Legs[0][CauseCode]", "Legs[0][Cause]",
                "OutgoingPhoneNumber", "ProcessStatus", "RecordingAvailableBy", "RecordingUrl", "StartTime", "To", "flow_id", "tenant_id",
            ],
            passthru.Fields.Select(f => f.Key));
        Assert.Equal(("completed", "30", "NORMAL_CLEARING", "16"), (
            passthru["DialCallStatus"], passthru["Legs[0][OnCallDuration]"], passthru["Legs[0][CauseCode]"], passthru["Legs[0][Cause]"]));
        Assert.True(int.Parse(passthru["DialCallDuration"]!) > 30);   // ringing included
        Assert.EndsWith(".mp3", passthru["RecordingUrl"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6602", "busy", "USER_BUSY", "17")]
    [InlineData("6603", "no-answer", "RING_TIMEOUT", "1003")]
    [InlineData("6604", "failed", "UNALLOCATED_NUMBER", "1")]
    [InlineData("6605", "failed", "SUBSCRIBER_ABSENT", "20")]
    public async Task The_passthru_of_a_lead_who_was_not_reached_names_the_cause(string suffix, string status, string cause, string code)
    {
        await using var rig = await FlowRig.Start();
        rig.Offer($"0982505{suffix}");
        await rig.OpenLine();

        await rig.LineEnds();

        var passthru = rig.Of("/dialed")[0];
        Assert.Equal(("incomplete", status, cause, code, "0", null), (
            passthru["CallType"], passthru["DialCallStatus"], passthru["Legs[0][CauseCode]"], passthru["Legs[0][Cause]"], passthru["Legs[0][OnCallDuration]"],
            passthru["RecordingUrl"]));
    }

    [Fact]
    public async Task The_answers_own_settings_hold_for_its_lead()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("""
            {"destination":{"numbers":["+919825056608"]},"outgoing_phone_number":"02248850020","record":false,"max_conversation_duration":90}
            """, """{"destination":{"numbers":["+919825056603"]},"max_ringing_duration":12}""");
        await rig.OpenLine();

        await rig.LineEnds();

        var (talked, rang) = (rig.Of("/dialed")[0], await rig.Leg(1));
        Assert.Equal(("90", "02248850020", null), (talked["Legs[0][OnCallDuration]"], talked["OutgoingPhoneNumber"], talked["RecordingUrl"]));
        Assert.Equal("+912248850020", (await rig.Leg())["callerId"]!.ToString());
        Assert.InRange(Instant(rang, "endedAt") - Instant(rang, "dialedAt"), TimeSpan.FromSeconds(13), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_branch_for_nobody_waits_and_asks_again_until_it_is_told_to_hang_up()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay", holdSeconds = 7 });
        rig.Simulator.Receiver.Answer = r => r.Path == "/stay" && rig.Of("/stay").Count == 3 ? 302 : 200;
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal((3, 3), (rig.Of("/dialwhom").Count, rig.Of("/stay").Count));
        Assert.Empty(rig.Of("/dialed"));
        var times = rig.Of("/dialwhom").Select(r => DateTime.Parse(r["CurrentTime"]!, CultureInfo.InvariantCulture)).ToList();
        Assert.True(times[1] - times[0] >= TimeSpan.FromSeconds(7));
        Assert.Equal((2, 1), ((int)(await rig.Counts())["stays"]!["waited"]!, (int)(await rig.Counts())["stays"]!["hungUp"]!));
    }

    [Theory]
    [InlineData(1.0, 0.0, "busy")]
    [InlineData(0.0, 0.0, "no-answer")]
    public async Task An_agent_who_declines_or_does_not_pick_up_gets_no_lead(double declines, double answers, string status)
    {
        await using var rig = await FlowRig.Start(agent: new { declines, answers });
        await rig.OpenLine(("TimeOut", "20"));

        await rig.LineEnds();

        Assert.Equal(status, rig.Of("/status")[0]["Status"]);
        Assert.Empty(rig.Of("/dialwhom"));
        Assert.Equal("idle", (await rig.Agents())[0]!["state"]!.ToString());
    }

    [Fact]
    public async Task A_lead_who_is_on_another_call_is_busy_and_the_witness_says_so()
    {
        await using var rig = await FlowRig.Start();
        await rig.Simulator.Connect("09825056608", ("Url", "http://my.exotel.com/outdial1/exoml/start_voice/1"));
        rig.Offer("09825056608");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal("USER_BUSY", rig.Of("/dialed")[0]["Legs[0][CauseCode]"]);
        var overlap = Assert.Single((await rig.Simulator.Summary())["numbers"]!["overlapping"]!.AsArray())!;
        Assert.Equal("+919825056608", overlap["number"]!.ToString());
    }

    [Fact]
    public async Task The_agents_second_line_is_busy_while_the_first_is_open()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay" });
        await rig.OpenLine();
        await rig.Until(() => rig.Of("/stay").Count > 0);
        Assert.Equal("holding", (await rig.Agents())[0]!["state"]!.ToString());

        await rig.OpenLine();
        await rig.LineEnds();

        Assert.Equal("busy", rig.Of("/status")[0]["Status"]);
        Assert.Single((await rig.Counts())["overlapping"]!.AsArray());
    }

    [Fact]
    public async Task A_lines_details_tell_of_its_last_leg()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056601", "09825056602");
        var sid = await rig.OpenLine();

        await rig.LineEnds();
        rig.Simulator.Pass(TimeSpan.FromMinutes(3));

        var call = (await rig.Simulator.Get($"Calls/{sid}.json?details=true"))["Call"]!;
        Assert.Equal(("completed", "completed", "busy", 30), (
            call["Status"]!.ToString(), call["Details"]!["Leg1Status"]!.ToString(), call["Details"]!["Leg2Status"]!.ToString(),
            (int)call["Details"]!["ConversationDuration"]!));
        Assert.True(int.Parse(call["Duration"]!.ToString()) > 30);
    }

    [Fact]
    public async Task The_time_limit_of_the_connect_request_ends_the_line()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer("09825056608");
        await rig.OpenLine(("TimeLimit", "60"));

        await rig.LineEnds();

        var call = await rig.Call();
        Assert.Equal(TimeSpan.FromSeconds(60), Instant(call, "endedAt") - Instant(call, "answeredAt"));
    }

    [Fact]
    public async Task A_line_ends_after_as_many_dialings_as_the_flow_allows()
    {
        await using var rig = await FlowRig.Start(new { maxLoops = 2 });
        rig.Offer("09825056602", "09825056602", "09825056602");
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal(2, rig.Of("/dialwhom").Count);
    }

    private static DateTimeOffset Instant(System.Text.Json.Nodes.JsonNode node, string name) => node[name]!.GetValue<DateTimeOffset>();
}
