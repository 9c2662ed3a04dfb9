using System.Text;
using System.Text.Json;
using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

public sealed class StatusCallbackTests
{
    private const string Plain = "CallSid=b6cf&Status=completed&RecordingUrl=https%3A%2F%2Fs3.example%2Fa.mp3&DateUpdated=2026-11-20+12%3A00%3A09";

    [Fact]
    public void The_four_plain_fields_of_seed_S1_step_5_end_the_call()
    {
        var ended = Webhook.Status(Plain).Only<CallTerminated>();

        Assert.Equal(
            (Webhook.Attempt, "b6cf", "completed", Outcomes.Completed, "https://s3.example/a.mp3", "default", "webhook"),
            (ended.AttemptId, ended.ProviderCallId, ended.RawStatus, ended.Outcome, ended.RecordingUrl, ended.Account, ended.Source));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 6, 30, 9, TimeSpan.Zero), ended.OccurredAt);
        Assert.Equal(Webhook.ReceivedAt, ended.ReceivedAt);
        Assert.Null(ended.TalkTime);
    }

    [Theory]
    [InlineData("completed", Outcomes.Completed)]
    [InlineData("busy", Outcomes.Busy)]
    [InlineData("no-answer", Outcomes.NoAnswer)]
    [InlineData("failed", Outcomes.Unreachable)]
    [InlineData("canceled", Outcomes.Canceled)]
    [InlineData(" Completed ", Outcomes.Completed)]
    [InlineData("no_answer", Outcomes.NoAnswer)]
    public void A_final_status_names_the_outcome(string status, string outcome) =>
        Assert.Equal(outcome, Webhook.Status($"CallSid=a&Status={status}").Only<CallTerminated>().Outcome);

    [Theory]
    [InlineData("failed", "1", "UNALLOCATED_NUMBER", Outcomes.InvalidNumber)]
    [InlineData("failed", "UNALLOCATED_NUMBER", "1", Outcomes.InvalidNumber)]
    [InlineData("failed", "17", "USER_BUSY", Outcomes.Busy)]
    [InlineData("failed", "34", "NORMAL_CIRCUIT_CONGESTION", Outcomes.NetworkFailure)]
    [InlineData("failed", "55", "CUG", Outcomes.Barred)]
    [InlineData("failed", "", "USER_BUSY", Outcomes.Busy)]
    [InlineData("failed", "4711", "SOMETHING_NEW", Outcomes.Unreachable)]
    [InlineData("canceled", "1003", "RING_TIMEOUT", Outcomes.NoAnswer)]
    [InlineData("canceled", "16", "NORMAL_CLEARING", Outcomes.Canceled)]
    public void A_failure_is_named_by_its_cause_whichever_field_carries_the_number(string status, string cause, string causeCode, string outcome) =>
        Assert.Equal(
            outcome, Webhook.Status($"CallSid=a&Status={status}&Legs[0][Cause]={cause}&Legs[0][CauseCode]={causeCode}").Only<CallTerminated>().Outcome);

    [Theory]
    [InlineData("Legs[0][Status]=completed&Legs[1][Status]=completed&ConversationDuration=8", Outcomes.Completed)]
    [InlineData("Legs[0][Status]=completed&Legs[1][Status]=no-answer&ConversationDuration=0", Outcomes.Abandoned)]
    [InlineData("Legs[0][Status]=completed&Legs[1][Status]=null&ConversationDuration=0", Outcomes.Abandoned)]
    [InlineData("Legs[0][Status]=completed&Legs[1][Status]=&ConversationDuration=0", Outcomes.Completed)]
    [InlineData("Legs[0][Status]=completed", Outcomes.Completed)]
    [InlineData("Legs[0][Status]=completed&Legs[0][AnsweredBy]=Machine", Outcomes.MachineAnswered)]
    [InlineData("Legs[0][AnsweredBy]=HUMAN", Outcomes.Completed)]
    public void A_completed_call_is_judged_by_its_legs(string legs, string outcome) =>
        Assert.Equal(outcome, Webhook.Status($"CallSid=a&EventType=terminal&Status=completed&{legs}").Only<CallTerminated>().Outcome);

    [Fact]
    public void Answered_comes_twice_first_the_lead_then_the_bridge()
    {
        const string common = "CallSid=a&EventType=answered&Status=in-progress&Legs[0][Status]=in-progress&DateUpdated=2026-11-20 12:00:05";

        var lead = Webhook.Status(common + "&Legs[1][Status]=").Only<CallAnswered>();
        var bridge = Webhook.Status(common + "&Legs[1][Status]=in-progress").Only<CallConnected>();

        Assert.Equal(("in-progress", new DateTimeOffset(2026, 11, 20, 6, 30, 5, TimeSpan.Zero)), (lead.RawStatus, lead.OccurredAt));
        Assert.Equal("in-progress", bridge.RawStatus);
    }

    [Fact]
    public void A_ringing_event_is_a_ringing_phone() =>
        Assert.Equal("ringing", Webhook.Status("""{"CallSid":"a","EventType":"ringing","Status":"ringing"}""", "application/json").Only<CallRinging>().RawStatus);

    [Fact]
    public void In_progress_alone_proves_no_answer()
    {
        var translation = Webhook.Status("CallSid=a&Status=in-progress");

        Assert.Null(translation.Quarantine);
        Assert.Empty(translation.Events);
    }

    [Fact]
    public void The_three_body_forms_say_the_same()
    {
        const string multipart =
            "--xyz\r\nContent-Disposition: form-data; name=\"CallSid\"\r\n\r\nb6cf\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"EventType\"\r\n\r\nterminal\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"Status\"\r\nContent-Type: text/plain\r\n\r\ncompleted\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"Legs[0][Status]\"\r\n\r\ncompleted\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"Legs[1][Status]\"\r\n\r\nno-answer\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"EndTime\"\r\n\r\n2026-11-20 12:00:09\r\n--xyz--\r\n";
        const string form = "CallSid=b6cf&EventType=terminal&Status=completed&Legs%5B0%5D%5BStatus%5D=completed&Legs[1][Status]=no-answer&EndTime=2026-11-20%2012:00:09";
        const string json = """
            {"CallSid":"b6cf","EventType":"terminal","Status":"completed","EndTime":"2026-11-20 12:00:09","Legs":[{"Status":"completed"},{"Status":"no-answer"}]}
            """;

        var expected = Webhook.Status(form).Only<CallTerminated>();

        Assert.Equal(Outcomes.Abandoned, expected.Outcome);
        Assert.Equal(expected, Webhook.Status(multipart, "multipart/form-data; boundary=xyz").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(multipart, "multipart/form-data").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(multipart.Replace("\r\n", "\n", StringComparison.Ordinal), null).Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(json, "application/json").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(json, "application/x-www-form-urlencoded").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status($$"""{"Call": {{json}}}""", null).Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status($$"""{"event": "call.ended", "data": {{json}}, "v": {"n": 1} }""", "application/json").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(JsonSerializer.Serialize(json), "application/json").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status("A part for old readers.\r\n" + multipart, "multipart/form-data; boundary=\"xyz\"").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(json, "application/json; charset=utf-16").Only<CallTerminated>());
        Assert.Equal(expected, Webhook.Status(Encoding.Unicode.GetBytes(json), "application/json; charset=utf-16").Only<CallTerminated>());
    }

    [Theory]
    [InlineData("busy\r\n", Outcomes.Busy)]   // the last boundary is missing
    [InlineData("busy\r\n--x\r\nContent-Disposition: form-data; name=\"CustomFi", Outcomes.Busy)]
    [InlineData("bus", null)]   // what was cut is not guessed
    public void A_multipart_body_that_was_cut_is_read_as_far_as_it_goes(string rest, string? outcome)
    {
        const string begin = "--x\r\nContent-Disposition: form-data; name=\"CallSid\"\r\n\r\nb6cf\r\n--x\r\nContent-Disposition: form-data; name=\"Status\"\r\n\r\n";

        var translation = Webhook.Status(begin + rest, "multipart/form-data; boundary=x");

        Assert.Contains("cut-body", translation.Notes!);
        Assert.Equal(outcome, translation.Events.OfType<CallTerminated>().SingleOrDefault()?.Outcome);
        Assert.Equal(outcome is null, translation.Quarantine is not null);
    }

    [Fact]
    public void Legs_that_come_as_JSON_inside_a_form_or_wrapped_once_more_are_read()
    {
        var inside = "CallSid=a&Status=completed&Legs=" + Uri.EscapeDataString("""[{"Status":"completed"},{"Status":"busy"}]""");
        const string wrapped = """{"CallSid":"a","Status":"completed","Legs":[{"Leg":{"Status":"completed"}},{"Leg":{"Status":"busy"}}]}""";

        Assert.Equal(Outcomes.Abandoned, Webhook.Status(inside).Only<CallTerminated>().Outcome);
        Assert.Equal(Outcomes.Abandoned, Webhook.Status(wrapped, "application/json").Only<CallTerminated>().Outcome);
    }

    [Theory]
    [InlineData("RecordingUrl=null")]
    [InlineData("RecordingUrl=")]
    [InlineData("")]
    public void A_recording_that_is_missing_empty_or_the_word_null_is_none(string field) =>
        Assert.Null(Webhook.Status($"CallSid=a&Status=completed&{field}").Only<CallTerminated>().RecordingUrl);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://s3.example@evil.example/a.mp3")]
    [InlineData("https://s3.example/a\u0000.mp3")]
    [InlineData("https://s3.ex\r\nample/a.mp3")]
    public void A_recording_that_is_no_address_of_the_web_is_dropped_and_noted(string address)
    {
        var form = Webhook.Status($"CallSid=a&Status=completed&RecordingUrl={Uri.EscapeDataString(address)}");
        var json = Webhook.Status($$"""{"CallSid":"a","Status":"completed","RecordingUrl":{{System.Text.Json.JsonSerializer.Serialize(address)}}}""", "application/json");

        foreach (var translation in new[] { form, json })
        {
            Assert.Null(translation.Only<CallTerminated>().RecordingUrl);
            Assert.Contains(WebAddress.Oddity, translation.Notes!);
        }
    }

    [Fact]
    public void A_recording_whose_address_is_longer_than_is_kept_is_dropped_rather_than_cut()
    {
        var translation = Webhook.Status($"CallSid=a&Status=completed&RecordingUrl=https://s3.example/{new string('a', 3_000)}");

        Assert.Null(translation.Only<CallTerminated>().RecordingUrl);
        Assert.Contains(WebAddress.Oddity, translation.Notes!);
    }

    [Theory]
    [InlineData("EndTime=1970-01-01 05:30:00&DateUpdated=2026-11-20 12:00:09", 9)]
    [InlineData("EndTime=Fri, 20 Nov 2026 12:00:08&DateUpdated=2026-11-20 12:00:09", 8)]
    [InlineData("EndTime=2026-11-20 12:00:07", 7)]
    [InlineData("EndTime=2026-11-20T06:30:06Z", 6)]
    [InlineData("EndTime=soon&DateUpdated=null", 10)]
    [InlineData("", 10)]
    [InlineData("EndTime=2026-11-20 17:30:00", 10)]   // a wrong zone: nothing that we were told can lie ahead
    public void The_end_is_told_in_either_form_of_date_or_is_the_time_of_receipt(string times, int second) =>
        Assert.Equal(
            new DateTimeOffset(2026, 11, 20, 6, 30, second, TimeSpan.Zero),
            Webhook.Status($"CallSid=a&Status=busy&{times}").Only<CallTerminated>().OccurredAt);

    [Fact]
    public void An_unknown_status_word_at_the_end_is_kept_and_noted()
    {
        var translation = Webhook.Status("CallSid=a&EventType=terminal&Status=half-open");

        Assert.Equal(("half-open", Outcomes.Unknown), (translation.Only<CallTerminated>().RawStatus, translation.Only<CallTerminated>().Outcome));
        Assert.Contains("unknown-status", translation.Notes!);
    }

    [Theory]
    [InlineData("CallSid=a&Status=half-open", "application/x-www-form-urlencoded")]
    [InlineData("CallSid=a", "application/x-www-form-urlencoded")]
    [InlineData("", null)]
    [InlineData("{\"CallSid\":\"a\",", "application/json")]
    [InlineData("hello", "application/json")]
    [InlineData("[1,2]", "application/json")]
    [InlineData("--xyz", "multipart/form-data; boundary=xyz")]
    [InlineData("no boundary", "multipart/form-data; boundary=xyz")]
    public void What_cannot_be_understood_is_quarantined_with_a_reason(string body, string? contentType)
    {
        var translation = Webhook.Status(body, contentType);

        Assert.NotNull(translation.Quarantine);
        Assert.Empty(translation.Events);
    }

    [Fact]
    public void Odd_encodings_are_decoded()
    {
        const string form = "CallSid=a&Status=busy&CustomField=नमस्ते";

        Assert.Equal(Outcomes.Busy, Webhook.Status(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(form)).ToArray(), null)
            .Only<CallTerminated>().Outcome);
        Assert.Equal(Outcomes.Busy, Webhook.Status(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(form)).ToArray(), "text/plain")
            .Only<CallTerminated>().Outcome);
        Assert.Equal(Outcomes.Busy, Webhook.Status(Encoding.Latin1.GetBytes("CallSid=a&Status=busy&Name=José"), "application/x-www-form-urlencoded; charset=iso-8859-1").Only<CallTerminated>().Outcome);
        var broken = Webhook.Status([.. Encoding.ASCII.GetBytes("CallSid=a&Status=busy&Name="), 0xFF, 0xC3], null);
        Assert.Equal(Outcomes.Busy, broken.Only<CallTerminated>().Outcome);
        Assert.Contains("not-utf8", broken.Notes!);
    }

    [Fact]
    public void Characters_that_no_database_stores_are_dropped() =>
        Assert.Equal("busy", Webhook.Status("CallSid=a%00b&Status=bu%00sy").Only<CallTerminated>().RawStatus);

    [Fact]
    public void A_repeated_field_keeps_the_first_value_that_says_something()
    {
        var translation = Webhook.Status("CallSid=&CallSid=a&CallSid=b&Status=null&Status=busy");

        Assert.Equal(("a", Outcomes.Busy), (translation.Only<CallTerminated>().ProviderCallId, translation.Only<CallTerminated>().Outcome));
        Assert.Contains("duplicate-field", translation.Notes!);
    }

    [Fact]
    public void A_replay_yields_the_same_event_ids_and_another_webhook_others()
    {
        var request = new WebhookRequest(
            Webhook.Id, "default", "status", Webhook.Attempt, "POST", "", null, Encoding.UTF8.GetBytes(Plain), Webhook.ReceivedAt);

        var first = Webhook.Translator.Translate(request).Only<CallTerminated>();

        Assert.Equal(first, Webhook.Translator.Translate(request).Only<CallTerminated>());
        Assert.NotEqual(first.EventId, Webhook.Translator.Translate(request with { Id = Guid.NewGuid() }).Only<CallTerminated>().EventId);
    }
}
