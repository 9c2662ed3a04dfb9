using Microsoft.Extensions.Options;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// Exotel's webhooks in neutral events: status and Passthru of calls that ring the lead first, and popups, Passthru and status of
/// agents' lines and inbound calls. What cannot be understood is quarantined with a
/// reason; what is odd but clear is understood and noted. Pure but for the accounts' zones.
/// </summary>
internal sealed class ExotelWebhookTranslator(IOptions<ExotelAccounts> accounts, IEchoReader echoes) : IWebhookTranslator
{
    public string Provider => ExotelAccount.ProviderName;

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(["status", "passthru", "popup", "dialed", "line", "heartbeat"], StringComparer.Ordinal);

    public Translation Translate(WebhookRequest request)
    {
        var (fields, fault) = WebhookFields.Read(request);
        if (fault is not null)
            return Quarantined(fault, fields);

        var account = accounts.Value.ByName.GetValueOrDefault(request.Account);
        var webhook = new ExotelWebhook(
            request, fields, account?.Zone ?? TimeZoneInfo.Utc, account?.NumberRegion ?? AccountRegion.OfExotel, echoes);
        return request.Kind switch
        {
            "status" => StatusCallback.Translate(webhook),
            "passthru" => Passthru.Translate(webhook),
            "popup" => Popup.Translate(webhook),
            "dialed" => Dialed.Translate(webhook),
            "line" => LineCallback.Translate(webhook),
            "heartbeat" => Heartbeat(webhook),
            _ => Quarantined("There is no webhook of this kind.", fields),
        };
    }

    private static Translation Heartbeat(ExotelWebhook webhook) =>
        webhook.Fields.Text("status_type") is null
            ? Quarantined("The heartbeat has no status_type.", webhook.Fields)
            : new Translation([], Notes: webhook.Fields.Notes);

    internal static Translation Quarantined(string reason, Fields fields) => new([], Quarantine: reason, Notes: fields.Notes);
}
