using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Client;

/// <summary>Exotel's objects as the platform's records.</summary>
internal static class ExotelRecords
{
    /// <summary>A call; null without its id. Odd values are left out, not guessed.</summary>
    public static CallRecord? Call(Fields call, TimeZoneInfo zone, string region)
    {
        if (call.Text("Sid") is not { } sid)
            return null;
        var status = call.Word("Status") is { } word and not "null" ? word : "";
        // Of the legs the first is the person's own.
        var talk = call.Seconds("Details[ConversationDuration]") ?? call.Seconds("ConversationDuration")
            ?? call.Indices("Details[Legs]").Skip(1).Max(leg => call.Seconds($"Details[Legs][{leg}][OnCallDuration]"));
        var answeredBy = (call.Text("AnsweredBy") ?? call.Text("Details[AnsweredBy]"))?.ToLowerInvariant() is { } who and not "na" ? who : null;
        var facts = new ExotelCallFacts(
            status, call.Word("Details[Leg1Status]"), call.Word("Details[Leg2Status]"), talk, answeredBy,
            ExotelCause.Read(call.Text("Cause"), call.Text("CauseCode")));
        var callerId = call.Text("PhoneNumberSid");
        return new CallRecord(
            sid, call.Text("Status") ?? "", ExotelStatus.IsOver(status) ? ExotelStatus.Outcome(facts) : null,
            Lead(call, callerId, region), Numbers.E164(callerId, region) ?? callerId,
            ExotelTime.Read(call.Text("DateCreated"), zone), ExotelTime.Read(call.Text("StartTime"), zone), ExotelTime.Read(call.Text("EndTime"), zone),
            call.Seconds("Duration"), talk, Numbers.Decimal(call.Text("Price")), answeredBy, Recording(call),
            Caller: Numbers.E164(call.Text("From"), region), Called: Numbers.E164(call.Text("To"), region),
            Inbound: call.Word("Direction") == "inbound")
        {
            InVain = ExotelStatus.InVain(facts),
        };
    }

    /// <summary>The first of the recordings, in whichever form they are listed.</summary>
    private static string? Recording(Fields call) =>
        call.Address("RecordingUrl") ?? call.Address("RecordingUrl[0]") ?? call.Address("Details[RecordingUrl]")
        ?? call.Address("recordings[0][url]") ?? call.Address("RecordingUrls[0]");

    public static NumberMetadata Number(string number, Fields found) => new(
        number, found.Text("Circle"), found.Text("CircleName"), found.Text("Operator"), found.Text("OperatorName"), found.Text("Type"),
        found.Word("DND") switch { "yes" or "true" => true, "no" or "false" => false, _ => null });

    /// <summary>A number of ours; null when it cannot be read, since it could not be used either.</summary>
    public static OwnNumber? OwnNumber(Fields number, string region) =>
        Numbers.E164(number.Text("phone_number"), region) is { } e164
            ? new OwnNumber(
                number.Text("sid") ?? e164, e164, number.Text("friendly_name"), number.Text("region"),
                number.Word("capabilities[voice]") is not ("false" or "0"))
            : null;

    /// <summary>
    /// Calls to a flow dial <c>From</c> first, so that is the lead. Where From is our own number, the lead is <c>To</c>.
    /// </summary>
    private static string? Lead(Fields call, string? callerId, string region)
    {
        var from = call.Text("From");
        return Numbers.E164(from is null || from == callerId ? call.Text("To") : from, region);
    }
}
