using System.Net;

namespace Outdial.Simulator.Tests.Exotel;

public class BudgetTests
{
    [Fact]
    public async Task The_201st_request_within_a_minute_is_answered_429_until_the_window_has_slid_on()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.GetAsync("Numbers/00.json")).StatusCode);
            if (i == 99)
                simulator.Pass(TimeSpan.FromSeconds(30));
        }

        var refused = await simulator.Http.GetAsync("Numbers/00.json");
        simulator.Pass(TimeSpan.FromSeconds(30));
        var later = await simulator.Http.GetAsync("Numbers/00.json");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("Rate limit exceeded. Max 200 requests per minute.", (await SimulatorUnderTest.Json(refused))["RestException"]!["Message"]!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
        var counts = (await simulator.Summary())["requests"]!["numbers"]!;
        Assert.Equal(1, (int)counts["throttled"]!);
        Assert.Equal(201, (int)counts["peakReceived"]!);
        Assert.Equal(200, (int)counts["peakAdmitted"]!);
    }

    [Fact]
    public async Task Each_family_of_requests_has_its_own_budget_and_a_throttled_connect_is_on_record()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:RequestsPerMinute", "1"));
        await simulator.Connect("9825056601");

        var connect = await simulator.Connect("9825056601", ("CustomField", "second"));
        var number = await simulator.Http.GetAsync("Numbers/09825056601.json");
        var details = await simulator.Http.GetAsync("Calls.json");

        Assert.Equal(HttpStatusCode.TooManyRequests, connect.StatusCode);
        Assert.Equal(HttpStatusCode.OK, number.StatusCode);
        Assert.Equal(HttpStatusCode.OK, details.StatusCode);
        var record = (await simulator.Record())[1]!;
        Assert.Equal(429, (int)record["status"]!);
        Assert.Equal("second", record["customField"]!.ToString());
        Assert.Equal("+919825056601", record["from"]!.ToString());
    }
}
