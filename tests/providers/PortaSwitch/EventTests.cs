using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;

namespace Outdial.Providers.Tests.PortaSwitch;

public sealed class EventTests
{
    private static readonly Guid Id = Guid.Parse("0199bbbb-0000-7000-8000-000000000001");
    private static readonly Guid Attempt = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 20, 6, 30, 10, TimeSpan.Zero);
    private static readonly IWebhookTranslator Translator = NewTranslator();

    private static IWebhookTranslator NewTranslator(params (string, string?)[] settings) =>
        FakePortaSwitch.NewClient("http://127.0.0.1:1/", null, settings).Services.GetRequiredService<IWebhookTranslator>();

    private const string Customer = "\"type\": \"incoming\", \"is_external_call\": true";
    private const string Agent = "\"type\": \"outgoing\", \"is_external_call\": false, \"callee_id\": \"101\"";

    /// <summary>A whole event: every field that the published samples name.</summary>
    private static string Event(string state, string leg, string more = "\"duration\": 0, \"connect_time\": null") => $$$"""
        {"call_info": {"tracking_id": "tr-1", "previous_tracking_id": null, "call": {"id": "c-1", "tag": "t-1"}, "state": "{{{state}}}", {{{leg}}},
         "start_time": "2026-11-20 06:29:40", "update_time": "2026-11-20 06:30:05", {{{more}}}}}
        """;

    private static Translation Translate(string body, Guid? attempt, IWebhookTranslator? translator = null) => (translator ?? Translator).Translate(
        new WebhookRequest(Id, "porta", "events", attempt, "POST", "", "application/json", Encoding.UTF8.GetBytes(body), ReceivedAt));

    private static T Only<T>(string body) where T : IProviderEvent
    {
        var translation = Translate(body, Attempt);
        Assert.Null(translation.Quarantine);
        return Assert.IsType<T>(Assert.Single(translation.Events));
    }

    private static void Nothing(string body, string? note = null)
    {
        var translation = Translate(body, Attempt);
        Assert.True(translation is { Quarantine: null, Events.Count: 0 });
        if (note is not null)
            Assert.Contains(note, translation.Notes!);
    }

    [Theory]
    [InlineData("2026-11-20 12:00:05", 10, "time-in-future time-of-another-zone")]   // India's time on a switch that is said to keep UTC
    [InlineData("2026-11-20 01:00:05", -5.5 * 3600 + 5, "")]                         // behind: it may be late, and only the ledger knows since when it can be
    [InlineData("2026-11-20T06:30:05Z", 5, "")]
    [InlineData("2026-11-20 12:00:05+05:30", 5, "")]
    [InlineData("1795156205", 5, "")]
    [InlineData("1795156205000", 5, "")]
    [InlineData("2026-11-20 06:33:00", 10, "")]                                      // three minutes fast
    [InlineData("2026-11-20 06:43:00", 10, "time-in-future")]
    [InlineData("0000-00-00 00:00:00", 10, "")]
    [InlineData("1970-01-01 00:00:00", 10, "")]
    [InlineData("2038-01-19 03:14:07", 10, "")]
    public void A_time_is_held_to_its_receipt_and_one_of_another_zone_is_noted(string time, double second, string notes)
    {
        var translation = Translate(Event("ringing", Customer).Replace("2026-11-20 06:30:05", time, StringComparison.Ordinal), Attempt);

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 6, 30, 0, TimeSpan.Zero).AddSeconds(second), Assert.Single(translation.Events).OccurredAt);
        Assert.Equal(notes, string.Join(' ', translation.Notes!));
    }

    [Theory]
    [InlineData("null"), InlineData("\"0000-00-00 00:00:00\""), InlineData("\"1970-01-01 00:00:00\""), InlineData("0"), InlineData("2147483647"), InlineData(
        "\"2038-01-19 03:14:07\"")]
    public void A_leg_whose_connect_time_is_no_time_was_never_connected(string time) =>
        Assert.Equal(Outcomes.NoAnswer, Only<CallTerminated>(Event("terminated", Customer, $"\"duration\": 0, \"connect_time\": {time}, \"reason_code\": 480")).Outcome);

    [Fact]
    public void Trying_says_nothing_new() => Nothing(Event("trying", Customer));

    [Theory]
    [InlineData("ringing")]
    [InlineData("early")]
    public void Ringing_and_early_are_a_ringing_phone(string state)
    {
        var ringing = Only<CallRinging>(Event(state, Customer));

        Assert.Equal((Attempt, "c-1", "porta", state), (ringing.AttemptId, ringing.ProviderCallId, ringing.Account, ringing.RawStatus));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 6, 30, 5, TimeSpan.Zero), ringing.OccurredAt);
    }

    [Fact]
    public void Connected_of_the_customers_leg_is_an_answer()
    {
        var answered = Only<CallAnswered>(Event("connected", Customer, "\"duration\": 0, \"connect_time\": \"2026-11-20 06:30:01\""));

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 6, 30, 1, TimeSpan.Zero), answered.OccurredAt);
    }

    [Fact]
    public void Connected_of_an_agents_leg_is_a_conversation_with_that_agent() =>
        Assert.Equal("101", Only<CallConnected>(Event("connected", Agent, "\"duration\": 0, \"connect_time\": \"2026-11-20 06:30:01\"")).AgentNumber);

    [Fact]
    public void Ringing_of_an_agents_leg_is_nothing_of_the_customers() => Nothing(Event("ringing", Agent));

    [Fact]
    public void Queued_is_a_customer_who_waits() => Only<CallQueued>(Event("queued", Customer));

    [Fact]
    public void Dequeued_is_a_customer_who_waits_no_more() => Only<CallDequeued>(Event("dequeued", Customer));

    [Theory]
    [InlineData("held")]
    [InlineData("holding")]
    [InlineData("parked")]
    public void Held_holding_and_parked_are_a_hold(string state) => Only<CallHeld>(Event(state, Customer));

    [Fact]
    public void Transferred_is_a_transfer() => Only<CallTransferred>(Event("transferred", Customer));

    [Theory]
    [InlineData("Temporarily Unavailable", "480", Outcomes.NoAnswer)]
    [InlineData("Auth Failed", "403", Outcomes.InvalidNumber)]
    [InlineData("Relayed Response: Auth Failed", "403", Outcomes.InvalidNumber)]
    [InlineData("Forbidden", "403", Outcomes.Barred)]
    [InlineData("Busy Here", "486", Outcomes.Busy)]
    [InlineData("Not Found", "404", Outcomes.InvalidNumber)]
    [InlineData("Request Terminated", "487", Outcomes.NoAnswer)]
    [InlineData("Answer Leg Disconnected Via Call Control API", "487", Outcomes.Canceled)]
    [InlineData("Decline", "603", Outcomes.Rejected)]
    [InlineData("Service Unavailable", "503", Outcomes.NetworkFailure)]
    [InlineData("Server Internal Error", "500", Outcomes.NetworkFailure)]
    [InlineData("User busy", "", Outcomes.Busy)]
    [InlineData("Moon in the seventh house", "777", Outcomes.Unknown)]
    public void Terminated_without_a_connection_is_classified_by_its_reason(string reason, string code, string outcome)
    {
        var ended = Only<CallTerminated>(Event("terminated", Customer, $"\"duration\": \"0\", \"connect_time\": \"\", \"reason\": \"{reason}\", \"reason_code\": \"{code}\""));

        Assert.Equal((outcome, reason, false), (ended.Outcome, ended.CauseName, ended.Provisional));
    }

    [Theory]
    [InlineData("BYE Received", "\"duration\": 31, \"connect_time\": \"2026-11-20 06:29:30\"")]
    [InlineData("Answer Leg Disconnected Via Call Control API", "\"duration\": \"31\"")]
    [InlineData("BYE Received", "\"duration\": 0, \"connect_time\": \"2026-11-20 06:30:05\"")]
    public void Terminated_after_a_connection_is_provisional_whatever_its_code(string reason, string times)
    {
        var ended = Only<CallTerminated>(Event("terminated", Customer, $"{times}, \"reason\": \"{reason}\", \"reason_code\": 487"));

        Assert.Equal((Outcomes.Abandoned, true, 487), (ended.Outcome, ended.Provisional, ended.Cause));
    }

    [Fact]
    public void Terminated_of_an_agents_leg_ends_nothing_of_the_customers_as_seed_S4_warns() =>
        Nothing(Event("terminated", Agent, "\"duration\": 0, \"reason\": \"Decline\", \"reason_code\": 603"), "agent-leg-terminated");

    [Theory]
    [InlineData("\"duration\": 31, \"connect_time\": \"2026-11-20 06:29:34\"", 34, 31)]
    [InlineData("\"duration\": \"31\"", 34, 31)]
    [InlineData("\"connect_time\": \"2026-11-20 06:29:34\"", 34, null)]
    public void Terminated_of_an_agents_leg_that_was_connected_tells_of_the_conversation(string times, int second, int? talk)
    {
        var connected = Only<CallConnected>(Event("terminated", Agent, $"{times}, \"reason\": \"BYE Received\", \"reason_code\": 487"));

        Assert.Equal(
            (new DateTimeOffset(2026, 11, 20, 6, 29, second, TimeSpan.Zero), talk, null),
            (connected.OccurredAt, (int?)connected.TalkTime?.TotalSeconds, connected.AgentNumber));
    }

    [Theory]
    [InlineData("""{"tracking_id": "17", "call_info": {"state": "connected"}}""")]
    [InlineData("""{"call": {"id": "17"}, "call_info": {"state": "connected"}, "state": "ringing"}""")]
    [InlineData("""{"Call_Info": {"State": "Connected", "Tracking_ID": "17"}}""")]
    [InlineData("""{"call_info": [{"state": "connected", "tracking_id": "17"}]}""")]
    [InlineData("""event=1&call_info=%7B%22state%22%3A%22connected%22%2C%22tracking_id%22%3A%2217%22%7D""")]
    public void What_stands_beside_the_wrapper_is_read_too_and_names_in_any_case(string body) =>
        Assert.Equal("17", Only<CallAnswered>(body).ProviderCallId);

    [Fact]
    public void Several_legs_in_one_wrapper_are_several_events()
    {
        var translation = Translate(
            """{"call": {"id": "c-1"}, "call_info": [{"state": "queued"}, {"state": "connected", "type": "outgoing", "is_external_call": false}]}""", Attempt);

        Assert.Equal([typeof(CallQueued), typeof(CallConnected)], translation.Events.Select(e => e.GetType()));
        Assert.All(translation.Events, e => Assert.Equal("c-1", e.ProviderCallId));
    }

    [Fact]
    public void A_state_that_nobody_knows_is_kept_and_counted() => Nothing(Event("levitating", Customer), "unknown-state");

    [Theory]
    [InlineData("""{"state": "Connected", "call": {"id": 17}}""", "17")]
    [InlineData("""{"call_info": "{\"state\": \"connected\", \"call\": {\"id\": \"17\"}}"}""", "17")]
    [InlineData("""call_info=%7B%22state%22%3A+%22connected%22%2C+%22tracking_id%22%3A+%2217%22%7D""", "17")]
    [InlineData("""{"state": " connected ", "update_time": "yesterday", "connect_time": 0, "tracking_id": 17, "type": null}""", "17")]
    [InlineData("""[{"call_info": {"state": "connected", "call_id": "17", "is_external_call": "1", "type": "OUTGOING"}}]""", "17")]
    [InlineData("""{"state": "connected"}""", null)]
    public void Odd_shapes_are_understood(string body, string? call)
    {
        var answered = Only<CallAnswered>(body);

        Assert.Equal((call, ReceivedAt), (answered.ProviderCallId, answered.OccurredAt));
    }

    [Theory]
    [InlineData("{\"is_external_call\": \"N\", \"type\": \"outgoing\", \"state\": \"connected\"}")]
    [InlineData("{\"is_external_call\": 0, \"type\": \"Outgoing\", \"state\": \"connected\"}")]
    [InlineData("{\"is_external_call\": \"false\", \"type\": \"outgoing\", \"state\": \"connected\"}")]
    public void The_agents_leg_is_known_by_flags_of_any_spelling(string body) => Assert.Null(Only<CallConnected>(body).AgentNumber);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"call_info\": {}}")]
    [InlineData("{\"state\": {}}")]
    public void A_body_without_a_state_is_quarantined(string body) => Assert.NotNull(Translate(body, Attempt).Quarantine);

    [Fact]
    public void Without_an_attempt_the_call_has_to_find_it_and_the_ids_stay()
    {
        var (before, after) = (Translate(Event("queued", Customer), null), Translate(Event("queued", Customer), Attempt));

        Assert.Equal("c-1", before.UnmatchedCallId);
        Assert.Equal(before.Events.Single().EventId, after.Events.Single().EventId);
        Assert.NotNull(Translate("""{"state": "queued"}""", null).Quarantine);
    }

    [Fact]
    public void Every_name_can_be_configured()
    {
        var translator = NewTranslator(
            ("Fields:Wrapper", "event"), ("Fields:State", "leg.status"), ("Fields:Type", "leg.kind"), ("Fields:OutgoingType", "out"), ("Fields:External", "leg.ext"),
            ("Fields:ConnectTime", "t1"), ("Fields:UpdateTime", "t2"), ("Fields:CallId", "sip"), ("Fields:Agent", "leg.who"), ("TimeZone", "Asia/Kolkata"));

        var connected = Assert.IsType<CallConnected>(Assert.Single(Translate("""
            {"event": {"leg": {"status": "connected", "kind": "out", "ext": "no", "who": "+919876500001"}, "sip": "x", "t1": "2026-11-20 12:00:00"}}
            """, Attempt, translator).Events));

        Assert.Equal(("x", "+919876500001", new DateTimeOffset(2026, 11, 20, 6, 30, 0, TimeSpan.Zero)),
            (connected.ProviderCallId, connected.AgentNumber, connected.OccurredAt));
    }

    [Fact]
    public void Nothing_that_comes_makes_the_translator_throw()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ":", ",", "\"state\"", "\"terminated\"", "\"connected\"", "\"call_info\"", "\"call\"", "\"id\"", "1e999", "-1", "null", "true",
            "\"\\ud800\"",
            "\"duration\"", "\"connect_time\"", "\"9999-12-31 23:59:59\"", "\"0001-01-01\"", "call_info=", "%7B", "99999999999999999999", "\"reason_code\"", "\uFEFF",
            "\"update_time\"",
        ];
        var bodies = Gen.ListOf(Gen.Elements(pieces)).Select(string.Concat);

        Prop.ForAll(bodies.ToArbitrary(), body => Assert.NotNull(Translate(body, Attempt))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
        foreach (var value in pieces.Where(piece => piece is not ("{" or "}" or "[" or "]" or ":" or ",")))
        {
            foreach (var field in (string[])["state", "reason", "reason_code", "duration", "type", "is_external_call", "connect_time", "update_time", "call",
                "tracking_id", "callee_id"])
                Translate($$"""{"state": "terminated", "{{field}}": {{value}}}""", Attempt);
        }
    }
}
