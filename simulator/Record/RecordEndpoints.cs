using System.Text.Encodings.Web;
using System.Text.Json;

namespace Outdial.Simulator;

/// <summary><c>/simulator/record</c>, <c>/simulator/summary</c>: what really happened, for whoever has to check the client's books.</summary>
public static class RecordEndpoints
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapRecord(this IEndpointRouteBuilder control)
    {
        control.MapGet("/record", Read);
        control.MapGet("/summary", (Summary summary) => TypedResults.Json(summary.Now(), Json));
        control.MapDelete("/record", Reset);
    }

    /// <summary>One page, oldest first; <c>next</c> goes into <c>after</c> for the following one and is null at the end.</summary>
    private static async Task Read(
        HttpContext http, CallBook book, TimeProvider clock, long after = 0, int limit = DefaultLimit, string? format = null)
    {
        var (page, total) = book.Page(after, Math.Clamp(limit, 1, MaxLimit));
        var now = clock.GetUtcNow();
        var views = page.Select(r => RecordView.Of(r, now));
        if (format == "ndjson" || http.Request.Headers.Accept.ToString().Contains("application/x-ndjson", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/x-ndjson";
            foreach (var view in views)
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, view, Json, http.RequestAborted);
                await http.Response.WriteAsync("\n", http.RequestAborted);
            }
            return;
        }
        var last = page.Count > 0 ? page[^1].Sequence : after;
        await http.Response.WriteAsJsonAsync(
            new { total, next = last < total ? (long?)last : null, items = views }, Json, http.RequestAborted);
    }

    /// <summary>Forgets all calls and counts, and what was still to be sent: a new run.</summary>
    private static IResult Reset(
        CallBook book, Agenda agenda, RateWindows windows, FaultPlan faults, LookupCounter lookups, PortaSwitch.Exchange exchange, FlowFloor floor)
    {
        floor.Reset();
        agenda.Clear();
        exchange.Reset();
        book.Reset();
        windows.Reset();
        faults.Reset();
        lookups.Reset();
        return TypedResults.NoContent();
    }
}

/// <summary>A line of the record. Times are UTC instants of the virtual clock; numbers are E.164.</summary>
public sealed record RecordView(
    long Sequence, DateTimeOffset At, bool Accepted, int Status, string? Reason, string? From, string? CallerId, string? CustomField,
    string? Fault, CallView? Call, string Provider)
{
    public static RecordView Of(ConnectRecord record, DateTimeOffset now) => new(
        record.Sequence, record.At, record.Accepted, record.Status, record.Reason, record.From, record.CallerId, record.CustomField, record.Fault,
        record.Call?.View(now), record.Provider);
}

/// <summary>A call's true life. Until <paramref name="EndedAt"/> is past, how it ends is not told.</summary>
/// <param name="Number">The person's.</param>
/// <param name="Occasion">How many calls the person has had, this one included.</param>
/// <param name="LocalCaller">The caller ID was of the person's circle.</param>
/// <param name="State"><c>open</c> or <c>ended</c>.</param>
/// <param name="Outcome"><c>completed</c>, <c>busy</c>, <c>no-answer</c> or <c>failed</c>; null while open.</param>
/// <param name="Cause">The person's side of it, such as <c>SwitchedOff</c>; null while open.</param>
/// <param name="Flow">Of an answered call: <c>Completed</c>, <c>ClientHangup</c>, <c>Incomplete</c>, <c>CallAttempt</c> or <c>Voicemail</c>.</param>
public sealed record CallView(
    string Sid, string Number, int Occasion, string? Circle, bool LocalCaller, string State, string? Outcome, string? Cause, string? Flow,
    DateTimeOffset CreatedAt, DateTimeOffset? RingingAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    int? TalkSeconds, string? Digits, bool Machine, IReadOnlyList<CallbackView> Callbacks)
{
    /// <summary><c>call</c>; of a call in a configured flow <c>line</c> (an agent's), <c>customer</c> or <c>inbound</c>.</summary>
    public string Kind { get; init; } = "call";

    /// <summary>What the flow's Connect dialed; empty where no flow is configured.</summary>
    public IReadOnlyList<LegView> Legs { get; init; } = [];

    /// <summary>What only calls through a queue with agents have; null for others.</summary>
    public QueueView? Queue { get; init; }

    public static CallView Of(SimulatedCall call, DateTimeOffset now)
    {
        var over = now >= call.EndedAt;
        return new CallView(
            call.Sid, call.Person, call.Occasion, call.Circle, call.IsLocal, over ? "ended" : "open",
            over ? call.FinalStatus : null, over ? call.Reaction.Ending.ToString() : null, over && call.IsAnswered ? call.FlowEnd.ToString() : null,
            call.CreatedAt, now >= call.RingingAt ? call.RingingAt : null, now >= call.AnsweredAt ? call.AnsweredAt : null,
            over ? call.EndedAt : null,
            over ? call.TalkSeconds : null, over ? call.Reaction.Digits : null, call.Reaction.Machine, CallbackView.Of(call))
        { Kind = call.Kind, Legs = [.. call.Legs.Select(LegView.Of)] };
    }
}

