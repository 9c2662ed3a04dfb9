namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The Passthru behind a Connect applet, in an agent's line or an inbound call: how the dialing ended, and whether the one at the
/// open end is still there. It proves nothing about the end of the call as a whole.
/// </summary>
internal static class Dialed
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        if (webhook.CallId is null)
            return ExotelWebhookTranslator.Quarantined("The Passthru names no call.", fields);

        var type = fields.Word("CallType");
        if (type is not (null or "null" or "call-attempt" or "completed" or "client-hangup" or "incomplete" or "voicemail"))
            fields.Note("unknown-call-type");
        webhook.DialEnded(
            webhook.Time("CurrentTime") ?? webhook.ReceivedAt, DialedLeg.Read(webhook), type == "client-hangup",
            fields.Text("CallType") ?? fields.Text("DialCallStatus") ?? fields.Text("CallStatus"));
        return webhook.OfTheCall();
    }
}
