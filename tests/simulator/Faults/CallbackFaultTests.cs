using Outdial.Testing;

namespace Outdial.Simulator.Tests.Faults;

/// <summary>Each fault of the callbacks, by its rate and by its fixed number.</summary>
public class CallbackFaultTests
{
    [Theory, InlineData("9825056631", "0"), InlineData("9825050011", "1")]
    public async Task A_duplicated_callback_arrives_twice_with_the_same_words(string number, string rate)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:Duplicate", rate));
        await simulator.Place(number);

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(2);
        Assert.Equal(simulator.Receiver.Requests[0].Fields, simulator.Receiver.Requests[1].Fields);
        Assert.Equal(1, await Injected(simulator, "duplicate"));
    }

    [Fact]
    public async Task An_odd_callback_has_letters_beyond_ASCII_in_its_headers_and_its_query_behind_a_second_question_mark()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:OddBytes", "1"), ("Simulator:PassthruUrl", "{receiver}/passthru"));
        for (var person = 0; person < 8; person++)
            await simulator.Place($"98250500{person}1");

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(8);
        Assert.All(simulator.Receiver.Requests, request => Assert.Equal("TéléCallback/2.1", request.UserAgent));
        Assert.All(simulator.Receiver.Requests.Where(request => request.Method == "GET"), request =>
            Assert.StartsWith("?via=proxy?Call", request.RawQuery, StringComparison.Ordinal));
        Assert.True(await Injected(simulator, "oddBytes") >= 8);
    }

    [Fact]
    public async Task An_unreadable_copy_comes_beside_the_callback_and_not_instead_of_it()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:UnreadableCopy", "1"));
        await simulator.Place("9825050011");

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(2);
        Assert.Single(simulator.Receiver.Requests, request => request.Packed == "gzip");
        Assert.NotNull(Assert.Single(simulator.Receiver.Requests, request => request.Packed.Length == 0)["CallSid"]);
        Assert.Equal(1, await Injected(simulator, "unreadableCopy"));
    }

    [Theory, InlineData("9825056630", "0"), InlineData("9825050011", "1")]
    public async Task A_dropped_callback_never_arrives_and_the_record_says_so(string number, string rate)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:Drop", rate));
        await simulator.Place(number);
        await simulator.Http.PutAsync($"{simulator.Root}/simulator/faults", System.Net.Http.Json.JsonContent.Create(new { preset = "none" }));
        await simulator.Place("9825056602");

        simulator.Pass(TimeSpan.FromHours(1));

        await simulator.Delivered(1);
        Assert.Equal("busy", Assert.Single(simulator.Receiver.Requests)["Status"]);
        var callbacks = (await simulator.Record())[0]!["call"]!["callbacks"]!.AsArray();
        Assert.True((bool)Assert.Single(callbacks)!["dropped"]!);
        Assert.Equal(1, await Injected(simulator, "drop"));
    }

    [Theory, InlineData("9825056633", "0"), InlineData("9825050011", "1")]
    public async Task A_delayed_callback_is_minutes_late(string number, string rate)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:Delay", rate));
        await simulator.Place(number);

        simulator.Pass(TimeSpan.FromMinutes(30));

        await simulator.Delivered(1);
        var call = await simulator.OnlyCall();
        var late = Instant(call["callbacks"]![0]!["dueAt"]!) - Instant(call["endedAt"]!);
        Assert.InRange(late, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(910));
        Assert.Equal(1, await Injected(simulator, "delay"));
    }

    [Fact]
    public async Task Reordered_callbacks_arrive_backwards()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:PassthruUrl", "{receiver}/passthru"));
        await simulator.Place("9825056632");

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(3);
        Assert.Equal(["/status", "/passthru", "/passthru"], simulator.Receiver.Requests.Select(r => r.Path));
        Assert.Equal(["completed", "call-attempt"], simulator.Receiver.Requests.Skip(1).Select(r => r["CallType"]));
        Assert.Equal(1, await Injected(simulator, "reorder"));
    }

    [Theory, InlineData("9825056634", "0"), InlineData("9825050011", "1")]
    public async Task The_callback_may_arrive_before_the_reply_to_connect(string number, string rate)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:CallbackBeforeReply", rate));
        var reply = simulator.Connect(number, ("StatusCallback", $"{simulator.Receiver.Url}/status"));
        await Eventually.Async(async () => (await simulator.Record()).Count == 1);
        Assert.False(reply.IsCompleted);

        simulator.Pass(TimeSpan.FromSeconds(10));
        await simulator.Delivered(1);

        var call = (await SimulatorUnderTest.Json(await reply))["Call"]!;
        Assert.Equal(simulator.Receiver.Requests[0]["CallSid"], call["Sid"]!.ToString());
        Assert.Equal("in-progress", call["Status"]!.ToString());
        Assert.Equal(1, await Injected(simulator, "callbackBeforeReply"));
    }

    [Theory, InlineData("6635"), InlineData("6636")]
    public async Task A_callback_may_be_broken_or_carry_an_unknown_status(string suffix)
    {
        await using var simulator = await SimulatorUnderTest.Start();
        await simulator.Place($"982505{suffix}");

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(1);
        var callback = simulator.Receiver.Requests[0];
        Assert.True(suffix == "6636" ? callback["Status"] == "teleported" : callback.Body.EndsWith("\"Status\": ", StringComparison.Ordinal));
    }

    private static async Task<int> Injected(SimulatorUnderTest simulator, string fault) => (int)(await simulator.Summary())["faults"]![fault]!;

    private static DateTimeOffset Instant(System.Text.Json.Nodes.JsonNode node) => node.GetValue<DateTimeOffset>();
}
