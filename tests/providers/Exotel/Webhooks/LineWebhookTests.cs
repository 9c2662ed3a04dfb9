using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

/// <summary>Popups, the Passthru behind a Connect applet, and the status of an agent's line.</summary>
public sealed class LineWebhookTests
{
    [Fact]
    public void The_incomplete_Passthru_of_seed_S3_is_a_lead_who_did_not_answer_and_an_agent_who_left()
    {
        var ended = Webhook.Get("dialed", Seed.Query("S3-passthru-incomplete.txt")).Only<DialEnded>();

        Assert.Equal(("0e50bc001da69c238b55b56a0a1c157e", Outcomes.NoAnswer, true), (ended.ProviderCallId, ended.Outcome, ended.FromHungUp));
        Assert.Equal((1003, "RING_TIMEOUT", "client-hangup"), (ended.Cause, ended.CauseName, ended.RawStatus));
        Assert.Equal((null, "+917995679243"), (ended.From, ended.DialedNumber));   // the agent is printed masked
        Assert.Equal((TimeSpan.Zero, null), (ended.TalkTime, ended.RecordingUrl));
        Assert.Equal(new DateTimeOffset(2021, 7, 14, 10, 6, 43, TimeSpan.Zero), ended.OccurredAt);
    }

    [Fact]
    public void The_completed_Passthru_of_seed_S3_is_a_conversation_with_the_number_that_its_leg_names()
    {
        var ended = Webhook.Get("dialed", Seed.Query("S3-passthru-completed.txt")).Only<DialEnded>();

        Assert.Equal(("3edd4e59486d063b46403496ad3e157e", Outcomes.Completed, false), (ended.ProviderCallId, ended.Outcome, ended.FromHungUp));
        Assert.Equal((16, "NORMAL_CLEARING", "completed"), (ended.Cause, ended.CauseName, ended.RawStatus));
        Assert.Equal((null, "+917995679243"), (ended.From, ended.DialedNumber));   // DialWhomNumber is printed masked, its leg is not
        Assert.Equal(TimeSpan.FromSeconds(31), ended.TalkTime);
        Assert.Equal("https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/skillstreet/3edd4e59486d063b46403496xxx3e157e.mp3", ended.RecordingUrl);
        Assert.Equal(new DateTimeOffset(2021, 7, 14, 10, 10, 55, TimeSpan.Zero), ended.OccurredAt);
    }

    [Fact]
    public void The_DialWhom_GET_of_seed_S3_read_as_the_Passthru_behind_Connect_has_dialed_nobody()
    {
        var ended = Webhook.Get("dialed", Seed.Query("S3-dial-whom.txt")).Only<DialEnded>();

        Assert.Equal((null, null, "+917709562799", false), (ended.DialedNumber, ended.Outcome, ended.From, ended.FromHungUp));
    }

    [Theory]
    [InlineData("%20Dial", "busy", PopupStages.Dial)]
    [InlineData("Answered", "busy", PopupStages.Answered)]
    [InlineData("Terminal", "free", PopupStages.Terminal)]
    [InlineData("Ringing", "busy", PopupStages.Ringing)]
    public void A_popup_with_every_parameter_of_the_table_of_seed_S3_names_line_lead_and_stage(string eventType, string status, string stage)
    {
        var popup = Webhook.Get("popup", Popup("Event%20Type=" + eventType, status)).Only<DialPopup>();

        Assert.Equal((stage, "066b197844c030d6737dac19cca6157p"), (popup.Stage, popup.ProviderCallId));
        Assert.Equal(("+917709562799", "+917995679243"), (popup.From, popup.DialedNumber));
        Assert.Equal(new DateTimeOffset(2021, 7, 25, 9, 26, 20, TimeSpan.Zero), popup.OccurredAt);
    }