/// <summary>One phone that a flow dialed. What is still open is null.</summary>
/// <param name="Agent">The agent who takes part: the line's, or the dialed one; null when there is none.</param>
/// <param name="Status">Exotel's word, such as <c>no-answer</c>.</param>
/// <param name="Cause">Such as <c>RING_TIMEOUT</c>.</param>
public sealed record LegView(
    string Number, string CallerId, DateTimeOffset DialedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, string? Status, string? Cause,
    string? Agent, int TalkSeconds)
{
    public static LegView Of(Leg leg) => new(
        leg.Number, leg.CallerId, leg.DialedAt, leg.AnsweredAt, leg.EndedAt, leg.Status, leg.Cause?.Name, leg.Agent, leg.TalkSeconds);
}

/// <param name="Leg">The index of the leg it speaks of; null for none.</param>
/// <param name="Understood">How a flow understood the answer, such as <c>numbers</c>; null where it steers nothing.</param>
public sealed record CallbackView(
    string Kind, string Event, DateTimeOffset DueAt, int Copy, string? Fault, bool Dropped, bool Delivered, bool GivenUp,
    IReadOnlyList<CallbackTry> Tries, int? Leg, string? Understood)
{
    public static IReadOnlyList<CallbackView> Of(IRecordedCall call)
    {
        lock (call.Callbacks)
            return [.. call.Callbacks.Select(Of)];
    }

    public static CallbackView Of(CallbackRecord record) => new(
        record.Kind, record.Event, record.DueAt, record.Copy, record.Fault, record.Dropped, record.Delivered, record.GivenUp, [.. record.Tries],
        record.Leg, record.Understood);
}

/// <summary>An answered call's way through the queue.</summary>
/// <param name="QueuedAt">When it began to wait for an agent; null: it never did.</param>
/// <param name="ConnectedAt">When person and agent heard each other; null: never, so far.</param>
/// <param name="Agent">The extension of the agent who talked.</param>
/// <param name="Offers">Each agent whose phone rang for this call, in order.</param>
/// <param name="SilentFrom">From then on the provider told its client nothing more, although the call went on.</param>
/// <param name="Reason">Why it ended, in the provider's words; null while it lasts.</param>
public sealed record QueueView(
    DateTimeOffset? QueuedAt, DateTimeOffset? ConnectedAt, string? Agent, IReadOnlyList<OfferView> Offers, DateTimeOffset? SilentFrom,
    string? Reason, int? ReasonCode);

/// <param name="Result"><c>ringing</c>, <c>answered</c>, <c>declined</c>, or <c>caller-left</c> when the call ended first.</param>
public sealed record OfferView(string Agent, DateTimeOffset At, string Result);
