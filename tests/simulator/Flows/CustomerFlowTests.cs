using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>Customers who answered are connected to agents.</summary>
public class CustomerFlowTests
{
    private const string Customer = "09825056601";
    private const string Second = "09876500002";

    [Fact]
    public async Task An_answered_customer_is_connected_to_the_agent_that_DialWhom_names()
    {
        await using var rig = await FlowRig.Start();
        rig.Offer(FlowRig.Agent, "never asked");
        await rig.Simulator.Place(Customer, ("CustomField", "attempt-1"));

        await rig.LineEnds();

        var (asked, passthru) = (Assert.Single(rig.Of("/dialwhom")), Assert.Single(rig.Of("/dialed")));
        Assert.Equal((Customer, ""), (asked["CallFrom"], asked["DialWhomNumber"]));
        Assert.Equal([" Dial", "Answered", "Terminal"], rig.Of("/popup").Select(r => r["EventType"]));
        Assert.All(rig.Of("/popup"), r => Assert.Equal((Customer, FlowRig.Agent), (r["From"], r["DialWhomNumber"])));
        Assert.Equal(("completed", FlowRig.Agent, "30", "attempt-1"), (
            passthru["CallType"], passthru["DialWhomNumber"], passthru["Legs[0][OnCallDuration]"], passthru["CustomField"]));
        var call = await rig.Call();
        Assert.Equal(("customer", "Completed", 30, "+919876500001"), (
            call["kind"]!.ToString(), call["flow"]!.ToString(), (int)call["talkSeconds"]!, call["legs"]![0]!["agent"]!.ToString()));
    }

    [Theory, InlineData("09000012345", "09000012345"), InlineData("none", "")]
    public async Task A_forwarded_phone_is_named_by_another_number_or_by_none_once_it_rings(string forwardedTo, string named)
    {
        await using var rig = await FlowRig.Start(agent: new { forwardedTo });
        rig.Offer(FlowRig.Agent);
        await rig.Simulator.Place(Customer);

        await rig.LineEnds();

        Assert.Equal([FlowRig.Agent, named, named], rig.Of("/popup").Select(r => r["DialWhomNumber"]));
        var passthru = Assert.Single(rig.Of("/dialed"));
        Assert.Equal(("completed", named, named, "30"), (
            passthru["CallType"], passthru["DialWhomNumber"], passthru["Legs[0][Number]"], passthru["Legs[0][OnCallDuration]"]));
        Assert.Equal("+919876500001", (await rig.Leg())["number"]!.ToString());   // the record knows
    }

    [Fact]
    public async Task An_agent_who_is_away_misses_several_calls_in_a_row_and_then_picks_up_again()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay", holdSeconds = 2 }, new { missesFirst = 3 });
        var answer = $$$"""{"fetch_after_attempt":true,"destination":{"numbers":["{{{FlowRig.Agent}}}"]},"max_ringing_duration":10}""";
        rig.Offer([.. Enumerable.Repeat(answer, 4)]);
        await rig.Simulator.Place("09825056608");   // stays as long as it takes

        await rig.Until(() => rig.Of("/popup").Any(r => r["EventType"] == "Answered"));

