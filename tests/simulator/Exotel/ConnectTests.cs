using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Outdial.Simulator.Tests.Exotel;

public class ConnectTests
{
    /// <summary>The fields of the connect reply in seed 001 (and 003), in their order.</summary>
    private static readonly string[] SeedFields =
    [
        "Sid", "ParentCallSid", "DateCreated", "DateUpdated", "AccountSid", "To", "From", "PhoneNumberSid", "Status", "StartTime", "EndTime",
        "Duration", "Price", "Direction", "AnsweredBy", "ForwardedFrom", "CallerName", "Uri", "RecordingUrl",
    ];

    [Fact]
    public async Task The_reply_has_the_published_fields_and_says_in_progress_before_anyone_answered()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var call = (await SimulatorUnderTest.Json(await simulator.Connect("9825056601")))["Call"]!.AsObject();

        Assert.Equal(SeedFields, call.Select(f => f.Key));
        Assert.Equal("in-progress", call["Status"]!.ToString());
        Assert.Equal("outbound-api", call["Direction"]!.ToString());
        Assert.Equal("09825056601", call["From"]!.ToString());
        Assert.Equal("07948850040", call["PhoneNumberSid"]!.ToString());
        Assert.Equal("2026-01-14 11:30:00", call["DateCreated"]!.ToString());
        Assert.Equal($"/v1/Accounts/outdial1/Calls.json/{call["Sid"]}", call["Uri"]!.ToString());
        Assert.Matches("^[0-9a-f]{32}$", call["Sid"]!.ToString());
        Assert.All(
            ["ParentCallSid", "EndTime", "Duration", "Price", "AnsweredBy", "ForwardedFrom", "CallerName", "RecordingUrl"],
            name => Assert.Null(call[name]));
    }

    [Fact]
    public async Task Without_json_in_the_path_the_reply_is_xml_with_empty_elements_for_what_is_unknown()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var response = await simulator.Http.PostAsync("Calls/connect", new FormUrlEncodedContent(SimulatorUnderTest.Form("+919825056601")));

        var root = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("application/xml", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("TwilioResponse", root.Name.LocalName);
        Assert.Equal(SeedFields.Append("SubResourceUris"), root.Element("Call")!.Elements().Select(e => e.Name.LocalName));
        Assert.Equal("", root.Element("Call")!.Element("Price")!.Value);
    }

    [Fact]
    public async Task A_multipart_form_is_as_good_as_an_urlencoded_one()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in SimulatorUnderTest.Form("09825056601", ("CustomField", "attempt-1")))
            form.Add(new StringContent(value), name);

        var response = await simulator.Http.PostAsync("Calls/connect.json", form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("attempt-1", Assert.Single(await simulator.Record())!["customField"]!.ToString());
    }

    [Theory]
    [InlineData("From", "", "The 'From' parameter is required.")]
    [InlineData("CallerId", "", "The 'CallerId' parameter is required.")]
    [InlineData("Url", "", "The 'Url' parameter is required.")]
    [InlineData("From", "12", "The 'From' parameter is not a valid phone number.")]
    [InlineData("CallerId", "07948850041", "The 'CallerId' parameter is not an ExoPhone of this account.")]
    [InlineData("Url", "http://example.com/hello.xml", "The 'Url' parameter is not a call flow.")]
    [InlineData("TimeOut", "61", "The 'TimeOut' parameter must be a number of seconds from 1 to 60.")]
    [InlineData("TimeLimit", "14401", "The 'TimeLimit' parameter must be a number of seconds from 1 to 14400.")]
    [InlineData("CallType", "promo", "The 'CallType' parameter must be trans.")]
    [InlineData("StatusCallback", "nowhere", "The 'StatusCallback' parameter is not a URL.")]
    [InlineData("StatusCallbackContentType", "text/plain", "The 'StatusCallbackContentType' parameter must be multipart/form-data or application/json.")]
    [InlineData("StatusCallbackEvents[0]", "started", "The 'StatusCallbackEvents' parameter knows terminal, answered and ringing.")]
    public async Task A_parameter_that_is_missing_or_wrong_is_refused_with_400_and_no_phone_rings(string name, string value, string message)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var response = await simulator.Connect("9825056601", (name, value));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var expected = new JsonObject { ["RestException"] = new JsonObject { ["Status"] = 400, ["Message"] = message } };
        Assert.True(JsonNode.DeepEquals(expected, await SimulatorUnderTest.Json(response)));
        var record = Assert.Single(await simulator.Record())!;
        Assert.False((bool)record["accepted"]!);
        Assert.Equal(message, record["reason"]!.ToString());
    }

    [Theory, InlineData(128, 200), InlineData(129, 400)]
    public async Task A_custom_field_has_at_most_128_characters(int length, int status)
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var response = await simulator.Connect("9825056601", ("CustomField", new string('x', length)));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory, InlineData("simulator-key", "wrong", "outdial1"), InlineData("wrong", "simulator-token", "outdial1"), InlineData(
        "simulator-key", "simulator-token", "other")]
    public async Task Wrong_credentials_or_a_wrong_account_are_refused_with_401(string key, string token, string account)
    {
        await using var simulator = await SimulatorUnderTest.Start();
        simulator.Http.DefaultRequestHeaders.Authorization = SimulatorUnderTest.Basic(key, token);
        var root = $"{simulator.Root}/v1/Accounts/{account}";

        HttpResponseMessage[] responses =
        [
            await simulator.Http.PostAsync($"{root}/Calls/connect.json", new FormUrlEncodedContent(SimulatorUnderTest.Form("9825056601"))),
            await simulator.Http.GetAsync($"{root}/Calls.json"),
            await simulator.Http.GetAsync($"{root}/Calls/abc.json"),
            await simulator.Http.GetAsync($"{root}/Numbers/09825056601.json"),
            await simulator.Http.GetAsync($"{simulator.Root}/v2_beta/Accounts/{account}/IncomingPhoneNumbers"),
        ];

        foreach (var response in responses)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            var body = (await SimulatorUnderTest.Json(response))["RestException"]!;
            Assert.Equal("Authentication failed. Verify your API key and token.", body["Message"]!.ToString());
        }
    }

    [Fact]
    public async Task A_call_between_two_numbers_rings_the_second_and_reports_it_as_the_second_leg()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var sid = await simulator.Place("08047851000", ("To", "+919825056602"), ("Url", ""));
        simulator.Pass(TimeSpan.FromMinutes(5));

        var call = (await simulator.Get($"Calls/{sid}.json?details=true"))["Call"]!;
        Assert.Equal("busy", call["Status"]!.ToString());
        Assert.Equal("09825056602", call["To"]!.ToString());
        Assert.Equal("completed", call["Details"]!["Leg1Status"]!.ToString());
        Assert.Equal("busy", call["Details"]!["Leg2Status"]!.ToString());
    }
}
