using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The StatusCallback. The plain one has four fields (<c>CallSid</c>, <c>Status</c>, <c>RecordingUrl</c>, <c>DateUpdated</c>)
/// and comes at the end; the extended one has an <c>EventType</c> and legs, and <c>answered</c> may come twice: when the lead
/// picks up, and when the second leg is joined.
/// </summary>
internal static class StatusCallback
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        var status = fields.Word("Status") is "null" ? null : fields.Word("Status") ?? fields.Word("CallStatus");
        var raw = fields.Text("Status") ?? fields.Text("CallStatus");
        if (status is not null && !ExotelStatus.IsKnown(status))
            fields.Note("unknown-status");

        switch (fields.Word("EventType"))
        {
            case "ringing":
                webhook.Ringing(Now(webhook), raw ?? "ringing");
                return webhook.Done();
            case "answered":
                Answered(webhook, raw ?? "answered");
                return webhook.Done();
            case "terminal":
                return Over(webhook, status, raw ?? "terminal");
            case null or "null":
                break;
            default:
                fields.Note("unknown-event");
                break;
        }

        switch (status)
        {
            case null:
                return ExotelWebhookTranslator.Quarantined("The status callback has no status.", fields);
            case "queued":
                return webhook.Done();   // before dialing: nothing that the platform does not know
            case "ringing":
                webhook.Ringing(Now(webhook), raw);
                return webhook.Done();
            case "in-progress":
                // Alone it proves nothing: Calls/connect says it before any answer. A leg's own word does.
                if (webhook.Leg(webhook.FirstLeg, "Status") == "in-progress" || SecondLeg(webhook) == "in-progress")
                    Answered(webhook, raw!);
                return webhook.Done();
            default:
                return ExotelStatus.IsOver(status)
                    ? Over(webhook, status, raw!)
                    : ExotelWebhookTranslator.Quarantined("The status callback has a status that is not known, and no event type.", fields);
        }
    }

    private static void Answered(ExotelWebhook webhook, string raw)
    {
        if (SecondLeg(webhook) is "in-progress" or "completed")
            webhook.Connected(Now(webhook), raw, null);
        else
            webhook.Answered(Now(webhook), raw);
    }

    private static Translation Over(ExotelWebhook webhook, string? status, string raw)
    {
        var first = webhook.FirstLeg;
        var talk = webhook.Talk(fromLeg: first + 1);
        var facts = new ExotelCallFacts(
            status, webhook.Leg(first, "Status") ?? webhook.Fields.Word("Details[Leg1Status]"), SecondLeg(webhook), talk, webhook.AnsweredBy,
            webhook.Cause(first));
        webhook.Terminated(webhook.Time("EndTime") ?? Now(webhook), ExotelStatus.Outcome(facts), raw, talk, facts.Cause);
        return webhook.Done();
    }

    /// <summary>What is said of who was dialed for the lead: of several, one that talks or talked, else the last that says something.</summary>
    private static string? SecondLeg(ExotelWebhook webhook)
    {
        var dialed = webhook.Legs.Where(leg => leg > webhook.FirstLeg).Select(leg => webhook.Leg(leg, "Status")).OfType<string>().ToList();
        return dialed.Find(status => status is "completed" or "in-progress") ?? dialed.LastOrDefault() ?? webhook.Fields.Word("Details[Leg2Status]");
    }

    private static DateTimeOffset Now(ExotelWebhook webhook) => webhook.Time("DateUpdated") ?? webhook.ReceivedAt;
}
