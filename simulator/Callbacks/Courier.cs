using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>Plans the callbacks of a call when it is placed, with the faults that strike them, and puts them on the agenda.</summary>
public sealed class Courier(
    Agenda agenda, Postman postman, FaultPlan faults, CallbackFaults strikes, NumberDirectory numbers, FlowSettings flow, FlowQueries queries,
    CallDocuments documents, IOptions<SimulatorOptions> options)
{
    private sealed record Planned(string Kind, string Event, DateTimeOffset At, DateTimeOffset DueAt)
    {
        public string Name => $"{Kind}-{Event}";
    }

    /// <summary>Everything that is certain when the call is placed. How an answered flow call ends is not: see <see cref="AnnounceEnd"/>.</summary>
    public void Announce(SimulatedCall call)
    {
        var planned = Plan(call);
        var reordered = planned.Count > 1 && call is not FlowCall && faults.Strikes(Fault.Reorder, call.Person, call.Occasion);
        if (reordered)
        {
            // The last one keeps its time; the others follow it, backwards.
            var last = planned[^1].DueAt;
            planned = [.. planned.Select((p, i) => p with { DueAt = last.AddSeconds(planned.Count - 1 - i) })];
            faults.Count(Fault.Reorder);
        }
        Schedule(call, planned, reordered);
    }

    /// <summary>The last status callback of an answered flow call, when its end is known.</summary>
    public void AnnounceEnd(FlowCall call)
    {
        if (call.Request.StatusCallback is not null && Asked(call).Contains("terminal"))
            Schedule(call, [new Planned("status", "terminal", call.EndedAt, call.EndedAt + call.CallbackLag)], reordered: false);
    }

    private void Schedule(SimulatedCall call, List<Planned> planned, bool reordered)
    {
        var deliveries = planned.SelectMany(p => Struck(call, p, reordered)).ToList();
        lock (call.Callbacks)
            call.Callbacks.AddRange(deliveries);
        foreach (var delivery in deliveries.Where(d => !d.Dropped))
            agenda.At(delivery.DueAt, () => postman.Post(Letter(call, delivery)));
    }

    private IReadOnlyList<string> Asked(SimulatedCall call) =>
        options.Value.ExtendedCallbacks && call.Request.StatusCallbackEvents.Count > 0 ? call.Request.StatusCallbackEvents : ["terminal"];

    private List<Planned> Plan(SimulatedCall call)
    {
        var planned = new List<Planned>();
        void Add(string kind, string name, DateTimeOffset at, TimeSpan lag) => planned.Add(new Planned(kind, name, at, at + lag));

        var settings = options.Value;
        var asked = Asked(call);
        var status = call.Request.StatusCallback is not null;
        var open = call is FlowCall { IsAnswered: true };
        if (status && asked.Contains("ringing") && call.RingingAt is { } ringing)
            Add("status", "ringing", ringing, TimeSpan.Zero);
        if (call.AnsweredAt is { } answered)
        {
            var passthru = PassthruUrl(call) is not null && call.Request.To is null;
            if (passthru && settings.PassthruAt is "answered" or "both")
                Add("passthru", "answered", answered, TimeSpan.Zero);
            if (status && asked.Contains("answered"))
                Add("status", "answered", answered, TimeSpan.Zero);
            if (status && asked.Contains("answered") && call.BridgedAt is { } bridged)
                Add("status", "bridged", bridged, TimeSpan.Zero);
            if (passthru && !open && settings.PassthruAt is "end" or "both" && call.VainAt is { } vain)
                Add("passthru", "incomplete", vain, TimeSpan.Zero);
            if (passthru && !open && settings.PassthruAt is "end" or "both")
                Add("passthru", "end", call.EndedAt, TimeSpan.Zero);
        }
        if (status && !open && asked.Contains("terminal"))
            Add("status", "terminal", call.EndedAt, call.CallbackLag);
        return planned;
    }

    /// <summary>The Passthru of an ordinary flow, or the one before Connect of a configured flow; an agent's line has none.</summary>
    private string? PassthruUrl(SimulatedCall call) => call switch
    {
        FlowCall { IsLine: true } => null,
        FlowCall configured => configured.Flow.PassthruUrl ?? flow.PassthruUrl,
        _ => flow.PassthruUrl,
    };

    private IEnumerable<CallbackRecord> Struck(SimulatedCall call, Planned planned, bool reordered)
    {
        var strike = strikes.Decide((call as FlowCall)?.Flow, call.Person, call.Occasion, planned.Name);
        var record = new CallbackRecord(
            planned.Kind, planned.Event, planned.At, planned.DueAt + strike.Delay, 1,
            strike.Fault ?? (reordered ? FaultRates.Name(Fault.Reorder) : null))
        { Dropped = strike.Drop };
        yield return record;
        // Nobody can read this copy, so it takes nothing away: what it doubles is sent all the same.
        if (planned.Kind == "status" && !strike.Drop && faults.Strikes(Fault.UnreadableCopy, call.Person, call.Occasion, planned.Name))
        {
            faults.Count(Fault.UnreadableCopy);
            yield return new CallbackRecord(planned.Kind, planned.Event, planned.At, record.DueAt, 2, FaultRates.Name(Fault.UnreadableCopy));
        }
        if (strike.CopyAfter is { } after)
            yield return new CallbackRecord(planned.Kind, planned.Event, planned.At, record.DueAt + after, 2, FaultRates.Name(Fault.Duplicate));
    }

    private Letter Letter(SimulatedCall call, CallbackRecord record)
    {
        var passthru = PassthruUrl(call);   // as it is when the applet runs
        return record.Kind == "status"
            ? new Letter(call.Sid, () => Written(call, record, StatusRequest(call, record)), record, call, Repeats: true)
            : new Letter(call.Sid, () => Written(call, record, PassthruRequest(call, record, passthru ?? "http://localhost/")), record, call, Repeats: false);
    }

    private HttpRequestMessage Written(SimulatedCall call, CallbackRecord record, HttpRequestMessage request)
    {
        if (record.Fault == FaultRates.Name(Fault.UnreadableCopy))
            return OddRequest.Unreadable(request);
        if (!faults.Strikes(Fault.OddBytes, call.Person, call.Occasion, $"{record.Kind}-{record.Event}"))
            return request;
        if (record.Tries.Count == 0)
            faults.Count(Fault.OddBytes);
        return OddRequest.Made(request, call.Sid);
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
                        call, record.Event, record.At, options.Value.ExtendedCallbacks,
                        call.RecordingInPassthru ? null : documents.NamedRecording(call), known?.CallbackStatus),
                    call.Request.StatusCallbackContentType),
        };
    }

    private HttpRequestMessage PassthruRequest(SimulatedCall call, CallbackRecord record, string url)
    {
        var fields = call is FlowCall configured ? queries.Passthru(configured, record.At, "")
            : record.Event == "answered" ? PassthruQuery.OnAnswer(call, record.At, options.Value)
            : record.Event == "incomplete" ? PassthruQuery.InVain(call, record.At, options.Value)
            : PassthruQuery.AtEnd(call, record.At, options.Value, documents.NamedRecording(call));
        return new HttpRequestMessage(HttpMethod.Get, PassthruQuery.Address(url, fields));
    }
}
