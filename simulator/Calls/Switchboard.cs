using System.Globalization;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What the HTTP side has to do with a connect request.</summary>
/// <param name="Status">The HTTP status; 200 when the call was placed.</param>
/// <param name="Message">The sentence of the RestException when it was not.</param>
/// <param name="Trouble">How the reply goes wrong although the call was placed; null when it does not.</param>
public sealed record Placement(SimulatedCall? Call, int Status, string? Message, Fault? Trouble);

/// <summary>Takes connect requests, places calls and writes both down.</summary>
public sealed class Switchboard(
    TimeProvider clock, IOptions<SimulatorOptions> options, CallBook book, People people, NumberDirectory numbers, FaultPlan faults, Courier courier)
{
    private static readonly (Fault Fault, int Status, string Message)[] Refusals =
    [
        (Fault.TooManyRequests, 429, RestException.TooMany(200)),
        (Fault.ServerError, 500, RestException.Internal),
        (Fault.GatewayTimeout, 504, RestException.GatewayTimeout),
    ];

    /// <summary>Writes down a request that was refused before it could be understood as one.</summary>
    public void Refuse(IFormCollection? form, int status, string reason)
    {
        string? Text(string name) => form?[name].ToString() is { Length: > 0 } text ? text : null;
        book.Write(
            clock.GetUtcNow(), status, reason, PhoneNumbers.TryRead(Text("From"), out var from) ? from : Text("From"),
            PhoneNumbers.TryRead(Text("CallerId"), out var callerId) ? callerId : Text("CallerId"), Text("CustomField"), null, null);
    }

    public Placement Connect(ConnectRequest request)
    {
        var now = clock.GetUtcNow();
        var person = request.To ?? request.From;
        var occasion = book.NextRequest(person);
        if (Refusal(person, occasion) is var (fault, status, message))
        {
            if (fault is { } kind)
                faults.Count(kind);
            book.Write(
                now, status, message, request.From, request.CallerId.Number, request.CustomField,
                fault is { } named ? FaultRates.Name(named) : "fixed behaviour", null);
            return new Placement(null, status, message, null);
        }

        var trouble = Trouble(request, person, occasion);
        var call = Place(request, person, now, hurried: trouble == Fault.CallbackBeforeReply);
        // Written down before anything can speak of it: a callback may be read by its receiver at once.
        book.Write(
            now, 200, null, request.From, request.CallerId.Number, request.CustomField, trouble is { } t ? FaultRates.Name(t) : null, call);
        courier.Announce(call);
        if (trouble == Fault.CallbackBeforeReply && !call.Callbacks.Exists(c => !c.Dropped))
            trouble = null;   // nothing to wait for
        if (trouble is { } injected)
            faults.Count(injected);
        return new Placement(call, 200, null, trouble);
    }

    private (Fault? Fault, int Status, string Message)? Refusal(string person, int occasion)
    {
        if (numbers.FixedBehaviour(person) is { ConnectStatus: { } status } known)
            return occasion > known.ConnectRefusals ? null : (null, status, FixedMessage(status));
        foreach (var (fault, code, message) in Refusals)
            if (faults.Strikes(fault, person, occasion))
                return (fault, code, message);
        return null;
    }

    private static string FixedMessage(int status) => status switch
    {
        400 => "The 'From' parameter is not a valid phone number.",
        403 => RestException.Forbidden,
        429 => RestException.TooMany(200),
        504 => RestException.GatewayTimeout,
        _ => RestException.Internal,
    };

    private Fault? Trouble(ConnectRequest request, string person, int occasion)
    {
        if (faults.Strikes(Fault.CutConnection, person, occasion))
            return Fault.CutConnection;
        if (faults.Strikes(Fault.HungReply, person, occasion))
            return Fault.HungReply;
        return request.StatusCallback is not null && faults.Strikes(Fault.CallbackBeforeReply, person, occasion)
            ? Fault.CallbackBeforeReply
            : null;
    }

    /// <param name="hurried">
    /// The call must be over while its client still waits for the reply: everything takes a second at most. How it ends stays.
    /// </param>
    private SimulatedCall Place(ConnectRequest request, string person, DateTimeOffset now, bool hurried)
    {
        var occasion = book.NextCall(person);
        var circle = numbers.Find(person)?.Circle;
        var local = circle is not null && circle == request.CallerId.Region;
        var reaction = people.React(new Ringing(
            person, occasion, circle, local, IndianTime.Local(now).Hour, request.TimeOut, request.TimeLimit));
        if (request.To is not null)   // the first party is ours and picks up at once; then the person's phone rings
            reaction = reaction with { Setup = reaction.Setup + 3, Greeting = 0, AgentRing = 0, FlowEnd = FlowEnd.Completed };
        if (hurried)
            reaction = reaction with
            {
                Setup = 0,
                Ring = Math.Min(reaction.Ring, 1),
                Greeting = Math.Min(reaction.Greeting, 1),
                AgentRing = Math.Min(reaction.AgentRing, 1),
                Talk = Math.Min(reaction.Talk, 1),
            };
        var seed = options.Value.Seed;
        return new SimulatedCall
        {
            // The moment is part of the id, so that it stays unique when the counters start again.
            Sid = Dice.HexId(seed, person, occasion, now.UtcTicks),
            Request = request,
            CallerId = request.CallerId,
            Person = person,
            Occasion = occasion,
            Circle = circle,
            Reaction = reaction,
            CreatedAt = now,
            CallbackLag = TimeSpan.FromSeconds(hurried ? 0 : Dice.Between(1, 3, seed, person, occasion, "lag")),
        };
    }
}
