using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>Plans the callbacks of a call when it is placed, with the faults that strike them, and puts them on the agenda.</summary>
public sealed class Courier(
    Agenda agenda, Postman postman, FaultPlan faults, NumberDirectory numbers, FlowSettings flow, CallDocuments documents, IOptions<SimulatorOptions> options)
{
    private static readonly (int From, int To) DelaySeconds = (60, 900);
    private static readonly (int From, int To) DuplicateSeconds = (1, 30);

    private sealed record Planned(string Kind, string Event, DateTimeOffset At, DateTimeOffset DueAt)
    {
        public string Name => $"{Kind}-{Event}";
    }

    public void Announce(SimulatedCall call)
    {
        var planned = Plan(call);
        var reordered = planned.Count > 1 && faults.Strikes(Fault.Reorder, call.Person, call.Occasion);
        if (reordered)
        {
            // The last one keeps its time; the others follow it, backwards.
            var last = planned[^1].DueAt;
            planned = [.. planned.Select((p, i) => p with { DueAt = last.AddSeconds(planned.Count - 1 - i) })];
            faults.Count(Fault.Reorder);
        }
        var deliveries = planned.SelectMany(p => Struck(call, p, reordered)).ToList();
        lock (call.Callbacks)
            call.Callbacks.AddRange(deliveries);
        foreach (var delivery in deliveries.Where(d => !d.Dropped))
            agenda.At(delivery.DueAt, () => postman.Post(Letter(call, delivery)));
    }

    private List<Planned> Plan(SimulatedCall call)
    {
        var planned = new List<Planned>();
        void Add(string kind, string name, DateTimeOffset at, TimeSpan lag) => planned.Add(new Planned(kind, name, at, at + lag));

        var settings = options.Value;
        var request = call.Request;
        var asked = settings.ExtendedCallbacks && request.StatusCallbackEvents.Count > 0 ? request.StatusCallbackEvents : ["terminal"];
        var status = request.StatusCallback is not null;
        if (status && asked.Contains("ringing") && call.RingingAt is { } ringing)
            Add("status", "ringing", ringing, TimeSpan.Zero);
        if (call.AnsweredAt is { } answered)
        {
            var passthru = flow.PassthruUrl is not null && request.To is null;
            if (passthru && settings.PassthruAt is "answered" or "both")
                Add("passthru", "answered", answered, TimeSpan.Zero);
            if (status && asked.Contains("answered"))
                Add("status", "answered", answered, TimeSpan.Zero);
            if (status && asked.Contains("answered") && call.BridgedAt is { } bridged)
                Add("status", "bridged", bridged, TimeSpan.Zero);
            if (passthru && settings.PassthruAt is "end" or "both")
                Add("passthru", "end", call.EndedAt, TimeSpan.Zero);
        }
        if (status && asked.Contains("terminal"))
            Add("status", "terminal", call.EndedAt, call.CallbackLag);
        return planned;
    }

    private IEnumerable<CallbackRecord> Struck(SimulatedCall call, Planned planned, bool reordered)
    {
        bool Strikes(Fault fault) => faults.Strikes(fault, call.Person, call.Occasion, planned.Name);
        int Between((int From, int To) span, string aspect) =>
            Dice.Between(span.From, span.To, options.Value.Seed, call.Person, call.Occasion, $"{aspect}-{planned.Name}");

        var record = new CallbackRecord(
            planned.Kind, planned.Event, planned.At, planned.DueAt, 1, reordered ? FaultRates.Name(Fault.Reorder) : null);
        if (Strikes(Fault.Drop))
        {
            faults.Count(Fault.Drop);
            yield return record with { Dropped = true, Fault = FaultRates.Name(Fault.Drop) };
            yield break;
        }
        if (Strikes(Fault.Delay))
        {
            faults.Count(Fault.Delay);
            record = record with { DueAt = record.DueAt.AddSeconds(Between(DelaySeconds, "delay")), Fault = FaultRates.Name(Fault.Delay) };
        }
        yield return record;
        if (Strikes(Fault.Duplicate))
        {
            faults.Count(Fault.Duplicate);
            yield return new CallbackRecord(
                planned.Kind, planned.Event, planned.At, record.DueAt.AddSeconds(Between(DuplicateSeconds, "duplicate")), 2, FaultRates.Name(Fault.Duplicate));
        }
    }

    private Letter Letter(SimulatedCall call, CallbackRecord record)
    {
        var passthru = flow.PassthruUrl;   // as it is when the applet runs
        return record.Kind == "status"
            ? new Letter(call.Sid, () => StatusRequest(call, record), record, call, Repeats: true)
            : new Letter(call.Sid, () => PassthruRequest(call, record, passthru ?? "http://localhost/"), record, call, Repeats: false);
    }

    private HttpRequestMessage StatusRequest(SimulatedCall call, CallbackRecord record)
    {
        var known = numbers.FixedBehaviour(call.Person);
        return new HttpRequestMessage(HttpMethod.Post, call.Request.StatusCallback)
        {
            Content = known is { MalformedCallback: true }
                ? StatusCallbackBody.Malformed(call)
                : StatusCallbackBody.Content(
                    StatusCallbackBody.Fields(
                        call, record.Event, record.At, options.Value.ExtendedCallbacks, documents.RecordingUrl(call), known?.CallbackStatus),
                    call.Request.StatusCallbackContentType),
        };
    }

    private HttpRequestMessage PassthruRequest(SimulatedCall call, CallbackRecord record, string url)
    {
        var fields = record.Event == "answered"
            ? PassthruQuery.OnAnswer(call, record.At, options.Value)
            : PassthruQuery.AtEnd(call, record.At, options.Value, documents.RecordingUrl(call));
        return new HttpRequestMessage(HttpMethod.Get, PassthruQuery.Address(url, fields));
    }
}
