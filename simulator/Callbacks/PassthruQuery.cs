using System.Globalization;

namespace Outdial.Simulator;

/// <summary>
/// The query of a Passthru applet's GET: fields, order and oddities of the published samples. Unset values are the four
/// letters <c>null</c>, <c>EndTime</c> is the epoch, <c>Direction</c> says <c>incoming</c> although the call went out,
/// <c>CauseCode</c> holds the name and <c>Cause</c> the number, digits come in quotes.
/// </summary>
public static class PassthruQuery
{
    private static readonly TimeSpan RecordingDelay = TimeSpan.FromMinutes(5);

    /// <summary>Before the flow dials anyone: the applet right after the answer.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OnAnswer(SimulatedCall call, DateTimeOffset at, SimulatorOptions options)
    {
        var fields = new List<KeyValuePair<string, string>>();
        var (customer, exoPhone) = Parties(call);
        Add(fields, "CallFrom", customer);
        Add(fields, "CallSid", call.Sid);
        Add(fields, "CallStatus", "in-progress");
        Add(fields, "CallTo", exoPhone);
        Add(fields, "CallType", "call-attempt");
        AddTimes(fields, call, at);
        Add(fields, "DialCallDuration", "0");
        Add(fields, "DialWhomNumber", "");
        Add(fields, "Direction", "incoming");
        Add(fields, "EndTime", IndianTime.NoTime);
        Add(fields, "From", customer);
        AddTail(fields, call, exoPhone, options);
        return fields;
    }

    /// <summary>After the Connect applet, or after the greeting of a flow that dials nobody.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> AtEnd(
        SimulatedCall call, DateTimeOffset at, SimulatorOptions options, string? recordingUrl)
    {
        if (call.Reaction.FlowEnd == FlowEnd.CallAttempt)
        {
            var withoutDial = OnAnswer(call, at, options).ToList();
            AddDigits(withoutDial, call);
            return withoutDial;
        }

        if (call.InStream)
            return [.. OnAnswer(call, at, options), .. Stream(call, recordingUrl)];
        var voicemail = call.Reaction.FlowEnd == FlowEnd.Voicemail;
        var (callType, dialStatus, dialSeconds) = call.Reaction.FlowEnd switch
        {
            FlowEnd.Completed => ("completed", "completed", call.Reaction.AgentRing + call.TalkSeconds),
            FlowEnd.ClientHangup => ("client-hangup", "canceled", 0),
            FlowEnd.Voicemail => ("voicemail", "no-answer", call.Reaction.Vain),
            _ => ("incomplete", "no-answer", call.Reaction.AgentRing),
        };
        return Dialed(
            call, at, options, callType, dialStatus, dialSeconds, call.TalkSeconds, voicemail || call.TalkSeconds > 0 ? recordingUrl : null);
    }

    /// <summary>After a Connect that rang in vain, in a flow that goes on.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> InVain(SimulatedCall call, DateTimeOffset at, SimulatorOptions options) =>
        Dialed(call, at, options, "incomplete", "no-answer", call.Reaction.Vain, 0, null);

    /// <summary>What the applet says behind one that streams to a bot: in brackets, or as JSON in one field.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Stream(SimulatedCall call, string? recordingUrl)
    {
        List<KeyValuePair<string, string>> told =
        [
            new("StreamSID", call.Sid[..Math.Min(call.Sid.Length, 24)]), new("Status", "completed"), new("Duration", Text(call.TalkSeconds)),
            new("DisconnectedBy", "user"),
        ];
        if (recordingUrl is not null)
            Add(told, "RecordingUrl", recordingUrl);
        return call.Occasion % 2 == 1
            ? told.Select(field => KeyValuePair.Create($"Stream[{field.Key}]", field.Value))
            : [KeyValuePair.Create("Stream", System.Text.Json.JsonSerializer.Serialize(told.ToDictionary()))];
    }

    private static List<KeyValuePair<string, string>> Dialed(
        SimulatedCall call, DateTimeOffset at, SimulatorOptions options, string callType, string dialStatus, int dialSeconds, int talkSeconds,
        string? recordingUrl)
    {
        var fields = new List<KeyValuePair<string, string>>();
        var (customer, exoPhone) = Parties(call);
        var agent = PhoneNumbers.TryRead(options.AgentNumber, out var e164) ? PhoneNumbers.Display(e164) : options.AgentNumber;
        var talked = talkSeconds > 0 || callType == "completed";
        Add(fields, "CallFrom", customer);
        Add(fields, "CallSid", call.Sid);
        Add(fields, "CallTo", exoPhone);
        Add(fields, "CallType", callType);
        AddTimes(fields, call, at);
        Add(fields, "DialCallDuration", Text(dialSeconds));
        Add(fields, "DialCallStatus", dialStatus);
        Add(fields, "DialWhomNumber", agent);
        Add(fields, "Direction", "incoming");
        Add(fields, "EndTime", IndianTime.NoTime);
        Add(fields, "ForwardedFrom", "null");
        Add(fields, "From", customer);
        Add(fields, "Legs[0][Number]", agent);
        Add(fields, "Legs[0][Type]", "single");
        Add(fields, "Legs[0][OnCallDuration]", Text(talkSeconds));
        Add(fields, "Legs[0][CauseCode]", talked ? "NORMAL_CLEARING" : "RING_TIMEOUT");
        Add(fields, "Legs[0][Cause]", talked ? "16" : "1003");
        Add(fields, "OutgoingPhoneNumber", exoPhone);
        Add(fields, "ProcessStatus", "null");
        if (recordingUrl is not null)
        {
            Add(fields, "RecordingAvailableBy", call.ToldLong(at + RecordingDelay));
            Add(fields, "RecordingUrl", recordingUrl);
        }
        AddTail(fields, call, exoPhone, options);
        AddDigits(fields, call);
        return fields;
    }

    public static Uri Address(string url, IReadOnlyList<KeyValuePair<string, string>> fields) => new(
        url + (url.Contains('?', StringComparison.Ordinal) ? "&" : "?")
            + string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")));

    private static (string Customer, string ExoPhone) Parties(SimulatedCall call) =>
        (PhoneNumbers.Display(call.Request.From), PhoneNumbers.Display(call.CallerId.Number));

    private static void AddTimes(List<KeyValuePair<string, string>> fields, SimulatedCall call, DateTimeOffset at)
    {
        Add(fields, "Created", call.ToldLong(call.CreatedAt));
        Add(fields, "CurrentTime", call.Told(at));
    }

    private static void AddTail(List<KeyValuePair<string, string>> fields, SimulatedCall call, string exoPhone, SimulatorOptions options)
    {
        Add(fields, "StartTime", call.Told(call.CreatedAt));
        Add(fields, "To", exoPhone);
        Add(fields, "flow_id", options.FlowId);
        Add(fields, "tenant_id", options.TenantId);
        if (call.Request.CustomField is { } custom)
            Add(fields, "CustomField", custom);
    }

    private static void AddDigits(List<KeyValuePair<string, string>> fields, SimulatedCall call)
    {
        if (call.Reaction.Digits is { } digits)
            Add(fields, "digits", $"\"{digits}\"");
    }

    private static void Add(List<KeyValuePair<string, string>> fields, string name, string value) => fields.Add(KeyValuePair.Create(name, value));
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
