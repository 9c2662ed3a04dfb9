using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// Exotel's webhooks in neutral events, for calls that ring the lead first. What cannot be understood is quarantined with a
/// reason; what is odd but clear is understood and noted. Pure but for the accounts' zones.
/// </summary>
internal sealed class ExotelWebhookTranslator(IOptions<ExotelAccounts> accounts) : IWebhookTranslator
{
    public string Provider => ExotelAccount.ProviderName;

    public Translation Translate(WebhookRequest request)
    {
        var (fields, fault) = WebhookFields.Read(request);
        if (fault is not null)
            return Quarantined(fault, fields);

        var zone = accounts.Value.ByName.TryGetValue(request.Account, out var account) ? account.Zone : TimeZoneInfo.Utc;
        var webhook = new ExotelWebhook(request, fields, zone);
        return request.Kind switch
        {
            "status" => StatusCallback.Translate(webhook),
            "passthru" => Passthru.Translate(webhook),
            "popup" => Popup(webhook),
            "heartbeat" => Heartbeat(webhook),
            _ => Quarantined("There is no webhook of this kind.", fields),
        };
    }

    /// <summary>
    /// The Connect applet dials somebody for a lead who has already picked up. None of it is certain about the lead: the
    /// final popup is the same for answered, missed and rejected. It is kept, and says nothing.
    /// </summary>
    private static Translation Popup(ExotelWebhook webhook)
    {
        if (webhook.CallId is null)
            return Quarantined("The popup names no call.", webhook.Fields);
        if (webhook.Fields.Word("EventType") is not ("dial" or "ringing" or "answered" or "terminal"))
            webhook.Fields.Note("unknown-event");
        return new Translation([], Notes: webhook.Fields.Notes);
    }

    private static Translation Heartbeat(ExotelWebhook webhook) =>
        webhook.Fields.Text("status_type") is null
            ? Quarantined("The heartbeat has no status_type.", webhook.Fields)
            : new Translation([], Notes: webhook.Fields.Notes);

    internal static Translation Quarantined(string reason, Fields fields) => new([], Quarantine: reason, Notes: fields.Notes);
}
