using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>
/// The status callback of an agent's line: its one leg is the agent. Whether the agent picked up is all it says; what became of the
/// people dialed on the line is told elsewhere.
/// </summary>
internal static class LineCallback
{
    public static Translation Translate(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        var status = fields.Word("Status") is { } word and not "null" ? word : fields.Word("CallStatus");
        var type = fields.Word("EventType");
        if (type is "answered" or "ringing" || status is "queued" or "ringing" or "in-progress" && type is not "terminal")
            return webhook.OfTheCall();   // not over yet; the flow itself tells when the agent is there
        if (!ExotelStatus.IsOver(status) && type is not "terminal")
            return ExotelWebhookTranslator.Quarantined("The line's callback has no status that is known.", fields);
        if (!ExotelStatus.IsKnown(status))
            fields.Note("unknown-status");

        webhook.LineEnded(
            webhook.Time("EndTime") ?? webhook.Time("DateUpdated") ?? webhook.ReceivedAt, OutcomeOf(webhook, status),
            fields.Text("Status") ?? fields.Text("CallStatus") ?? fields.Text("EventType"));
        return webhook.OfTheCall();
    }

    private static string OutcomeOf(ExotelWebhook webhook, string? status)
    {
        if (AnsweredBy.IsMachine(webhook.AnsweredBy))
            return Outcomes.MachineAnswered;
        var pickedUp = status is "completed" || webhook.Leg(0, "Status") is "completed" || webhook.Fields.Seconds("Legs[0][OnCallDuration]") > TimeSpan.Zero;
        return pickedUp ? Outcomes.Completed : ExotelStatus.Outcome(new ExotelCallFacts(status, null, null, null, null, webhook.Cause(0)));
    }
}
