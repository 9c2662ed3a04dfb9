using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>Whom a Connect applet dialed, and how that ended.</summary>
/// <param name="Number">E.164; null when it is masked or unreadable. Personal data.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Talk">How long both sides talked; null when not told.</param>
/// <param name="Other">What the word calls the same phone elsewhere, where that is another number. Personal data.</param>
/// <param name="Phones">Every phone that was dialed; null: only one is told of.</param>
internal sealed record DialedLeg(string? Number, string Outcome, TimeSpan? Talk, ExotelCause Cause, string? Other, IReadOnlyList<DialedPhone>? Phones)
{
    /// <summary>Null when nobody was dialed. Any other word of a call's type than that it was attempted is told when a phone rang.</summary>
    public static DialedLeg? Read(ExotelWebhook webhook)
    {
        var fields = webhook.Fields;
        var legs = webhook.Legs;
        var type = fields.Word("CallType");
        var status = fields.Word("DialCallStatus") is { } word and not "null" ? word : null;
        var isBare = legs.Count == 0 && status is null && fields.Text("DialWhomNumber") is null;
        if (isBare && type is null or "null" or "call-attempt")
            return null;

        // Of several legs one that talked counts, else the last: lists are tried in turn. Of several that talked, the one dialed last, or longest.
        var whom = webhook.Number("DialWhomNumber");
        var talked = legs.Where(leg => Talk(leg) > TimeSpan.Zero)
            .OrderByDescending(leg => whom is not null && webhook.Number($"Legs[{leg}][Number]") == whom)
            .ThenByDescending(leg => Talk(leg))
            .Select(leg => (int?)leg).FirstOrDefault();
        var leg = talked ?? legs.LastOrDefault();
        var talk = talked is null ? webhook.Talk(fromLeg: 0) : Talk(leg);
        var cause = webhook.Cause(leg);
        // The printed samples mask now one of the two, now the other.
        var of = webhook.Number($"Legs[{leg}][Number]");
        List<DialedPhone> phones = [.. legs.Select(
            at => new DialedPhone(webhook.Number($"Legs[{at}][Number]"), Talk(at) > TimeSpan.Zero ? Outcomes.Completed : webhook.Cause(at).Outcome))];
        var (number, other) = talked is null ? (whom ?? of, of) : (of ?? whom, whom);
        if (other == number || phones.Where((_, at) => legs[at] != leg).Any(phone => phone.Number == other))
            other = null;   // the last of a list is another phone
        // A message, or a word that nobody documented, does not say of itself what came of the dialing.
        var outcome = isBare && type is not ("completed" or "incomplete" or "client-hangup") && !(talk > TimeSpan.Zero)
            ? Outcomes.Unknown : OutcomeOf(type, status, talk, cause);
        return new DialedLeg(number, outcome, talk, cause, other, phones.Count > 1 ? phones : null);

        TimeSpan? Talk(int at) => fields.Seconds($"Legs[{at}][OnCallDuration]");
    }

    private static string OutcomeOf(string? type, string? status, TimeSpan? talk, ExotelCause cause) => (type, status) switch
    {
        _ when talk > TimeSpan.Zero => Outcomes.Completed,
        ("completed", null) or (not ("incomplete" or "voicemail"), "completed") => Outcomes.Completed,   // as in any Passthru, whoever hung up
        (_, "busy") => cause.Outcome ?? Outcomes.Busy,
        (_, "failed") => cause.Outcome ?? Outcomes.Unreachable,
        // The one at the open end left while it rang. A ring timeout says how long it had rung, so it is the phone's answer.
        ("client-hangup", _) => cause.Outcome ?? Outcomes.Canceled,
        (_, "canceled" or "cancelled") => cause.Outcome ?? Outcomes.Canceled,
        _ => cause.Outcome ?? Outcomes.NoAnswer,
    };
}
