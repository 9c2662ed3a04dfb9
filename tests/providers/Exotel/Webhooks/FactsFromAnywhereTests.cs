using System.Text;
using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

/// <summary>
/// A fact is taken from wherever it stands: whatever the wire form, the name's spelling, the wrapper, and the branch of the flow that is told of.
/// </summary>
public sealed class FactsFromAnywhereTests
{
    private const string Recording = "https://recordings.example/a.mp3";
    private static readonly string s_escaped = Uri.EscapeDataString(Recording);

    private static Translation Passthru(string query, string? body = null) => Webhook.Translator.Translate(new WebhookRequest(
        Webhook.Id, "default", "passthru", Webhook.Attempt, body is null ? "GET" : "POST", query, "application/json", Encoding.UTF8.GetBytes(body ?? ""),
        Webhook.ReceivedAt));

    private static (TimeSpan? Talk, string? Recording) Told(Translation translation) =>
        (translation.Events.Max(e => e switch { CallConnected c => c.TalkTime, CallTerminated t => t.TalkTime, _ => null }),
            translation.Events.Select(e =>
                e switch { CallAnswered a => a.RecordingUrl, CallConnected c => c.RecordingUrl, CallTerminated t => t.RecordingUrl, _ => null })
                .FirstOrDefault(url => url is not null));

    public static TheoryData<string> Streams =>
    [
        $"?CallSid=a&CallType=call-attempt&Stream[StreamSID]=s&Stream[Status]=completed&Stream[Duration]=28&Stream[RecordingUrl]={s_escaped}",
        $"?CallSid=a&Stream%5BDuration%5D=28&Stream%5BRecordingUrl%5D={s_escaped}&Stream%5BDisconnectedBy%5D=bot",
        $"?CallSid=a&stream[duration]=28&STREAM[RECORDINGURL]={s_escaped}",
        $"?CallSid=a&Stream[duration]=28&Stream[recording_url]={s_escaped}",
        $"?CallSid=a&Stream.Duration=28&Stream.RecordingUrl={s_escaped}",
        "?CallSid=a&Stream=" + Uri.EscapeDataString($$"""{"StreamSID":"s","Status":"completed","Duration":"28","RecordingUrl":"{{Recording}}"}"""),
        "?CallSid=a&Stream=" + Uri.EscapeDataString($$"""{\"StreamSID\":\"s\",\"Duration\":28,\"RecordingUrl\":\"{{Recording}}\"}"""),
    ];

    [Theory, MemberData(nameof(Streams))]
    public void A_streams_recording_and_duration_are_the_calls(string query)
    {
        var translation = Passthru(query);

        Assert.Equal((TimeSpan.FromSeconds(28), Recording), Told(translation));
        Assert.Equal(Webhook.ReceivedAt.AddSeconds(-28), translation.Events.OfType<CallConnected>().Single().OccurredAt);   // joined with a bot
        Assert.Empty(translation.Events.OfType<CallTerminated>());   // its status is the stream's and not the call's
    }

    public static TheoryData<string> Bodies =>
    [
        $$$"""{"CallSid":"a","Stream":{"RecordingUrl":"{{{Recording}}}","Duration":28}}""",
        $$$"""{"Stream":{"RecordingUrl":"{{{Recording}}}","Duration":"28","Status":"completed"}}""",
        $$$"""{"Call":{"CallSid":"a","Stream":{"RecordingUrl":"{{{Recording}}}","Duration":28}},"EventType":"passthru"}""",
        $$$"""[{"call_sid":"a","stream":{"recording_url":"{{{Recording}}}","duration":28}}]""",
        $$$"""{"CallSid":"a","Stream":"{\"RecordingUrl\":\"{{{Recording}}}\",\"Duration\":28}"}""",
    ];

    [Theory, MemberData(nameof(Bodies))]
    public void A_streams_facts_are_read_in_JSON_nested_wrapped_or_as_text(string body) =>
        Assert.Equal((TimeSpan.FromSeconds(28), Recording), Told(Passthru("?CallSid=a", body)));

    [Theory]
    [InlineData("voicemail")]
    [InlineData("call-attempt")]
    [InlineData("completed")]
    [InlineData("incomplete")]
    [InlineData("client-hangup")]
    [InlineData("null")]
    public void A_recording_that_only_a_Passthru_without_a_status_names_is_kept_whatever_the_branch(string type) =>
        Assert.Equal(Recording, Told(Passthru($"?CallSid=a&CallType={type}&RecordingUrl={s_escaped}")).Recording);

