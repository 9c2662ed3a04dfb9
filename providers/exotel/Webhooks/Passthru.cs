using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The Passthru applet's GET from inside the call flow. A flow runs only after the lead picked up, so every Passthru proves an answer. It proves no
/// end: behind "nobody picked up" the flow may dial somebody else or take a message, and even a call that is said to be over there is ended by the
/// status callback or the provider's records. What it says of the end is a step.
/// </summary>
internal static class Passthru
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        var type = fields.Word("CallType") is "null" ? null : fields.Word("CallType");
        var raw = fields.Text("CallType") ?? fields.Text("CallStatus");
        var status = fields.Word("CallStatus") is "null" ? null : fields.Word("CallStatus");
        if (type is null && status is null && webhook.CallId is null)
            return ExotelWebhookTranslator.Quarantined("The Passthru has neither CallType nor CallStatus nor CallSid.", fields);
        if (type is not (null or "completed" or "call-attempt" or "client-hangup" or "incomplete" or "voicemail"))
            fields.Note("unknown-call-type");

        var now = webhook.Time("CurrentTime") ?? webhook.ReceivedAt;
        // DialCallDuration runs from the moment the second leg was dialed, and the lead had picked up by then.
        webhook.Answered(now - (fields.Seconds("DialCallDuration") ?? TimeSpan.Zero), raw);

        if (fields.Unquoted("digits") is { } digits)
            webhook.Digits(now, digits, raw);

        var talk = webhook.Talk(fromLeg: 0);
        var dialed = fields.Word("DialCallStatus") is "null" ? null : fields.Word("DialCallStatus");
        var talked = talk > TimeSpan.Zero || type == "completed" || (dialed == "completed" && type is not ("incomplete" or "voicemail"));
        if (talked)
            webhook.Connected(now - (talk ?? TimeSpan.Zero), raw, talk);
        if (Ending(type, status, dialed, talked) is { } outcome)
            webhook.Terminated(now, outcome, raw, talk, webhook.Cause(webhook.Legs.LastOrDefault()), step: true);
        return webhook.Done();
    }

    /// <summary>How the call ends if this was its last step; null where the flow goes on by what it says.</summary>
    private static string? Ending(string? type, string? status, string? dialed, bool talked) => type switch
    {
        "client-hangup" or "incomplete" => talked ? Outcomes.Completed : Outcomes.Abandoned,
        "voicemail" => Outcomes.Completed,
        "completed" => ExotelStatus.IsOver(status) ? Outcomes.Completed : null,
        "call-attempt" => status == "completed" ? Outcomes.Completed : null,
        // The lead is there, so a word of failure is about who was dialed.
        _ when status == "completed" && !IsInVain(dialed) => Outcomes.Completed,
        _ when ExotelStatus.IsOver(status) || IsInVain(dialed) => talked ? Outcomes.Completed : Outcomes.Abandoned,
        _ => null,
    };

    private static bool IsInVain(string? dialed) => ExotelStatus.IsOver(dialed) && dialed != "completed";
}
