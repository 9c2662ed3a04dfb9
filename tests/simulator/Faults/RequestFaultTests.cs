using System.Net;

namespace Outdial.Simulator.Tests.Faults;

/// <summary>Each fault of the requests, by its rate and by its fixed number.</summary>
public class RequestFaultTests
{
    [Theory]
    [InlineData("TooManyRequests", "9825050011", 429), InlineData("ServerError", "9825050011", 500), InlineData("GatewayTimeout", "9825050011", 504)]
    [InlineData("None", "9825056640", 500), InlineData("None", "9825056641", 504), InlineData("None", "9825056645", 400), InlineData("None", "9825056647", 403)]
    public async Task A_refused_request_places_no_call(string fault, string number, int status)
    {
        await using var simulator = await Faulty(fault);

        var response = await simulator.Connect(number);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (int)(await SimulatorUnderTest.Json(response))["RestException"]!["Status"]!);
        var summary = await simulator.Summary();
        Assert.Equal(0, (int)summary["calls"]!["placed"]!);
        Assert.Equal(1, (int)summary["connects"]!["refusedByStatus"]![$"{status}"]!);
    }

    [Theory, InlineData("6644", 429), InlineData("6646", 500)]
    public async Task Some_numbers_are_refused_once_and_then_taken(string suffix, int status)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var first = await simulator.Connect($"982505{suffix}");
        var second = await simulator.Connect($"982505{suffix}");

        Assert.Equal(status, (int)first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Theory, InlineData("CutConnection", "9825050011"), InlineData("None", "9825056642")]
    public async Task A_cut_connection_leaves_a_call_that_was_placed(string fault, string number)
    {
        await using var simulator = await Faulty(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Connect(number, ("CustomField", "attempt-1")));

        var record = Assert.Single(await simulator.Record())!;
        Assert.Equal("attempt-1", record["customField"]!.ToString());
        Assert.Equal("cutConnection", record["fault"]!.ToString());
        Assert.NotNull(record["call"]);
    }

    [Theory, InlineData("HungReply", "9825050011"), InlineData("None", "9825056643")]
    public async Task A_hung_reply_never_comes_but_the_call_was_placed(string fault, string number)
    {
        await using var simulator = await Faulty(fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Connect(number));   // cut at the end of HungReply

        Assert.Equal("hungReply", Assert.Single(await simulator.Record())!["fault"]!.ToString());
        Assert.Equal(1, (int)(await simulator.Summary())["calls"]!["placed"]!);
    }

    [Fact]
    public async Task Look_ups_and_call_details_may_fail()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:LookupError", "1"));
        var sid = await simulator.Place("9825050011");

        Assert.Equal(500, (int)(await simulator.Http.GetAsync("Numbers/9825050011.json")).StatusCode);
        Assert.Equal(500, (int)(await simulator.Http.GetAsync($"Calls/{sid}.json")).StatusCode);
        Assert.Equal(2, (int)(await simulator.Summary())["faults"]!["lookupError"]!);
    }

    [Theory, InlineData("6622", 404), InlineData("6623", 500)]
    public async Task Some_numbers_cannot_be_looked_up(string suffix, int status)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        Assert.Equal(status, (int)(await simulator.Http.GetAsync($"Numbers/982505{suffix}.json")).StatusCode);
    }

    [Fact]
    public async Task The_look_up_of_one_number_hangs()
    {
        await using var simulator = await Faulty("None");

        await Assert.ThrowsAsync<HttpRequestException>(() => simulator.Http.GetAsync("Numbers/9825056624.json"));
    }

    [Fact]
    public async Task The_details_of_some_calls_never_settle_or_cannot_be_had()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var unsettled = await simulator.Place("9825056650");
        var failing = await simulator.Place("9825056651");

        simulator.Pass(TimeSpan.FromDays(1));

        var call = (await simulator.Get($"Calls/{unsettled}.json"))["Call"]!;
        Assert.Equal("completed", call["Status"]!.ToString());
        Assert.Null(call["Duration"]);
        Assert.Equal(500, (int)(await simulator.Http.GetAsync($"Calls/{failing}.json")).StatusCode);
    }

    [Fact]
    public async Task Presets_and_single_rates_can_be_set_while_running_and_nonsense_is_refused()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults", "many"));
        Task<HttpResponseMessage> Put(string json) =>
            simulator.Http.PutAsync($"{simulator.Root}/simulator/faults", new StringContent(json, null, "application/json"));

        var before = await simulator.Get($"{simulator.Root}/simulator/faults");
        var changed = await SimulatorUnderTest.Json(await Put("""{"preset":"some","drop":0.5}"""));

        Assert.Equal(0.1, (double)before["drop"]!);
        Assert.Equal((0.5, 0.05), ((double)changed["drop"]!, (double)changed["duplicate"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await Put("""{"preset":"lots"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Put("""{"dorp":0.5}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Put("""{"drop":2}""")).StatusCode);
    }

    private static Task<SimulatorUnderTest> Faulty(string fault) => fault == "None"
        ? SimulatorUnderTest.Start(("Simulator:HungReply", "00:00:00.2"))
        : SimulatorUnderTest.Start(("Simulator:HungReply", "00:00:00.2"), ($"Simulator:Faults:{fault}", "1"));
}
