using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Outdial.Simulator.Tests.Exotel;

public class CallDetailsTests
{
    [Fact]
    public async Task A_call_is_queued_then_rings_then_is_in_progress_then_completed()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var sid = await simulator.Place("9825056601");
        var seen = new List<string>();

        for (var second = 0; second < 120; second++)
        {
            var status = (await simulator.Get($"Calls/{sid}.json"))["Call"]!["Status"]!.ToString();
            if (seen.LastOrDefault() != status)
                seen.Add(status);
            simulator.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["queued", "ringing", "in-progress", "completed"], seen);
    }

    [Fact]
    public async Task Duration_price_and_end_time_arrive_two_minutes_after_the_end()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var sid = await simulator.Place("9825056601");
        simulator.Pass(TimeSpan.FromMinutes(2));   // a 30 s talk is over by then
        var endedAt = DateTimeOffset.Parse((await simulator.OnlyCall())["endedAt"]!.ToString(), null);

        simulator.Clock.SetUtcNow(endedAt.AddSeconds(119));
        var before = (await simulator.Get($"Calls/{sid}.json"))["Call"]!;
        simulator.Clock.SetUtcNow(endedAt.AddSeconds(120));
        var after = (await simulator.Get($"Calls/{sid}.json"))["Call"]!;

        Assert.Equal("completed", before["Status"]!.ToString());
        Assert.All(["Duration", "Price", "EndTime"], name => Assert.Null(before[name]));
        Assert.Equal("1.500", after["Price"]!.GetValue<string>());
        Assert.InRange(int.Parse(after["Duration"]!.GetValue<string>()), 30, 60);
        Assert.Equal(IndianTime.Text(endedAt), after["EndTime"]!.ToString());
        Assert.Equal("", after["ParentCallSid"]!.ToString());
        Assert.Equal("human", after["AnsweredBy"]!.ToString());
    }

    [Fact]
    public async Task With_details_the_legs_are_as_in_the_published_sample()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var sid = await simulator.Place("9825056601");
        simulator.Pass(TimeSpan.FromMinutes(10));

        var plain = (await simulator.Get($"Calls/{sid}.json"))["Call"]!.AsObject();
        var details = (await simulator.Get($"Calls/{sid}.json?details=true"))["Call"]!["Details"]!.AsObject();

        Assert.False(plain.ContainsKey("Details"));
        Assert.Equal(["ConversationDuration", "Leg1Status", "Leg2Status", "Legs"], details.Select(d => d.Key));
        Assert.Equal(30, details["ConversationDuration"]!.GetValue<int>());
        Assert.Equal("1", details["Legs"]![0]!["Leg"]!["Id"]!.GetValue<string>());
        Assert.Equal(30, details["Legs"]![1]!["Leg"]!["OnCallDuration"]!.GetValue<int>());
        Assert.Equal("completed", details["Leg2Status"]!.ToString());
    }

    [Fact]
    public async Task Details_come_as_xml_too()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var sid = await simulator.Place("9825056601");

        var xml = XDocument.Parse(await simulator.Http.GetStringAsync($"Calls/{sid}?details=true"));

        Assert.Equal(sid, xml.Root!.Element("Call")!.Element("Sid")!.Value);
        Assert.Equal("1", xml.Descendants("Leg").First().Element("Id")!.Value);
    }

    [Fact]
    public async Task An_unknown_call_is_404_and_a_wrong_recording_validity_400()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var unknown = await simulator.Http.GetAsync("Calls/80bfbec2d78bbbf10fb851f4fa165211.json");
        var validity = await simulator.Http.GetAsync("Calls/80bfbec2d78bbbf10fb851f4fa165211.json?RecordingUrlValidity=61");

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(404, (int)(await SimulatorUnderTest.Json(unknown))["RestException"]!["Status"]!);
        Assert.Equal(HttpStatusCode.BadRequest, validity.StatusCode);
    }

    [Fact]
    public async Task The_list_can_be_followed_page_by_page_forwards_and_back()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        for (var i = 0; i < 5; i++)
        {
            await simulator.Place($"982505001{i}");
            simulator.Pass(TimeSpan.FromSeconds(1));
        }
        var first = await simulator.Get("Calls.json?PageSize=2&SortBy=DateCreated:asc");

        var second = await simulator.Get(simulator.Root + first["Metadata"]!["NextPageUri"]);
        var third = await simulator.Get(simulator.Root + second["Metadata"]!["NextPageUri"]);
        var back = await simulator.Get(simulator.Root + second["Metadata"]!["PrevPageUri"]);

        Assert.Equal(["09825050010", "09825050011"], Senders(first));
        Assert.Equal(["09825050012", "09825050013"], Senders(second));
        Assert.Equal(["09825050014"], Senders(third));
        Assert.Equal(Senders(first), Senders(back));
        Assert.Equal(5, (int)first["Metadata"]!["Total"]!);
        Assert.Null(first["Metadata"]!["PrevPageUri"]);
        Assert.Null(third["Metadata"]!["NextPageUri"]);
    }

    [Fact]
    public async Task The_list_is_filtered_by_number_id_caller_and_time_of_creation()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var one = await simulator.Place("9825050010");
        simulator.Pass(TimeSpan.FromMinutes(1));
        var two = await simulator.Place("9825050011", ("CallerId", "04448850060"));

        async Task<string[]> Sids(string query) =>
            [.. (await simulator.Get($"Calls.json?{query}"))["Calls"]!.AsArray().Select(c => c!["Sid"]!.ToString())];

        Assert.Equal([two, one], await Sids(""));
        Assert.Equal([one], await Sids("From=%2B919825050010"));
        Assert.Equal([two], await Sids("From=9825050011,9825050012"));
        Assert.Equal([two], await Sids("PhoneNumber=04448850060"));
        Assert.Equal([two], await Sids("To=04448850060"));
        Assert.Equal([one], await Sids($"Sid={one},nonsense"));
        Assert.Equal([one], await Sids("DateCreated=gte:2026-01-14+11:30:00%3Blte:2026-01-14+11:30:30"));
        Assert.Equal([two], await Sids("DateCreated=gte:2026-01-14 11:31:00"));
    }

    [Theory]
    [InlineData("PageSize=101"), InlineData("DateCreated=yesterday"), InlineData("From=1,2,3,4,5,6"), InlineData("SortBy=Price:asc")]
    [InlineData("DateCreated=gte:2025-01-01 00:00:00;lte:2025-03-01 00:00:00")]
    public async Task A_filter_out_of_bounds_is_refused_with_400(string query)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var response = await simulator.Http.GetAsync($"Calls.json?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static string[] Senders(JsonObject list) => [.. list["Calls"]!.AsArray().Select(c => c!["From"]!.ToString())];
}
