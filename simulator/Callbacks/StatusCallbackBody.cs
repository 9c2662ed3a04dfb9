using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Outdial.Simulator;

/// <summary>The POST that tells a client what became of its call, in the three content types Exotel uses.</summary>
public static class StatusCallbackBody
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fields in order. Without <paramref name="extended"/>: the four that are certain.</summary>
    /// <param name="kind"><c>ringing</c>, <c>answered</c>, <c>bridged</c> (the second <c>answered</c>) or <c>terminal</c>.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Fields(
        SimulatedCall call, string kind, DateTimeOffset at, bool extended, string? recordingUrl, string? statusWord)
    {
        var over = kind == "terminal";
        var fields = new List<KeyValuePair<string, string>>();
        void Add(string name, string value) => fields.Add(KeyValuePair.Create(name, value));

        Add("CallSid", call.Sid);
        if (extended)
            Add("EventType", kind == "bridged" ? "answered" : kind);
        Add("Status", statusWord ?? (over ? call.FinalStatus : kind == "ringing" ? "ringing" : "in-progress"));
        if (over && recordingUrl is not null)
            Add("RecordingUrl", recordingUrl);
        else if (over && extended)
            Add("RecordingUrl", "null");   // seen on the wire: the four letters
        Add("DateUpdated", call.Told(at));
        if (!extended)
            return fields;

        Add("DateCreated", call.Told(call.CreatedAt));
        Add("StartTime", call.Told(call.AnsweredAt ?? call.CreatedAt));
        Add("EndTime", over ? call.Told(call.EndedAt) : "");
        Add("To", PhoneNumbers.Display(call.Request.To ?? call.CallerId.Number));
        Add("From", PhoneNumbers.Display(call.Request.From));
        Add("PhoneNumberSid", PhoneNumbers.Display(call.CallerId.Number));
        Add("Direction", call.Direction);
        if (over)
        {
            Add("ConversationDuration", Text(call.TalkSeconds));
            if (call.Request.CustomField is { } custom)
                Add("CustomField", custom);
        }
        Leg(0, over ? call.Leg1Status : kind == "ringing" ? "ringing" : "in-progress", over ? call.OnCallSeconds : 0);
        if (over && call.IsAnswered)
            Add("Legs[0][AnsweredBy]", call.Reaction is { Machine: true, MachineUnnoticed: false } ? "machine" : "human");
        Leg(1, over ? call.Leg2Status ?? "" : kind == "bridged" ? "in-progress" : "", over ? call.TalkSeconds : 0);
        return fields;

        void Leg(int index, string status, int seconds)
        {
            Add($"Legs[{index}][Status]", status);
            Add($"Legs[{index}][OnCallDuration]", Text(seconds));
        }
    }

    public static HttpContent Content(IReadOnlyList<KeyValuePair<string, string>> fields, string contentType) => contentType switch
    {
        "application/json" => Json(fields),
        "application/x-www-form-urlencoded" => new FormUrlEncodedContent(fields),
        _ => Multipart(fields),
    };

    /// <summary>What a number with a malformed callback sends: JSON that breaks off.</summary>
    public static HttpContent Malformed(SimulatedCall call) =>
        new StringContent($"{{\"CallSid\": \"{call.Sid}\", \"Status\": ", Encoding.UTF8, "application/json");

    private static MultipartFormDataContent Multipart(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var boundary = "------------------------" + fields[0].Value[..16];
        var content = new MultipartFormDataContent(boundary);
        // As curl writes it: the boundary bare, names quoted, no type on the parts.
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
        foreach (var (name, value) in fields)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
            content.Add(part);
        }
        return content;
    }

    private static StringContent Json(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var body = new JsonObject();
        JsonObject[] legs = [[], []];
        foreach (var (name, value) in fields)
        {
            if (!name.StartsWith("Legs[", StringComparison.Ordinal))
                body[name] = name == "ConversationDuration" ? Number(value) : value;
            else
                legs[name[5] - '0'][name[8..^1]] = name.EndsWith("[OnCallDuration]", StringComparison.Ordinal) ? Number(value) : value;
        }
        if (legs[0].Count > 0)
            body["Legs"] = new JsonArray([.. legs]);
        return new StringContent(body.ToJsonString(Relaxed), Encoding.UTF8, "application/json");
    }

    private static JsonNode Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
