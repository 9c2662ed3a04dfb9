using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>
/// Sends a call's events to where its client wants them, with the faults that strike them. Each is sent once: that
/// PortaSwitch repeats an event that was not taken is nowhere said. Called with <see cref="CallQueue.Gate"/> held.
/// </summary>
public sealed class EventCourier(
    Agenda agenda, Postman postman, FaultPlan faults, NumberDirectory numbers, IOptions<SimulatorOptions> options, IOptions<PortaSwitchOptions> porta)
{
    private static readonly (int From, int To) DelaySeconds = (60, 900);
    private static readonly (int From, int To) DuplicateSeconds = (1, 30);

    public void Tell(PortaCall call, string state, DateTimeOffset at, string? extension = null, (string Text, int Code)? reason = null)
    {
        if (call.SilentFrom is not null)
            return;
        Tell(call, CallEvent.Of(call, state, at, porta.Value, extension, reason));
        if (state == "connected" && extension is null && numbers.FixedBehaviour(call.Person)?.CallbackStatus is { } unheardOf)
            Tell(call, CallEvent.Of(call, unheardOf, at, porta.Value));
    }

    private void Tell(PortaCall call, CallEvent told)
    {
        if (call.Request.Callback is null || (AdvancedCall.KnownEvents.Contains(told.State) && !call.Request.Events.Contains(told.State)))
            return;
        // An event cannot overtake one that has not happened yet: it is kept back until the next. After the last comes none.
        if (call.HeldBack is null && told.State != "terminated" && Strikes(Fault.Reorder, call, told))
        {
            call.HeldBack = told;
            return;
        }
        Send(call, told, told.At, null);
        if (call.HeldBack is { } late)
        {
            call.HeldBack = null;
            faults.Count(Fault.Reorder);
            Send(call, late, told.At, FaultRates.Name(Fault.Reorder));
        }
    }

    private void Send(PortaCall call, CallEvent told, DateTimeOffset due, string? fault)
    {
        var record = new CallbackRecord("event", told.Name, told.At, due, 1, fault);
        if (Strikes(Fault.Drop, call, told))
        {
            faults.Count(Fault.Drop);
            Write(call, record with { Dropped = true, Fault = FaultRates.Name(Fault.Drop) });
            return;
        }
        if (Strikes(Fault.Delay, call, told))
        {
            faults.Count(Fault.Delay);
            record = record with { DueAt = due.AddSeconds(Between(DelaySeconds, call, told, "delay")), Fault = FaultRates.Name(Fault.Delay) };
        }
        Post(call, told, record, due);
        if (Strikes(Fault.Duplicate, call, told))
        {
            faults.Count(Fault.Duplicate);
            var again = record.DueAt.AddSeconds(Between(DuplicateSeconds, call, told, "duplicate"));
            Post(call, told, new CallbackRecord("event", told.Name, told.At, again, 2, FaultRates.Name(Fault.Duplicate)), due);
        }
    }

    private void Post(PortaCall call, CallEvent told, CallbackRecord record, DateTimeOffset now)
    {
        Write(call, record);
        var body = numbers.FixedBehaviour(call.Person) is { MalformedCallback: true } ? "{\"call_info\": {\"state\": " : Body(told);
        var letter = new Letter(call.Sid, () => new HttpRequestMessage(HttpMethod.Post, call.Request.Callback)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        }, record, call, Repeats: false);
        if (record.DueAt > now)
            agenda.At(record.DueAt, () => postman.Post(letter));
        else
            postman.Post(letter);
    }

    private string Body(CallEvent told) =>
        porta.Value.WrapEvents ? new JsonObject { ["call_info"] = told.Info.DeepClone() }.ToJsonString() : told.Info.ToJsonString();

    private static void Write(PortaCall call, CallbackRecord record)
    {
        lock (call.Callbacks)
            call.Callbacks.Add(record);
    }

    private bool Strikes(Fault fault, PortaCall call, CallEvent told) => faults.Strikes(fault, call.Person, call.Occasion, $"{told.Name}-{told.Ordinal}");

    private int Between((int From, int To) span, PortaCall call, CallEvent told, string aspect) =>
        Dice.Between(span.From, span.To, options.Value.Seed, call.Person, call.Occasion, $"{aspect}-{told.Name}-{told.Ordinal}");
}
