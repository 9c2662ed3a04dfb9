using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

public sealed class FlowWebhookTests
{
    [Fact]
    public void The_incomplete_Passthru_of_seed_S3_is_an_answered_lead_who_hung_up_unconnected_as_far_as_it_knows()
    {
        var translation = Webhook.Get("passthru", Seed.Query("S3-passthru-incomplete.txt"));

        Assert.Equal("0e50bc001da69c238b55b56a0a1c157e", translation.UnmatchedCallId);
        Assert.Equal([typeof(CallAnswered), typeof(CallTerminated)], translation.Events.Select(happened => happened.GetType()));
        var ended = (CallTerminated)translation.Events[1];
        Assert.Equal((Outcomes.Abandoned, 1003, "RING_TIMEOUT", "client-hangup", true), (ended.Outcome, ended.Cause, ended.CauseName, ended.RawStatus, ended.Step));
        Assert.Equal(new DateTimeOffset(2021, 7, 14, 10, 6, 43, TimeSpan.Zero), ended.OccurredAt);
    }

    [Fact]
    public void The_completed_Passthru_of_seed_S3_is_an_answered_and_connected_lead()
    {
        var translation = Webhook.Get("passthru", Seed.Query("S3-passthru-completed.txt"));

        Assert.Equal("3edd4e59486d063b46403496ad3e157e", translation.UnmatchedCallId);
        Assert.Equal([typeof(CallAnswered), typeof(CallConnected)], translation.Events.Select(happened => happened.GetType()));
        // 40 s from dialing the second leg, 31 s of them talk, up to 15:40:55.
        Assert.Equal(new DateTimeOffset(2021, 7, 14, 10, 10, 15, TimeSpan.Zero), translation.Events[0].OccurredAt);
        Assert.Equal(new DateTimeOffset(2021, 7, 14, 10, 10, 24, TimeSpan.Zero), translation.Events[1].OccurredAt);
    }

    [Fact]
    public void The_DialWhom_GET_of_seed_S3_read_as_a_Passthru_is_an_answered_lead()
    {
        var answered = Webhook.Get("passthru", Seed.Query("S3-dial-whom.txt")).Only<CallAnswered>();

        Assert.Equal(("066b197844c030d6737dac19cca6157p", "call-attempt"), (answered.ProviderCallId, answered.RawStatus));
        Assert.Equal(new DateTimeOffset(2021, 7, 25, 9, 26, 14, TimeSpan.Zero), answered.OccurredAt);
    }

    [Theory]
    [InlineData("completed", "completed", "", Outcomes.Completed)]
    [InlineData("completed", null, "", null)]
    [InlineData("voicemail", "completed", "", Outcomes.Completed)]
    [InlineData("voicemail", null, "", Outcomes.Completed)]
    [InlineData("incomplete", null, "", Outcomes.Abandoned)]
    [InlineData("incomplete", "in-progress", "", Outcomes.Abandoned)]
    [InlineData("incomplete", "completed", "", Outcomes.Abandoned)]
    [InlineData("incomplete", "no-answer", "", Outcomes.Abandoned)]
    [InlineData("client-hangup", null, "", Outcomes.Abandoned)]
    [InlineData("client-hangup", null, "&DialCallStatus=completed&Legs[0][OnCallDuration]=9", Outcomes.Completed)]
    [InlineData("call-attempt", "in-progress", "", null)]
    [InlineData("call-attempt", "completed", "", Outcomes.Completed)]
    [InlineData("null", "in-progress", "", null)]
    [InlineData("null", "busy", "", Outcomes.Abandoned)]
    [InlineData("null", "null", "&DialCallStatus=no-answer", Outcomes.Abandoned)]
    public void Law_11_a_Passthru_says_how_the_call_would_end_and_never_that_it_has_ended(string type, string? status, string more, string? outcome)
    {
        var translation = Webhook.Get("passthru", $"?CallSid=a&CustomField={Webhook.Attempt}&CallType={type}&CallStatus={status}{more}");

        Assert.Null(translation.UnmatchedCallId);
        Assert.All(translation.Events, happened => Assert.Equal(Webhook.Attempt, Assert.IsType<ICallEvent>(happened, exactMatch: false).AttemptId));
        Assert.IsType<CallAnswered>(translation.Events[0]);
        var step = translation.Events.OfType<CallTerminated>().SingleOrDefault();
        Assert.Equal((outcome, outcome is not null, outcome is not null), (step?.Outcome, step is { Step: true }, step is { Provisional: true }));
    }

    [Theory]
    [InlineData("%2212%22", "12")]
    [InlineData("\"*9#\"", "*9#")]
    [InlineData("7", "7")]
    public void Pressed_keys_lose_their_quotes(string sent, string digits)
    {
        var translation = Webhook.Get("passthru", $"?CallSid=a&CustomField={Webhook.Attempt}&CallType=call-attempt&digits={sent}");

        Assert.Equal(digits, Assert.Single(translation.Events.OfType<CallDigitsPressed>()).Digits);
    }

    [Theory]
    [InlineData("digits=null")]
    [InlineData("digits=%22%22")]
    [InlineData("digits=")]
    public void No_keys_are_no_event(string digits) =>
        Webhook.Get("passthru", $"?CallSid=a&CallType=call-attempt&{digits}").Only<CallAnswered>();

    [Fact]
    public void A_foreign_CustomField_leaves_the_call_id_to_find_the_attempt()
    {
        var translation = Webhook.Get("passthru", "?CallSid=a&CallType=call-attempt&CustomField=order-17");

        Assert.Equal("a", translation.UnmatchedCallId);
        Assert.Contains("foreign-custom-field", translation.Notes!);
    }

    [Fact]
    public void The_ids_of_unmatched_events_stay_when_the_attempt_is_known()
    {
        var request = new WebhookRequest(Webhook.Id, "default", "passthru", null, "GET", Seed.Query("S3-passthru-completed.txt"), null, [], Webhook.ReceivedAt);

        var before = Webhook.Translator.Translate(request);
        var after = Webhook.Translator.Translate(request with { AttemptId = Webhook.Attempt });

        Assert.Equal(before.Events.Select(happened => happened.EventId), after.Events.Select(happened => happened.EventId));
        Assert.All(after.Events, happened => Assert.Equal(Webhook.Attempt, Assert.IsType<ICallEvent>(happened, exactMatch: false).AttemptId));
        Assert.Null(after.UnmatchedCallId);
    }

    [Fact]
    public void A_Passthru_that_names_nothing_is_quarantined()
    {
        Assert.NotNull(Webhook.Get("passthru", "").Quarantine);
        Assert.NotNull(Webhook.Get("passthru", "?CallType=call-attempt").Quarantine);
    }

    [Fact]
    public void A_heartbeat_is_accepted_without_events_and_anything_else_is_quarantined()
    {
        const string heartbeat = """
            {"timestamp":"2026-11-20T12:00:00+05:30","status_type":"WARNING","incoming_affected":["s1"],"outgoing_affected":[],
             "data":{"s1":{"incoming_call":{"status":"major_outage","last_check_time":"2026-11-20T11:59:00+05:30"}}}}
            """;

        Assert.True(Webhook.Heartbeat(heartbeat) is { Events.Count: 0, Quarantine: null });
        Assert.NotNull(Webhook.Heartbeat("{}").Quarantine);
        Assert.NotNull(Webhook.Get("weather", "?CallSid=a").Quarantine);
    }
}