        var legs = await rig.Legs();
        Assert.Equal(4, legs.Count);
        Assert.All(legs.Take(3), leg => Assert.True(leg.EndsWith("busy") || leg.EndsWith("no-answer"), leg));
    }

    [Fact]
    public async Task The_passthru_before_Connect_tells_of_the_answer()
    {
        await using var rig = await FlowRig.Start(new { passthruUrl = "/passthru" });
        rig.Offer(FlowRig.Agent);
        await rig.Simulator.Place(Customer, ("CustomField", "attempt-1"));

        await rig.LineEnds();

        var passthru = Assert.Single(rig.Of("/passthru"));
        Assert.Equal(("call-attempt", "attempt-1", "926"), (passthru["CallType"], passthru["CustomField"], passthru["flow_id"]));
    }

    [Fact]
    public async Task Of_agents_rung_at_once_the_first_to_pick_up_talks_and_the_others_stop_ringing()
    {
        await using var rig = await TwoAgents(new { ringSeconds = 9 }, new { ringSeconds = 4 });
        rig.Offer($$$"""{"destination":{"numbers":["{{{FlowRig.Agent}}}","{{{Second}}}"]},"parallel_ringing":{"activate":true,"max_parallel_attempts":2}}""");
        await rig.Simulator.Place(Customer);

        await rig.LineEnds();

        Assert.Equal(["+919876500001 canceled", "+919876500002 completed"], await rig.Legs());
        var passthru = Assert.Single(rig.Of("/dialed"));
        Assert.Equal((Second, "0", "30"), (passthru["DialWhomNumber"], passthru["Legs[0][OnCallDuration]"], passthru["Legs[1][OnCallDuration]"]));
    }

    [Fact]
    public async Task Of_agents_rung_in_order_the_next_is_tried_when_one_declines()
    {
        await using var rig = await TwoAgents(new { declines = 1.0 }, new { });
        rig.Offer($$$"""{"destination":{"numbers":["{{{FlowRig.Agent}}}","{{{Second}}}"]}}""");
        await rig.Simulator.Place(Customer);

        await rig.LineEnds();

        Assert.Equal(["+919876500001 busy", "+919876500002 completed"], await rig.Legs());
        Assert.Single(rig.Of("/dialed"));
    }

    [Fact]
    public async Task DialWhom_is_asked_after_each_attempt_when_its_answer_says_so()
    {
        await using var rig = await TwoAgents(new { declines = 1.0 }, new { });
        rig.Offer($$$"""{"fetch_after_attempt":true,"destination":{"numbers":["{{{FlowRig.Agent}}}","{{{Second}}}"]}}""", Second);
        await rig.Simulator.Place(Customer);

        await rig.LineEnds();

        Assert.Equal(["", FlowRig.Agent], rig.Of("/dialwhom").Select(r => r["DialWhomNumber"]));
        Assert.Equal(["incomplete", "completed"], rig.Of("/dialed").Select(r => r["CallType"]));
    }

    [Fact]
    public async Task A_customer_waits_for_an_agent_and_hangs_up_when_patience_ends()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay", noAgentPatience = 40 });
        await rig.Simulator.Place(Customer);

        await rig.LineEnds();

        Assert.True(rig.Of("/dialwhom").Count > 1);
        Assert.Equal("call-attempt", Assert.Single(rig.Of("/dialed"))["CallType"]);
        var call = await rig.Call();
        Assert.Equal("ClientHangup", call["flow"]!.ToString());
        Assert.InRange(Instant(call, "endedAt") - Instant(call, "answeredAt"), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_customer_may_leave_while_the_agent_rings()
    {
        await using var rig = await FlowRig.Start(agent: new { ringSeconds = 10 });
        rig.Offer(FlowRig.Agent);
        await rig.Simulator.Place("09825056611");

        await rig.LineEnds();

        var passthru = Assert.Single(rig.Of("/dialed"));
        Assert.Equal(("client-hangup", "canceled", "0"), (passthru["CallType"], passthru["DialCallStatus"], passthru["DialCallDuration"]));
        Assert.Equal("idle", (await rig.Agents())[0]!["state"]!.ToString());
    }

    [Fact]
    public async Task An_agent_who_talks_to_another_customer_is_busy_and_the_witness_says_so()
    {
        await using var rig = await FlowRig.Start();
        rig.Answers = _ => FlowRig.Agent;
        await rig.Simulator.Place("09825056608");
        await rig.Until(() => rig.Of("/popup").Any(r => r["EventType"] == "Answered"));

        Assert.Equal("talking", (await rig.Agents())[0]!["state"]!.ToString());
        await rig.Simulator.Place(Customer);
        await rig.LineEnds();

        Assert.Equal("USER_BUSY", rig.Of("/dialed")[0]["Legs[0][CauseCode]"]);
        Assert.Equal("+919876500001", Assert.Single((await rig.Counts())["overlapping"]!.AsArray())!["number"]!.ToString());
    }

    [Fact]
    public async Task An_agent_in_wrap_up_declines()
    {
        await using var rig = await FlowRig.Start(agent: new { wrapUpSeconds = 3600 });
        rig.Answers = _ => FlowRig.Agent;
        await rig.Simulator.Place(Customer);
        await rig.LineEnds();

        await rig.Simulator.Place("09825056607");
        await rig.Until(() => rig.Of("/dialed").Count == 2);

        Assert.Equal(["completed", "busy"], rig.Of("/dialed").Select(r => r["DialCallStatus"]));
    }

    [Fact]
    public async Task A_customer_who_does_not_answer_is_told_of_by_the_status_callback_alone()
    {
        await using var rig = await FlowRig.Start();
        await rig.Simulator.Place("09825056602");

        await rig.LineEnds();

        Assert.Equal(["/status"], rig.Requests.Select(r => r.Path));
        Assert.Equal("busy", rig.Of("/status")[0]["Status"]);
    }

    private static async Task<FlowRig> TwoAgents(object first, object second)
    {
        var rig = await FlowRig.Start();
        JsonNode Agent(string number, object settings)
        {
            var agent = System.Text.Json.JsonSerializer.SerializeToNode(settings)!;
            agent["number"] = number;
            return agent;
        }
        await rig.Put("simulator/agents", new JsonArray(Agent(FlowRig.Agent, first), Agent(Second, second)));
        return rig;
    }

    private static DateTimeOffset Instant(JsonNode node, string name) => node[name]!.GetValue<DateTimeOffset>();
}
