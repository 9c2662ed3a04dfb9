using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;
using static Outdial.Providers.CallEventHead;

namespace Outdial.Providers.Exotel.Webhooks;

/// <summary>One webhook while it is translated: its fields, and the events made so far.</summary>
internal sealed class ExotelWebhook(WebhookRequest request, Fields fields, TimeZoneInfo zone, string region, IEchoReader echoes)
{
    /// <summary>More were never seen: five ring in parallel, and a list is tried in turn.</summary>
    private const int MostLegs = 50;

    private readonly List<IProviderEvent> _events = [];

    public Fields Fields => fields;

    public DateTimeOffset ReceivedAt => request.ReceivedAt;

    /// <summary>Never longer than any of the provider's, or no index could hold it.</summary>
    public string? CallId { get; } = Short(fields.Text("CallSid") ?? fields.Text("Sid"));

    /// <summary>The signed token's attempt, else the one that the provider echoes; empty when only the call id can tell.</summary>
    public Guid AttemptId { get; } = request.AttemptId ?? Echoed(request.Account, fields, echoes);

    /// <summary>A time of the request, never later than its receipt: what we were told has happened.</summary>
    public DateTimeOffset? Time(string field)
    {
        var text = fields.Text(field);
        if (ExotelTime.Read(text, zone) is not { } time)
        {
            if (text is not null && !ProviderTimes.IsNone(text))
                fields.Note("unreadable-time");
            return null;
        }
        var held = ForeignClock.Held(time, null, ReceivedAt);
        if (held.Oddity is { } oddity)
            fields.Note(oddity);
        if (held.Behind is not null)
            fields.Note(ForeignClock.OtherZone);
        return held.At;
    }

    /// <summary>The legs' values: in forms <c>Legs[0][Status]</c>, in JSON an array.</summary>
    public string? Leg(int leg, string field) => fields.Word($"Legs[{leg}][{field}]");

    /// <summary>The numbers of the legs that are told of.</summary>
    public IReadOnlyList<int> Legs { get; } = [.. fields.Indices("Legs").Where(leg => leg < MostLegs)];

    /// <summary>In a status callback the leg of the party that was called first: 0, or 1 where several are told of and counted from 1.</summary>
    public int FirstLeg => Legs is [1, _, ..] ? 1 : 0;

    /// <summary>
    /// The longest of what is told of a conversation: the call's own figure, the legs that were dialed for the lead, and a stream to a bot. Null when
    /// nothing is told.
    /// </summary>
    /// <param name="fromLeg">The first of the legs that were dialed for the lead.</param>
    public TimeSpan? Talk(int fromLeg)
    {
        TimeSpan?[] told =
        [
            fields.Seconds("ConversationDuration"), fields.Seconds("Details[ConversationDuration]"), fields.Seconds("Stream[Duration]"),
            .. Legs.Where(leg => leg >= fromLeg).Select(leg => fields.Seconds($"Legs[{leg}][OnCallDuration]")),
        ];
        return told.Max();
    }

    /// <summary>The recording, wherever it stands: the call's, else the longest conversation's, else the stream's.</summary>
    public string? Recording { get; } =
        fields.Address("RecordingUrl") ?? OfLegs(fields) ?? fields.Address("Stream[RecordingUrl]") ?? fields.Address("StreamRecordingUrl")
        ?? fields.Address("Details[RecordingUrl]") ?? fields.Address("Recordings[0][Url]") ?? fields.Address("Recordings[0][RecordingUrl]");

    public ExotelCause Cause(int leg) => ExotelCause.Read(
        fields.Text($"Legs[{leg}][Cause]") ?? (leg == FirstLeg ? fields.Text("Cause") : null),
        fields.Text($"Legs[{leg}][CauseCode]") ?? (leg == FirstLeg ? fields.Text("CauseCode") : null));

    /// <summary>Who the provider believes picked up, lower case; null for <c>NA</c> and silence.</summary>
    public string? AnsweredBy =>
        (fields.Text($"Legs[{FirstLeg}][AnsweredBy]") ?? fields.Text("AnsweredBy") ?? fields.Text("Details[AnsweredBy]"))
            ?.ToLowerInvariant() is { } who and not "na" ? Short(who) : null;

    public void Ringing(DateTimeOffset at, string? raw) => _events.Add(Head(at, raw).Ringing());

    public void Answered(DateTimeOffset at, string? raw) => _events.Add(
        Head(at, raw).Answered() with { AnsweredBy = AnsweredBy, RecordingUrl = Recording, ReckonedBack = Back(at) });

    public void Connected(DateTimeOffset at, string? raw, TimeSpan? talk) => _events.Add(
        Head(at, raw).Connected() with { TalkTime = talk, RecordingUrl = Recording, ReckonedBack = Back(at) });

