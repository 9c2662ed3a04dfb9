using Microsoft.Extensions.Options;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>The answers to DialWhom, and what the flow does with one that it cannot use.</summary>
public class DialWhomTests
{
    private static readonly ExoPhones Own = new(Options.Create(new SimulatorOptions()));

    [Theory]
    [InlineData("text/plain", "09825012345", "+919825012345")]
    [InlineData("text/plain", " +919825012345\n", "+919825012345")]
    [InlineData(null, "", "")]
    [InlineData("application/json", """{"destination":{"numbers":[]}}""", "")]
    [InlineData("application/json", """{"destination":{"numbers":["+919825012345","09876500001"]}}""", "+919825012345 +919876500001")]
    [InlineData("application/json", """{"destination":{"numbers":["sip:agent@example.com"]}}""", "")]
    [InlineData("application/json", """
        {"fetch_after_attempt":true,"destination":{"numbers":["+919825012345"]},"outgoing_phone_number":"+917948850040","record":true,
        "recording_channels":"dual","max_ringing_duration":60,"max_conversation_duration":4500,"music_on_hold":{"type":"custom_tone","value":"http://x/y.wav"},
        "start_call_playback":{"playback_to":"callee","type":"text","value":"hello"},"parallel_ringing":{"activate":true,"max_parallel_attempts":5},
        "dial_passthru_event_url":"https://example.com/e"}
        """, "+919825012345")]
    public void Both_published_forms_are_read(string? type, string body, string numbers)
    {
        var (answer, problem) = DialWhomAnswer.Read(type, body, Own);

        Assert.Null(problem);
        Assert.Equal(numbers, string.Join(' ', answer!.Numbers));
    }

    [Theory]
    [InlineData("text/plain", "nobody", "the text is no phone number")]
    [InlineData("text/plain", "09825012345,09825012346", "the text is no phone number")]
    [InlineData("text/plain", """{"destination":{"numbers":[]}}""", "the text is no phone number")]
    [InlineData("application/json", "09825", "the body is no JSON")]
    [InlineData("application/json", "[]", "the answer is no object")]
    [InlineData("application/json", "{}", "destination is missing")]
    [InlineData("application/json", """{"destination":{}}""", "destination.numbers is missing")]
    [InlineData("application/json", """{"destination":{"numbers":"+919825012345"}}""", "destination.numbers is unknown or wrong")]
    [InlineData("application/json", """{"destination":{"numbers":["12"]}}""", "destination.numbers has what is no phone number")]
    [InlineData("application/json", """{"destination":{"numbers":[9825012345]}}""", "destination.numbers is no text")]
    [InlineData("application/json", """{"destination":{"trunk":"trunk-1"}}""", "the account has no such trunk")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"lead":"7"}""", "lead is unknown")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"outgoing_phone_number":"+919825012345"}""", "outgoing_phone_number is no own number")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"record":"true"}""", "record is neither true nor false")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"recording_channels":"stereo"}""", "recording_channels is none of single, dual")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"max_ringing_duration":61}""", "max_ringing_duration is not from 1 to 60")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"max_conversation_duration":4501}""", "max_conversation_duration is not from 1 to 4500")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"parallel_ringing":{"activate":true,"max_parallel_attempts":6}}""",
        "parallel_ringing.max_parallel_attempts is not from 1 to 5")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"music_on_hold":{"type":"silence"}}""",
        "music_on_hold.type is none of default_tone, operator_tone, custom_tone")]
    [InlineData("application/json", """{"destination":{"numbers":[]},"dial_passthru_event_url":"example"}""", "dial_passthru_event_url is no URL")]
    public void One_unknown_or_wrong_field_makes_the_whole_answer_invalid(string type, string body, string expected)
    {
        var (answer, problem) = DialWhomAnswer.Read(type, body, Own);

        Assert.Null(answer);
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("status", "failed")]
    [InlineData("nonsense", "invalid")]
    [InlineData("silence", "late")]
    public async Task When_the_primary_url_gives_nothing_usable_the_fallback_is_asked(string trouble, string understood)
    {
        await using var rig = await FlowRig.Start(new { fallbackUrl = "/fallback" }, null, ("Simulator:DialWhomTimeout", "00:00:00.5"));
        Spoil(rig, trouble);
        var answered = rig.Simulator.Receiver.Body;
        rig.Simulator.Receiver.Body = r => r.Path == "/fallback" && rig.Of("/fallback").Count == 1 ? ("text/plain", "09825056602") : answered(r);
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal(["+919825056602 busy"], await rig.Legs());
        Assert.Equal("1.0", rig.Of("/fallback")[0].Version);
        var asked = (await rig.Call())["callbacks"]!.AsArray().Where(c => c!["kind"]!.ToString() == "dialwhom");
        Assert.Equal([$"primary {understood}", "fallback numbers"], asked.Take(2).Select(c => $"{c!["event"]} {c["understood"]}"));
    }

    [Theory]
    [InlineData("status", "failed")]
    [InlineData("nonsense", "invalid")]
    [InlineData("silence", "late")]
    public async Task Without_a_fallback_it_is_as_if_there_were_nobody(string trouble, string counted)
    {
        await using var rig = await FlowRig.Start(null, null, ("Simulator:DialWhomTimeout", trouble == "silence" ? "00:00:00.5" : "00:01:00"));
        Spoil(rig, trouble);
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Empty((await rig.Call())["legs"]!.AsArray());
        Assert.Equal((1, 1), ((int)(await rig.Counts())["dialWhom"]!["requests"]!, (int)(await rig.Counts())["dialWhom"]![counted]!));
    }

    private static void Spoil(FlowRig rig, string trouble)
    {
        var receiver = rig.Simulator.Receiver;
        var never = new TaskCompletionSource();
        rig.Answers = _ => "nonsense";
        receiver.Answer = r => r.Path == "/dialwhom" && trouble == "status" ? 500 : 200;
        receiver.Before = r => r.Path == "/dialwhom" && trouble == "silence" ? never.Task : Task.CompletedTask;
    }
}
