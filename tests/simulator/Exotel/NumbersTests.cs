using System.Net;

namespace Outdial.Simulator.Tests.Exotel;

public class NumbersTests
{
    [Fact]
    public async Task The_reply_is_the_numbers_object_of_the_published_sample()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var numbers = (await simulator.Get("Numbers/9825030240.json"))["Numbers"]!.AsObject();

        Assert.Equal(["PhoneNumber", "Circle", "CircleName", "Type", "Operator", "OperatorName", "DND"], numbers.Select(n => n.Key));
        Assert.Equal("09825030240", numbers["PhoneNumber"]!.ToString());
        Assert.Equal("GJ", numbers["Circle"]!.ToString());
        Assert.Equal("Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)", numbers["CircleName"]!.ToString());
        Assert.Equal("Mobile", numbers["Type"]!.ToString());
    }

    [Theory]
    [InlineData("01123456789", "DL", "Landline"), InlineData("08022345678", "KA", "Landline"), InlineData("07922345678", "GJ", "Landline")]
    [InlineData("04422345678", "CH", "Landline"), InlineData("07995679243", "OR", "Mobile"), InlineData("9820012345", "MU", "Mobile")]
    public async Task The_beginning_of_a_number_tells_circle_and_type(string number, string circle, string type)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var numbers = (await simulator.Get($"Numbers/{number}.json"))["Numbers"]!;

        Assert.Equal(circle, numbers["Circle"]!.ToString());
        Assert.Equal(type, numbers["Type"]!.ToString());
    }

    [Fact]
    public void Every_one_of_the_23_circles_has_mobile_numbers()
    {
        var circles = Enumerable.Range(0, 100).Select(i => Circles.Of($"98{i:00}012345")!.Value.Circle).Distinct().Order();

        Assert.Equal(Circles.Names.Keys.Order(), circles);
        Assert.Equal(23, Circles.Names.Count);
    }

    [Theory, InlineData("12"), InlineData("+14155550100"), InlineData("hello"), InlineData("9825056622")]
    public async Task A_number_of_no_indian_circle_is_404(string number)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var response = await simulator.Http.GetAsync($"Numbers/{Uri.EscapeDataString(number)}.json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Own_numbers_are_listed_with_region_and_their_health_can_be_asked_and_changed()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var list = await simulator.Get($"{simulator.Root}/v2_beta/Accounts/outdial1/IncomingPhoneNumbers");
        var phone = list["incoming_phone_numbers"]!.AsArray().Single(p => (string?)p!["region"] == "GJ")!;
        var healthUrl = $"{simulator.Root}/v2/accounts/outdial1/incoming-phone-numbers/{phone["sid"]}";

        var before = await simulator.Get(healthUrl);
        await simulator.Http.PutAsync($"{simulator.Root}/simulator/exophones/{phone["sid"]}/health", System.Net.Http.Json.JsonContent.Create(new { outgoing = "major_outage" }));
        var after = await simulator.Get(healthUrl);

        Assert.Equal("+917948850040", phone["phone_number"]!.ToString());
        Assert.Equal(50, (int)list["page_size"]!);
        Assert.Equal("active", before["connectivity"]!["outgoing_call"]!["status"]!.ToString());
        Assert.Equal("major_outage", after["connectivity"]!["outgoing_call"]!["status"]!.ToString());
        Assert.Equal("2026-01-14T11:30:00+05:30", after["connectivity"]!["outgoing_call"]!["last_check_time"]!.ToString());
    }
}