    public void Digits(DateTimeOffset at, string digits, string? raw) => _events.Add(Head(at, raw).Pressed(Short(digits)!));

    /// <param name="step">So it would end with this step of the flow, which may go on.</param>
    public void Terminated(DateTimeOffset at, string outcome, string? raw, TimeSpan? talk, ExotelCause cause, bool step = false) =>
        _events.Add(Head(at, raw).Terminated(outcome) with
        {
            Cause = cause.Number,
            CauseName = Short(cause.Name),
            TalkTime = talk,
            AnsweredBy = AnsweredBy,
            RecordingUrl = Recording,
            Provisional = step,
            Step = step,
        });

    /// <summary>A number of a field as E.164; null when it is empty, masked or unreadable.</summary>
    public string? Number(string field)
    {
        var text = fields.Text(field);
        var number = Numbers.E164(text, region);
        if (text is not null && number is null)
            fields.Note("unreadable-number");
        return number;
    }

    public void Popup(DateTimeOffset at, string stage, string? raw) => _events.Add(new DialPopup
    {
        EventId = NextId(),
        Account = request.Account,
        ProviderCallId = Short(CallId),
        OccurredAt = at,
        ReceivedAt = ReceivedAt,
        RawStatus = Short(raw),
        Stage = Short(stage)!,
        From = Number("From") ?? Number("CallFrom"),
        DialedNumber = Number("DialWhomNumber"),
    });

    /// <param name="dialed">Who was dialed and how it ended; null when nobody was.</param>
    public void DialEnded(DateTimeOffset at, DialedLeg? dialed, bool fromHungUp, string? raw) => _events.Add(new DialEnded
    {
        EventId = NextId(),
        Account = request.Account,
        ProviderCallId = Short(CallId),
        OccurredAt = at,
        ReceivedAt = ReceivedAt,
        RawStatus = Short(raw),
        From = Number("From") ?? Number("CallFrom"),
        DialedNumber = dialed?.Number,
        OtherNumber = dialed?.Other,
        Phones = dialed?.Phones,
        Outcome = dialed?.Outcome,
        FromHungUp = fromHungUp,
        Cause = dialed?.Cause.Number,
        CauseName = Short(dialed?.Cause.Name),
        TalkTime = dialed?.Talk,
        RecordingUrl = Recording,
    });

    public void LineEnded(DateTimeOffset at, string outcome, string? raw) => _events.Add(new LineEnded
    {
        EventId = NextId(),
        Account = request.Account,
        ProviderCallId = Short(CallId),
        OccurredAt = at,
        ReceivedAt = ReceivedAt,
        RawStatus = Short(raw),
        LineId = AttemptId == Guid.Empty ? null : AttemptId,
        Outcome = outcome,
    });

    /// <summary>The finished translation of something that is not known to be about an attempt: whoever knows the call or the line does.</summary>
    public Translation OfTheCall() => CallId is null && AttemptId == Guid.Empty
        ? ExotelWebhookTranslator.Quarantined("The request names neither a line nor a call.", fields)
        : new Translation(_events, Notes: fields.Notes);

    /// <summary>The finished translation. Without an attempt the call id has to find it; without either nobody can.</summary>
    public Translation Done()
    {
        if (AttemptId != Guid.Empty)
            return new Translation(_events, Notes: fields.Notes);
        return CallId is null
            ? ExotelWebhookTranslator.Quarantined("The request names neither an attempt nor a call.", fields)
            : new Translation(_events, UnmatchedCallId: CallId, Notes: fields.Notes);
    }

    private CallEventHead Head(DateTimeOffset at, string? raw) =>
        new(NextId(), AttemptId, request.Account, Short(CallId), at, ReceivedAt, Short(raw));

    /// <summary>How long before the request's own time it was; null for that time itself.</summary>
    private TimeSpan? Back(DateTimeOffset at) =>
        (Time("CurrentTime") ?? Time("DateUpdated") ?? ReceivedAt) - at is { Ticks: > 0 } back ? back : null;

    private Guid NextId() => EventIds.Of(request.Id, _events.Count);

    private static string? OfLegs(Fields fields) => fields.Indices("Legs").Where(leg => leg < MostLegs)
        .OrderByDescending(leg => fields.Seconds($"Legs[{leg}][OnCallDuration]") ?? TimeSpan.Zero)
        .Select(leg => fields.Address($"Legs[{leg}][RecordingUrl]")).FirstOrDefault(address => address is not null);

    private static Guid Echoed(string account, Fields fields, IEchoReader echoes)
    {
        var echo = fields.Unquoted("CustomField");
        if (echo is null)
            return Guid.Empty;
        if (echoes.Read(account, echo) is { } attempt)
            return attempt;
        fields.Note("foreign-custom-field");
        return Guid.Empty;
    }
}
