using System.Globalization;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What came of one use of Connect, in the words of a Passthru.</summary>
/// <param name="CallType"><c>completed</c>, <c>incomplete</c>, <c>client-hangup</c>, <c>call-attempt</c> or <c>voicemail</c>.</param>
/// <param name="DialCallStatus">null when nobody was dialed.</param>
/// <param name="DialSeconds">From the dialing to the end, ringing included; 0 after a hang-up while it rang, as published.</param>
/// <param name="Dialed">The number dialed last, or that answered, as it is named; empty when none was.</param>
public sealed record DialEnd(
    string CallType, string? DialCallStatus, int DialSeconds, string Dialed, IReadOnlyList<Leg> Legs, string? OutgoingNumber, string? RecordingUrl)
{
    public static DialEnd Nobody(string callType = "call-attempt", string? recordingUrl = null) => new(callType, null, 0, "", [], null, recordingUrl);
}

/// <summary>The queries of a configured flow's GETs: fields, order and oddities of the published samples.</summary>
public sealed class FlowQueries(IOptions<SimulatorOptions> options)
{
    private static readonly TimeSpan RecordingDelay = TimeSpan.FromMinutes(5);

    /// <summary>Connect asks whom to dial.</summary>
    /// <param name="last">The number dialed last, E.164; empty the first time.</param>
    public IReadOnlyList<KeyValuePair<string, string>> DialWhom(FlowCall call, DateTimeOffset at, string last)
    {
        var fields = new Fields();
        fields.Add("CallFrom", Caller(call));
        fields.Add("CallSid", call.Sid);
        fields.Add("CallStatus", "in-progress");
        fields.Add("CallTo", ExoPhone(call));
        fields.Add("CallType", "call-attempt");
        Times(fields, call, at);
        fields.Add("DialCallDuration", "0");
        fields.Add("DialWhomNumber", PhoneNumbers.Display(last));
        fields.Add("Direction", "incoming");
        fields.Add("EndTime", IndianTime.NoTime);
        fields.Add("From", Caller(call));
        Tail(fields, call);
        return fields;
    }

    /// <summary>A Passthru where nothing has been dialed: before Connect, and on the branch "we didn't dial anyone".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Passthru(FlowCall call, DateTimeOffset at, string last)
    {
        var fields = new Fields(DialWhom(call, at, last));
        Custom(fields, call);
        return fields;
    }

    /// <summary>The Passthru behind Connect.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Dialed(FlowCall call, DateTimeOffset at, DialEnd end)
    {
        var fields = new Fields();
        fields.Add("CallFrom", Caller(call));
        fields.Add("CallSid", call.Sid);
        fields.Add("CallTo", ExoPhone(call));
        fields.Add("CallType", end.CallType);
        Times(fields, call, at);
        fields.Add("DialCallDuration", Text(end.DialSeconds));
        if (end.DialCallStatus is { } status)
            fields.Add("DialCallStatus", status);
        fields.Add("DialWhomNumber", PhoneNumbers.Display(end.Dialed));
        fields.Add("Direction", "incoming");
        fields.Add("EndTime", IndianTime.NoTime);
        fields.Add("ForwardedFrom", "null");
        fields.Add("From", Caller(call));
        for (var i = 0; i < end.Legs.Count; i++)
        {
            var leg = end.Legs[i];
            fields.Add($"Legs[{i}][Number]", PhoneNumbers.Display(leg.Named));
            fields.Add($"Legs[{i}][Type]", "single");
            fields.Add($"Legs[{i}][OnCallDuration]", Text(leg.TalkSeconds));
            fields.Add($"Legs[{i}][CauseCode]", leg.Cause?.Name ?? "null");
            fields.Add($"Legs[{i}][Cause]", leg.Cause is { } cause ? Text(cause.Number) : "null");
        }
        fields.Add("OutgoingPhoneNumber", PhoneNumbers.Display(end.OutgoingNumber ?? call.CallerId.Number));
        fields.Add("ProcessStatus", "null");
        if (end.RecordingUrl is { } recording)
        {
            fields.Add("RecordingAvailableBy", call.ToldLong(at + RecordingDelay));
            fields.Add("RecordingUrl", recording);
        }
        Tail(fields, call);
        Custom(fields, call);
        return fields;
    }

    /// <summary>The popup of one stage of dialing a person.</summary>
    /// <param name="stage"><c>dial</c>, <c>answered</c> or <c>terminal</c>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Popup(FlowCall call, DateTimeOffset at, Leg leg, string stage)
    {
        var fields = new Fields();
        fields.Add("CallSid", call.Sid);
        fields.Add("CallFrom", Caller(call));
        fields.Add("CallTo", ExoPhone(call));
        fields.Add("Direction", "outbound-dial");
        fields.Add("Created", call.ToldLong(at));
        fields.Add("From", Caller(call));
        fields.Add("To", ExoPhone(call));
        fields.Add("CurrentTime", call.Told(at));
        fields.Add("DialWhomNumber", PhoneNumbers.Display(stage == "dial" ? leg.Number : leg.Named));
        fields.Add("Status", stage == "terminal" ? "free" : "busy");
        fields.Add("EventType", stage switch { "dial" => " Dial", "answered" => "Answered", _ => "Terminal" });   // the blank is published
        return fields;
    }

    /// <summary>Where the recording of a conversation is: named after the call, and from the second one on after the leg too.</summary>
    /// <param name="leg">The leg's index; null for a voicemail.</param>
    public string RecordingUrl(FlowCall call, int? leg) =>
        $"https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/{options.Value.AccountSid}/{call.Sid}{(leg > 0 ? $"-{leg + 1}" : "")}.mp3";

    private static string Caller(FlowCall call) => PhoneNumbers.Display(call.Request.From);
    private static string ExoPhone(FlowCall call) => PhoneNumbers.Display(call.CallerId.Number);
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Times(Fields fields, FlowCall call, DateTimeOffset at)
    {
        fields.Add("Created", call.ToldLong(call.CreatedAt));
        fields.Add("CurrentTime", call.Told(at));
    }

    private void Tail(Fields fields, FlowCall call)
    {
        fields.Add("StartTime", call.Told(call.CreatedAt));
        fields.Add("To", ExoPhone(call));
        fields.Add("flow_id", call.Flow.Id!);
        fields.Add("tenant_id", options.Value.TenantId);
    }

    private static void Custom(Fields fields, FlowCall call)
    {
        if (call.Request.CustomField is { } custom)
            fields.Add("CustomField", custom);
    }

    private sealed class Fields : List<KeyValuePair<string, string>>
    {
        public Fields()
        {
        }

        public Fields(IEnumerable<KeyValuePair<string, string>> fields) : base(fields)
        {
        }

        public void Add(string name, string value) => Add(KeyValuePair.Create(name, value));
    }
}
