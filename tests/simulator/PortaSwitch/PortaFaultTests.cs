using System.Net;
using Outdial.Testing;

namespace Outdial.Simulator.Tests.PortaSwitch;

/// <summary>The mischief of requests and events, by rate and by fixed number.</summary>
public class PortaFaultTests
{
    [Theory]
    [InlineData("TooManyRequests", "9825050011", 429, "Server.CallControl.originate_advanced_call.too_many_requests")]
    [InlineData("ServerError", "9825050011", 500, "Server.internal_error"), InlineData("GatewayTimeout", "9825050011", 504, "Server.gateway_timeout")]
    [InlineData("None", "9825056640", 500, "Server.internal_error"), InlineData("None", "9825056641", 504, "Server.gateway_timeout")]
    [InlineData("None", "9825056645", 500, "Server.CallControl.originate_advanced_call.invalid_callee_id")]
    [InlineData("None", "9825056647", 500, "Server.CallControl.originate_advanced_call.callee_not_allowed")]
    public async Task A_refused_request_places_no_call(string fault, string number, int status, string code)
    {
        await using var porta = await Faulty(fault);

        var response = await porta.Originate(number);

        Assert.Equal((status, code), ((int)response.StatusCode, await PortaUnderTest.FaultCode(response)));
        Assert.Equal(0, (int)(await porta.Simulator.Summary())["calls"]!["placed"]!);
        Assert.Equal(code, Assert.Single(await porta.Simulator.Record())!["reason"]!.ToString());
    }

    [Fact]
    public async Task Some_numbers_are_refused_once_and_then_taken()
    {
        await using var porta = await PortaUnderTest.Start();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await porta.Originate("9825056644")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await porta.Originate("9825056644")).StatusCode);
    }

    [Theory, InlineData("CutConnection", "9825050011"), InlineData("None", "9825056642"), InlineData("HungReply", "9825050011"), InlineData("None", "9825056643")]
    public async Task A_reply_may_be_lost_although_the_call_was_placed(string fault, string number)
    {
        await using var porta = await Faulty(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => porta.Originate(number));

        Assert.NotNull(Assert.Single(await porta.Simulator.Record())!["call"]);
        Assert.Single(await porta.Listed());
    }

    [Fact]
    public async Task The_first_event_may_arrive_before_the_reply()
    {
        await using var porta = await PortaUnderTest.Start();
        var before = new TaskCompletionSource();
        porta.Simulator.Receiver.Answer = _ =>
        {
            before.Task.Wait(Eventually.Patience);
            return 200;
        };

        var reply = porta.Originate("9825056634");
        await porta.Received(1);
        Assert.False(reply.IsCompleted);
        before.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await reply).StatusCode);
        Assert.Equal("trying", porta.Events[0]["state"]!.ToString());
    }

    [Fact]
    public async Task A_duplicated_event_arrives_twice_with_the_same_words()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Place("9825056631");

        porta.Simulator.Pass(TimeSpan.FromMinutes(10));

        await porta.Received(10);
        Assert.All(porta.Simulator.Receiver.Requests.GroupBy(r => r.Body), same => Assert.Equal(2, same.Count()));
    }

    [Theory, InlineData("Drop", "drop"), InlineData("Delay", "delay"), InlineData("Duplicate", "duplicate"), InlineData("Reorder", "reorder")]
    public async Task Faults_strike_events_by_their_rate_and_are_counted(string fault, string name)
    {
        await using var porta = await PortaUnderTest.Start(($"Simulator:Faults:{fault}", "0.4"), ("Simulator:FixedSuffixes", "false"));
        for (var i = 0; i < 10; i++)
            await porta.Place($"98250500{i:00}");

        porta.Simulator.Pass(TimeSpan.FromHours(1));

        var struck = (await porta.Simulator.Record()).SelectMany(r => r!["call"]!["callbacks"]!.AsArray()).Count(c => c!["fault"]?.ToString() == name);
        Assert.InRange(struck, 1, 40);
        Assert.Equal(struck, (int)(await porta.Simulator.Summary())["faults"]![name]!);
    }

    [Fact]
    public async Task A_lost_event_is_on_record()
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056630");

        porta.Simulator.Pass(TimeSpan.FromHours(1));

        Assert.All((await porta.Call(id))["callbacks"]!.AsArray(), c => Assert.True((bool)c!["dropped"]!));
        Assert.Empty(porta.Simulator.Receiver.Requests);
    }

    [Fact]
    public async Task Reordered_events_arrive_in_swapped_pairs_and_the_end_comes_last()
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056632");

        porta.Simulator.Pass(TimeSpan.FromHours(1));

        await porta.Received(5);
        Assert.Equal(["ringing", "trying", "queued", "connected", "terminated"], porta.States(id));
    }

    [Fact]
    public async Task An_event_may_be_broken_or_carry_a_state_that_nobody_documents()
    {
        await using var porta = await PortaUnderTest.Start();
        var id = await porta.Place("9825056636");
        porta.Simulator.Pass(TimeSpan.FromMinutes(30));
        await porta.Received(6);
        Assert.Equal(["trying", "ringing", "connected", "teleported", "queued", "terminated"], porta.States(id));

        await porta.Place("9825056635");
        await Eventually.Async(() => porta.Simulator.Receiver.Requests.Any(r => r.Body.EndsWith("\"state\": ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_list_of_live_calls_may_fail()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:Faults:LookupError", "1"));

        var response = await porta.Post("CallControl/get_sip_calls_list", new { i_customer = 1001 });

        Assert.Equal("Server.internal_error", await PortaUnderTest.FaultCode(response));
    }

    private static Task<PortaUnderTest> Faulty(string fault) => fault == "None"
        ? PortaUnderTest.Start(("Simulator:HungReply", "00:00:00.2"))
        : PortaUnderTest.Start(("Simulator:HungReply", "00:00:00.2"), ($"Simulator:Faults:{fault}", "1"));
}
