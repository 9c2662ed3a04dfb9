using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>The <c>Call</c> object as the connect reply, the call details and the bulk list show it.</summary>
public sealed class CallDocuments(IOptions<SimulatorOptions> options, NumberDirectory numbers, TimeProvider clock)
{
    private const decimal PricePerMinute = 1.5m;

    private string Account => options.Value.AccountSid;

    /// <summary>Right after the first leg was submitted: <c>in-progress</c> although nobody answered yet, everything later null.</summary>
    public JsonObject ConnectReply(SimulatedCall call)
    {
        var body = Common(call, "in-progress", call.CreatedAt, call.CreatedAt, $"/v1/Accounts/{Account}/Calls.json/{call.Sid}");
        return new JsonObject { ["Call"] = body };
    }

    public JsonObject Details(SimulatedCall call, bool withLegs)
    {
        var body = Row(call);
        if (withLegs)
            body["Details"] = Legs(call);
        return new JsonObject { ["Call"] = body };
    }

    /// <summary>The call as the records have it now; <c>EndTime</c>, <c>Duration</c> and <c>Price</c> arrive some time after its end.</summary>
    public JsonObject Row(SimulatedCall call)
    {
        var now = clock.GetUtcNow();
        var ended = now >= call.EndedAt;
        var settled = now >= call.EndedAt + options.Value.DetailsDelay && numbers.FixedBehaviour(call.Person) is not { DetailsNeverFilled: true };
        var updated = settled ? call.EndedAt + options.Value.DetailsDelay : ended ? call.EndedAt : now >= call.AnsweredAt ? call.AnsweredAt.Value
            : call.CreatedAt;
        var body = Common(
            call, call.StatusAt(now), updated, now >= call.AnsweredAt ? call.AnsweredAt.Value : call.CreatedAt,
            $"/v1/Accounts/{Account}/Calls/{call.Sid}");
        // Once a call is over the samples show empty text where a running call has null.
        foreach (var name in (string[])(ended ? ["ParentCallSid", "ForwardedFrom", "CallerName"] : []))
            body[name] = "";
        if (ended && call.IsAnswered)
            body["AnsweredBy"] = call.Reaction.Machine ? "machine" : "human";
        if (settled)
        {
            body["EndTime"] = IndianTime.Text(call.EndedAt);
            body["Duration"] = call.OnCallSeconds.ToString(CultureInfo.InvariantCulture);
            body["Price"] = Price(call);
            var recorded = call.EndedAt + options.Value.DetailsDelay + (call.RecordingLate ?? TimeSpan.Zero);
            var elsewhere = call is { RecordingInPassthru: true, RecordingLate: null };
            body["RecordingUrl"] = !elsewhere && now >= recorded ? RecordingUrl(call) : null;
        }
        return body;
    }

    /// <summary>Where the recording of a conversation or a message is; null without one.</summary>
    public string? RecordingUrl(SimulatedCall call) =>
        call.TalkSeconds > 0 || call.FlowEnd == FlowEnd.Voicemail ? $"https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/{Account}/{call.Sid}.mp3" : null;

    /// <summary>The same as callbacks name it: not one that is made ready late.</summary>
    public string? NamedRecording(SimulatedCall call) => call.RecordingLate is null ? RecordingUrl(call) : null;

    private JsonObject Common(SimulatedCall call, string status, DateTimeOffset updated, DateTimeOffset started, string uri) => new()
    {
        ["Sid"] = call.Sid,
        ["ParentCallSid"] = null,
        ["DateCreated"] = IndianTime.Text(call.CreatedAt),
        ["DateUpdated"] = IndianTime.Text(updated),
        ["AccountSid"] = Account,
        ["To"] = PhoneNumbers.Display(call.Request.To ?? call.CallerId.Number),
        ["From"] = PhoneNumbers.Display(call.Request.From),
        ["PhoneNumberSid"] = PhoneNumbers.Display(call.CallerId.Number),
        ["Status"] = status,
        ["StartTime"] = IndianTime.Text(started),
        ["EndTime"] = null,
        ["Duration"] = null,
        ["Price"] = null,
        ["Direction"] = call.Direction,
        ["AnsweredBy"] = null,
        ["ForwardedFrom"] = null,
        ["CallerName"] = null,
        ["Uri"] = uri,
        ["RecordingUrl"] = null,
    };

    private JsonObject Legs(SimulatedCall call)
    {
        var ended = clock.GetUtcNow() >= call.EndedAt;
        static JsonObject Leg(string id, int seconds) =>
            new() { ["Leg"] = new JsonObject { ["Id"] = id, ["OnCallDuration"] = seconds } };

        var legs = new JsonArray(Leg("1", ended ? call.OnCallSeconds : 0));
        if (call.Leg2Status is not null)
            legs.Add(Leg("2", ended ? call.TalkSeconds : 0));
        return new JsonObject
        {
            ["ConversationDuration"] = ended ? call.TalkSeconds : 0,
            ["Leg1Status"] = ended ? call.Leg1Status : call.StatusAt(clock.GetUtcNow()),
            ["Leg2Status"] = ended ? call.Leg2Status : null,
            ["Legs"] = legs,
        };
    }

    /// <summary>By the started minute, three decimals, as text: <c>1.500</c>.</summary>
    private static string Price(SimulatedCall call) =>
        (Math.Ceiling(call.OnCallSeconds / 60m) * PricePerMinute).ToString("0.000", CultureInfo.InvariantCulture);
}
