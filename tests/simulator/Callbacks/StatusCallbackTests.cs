using System.Text.Json.Nodes;
using Outdial.Testing;

namespace Outdial.Simulator.Tests.Callbacks;

public class StatusCallbackTests
{
    [Theory]
    [InlineData("multipart/form-data"), InlineData("application/x-www-form-urlencoded")]
    public async Task A_form_callback_carries_the_four_certain_fields(string contentType)
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var sid = await simulator.Place("9825056601", ("StatusCallbackContentType", contentType));

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(1);
        var callback = Assert.Single(simulator.Receiver.Requests);
        Assert.Equal("POST", callback.Method);
        Assert.StartsWith(contentType, callback.ContentType);
        Assert.Equal(["CallSid", "Status", "RecordingUrl", "DateUpdated"], callback.Fields.Select(f => f.Key));
        Assert.Equal(sid, callback["CallSid"]);
        Assert.Equal("completed", callback["Status"]);
        Assert.Matches(@"^2026-01-14 11:3\d:\d\d$", callback["DateUpdated"]);
    }

    [Fact]
    public async Task Multipart_is_what_comes_when_nothing_is_asked_for_and_json_when_it_is()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        await simulator.Place("9825056602");
        var asked = await simulator.Place("9825156602", ("StatusCallbackContentType", "application/json"));

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(2);
        Assert.Single(simulator.Receiver.Requests, r => r.ContentType!.StartsWith("multipart/form-data; boundary=", StringComparison.Ordinal));
        var json = JsonNode.Parse(simulator.Receiver.Requests.Single(r => r.Body.Length > 0).Body)!;
        Assert.Equal(asked, json["CallSid"]!.ToString());
        Assert.Equal("busy", json["Status"]!.ToString());
        Assert.Null(json["RecordingUrl"]);
    }

    [Theory, InlineData("6602", "busy"), InlineData("6603", "no-answer"), InlineData("6604", "failed"), InlineData("6605", "failed"), InlineData(
        "6601", "completed")]
    public async Task The_status_tells_how_the_call_ended(string suffix, string status)
    {
        await using var simulator = await SimulatorUnderTest.Start();
        await simulator.Place($"982505{suffix}");

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(1);
        Assert.Equal(status, Assert.Single(simulator.Receiver.Requests)["Status"]);
    }

    [Fact]
    public async Task The_extended_payload_answers_twice_and_then_ends_with_legs_and_custom_field()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:ExtendedCallbacks", "true"));
        await simulator.Place("9825056601", ("CustomField", "attempt-7"), ("StatusCallbackEvents[0]", "terminal"), ("StatusCallbackEvents[1]", "answered"));

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(3);
        var (first, second, last) = (simulator.Receiver.Requests[0], simulator.Receiver.Requests[1], simulator.Receiver.Requests[2]);
        Assert.Equal(["answered", "answered", "terminal"], simulator.Receiver.Requests.Select(r => r["EventType"]));
        Assert.Equal(("in-progress", ""), (first["Legs[0][Status]"], first["Legs[1][Status]"]));
        Assert.Equal("in-progress", second["Legs[1][Status]"]);
        Assert.Null(first["CustomField"]);
        Assert.Equal("attempt-7", last["CustomField"]);
        Assert.Equal("30", last["ConversationDuration"]);
        Assert.Equal("completed", last["Legs[1][Status]"]);
    }

    [Fact]
    public async Task The_extended_payload_of_an_unanswered_call_says_null_in_four_letters()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:ExtendedCallbacks", "true"));
        await simulator.Place("9825056602", ("StatusCallbackContentType", "application/json"));

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(1);
        var body = JsonNode.Parse(simulator.Receiver.Requests[0].Body)!;
        Assert.Equal("null", body["RecordingUrl"]!.GetValue<string>());
        Assert.Equal("busy", body["Legs"]![0]!["Status"]!.ToString());
    }

    [Fact]
    public async Task A_callback_that_is_not_answered_2xx_is_repeated_after_5_and_15_minutes_and_then_given_up()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        simulator.Receiver.Answer = _ => 302;
        await simulator.Place("9825056601");

        await ATryIsMade(simulator, after: TimeSpan.FromMinutes(3), tries: 1);
        await ATryIsMade(simulator, after: TimeSpan.FromMinutes(5), tries: 2);
        await ATryIsMade(simulator, after: TimeSpan.FromMinutes(15), tries: 3);
        simulator.Pass(TimeSpan.FromHours(2));

        var callback = Assert.Single((await simulator.OnlyCall())["callbacks"]!.AsArray())!;
        Assert.True((bool)callback["givenUp"]!);
        Assert.Equal([302, 302, 302], callback["tries"]!.AsArray().Select(t => (int)t!["status"]!));
        Assert.Equal(1, (int)(await simulator.Summary())["callbacks"]!["givenUp"]!);
    }

    [Fact]
    public async Task The_heartbeat_tells_which_own_numbers_are_out()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:HeartbeatUrl", "{receiver}/heartbeat"));
        await simulator.Http.PutAsync($"{simulator.Root}/simulator/exophones/07948850040/health", System.Net.Http.Json.JsonContent.Create(new { outgoing = "major_outage" }));

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(1);
        var body = JsonNode.Parse(simulator.Receiver.Requests[0].Body)!;
        Assert.Equal("WARNING", body["status_type"]!.ToString());
        Assert.Single(body["outgoing_affected"]!.AsArray());
        Assert.Equal("2026-01-14T11:35:00+05:30", body["timestamp"]!.ToString());
    }

    private static async Task ATryIsMade(SimulatorUnderTest simulator, TimeSpan after, int tries)
    {
        simulator.Pass(after);
        await Eventually.Async(async () => (await simulator.OnlyCall())["callbacks"]![0]!["tries"]!.AsArray().Count == tries);
    }
}
