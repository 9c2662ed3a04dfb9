using Outdial.Contracts;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The popup's GET, sent at each stage of dialing somebody in a Connect applet. The last one is the same for answered, missed and
/// rejected, so it says only that this dialing is over.
/// </summary>
internal static class Popup
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        if (webhook.CallId is null)
            return ExotelWebhookTranslator.Quarantined("The popup names no call.", fields);

        var status = fields.Word("Status");
        var stage = fields.Word("EventType") is { } word and not "null" ? word : null;
        switch (stage)
        {
            case PopupStages.Dial or PopupStages.Ringing or PopupStages.Answered or PopupStages.Terminal:
                break;
            case not null:
                fields.Note("unknown-event");
                break;
            case null when status is "free":
                stage = PopupStages.Terminal;
                fields.Note("no-event-type");
                break;
            case null when status is "busy":
                stage = PopupStages.Dial;   // ringing or talking: the lesser of the two is certain
                fields.Note("no-event-type");
                break;
            default:
                return ExotelWebhookTranslator.Quarantined("The popup has neither an event type nor a known status.", fields);
        }
        webhook.Popup(webhook.Time("CurrentTime") ?? webhook.ReceivedAt, stage, fields.Text("EventType") ?? fields.Text("Status"));
        return webhook.OfTheCall();
    }
}
