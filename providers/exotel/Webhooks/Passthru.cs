using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The Passthru applet's GET from inside the call flow. A flow runs only after the lead picked up, so every Passthru proves
/// an answer; it proves an end only where the lead hung up, nobody picked up for the lead, or the call's own status says so.
/// </summary>
internal static class Passthru
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        var type = fields.Word("CallType") is "null" ? null : fields.Word("CallType");
        var raw = fields.Text("CallType") ?? fields.Text("CallStatus");
        var status = fields.Word("CallStatus");
        if (type is null && status is null && webhook.CallId is null)
            return ExotelWebhookTranslator.Quarantined("The Passthru has neither CallType nor CallStatus nor CallSid.", fields);

        var now = webhook.Time("CurrentTime") ?? webhook.ReceivedAt;
        // DialCallDuration runs from the moment the second leg was dialed, and the lead had picked up by then.
        webhook.Answered(now - (fields.Seconds("DialCallDuration") ?? TimeSpan.Zero), raw);

        if (fields.Unquoted("digits") is { } digits)
            webhook.Digits(now, digits, raw);

        var talk = LegTalk(fields);
        if (type == "completed")
            webhook.Connected(now - (talk ?? TimeSpan.Zero), raw);
        else if (type is not (null or "call-attempt" or "client-hangup" or "incomplete" or "voicemail"))
            fields.Note("unknown-call-type");

        if (Ended(type, status) is { } outcome)
            webhook.Terminated(now, outcome, raw, talk, webhook.Cause(0));
        return webhook.Done();
    }

    /// <summary>The outcome where the Passthru settles it; null where the call goes on and the status callback will tell.</summary>
    private static string? Ended(string? type, string? status) => (type, status) switch
    {
        ("client-hangup", _) => Outcomes.Abandoned,
        ("incomplete", "in-progress" or "ringing" or "queued") => null,
        ("incomplete", _) => Outcomes.Abandoned,
        ("completed" or "voicemail" or "call-attempt", "completed") => Outcomes.Completed,
        _ => null,
    };

    /// <summary>The longest talk of any dialed leg; null when no leg tells.</summary>
    private static TimeSpan? LegTalk(Fields fields)
    {
        TimeSpan? longest = null;
        for (var leg = 0; fields.Has($"Legs[{leg}][OnCallDuration]"); leg++)
        {
            if (fields.Seconds($"Legs[{leg}][OnCallDuration]") is { } talk && !(talk < longest))
                longest = talk;
        }
        return longest;
    }
}