    [Theory]
    [InlineData("Legs[0][OnCallDuration]=0&Legs[1][OnCallDuration]=42")]
    [InlineData("Legs[0][Number]=0801&Legs[0][Cause]=1003&Legs[1][OnCallDuration]=42")]
    [InlineData("Legs[1][OnCallDuration]=0&Legs[2][OnCallDuration]=42")]
    [InlineData("Legs[2][OnCallDuration]=42")]
    [InlineData("Legs=[{},{\"OnCallDuration\":42}]")]
    [InlineData("Legs.1.OnCallDuration=42")]
    [InlineData("Call[Legs][1][Leg][OnCallDuration]=42")]
    [InlineData("ConversationDuration=42")]
    public void The_talk_of_a_second_Connect_is_found_in_whichever_leg_it_stands(string legs)
    {
        var translation = Passthru("?CallSid=a&CallType=completed&" + string.Join('&', legs.Split('&').Select(Uri.EscapeDataString)).Replace("%3D", "=", StringComparison.Ordinal));

        Assert.Equal(TimeSpan.FromSeconds(42), translation.Events.OfType<CallConnected>().Single().TalkTime);
    }

    [Fact]
    public void Who_hung_up_after_a_conversation_was_connected()
    {
        var translation = Passthru("?CallSid=a&CallType=client-hangup&DialCallStatus=completed&Legs[0][OnCallDuration]=17");

        Assert.Equal(TimeSpan.FromSeconds(17), translation.Events.OfType<CallConnected>().Single().TalkTime);
        Assert.Equal((Outcomes.Completed, true), translation.Events.OfType<CallTerminated>().Select(t => (t.Outcome, t.Step)).Single());
    }

    [Theory]
    [InlineData("Legs[0][Status]=completed&Legs[1][Status]=no-answer&Legs[2][Status]=completed&Legs[2][OnCallDuration]=42", Outcomes.Completed, 42)]
    [InlineData("Legs[1][Status]=completed&Legs[1][OnCallDuration]=90&Legs[2][Status]=no-answer&Legs[2][OnCallDuration]=0", Outcomes.Abandoned, 0)]
    [InlineData("Legs[0][Status]=completed&Legs[0][OnCallDuration]=90&Legs[1][Status]=completed&Legs[1][OnCallDuration]=42", Outcomes.Completed, 42)]
    [InlineData("Call[Legs][0][Status]=completed&Call[Legs][1][Status]=busy", Outcomes.Abandoned, null)]
    [InlineData("Details[Leg1Status]=completed&Details[Leg2Status]=no-answer&Details[ConversationDuration]=0", Outcomes.Abandoned, 0)]
    [InlineData("Details[ConversationDuration]=42", Outcomes.Completed, 42)]
    [InlineData("Stream[Duration]=42&Legs[0][Status]=completed&Legs[1][Status]=null", Outcomes.Completed, 42)]
    public void A_final_status_is_read_with_all_its_legs(string fields, string outcome, int? talk)
    {
        var ended = Webhook.Status($"CallSid=a&Status=completed&{fields}").Only<CallTerminated>();

        Assert.Equal((outcome, talk, false), (ended.Outcome, (int?)ended.TalkTime?.TotalSeconds, ended.Provisional));
    }

    [Theory]
    [InlineData("Call[CallSid]=a&Call[Status]=busy")]
    [InlineData("call_sid=a&status=busy")]
    [InlineData("CALLSID=a&STATUS=Busy")]
    [InlineData("Call={\"CallSid\":\"a\",\"Status\":\"busy\"}")]
    public void A_wrapped_or_otherwise_spelled_call_is_the_call(string body)
    {
        var ended = Webhook.Status(body).Only<CallTerminated>();

        Assert.Equal(("a", Outcomes.Busy), (ended.ProviderCallId, ended.Outcome));
    }

    [Fact]
    public void What_we_gave_along_comes_back_whole_though_it_looks_like_JSON()
    {
        var translation = Webhook.Get("passthru", "?CallSid=a&CallType=call-attempt&CustomField=" + Uri.EscapeDataString("{\"Status\":\"busy\"}"));

        Assert.Contains("foreign-custom-field", translation.Notes!);
        Assert.Equal("a", translation.UnmatchedCallId);
    }
}