    /// <summary>The table's parameters, in its order, with values as its other samples print them.</summary>
    internal static string Popup(string eventType, string status)
    {
        var values = new Dictionary<string, string>
        {
            ["CallSid"] = "066b197844c030d6737dac19cca6157p",
            ["CallFrom"] = "07709562799",
            ["CallTo"] = "07314853246",
            ["Direction"] = "outbound-dial",
            ["Created"] = "Sun, 25 Jul 2021 14:56:12",
            ["From"] = "07709562799",
            ["To"] = "07314853246",
            ["CurrentTime"] = "2021-07-25 14:56:20",
            ["DialWhomNumber"] = "07995679243",
            ["Status"] = status,
        };
        var table = Seed.Read("S3-popup-table.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = table.Skip(2).Where((_, line) => line % 2 == 0).Select(line => line.Trim()).TakeWhile(name => name != "Event Type").ToList();
        Assert.Equal(values.Keys, names);
        return "?" + string.Join('&', names.Select(name => $"{name}={Uri.EscapeDataString(values[name])}")) + "&" + eventType;
    }

    [Theory]
    [InlineData("Status=free", PopupStages.Terminal, null)]
    [InlineData("Status=busy", PopupStages.Dial, null)]
    [InlineData("EventType=null&Status=free", PopupStages.Terminal, null)]
    [InlineData("EventType=Whispered&Status=busy", "whispered", "unknown-event")]
    public void A_popup_of_an_odd_form_still_tells_its_stage(string query, string stage, string? note)
    {
        var translation = Webhook.Get("popup", "?CallSid=a&" + query);

        Assert.Equal(stage, translation.Only<DialPopup>().Stage);
        if (note is not null)
            Assert.Contains(note, translation.Notes!);
    }

    [Theory]
    [InlineData("popup", "?EventType=Dial")]
    [InlineData("popup", "?CallSid=a&Status=sleepy")]
    [InlineData("dialed", "?CallType=completed")]
    [InlineData("line", "?Status=completed")]
    [InlineData("line", "?CallSid=a")]
    [InlineData("line", "?CallSid=a&Status=gone-fishing")]
    public void What_names_no_call_or_no_stage_is_quarantined(string kind, string query) => Assert.NotNull(Webhook.Get(kind, query).Quarantine);

    [Theory]
    [InlineData("07995679243", "+917995679243")]
    [InlineData("+917995679243", "+917995679243")]
    [InlineData("7995679243", "+917995679243")]
    [InlineData("07995679xx", null)]
    [InlineData("0770956xxx", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("sip:agent@exotel.com", null)]
    public void Numbers_become_E164_where_they_can_be_read_and_nothing_where_they_cannot(string sent, string? read)
    {
        var popup = Webhook.Get("popup", $"?CallSid=a&EventType=Dial&From=07709562799&DialWhomNumber={Uri.EscapeDataString(sent)}").Only<DialPopup>();

        Assert.Equal((read, "+917709562799"), (popup.DialedNumber, popup.From));
    }

    [Theory]
    [InlineData("CallType=completed&DialCallStatus=completed&Legs[0][OnCallDuration]=9&Legs[0][Cause]=16", Outcomes.Completed)]
    [InlineData("CallType=incomplete&DialCallStatus=no-answer", Outcomes.NoAnswer)]
    [InlineData("CallType=incomplete&DialCallStatus=null", Outcomes.NoAnswer)]
    [InlineData("CallType=incomplete&DialCallStatus=no-answer&Legs[0][OnCallDuration]=0&Legs[0][CauseCode]=RING_TIMEOUT&Legs[0][Cause]=1003", Outcomes.NoAnswer)]
    [InlineData("CallType=incomplete&DialCallStatus=busy", Outcomes.Busy)]
    [InlineData("CallType=incomplete&DialCallStatus=busy&Legs[0][OnCallDuration]=0&Legs[0][CauseCode]=USER_BUSY&Legs[0][Cause]=17", Outcomes.Busy)]
    [InlineData("CallType=incomplete&DialCallStatus=busy&Legs[0][OnCallDuration]=0&Legs[0][CauseCode]=CALL_REJECTED&Legs[0][Cause]=21", Outcomes.Rejected)]
    [InlineData("CallType=incomplete&DialCallStatus=failed&Legs[0][OnCallDuration]=0&Legs[0][CauseCode]=SUBSCRIBER_ABSENT&Legs[0][Cause]=20", Outcomes.Unreachable)]
    [InlineData("CallType=incomplete&DialCallStatus=failed&Legs[0][OnCallDuration]=0&Legs[0][CauseCode]=UNALLOCATED_NUMBER&Legs[0][Cause]=1", Outcomes.InvalidNumber)]
    [InlineData("CallType=incomplete&DialCallStatus=failed", Outcomes.Unreachable)]
    [InlineData("CallType=client-hangup&DialCallStatus=canceled", Outcomes.Canceled)]
    [InlineData("CallType=client-hangup&DialCallStatus=canceled&Legs[0][OnCallDuration]=12&Legs[0][Cause]=16", Outcomes.Completed)]
    [InlineData("CallType=client-hangup&DialCallStatus=completed", Outcomes.Completed)]
    [InlineData("CallType=client-hangup&DialCallStatus=completed&Legs[0][OnCallDuration]=0", Outcomes.Completed)]
    [InlineData("CallType=incomplete&DialCallStatus=completed", Outcomes.NoAnswer)]
    [InlineData("CallType=voicemail&DialCallStatus=completed", Outcomes.NoAnswer)]
    [InlineData("CallType=voicemail&DialCallStatus=no-answer", Outcomes.NoAnswer)]
    public void How_a_dialing_ended_is_told_by_talk_then_cause_then_word(string query, string outcome) =>
        Assert.Equal(outcome, Webhook.Get("dialed", $"?CallSid=a&DialWhomNumber=07995679243&{query}").Only<DialEnded>().Outcome);

    [Theory]
    [InlineData("CurrentTime=2021-07-14 15:36:43", null)]
    [InlineData("CallType=null", null)]
    [InlineData("CallType=call-attempt", null)]
    [InlineData("CallType=call-attempt&DialCallStatus=null&DialWhomNumber=", null)]
    [InlineData("CallType=incomplete", Outcomes.NoAnswer)]
    [InlineData("CallType=client-hangup", Outcomes.Canceled)]
    [InlineData("CallType=client-hangup&DialCallStatus=null&DialWhomNumber=null", Outcomes.Canceled)]
    [InlineData("CallType=completed", Outcomes.Completed)]
    [InlineData("CallType=voicemail", Outcomes.Unknown)]
    [InlineData("CallType=some-new-word", Outcomes.Unknown)]
    public void Nobody_was_dialed_only_where_the_call_is_still_an_attempt_and_nothing_tells_of_a_phone(string query, string? outcome) =>
        Assert.Equal(outcome, Webhook.Get("dialed", $"?CallSid=a&{query}").Only<DialEnded>().Outcome);

    [Fact]
    public void Of_several_legs_the_one_that_talked_is_who_was_reached()
    {
        var ended = Webhook.Get("dialed", "?CallSid=a&CallType=completed&DialWhomNumber=07995679245"
            + "&Legs[0][Number]=07995679243&Legs[0][OnCallDuration]=0&Legs[0][Cause]=26&Legs[1][Number]=07995679244&Legs[1][OnCallDuration]=40&Legs[1][Cause]=16"
            + "&Legs[2][Number]=07995679245&Legs[2][OnCallDuration]=0").Only<DialEnded>();

        Assert.Equal(("+917995679244", Outcomes.Completed, TimeSpan.FromSeconds(40)), (ended.DialedNumber, ended.Outcome, ended.TalkTime));
        Assert.Null(ended.OtherNumber);   // the number beside it is another phone's
        Assert.Equal(
            [new("+917995679243", null), new("+917995679244", Outcomes.Completed), new("+917995679245", null)], ended.Phones!);
    }

    [Theory]
    [InlineData("DialWhomNumber=07995679243&Legs[0][Number]=09000012345", "+919000012345", "+917995679243")]
    [InlineData("DialWhomNumber=09000012345", "+919000012345", null)]
    [InlineData("DialWhomNumber=079956XXXXX&Legs[0][Number]=XXXXXXXXXXX", null, null)]
    [InlineData("DialWhomNumber=&Legs[0][Number]=", null, null)]
    [InlineData("DialWhomNumber=null&Legs[0][Number]=null", null, null)]
    public void A_forwarded_phone_that_talked_has_both_numbers_that_are_named_or_none(string numbers, string? dialed, string? other)
    {
        var ended = Webhook.Get("dialed", $"?CallSid=a&CallType=completed&{numbers}&Legs[0][OnCallDuration]=40&Legs[0][Cause]=16").Only<DialEnded>();

        Assert.Equal((dialed, other, Outcomes.Completed), (ended.DialedNumber, ended.OtherNumber, ended.Outcome));
        Assert.Null(ended.Phones);
    }

    [Theory]
    [InlineData("CallSid=a&Status=completed", Outcomes.Completed)]
    [InlineData("CallSid=a&Status=no-answer", Outcomes.NoAnswer)]
    [InlineData("CallSid=a&Status=busy", Outcomes.Busy)]
    [InlineData("CallSid=a&Status=failed&Legs[0][CauseCode]=SUBSCRIBER_ABSENT&Legs[0][Cause]=20", Outcomes.Unreachable)]
    [InlineData("CallSid=a&EventType=terminal&Status=no-answer&Legs[0][Status]=completed", Outcomes.Completed)]
    [InlineData("CallSid=a&EventType=terminal&Status=completed&Legs[0][Status]=completed&Legs[1][Status]=no-answer", Outcomes.Completed)]
    public void The_end_of_a_line_says_whether_the_agent_had_picked_up(string body, string outcome)
    {
        var ended = Line(body).Only<LineEnded>();

        Assert.Equal((Webhook.Attempt, "a", outcome), (ended.LineId, ended.ProviderCallId, ended.Outcome));
    }

    [Theory]
    [InlineData("CallSid=a&Status=in-progress")]
    [InlineData("CallSid=a&EventType=answered&Status=in-progress&Legs[0][Status]=in-progress")]
    public void A_line_that_goes_on_is_no_event(string body) => Assert.True(Line(body) is { Events.Count: 0, Quarantine: null });

    [Theory]
    [InlineData("popup", "?CallSid=a&EventType=Dial")]
    [InlineData("dialed", "?CallSid=a&CallType=completed")]
    [InlineData("line", "?CallSid=a&Status=completed")]
    public void A_replay_yields_the_same_event(string kind, string query)
    {
        var (first, second) = (Webhook.Get(kind, query), Webhook.Get(kind, query));

        Assert.Equal(Assert.Single(first.Events), Assert.Single(second.Events));
        Assert.Null(first.UnmatchedCallId);   // nobody waits for an attempt of it
    }

    private static Translation Line(string body) => Webhook.Translator.Translate(new WebhookRequest(
        Webhook.Id, "default", "line", Webhook.Attempt, "POST", "", "application/x-www-form-urlencoded", System.Text.Encoding.UTF8.GetBytes(body), Webhook.ReceivedAt));
}
