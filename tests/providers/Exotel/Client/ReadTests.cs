using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Client;

public sealed class ReadTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero);

    /// <summary>The comma that the page lacks.</summary>
    private static string MendedS1() => Seed.Read("S1-call-details-as-printed.txt")
        .Replace("\"Leg2Status\": \"completed\"\n", "\"Leg2Status\": \"completed\",\n", StringComparison.Ordinal);

    [Fact]
    public async Task The_call_details_of_seed_S1_parse_once_the_missing_comma_is_there()
    {
        await using var exotel = await FakeExotel.Answering(200, MendedS1());

        var call = (await exotel.Account.GetCallAsync("b6cfaf5f5cef3ca0fc937749ef96d245", default))!;

        Assert.Equal(("b6cfaf5f5cef3ca0fc937749ef96d245", "completed", Outcomes.Completed, "human"), (call.ProviderCallId, call.RawStatus, call.Outcome, call.AnsweredBy));
        Assert.Equal((TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(8), 1.5m), (call.Duration, call.TalkTime, call.Price));
        Assert.Equal(new DateTimeOffset(2016, 11, 29, 10, 29, 27, TimeSpan.Zero), call.EndedAt);   // 15:59:27 in India
        Assert.Null(call.To);   // the page masks it
        Assert.StartsWith("https://s3-ap-southeast-1.amazonaws.com/", call.RecordingUrl);
        var request = Assert.Single(exotel.Requests);
        Assert.Equal(("/v1/Accounts/acme1/Calls/b6cfaf5f5cef3ca0fc937749ef96d245.json", "?details=true"), (request.Path, request.Query));
    }

    [Fact]
    public async Task The_call_details_of_seed_S1_as_printed_are_not_JSON_and_say_so()
    {
        await using var exotel = await FakeExotel.Answering(200, Seed.Read("S1-call-details-as-printed.txt"));

        var error = await Assert.ThrowsAsync<ProviderException>(() => exotel.Account.GetCallAsync("b6cf", default));

        Assert.Equal("The provider's call details cannot be parsed.", error.Message);
    }

    [Fact]
    public async Task A_call_that_runs_has_no_outcome_and_odd_values_are_left_out()
    {
        await using var exotel = await FakeExotel.Answering(200, """
            {"Call": {"Sid": "a", "Status": "in-progress", "From": "09876530240", "To": "07314853246", "PhoneNumberSid": "07314853246", "Duration": "n/a",
             "Price": "", "EndTime": "1970-01-01 05:30:00", "StartTime": "yesterday", "RecordingUrl": "null", "AnsweredBy": "NA",
             "Details": {"ConversationDuration": -4, "Leg1Status": null}}}
            """);

        var call = (await exotel.Account.GetCallAsync("a", default))!;

        Assert.Equal(
            new CallRecord("a", "in-progress", null, "+919876530240", "+917314853246", null, null, null, null, null, null, null, null,
                Caller: "+919876530240", Called: "+917314853246"), call);
    }

    [Theory]
    [InlineData("""{"Legs": [{"Leg": {"Id": "1", "OnCallDuration": 90}}, {"Leg": {"Id": "2", "OnCallDuration": 0}}, {"Leg": {"Id": "3", "OnCallDuration": 42}}]}""", 42, Outcomes.Completed)]
    [InlineData("""{"Leg2Status": "no-answer", "Legs": [{"Leg": {"Id": 1, "OnCallDuration": 90}}, {"Leg": {"Id": 2, "OnCallDuration": 0}}]}""", 0, Outcomes.Abandoned)]
    [InlineData("""{"ConversationDuration": 42, "Leg2Status": "no-answer"}""", 42, Outcomes.Completed)]
    public async Task The_talk_of_a_record_is_read_from_its_legs_where_it_has_no_figure_of_its_own(string details, int talk, string outcome)
    {
        await using var exotel = await FakeExotel.Answering(200, $$$"""{"Call": {"Sid": "a", "Status": "completed", "Details": {{{details}}} }}""");

        var call = (await exotel.Account.GetCallAsync("a", default))!;

        Assert.Equal((TimeSpan.FromSeconds(talk), outcome), (call.TalkTime, call.Outcome));
    }

    [Theory]
    [InlineData("""{"Leg1Status": "completed", "Leg2Status": "no-answer", "ConversationDuration": 0}""", null, Outcomes.Abandoned)]
    [InlineData("""{"Leg1Status": "completed", "Leg2Status": "canceled"}""", "human", Outcomes.Abandoned)]
    [InlineData("""{"ConversationDuration": 0}""", "Machine", Outcomes.MachineAnswered)]
    [InlineData("""{"Leg2Status": "no-answer", "ConversationDuration": 42}""", "machine", null)]   // the flow dialed twice
    [InlineData("""{"Leg1Status": "completed", "Leg2Status": null, "ConversationDuration": 0}""", null, null)]   // an announcement dials nobody
    [InlineData("""{"Leg2Status": "completed"}""", null, null)]
    [InlineData("{}", "NA", null)]
    public async Task A_record_tells_that_a_call_reached_nobody_only_where_it_says_so(string details, string? answeredBy, string? inVain)
    {
        await using var exotel = await FakeExotel.Answering(
            200, $$$"""{"Call": {"Sid": "a", "Status": "completed", "AnsweredBy": {{{(answeredBy is null ? "null" : $"\"{answeredBy}\"")}}}, "Details": {{{details}}} }}""");

        Assert.Equal(inVain, (await exotel.Account.GetCallAsync("a", default))!.InVain);
    }

    [Theory]
    [InlineData("Region", "GB", "07700900123", "+447700900123")]
    [InlineData("TimeZone", "Europe/London", "07700900123", "+447700900123")]
    [InlineData("TimeZone", "America/New_York", "2125550177", "+12125550177")]
    [InlineData("TimeZone", "UTC", "09876530240", "+919876530240")]
    [InlineData("Region", "GB", "+919876530240", "+919876530240")]
    public async Task Numbers_of_records_are_read_in_the_country_of_the_account(string setting, string value, string sent, string read)
    {
        await using var exotel = await FakeExotel.Answering(
            http => http.Response.WriteAsync(
                $$$"""{"Call": {"Sid": "a", "Status": "completed", "From": "{{{sent}}}", "To": "{{{sent}}}", "PhoneNumberSid": "{{{sent}}}"}}"""),
            ($"Accounts:default:{setting}", value));

        var call = (await exotel.Account.GetCallAsync("a", default))!;

        Assert.Equal((read, read, read, read), (call.To, call.CallerId, call.Caller, call.Called));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://s3.example@evil.example/a.mp3")]
    [InlineData("https:\\/\\/s3.example\\/a\\u0000.mp3")]
    public async Task A_record_brings_no_address_that_is_not_of_the_web_and_it_is_counted(string address)
    {
        var counted = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => Listen(instrument, listening) };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref counted, count));
        listener.Start();
        await using var exotel = await FakeExotel.Answering(200, $$"""{"Call": {"Sid": "a", "Status": "completed", "RecordingUrl": "{{address}}"} }""");

        var call = (await exotel.Account.GetCallAsync("a", default))!;

        Assert.Null(call.RecordingUrl);
        Assert.True(Interlocked.Read(ref counted) >= 1);

        static void Listen(Instrument instrument, MeterListener listening)
        {
            if (instrument.Name == "outdial.provider.oddities")
                listening.EnableMeasurementEvents(instrument);
        }
    }

    [Fact]
    public async Task Numbers_as_numbers_and_as_text_read_alike()
    {
        const string body = """{"Call": {"Sid": "a", "Status": "completed", "Duration": 17, "Price": 1.5, "Details": {"ConversationDuration": "8"}}}""";
        await using var exotel = await FakeExotel.Answering(200, body);

        var call = (await exotel.Account.GetCallAsync("a", default))!;

        Assert.Equal((TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(8), 1.5m), (call.Duration, call.TalkTime, call.Price));
    }

    [Theory]
    [InlineData("completed", "completed", "no-answer", Outcomes.Abandoned)]
    [InlineData("completed", "completed", null, Outcomes.Abandoned)]
    [InlineData("no-answer", null, null, Outcomes.NoAnswer)]
    [InlineData("busy", null, null, Outcomes.Busy)]
    [InlineData("failed", null, null, Outcomes.Unreachable)]
    [InlineData("canceled", null, null, Outcomes.Canceled)]
    [InlineData("busy", "completed", "busy", Outcomes.Abandoned)]
    public async Task The_legs_decide_what_completed_means(string status, string? first, string? second, string outcome)
    {
        static string Json(string? text) => text is null ? "null" : $"\"{text}\"";
        await using var exotel = await FakeExotel.Answering(
            200, $$$"""{"Call": {"Sid": "a", "Status": "{{{status}}}", "Details": {"Leg1Status": {{{Json(first)}}}, "Leg2Status": {{{Json(second)}}} } } }""");

        Assert.Equal(outcome, (await exotel.Account.GetCallAsync("a", default))!.Outcome);
    }

    [Fact]
    public async Task An_unknown_call_and_an_unknown_number_are_null()
    {
        await using var exotel = await FakeExotel.Answering(404, """{"RestException": {"Status": 404, "Message": "Not found"}}""");

        Assert.Null(await exotel.Account.GetCallAsync("nobody", default));
        Assert.Null(await exotel.Account.GetNumberAsync("+919876530240", default));
    }

    [Fact]
    public async Task A_throttled_read_carries_the_wish_of_the_provider()
    {
        await using var exotel = await FakeExotel.Answering(429, "{}", also: response => response.Headers.RetryAfter = "90");

        var error = await Assert.ThrowsAsync<ProviderException>(() => exotel.Account.GetNumberAsync("+919876530240", default));

        Assert.Equal((429, TimeSpan.FromSeconds(90)), (error.StatusCode, error.RetryAfter));
    }

    [Fact]
    public async Task The_number_metadata_of_seed_S1_is_read()
    {
        await using var exotel = await FakeExotel.Answering(200, Seed.Read("S1-number-metadata.json"));

        var number = await exotel.Account.GetNumberAsync("+919876530240", default);

        Assert.Equal(
            new NumberMetadata(
                "+919876530240", "GJ", "Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)", "R", "Reliance", "Mobile", Dnd: true),
            number);
        Assert.Equal("/v1/Accounts/acme1/Numbers/09876530240.json", Assert.Single(exotel.Requests).Path);
    }

    [Theory]
    [InlineData("No", false)]
    [InlineData("Yes", true)]
    [InlineData("Unavailable", null)]
    public async Task DND_that_is_unavailable_is_not_known(string word, bool? dnd)
    {
        await using var exotel = await FakeExotel.Answering(200, $$$"""{"Numbers": {"PhoneNumber": "09876530240", "DND": "{{{word}}}"}}""");

        Assert.Equal(dnd, (await exotel.Account.GetNumberAsync("+919876530240", default))!.Dnd);
    }

    [Fact]
    public async Task A_search_asks_in_local_time_follows_pages_and_looks_at_the_answers_itself()
    {
        static string Call(string sid, string from, string created) =>
            $$"""{"Sid": "{{sid}}", "Status": "completed", "From": "{{from}}", "PhoneNumberSid": "07314853246", "DateCreated": "{{created}}"}""";
        await using var exotel = await FakeExotel.Answering(context => context.Response.WriteAsync(context.Request.Query.ContainsKey("After")
            ? $$$"""{"Metadata": {"NextPageUri": null}, "Calls": [{{{Call("late", "09876530240", "2026-11-20 12:00:05")}}}]}"""
            : $$$"""
              {"Metadata": {"NextPageUri": "/v1/Accounts/acme1/Calls.json?After=x"}, "Calls": [
               {{{Call("other", "09876530241", "2026-11-20 12:00:01")}}}, 
                {{{Call("old", "09876530240", "2026-11-20 11:59:59")}}}, {{{Call("hit", "09876530240", "2026-11-20 12:00:00")}}}]}
              """));

        var found = await exotel.Account.FindCallsAsync("+919876530240", Noon.AddMilliseconds(400), Noon.AddSeconds(10), default);

        Assert.Equal(["hit", "late"], found.Select(call => call.ProviderCallId));
        Assert.Equal(2, exotel.Requests.Count);
        var asked = Uri.UnescapeDataString(exotel.Requests.First().Query);
        Assert.Contains("From=+919876530240", asked);
        Assert.Contains("DateCreated=gte:2026-11-20 12:00:00;lte:2026-11-20 12:00:10", asked);
    }

    [Fact]
    public async Task Who_called_in_was_not_called()
    {
        await using var exotel = await FakeExotel.Answering(200, """
            {"Metadata": {"NextPageUri": null}, "Calls": [
             {"Sid": "in", "Status": "completed", "From": "09876530240", "To": "07314853246", "Direction": "inbound", "DateCreated": "2026-11-20 12:00:01"},
             {"Sid": "out", "Status": "completed", "From": "09876530240", "To": "07314853246", "Direction": "outbound-api", "DateCreated": "2026-11-20 12:00:02"}]}
            """);

        Assert.Equal("out", Assert.Single(await exotel.Account.FindCallsAsync("+919876530240", Noon, Noon.AddSeconds(10), default)).ProviderCallId);
    }

    [Fact]
    public async Task All_calls_of_the_account_are_listed_page_after_page()
    {
        static string Call(int i) => $$"""{"Sid": "sid-{{i}}", "Status": "busy", "From": "0987653{{i:0000}}", "DateCreated": "2026-11-20 12:00:0{{i % 10}}"}""";
        await using var exotel = await FakeExotel.Answering(context =>
        {
            var page = int.TryParse(context.Request.Query["After"], out var after) ? after : 0;
            var next = page < 12 ? $"\"/v1/Accounts/acme1/Calls.json?After={page + 1}\"" : "null";
            return context.Response.WriteAsync($$$"""{"Metadata": {"NextPageUri": {{{next}}}}, "Calls": [{{{Call(page)}}}]}""");
        });

        var all = await exotel.Account.ListCallsAsync(Noon, Noon.AddMinutes(1), default);

        Assert.Equal(13, all.Count);
        Assert.DoesNotContain("From=", exotel.Requests.First().Query);
    }

    [Fact]
    public async Task A_list_in_XML_is_read_also_with_one_call_or_none()
    {
        const string one = "<TwilioResponse><Calls><Call><Sid>x</Sid><Status>busy</Status></Call></Calls></TwilioResponse>";
        await using var single = await FakeExotel.Answering(200, one, "application/xml");
        await using var none = await FakeExotel.Answering(200, "<TwilioResponse><Calls/></TwilioResponse>", "application/xml");

        Assert.Equal(Outcomes.Busy, Assert.Single(await single.Account.FindCallsAsync("+919876530240", Noon, Noon, default)).Outcome);
        Assert.Empty(await none.Account.FindCallsAsync("+919876530240", Noon, Noon, default));
    }

    [Fact]
    public async Task The_own_numbers_are_read_with_their_circles()
    {
        await using var exotel = await FakeExotel.Answering(200, """
            {"page":0,"page_size":50,"incoming_phone_numbers":[
             {"sid":"s1","phone_number":"+911141168886","friendly_name":"01141168886","capabilities":{"voice":true,"sms":false},"country":"IN","region":"DL"},
             {"sid":"s2","phone_number":"+9111XXXXXXX6","region":"DL"}]}
            """);

        var own = Assert.Single(await exotel.Account.ListOwnNumbersAsync(default));

        Assert.Equal(new OwnNumber("s1", "+911141168886", "01141168886", "DL", true), own);
        Assert.Equal("/v2_beta/Accounts/acme1/IncomingPhoneNumbers", exotel.Requests.Single().Path);
    }
}
