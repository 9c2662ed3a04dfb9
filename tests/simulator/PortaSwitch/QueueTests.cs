using System.Net;
using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.PortaSwitch;

/// <summary>Who waits, who answers, and what the client is not told.</summary>
public class QueueTests
{
    private static readonly (string, string) Patient = ("Simulator:PortaSwitch:PatienceSeconds", "36000");

    [Fact]
    public async Task Whoever_waits_longest_is_answered_first()
    {
        await using var porta = await PortaUnderTest.Start(Patient, ("Simulator:Seed", "3"));
        var calls = new List<string>();
        foreach (var number in (string[])["9825016601", "9825026601", "9825036601"])
        {
            calls.Add(await porta.Place(number));
            await porta.Until(calls[^1], "queued");
            porta.Seconds(1);
        }

        await porta.Staff(new { count = 1, answerSeconds = 1, wrapUpSeconds = 4 });
        porta.Simulator.Pass(TimeSpan.FromMinutes(10));

        var connected = new List<DateTimeOffset>();
        foreach (var call in calls)
            connected.Add((await porta.Call(call))["queue"]!["connectedAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal(connected.Order(), connected);
        // 30 s of talk, 4 s of wrap-up, 1 s until the phone is picked up.
        Assert.All(connected.Zip(connected.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(35), pair.Second - pair.First));
    }

    [Fact]
    public async Task Two_agents_share_the_calls_and_each_has_an_extension()
    {
        await using var porta = await PortaUnderTest.Start(Patient);
        var floor = await porta.Staff(new { count = 2, answerSeconds = 1 });
        var first = await porta.Place("9825016601");
        var second = await porta.Place("9825026601");

        porta.Simulator.Pass(TimeSpan.FromMinutes(10));

        Assert.Equal(["918047851001", "918047851002"], floor["extensions"]!.AsArray().Select(e => e!.ToString()));
        Assert.Equal(
            ["918047851001", "918047851002"],
            new[] { (await porta.Call(first))["queue"]!["agent"]!.ToString(), (await porta.Call(second))["queue"]!["agent"]!.ToString() }.Order());
    }

    [Fact]
    public async Task A_staffing_dip_makes_the_queue_grow_and_agents_who_leave_finish_their_call()
    {
        await using var porta = await PortaUnderTest.Start(Patient, ("Simulator:Seed", "2"));
        await porta.Staff(new { count = 5, answerSeconds = 1 });
        for (var i = 1; i <= 5; i++)
            await porta.Place($"98250{i}6601");
        porta.Seconds(34);   // the slowest has been answered, the fastest not ended
        Assert.Equal((5, 0), Of(await porta.Floor(), "talking", "waiting"));

        await porta.Staff(new { count = 1 });
        for (var i = 6; i <= 9; i++)
            await porta.Place($"98250{i}6608");
        Assert.Equal((1, 5), Of(await porta.Floor(), "count", "talking"));
        porta.Simulator.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal((1, 3), Of(await porta.Floor(), "talking", "waiting"));
        Assert.True((int)(await porta.Floor())["longestWaitSeconds"]! > 30);

        await porta.Staff(new { count = 5 });
        porta.Seconds(2);
        Assert.Equal((4, 0), Of(await porta.Floor(), "talking", "waiting"));
    }

    [Fact]
    public async Task A_customer_without_an_agent_hangs_up_when_patience_ends()
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056601");

        porta.Simulator.Pass(TimeSpan.FromHours(1));

        await porta.Received(5);
        Assert.Equal(["trying", "ringing", "connected", "queued", "terminated"], porta.States(id));
        Assert.True((int)porta.Events[^1]["duration"]! >= 5);
        var call = await porta.Call(id);
        Assert.Equal(("completed", "ClientHangup"), (call["outcome"]!.ToString(), call["flow"]!.ToString()));
        Assert.Equal((JsonNode?)null, call["queue"]!["connectedAt"]);
    }

    [Fact]
    public async Task A_customer_may_hang_up_while_the_agents_phone_rings()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Staff(new { count = 1, answerSeconds = 2 });
        var id = await porta.Place("9825056611");

        porta.Simulator.Pass(TimeSpan.FromMinutes(10));

        var queue = (await porta.Call(id))["queue"]!;
        Assert.Equal("caller-left", Assert.Single(queue["offers"]!.AsArray())!["result"]!.ToString());
        Assert.Null(queue["connectedAt"]);
        Assert.Equal(1, (int)(await porta.Floor())["free"]!);
    }

    [Fact]
    public async Task Seed_004_limitation_after_an_agent_declined_a_terminated_comes_and_nothing_more_though_the_call_goes_on()
    {
        await using var porta = await PortaUnderTest.Start(Patient);
        await porta.Staff(new { count = 1, answerSeconds = 2, declines = 1.0, declinePauseSeconds = 20 });
        var id = await porta.Place("9825056601");

        await porta.Until(id, "queued");
        porta.Seconds(10);
        await porta.Received(7);
        var meanwhile = Assert.Single(await porta.Listed());
        await porta.Staff(new { declines = 0.0 });
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal("queued", meanwhile["state"]!.ToString());
        var call = await porta.Call(id);
        Assert.Equal(["declined", "answered"], call["queue"]!["offers"]!.AsArray().Select(o => o!["result"]!.ToString()));
        Assert.NotNull(call["queue"]!["connectedAt"]);
        Assert.True(call["queue"]!["silentFrom"]!.GetValue<DateTimeOffset>() < call["endedAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal(["trying", "ringing", "connected", "queued", "agent-trying", "agent-ringing", "terminated"], porta.States(id));
        Assert.Equal(("Temporarily Unavailable", 480), (porta.Events[^1]["reason"]!.ToString(), (int)porta.Events[^1]["reason_code"]!));
    }

    [Fact]
    public async Task No_agent_ever_takes_a_call_to_6612()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:PortaSwitch:PatienceSeconds", "300"));
        await porta.Staff(new { count = 3, answerSeconds = 2 });
        var id = await porta.Place("9825056612");

        porta.Simulator.Pass(TimeSpan.FromHours(2));

        var call = await porta.Call(id);
        Assert.Null(call["queue"]!["connectedAt"]);
        Assert.Contains(call["queue"]!["offers"]!.AsArray(), o => o!["result"]!.ToString() == "declined");
        Assert.Equal("ended", call["state"]!.ToString());
    }

    [Fact]
    public async Task A_staffing_that_cannot_be_is_refused_and_changes_nothing()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Staff(new { count = 4, declines = 0.25 });

        Assert.Equal(HttpStatusCode.BadRequest, (await porta.PutAgents(new { count = -1 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await porta.PutAgents(new { declines = 1.5 })).StatusCode);

        Assert.Equal(4, (int)(await porta.Floor())["count"]!);
    }

    private static (int, int) Of(JsonObject floor, string first, string second) => ((int)floor[first]!, (int)floor[second]!);
}
