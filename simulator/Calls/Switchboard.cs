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
    TimeProvider clock, IOptions<SimulatorOptions> options, CallBook book, People people, NumberDirectory numbers, FaultPlan faults, Courier courier,
    FlowBook flows, AgentRoster agents, Phones phones, FlowFloor floor, Habits habits)
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
        if (trouble == Fault.CallbackBeforeReply && call is not FlowCall { IsAnswered: true } && !call.Callbacks.Exists(c => !c.Dropped))
            trouble = null;   // nothing to wait for
        if (call is FlowCall inFlow)
            floor.Start(inFlow);
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
        var flow = request.To is null ? flows.OfAddress(request.Url) : null;
        var agent = flow is null ? null : agents.Find(person);
        var reaction = agent?.React(options.Value.Seed, occasion, request.TimeOut, faults) ?? people.React(new Ringing(
            person, occasion, circle, local, IndianTime.Local(now).Hour, request.TimeOut, request.TimeLimit));
        if (request.To is not null)   // the first party is ours and picks up at once; then the person's phone rings
            reaction = reaction with { Setup = reaction.Setup + 3, Greeting = 0, AgentRing = 0, FlowEnd = FlowEnd.Completed };
        else if (flow is null)
            reaction = GoesOn(reaction, person, occasion);
        if (hurried)
            reaction = reaction with
            {
                Setup = 0,
                Ring = Math.Min(reaction.Ring, 1),
                Greeting = Math.Min(reaction.Greeting, 1),
                AgentRing = Math.Min(reaction.AgentRing, 1),
                Talk = Math.Min(reaction.Talk, 1),
                Vain = Math.Min(reaction.Vain, 1),
                Message = Math.Min(reaction.Message, 1),
            };
        var lag = TimeSpan.FromSeconds(hurried ? 0 : Dice.Between(1, 3, options.Value.Seed, person, occasion, "lag"));
        if (flow is not null)
            return InFlow(request, flow, agent is null ? FlowCallKind.Customer : FlowCallKind.Line, occasion, circle, reaction, now, lag);
        var recorded = flow is null && request.To is null && reaction.FlowEnd is FlowEnd.Completed or FlowEnd.Voicemail;
        return new SimulatedCall
        {
            InStream = recorded && reaction is { FlowEnd: FlowEnd.Completed, Vain: 0 } && Habit(Fault.Stream, person, occasion),
            RecordingInPassthru = recorded && Habit(Fault.PassthruRecording, person, occasion),
            Sid = Sid(person, occasion, now),
            Request = request,
            CallerId = request.CallerId,
            Person = person,
            Occasion = occasion,
            Circle = circle,
            Reaction = phones.IsTaken(person, now) ? Reaction.OnAnotherCall : reaction,
            CreatedAt = now,
            CallbackLag = lag,
            Clock = habits.Clock(person, occasion, -IndianTime.Offset),
            RecordingLate = habits.RecordingLate(person, occasion),
        };
    }

    /// <summary>A flow does not end where nobody picks up: it may dial somebody else, or let the person leave a message.</summary>
    private Reaction GoesOn(Reaction reaction, string person, int occasion)
    {
        if (reaction is not { Ending: Ending.Answered, FlowEnd: FlowEnd.Completed or FlowEnd.Incomplete })
            return reaction;
        int Between(int from, int to, string aspect) => Dice.Between(from, to, options.Value.Seed, person, occasion, aspect);
        if (Habit(Fault.SecondConnect, person, occasion))
            return reaction with
            {
                FlowEnd = FlowEnd.Completed,
                Vain = Between(10, 30, "vain"),
                AgentRing = Between(2, 8, "second-ring"),
                Talk = Math.Max(reaction.Talk, Between(5, 60, "second-talk")),
            };
        return Habit(Fault.Voicemail, person, occasion)
            ? reaction with { FlowEnd = FlowEnd.Voicemail, Vain = Between(10, 30, "vain"), AgentRing = 0, Talk = 0, Message = Between(3, 20, "message") }
            : reaction;
    }

    private bool Habit(Fault fault, string person, int occasion)
    {
        if (!faults.Strikes(fault, person, occasion))
            return false;
        faults.Count(fault);
        return true;
    }

    /// <summary>A customer calls one of the account's own numbers.</summary>
    /// <returns>null when the customer's phone is in use.</returns>
    public FlowCall? Receive(string from, ExoPhone to, FlowDefinition flow)
    {
        var now = clock.GetUtcNow();
        var occasion = book.NextCall(from);
        var circle = numbers.Find(from)?.Circle;
        var request = new ConnectRequest(from, null, to, null, null, ConnectRequest.MaxTimeOut, ConnectRequest.MaxTimeLimit, null, [], "");
        // Whoever calls is there; how long they would talk is theirs as in any call.
        var reaction = people.React(new Ringing(
            from, occasion, circle, false, IndianTime.Local(now).Hour, ConnectRequest.MaxTimeOut, ConnectRequest.MaxTimeLimit));
        reaction = reaction with { Ending = Ending.Answered, Setup = 0, Ring = 1, Greeting = Math.Max(2, reaction.Greeting), Machine = false };
        var call = InFlow(request, flow, FlowCallKind.Inbound, occasion, circle, reaction, now, TimeSpan.Zero);
        if (!call.IsAnswered)
            return null;
        book.Write(now, StatusCodes.Status200OK, null, from, to.Number, null, null, call);
        courier.Announce(call);
        floor.Start(call);
        return call;
    }

    /// <summary>A call into a configured flow; its phone is in use from now on, or busy when it was.</summary>
    private FlowCall InFlow(
        ConnectRequest request, FlowDefinition flow, FlowCallKind whose, int occasion, string? circle, Reaction reaction, DateTimeOffset now,
        TimeSpan lag)
    {
        var (clockOfCall, recordingLate) = (habits.Clock(request.From, occasion, -IndianTime.Offset), habits.RecordingLate(request.From, occasion));
        FlowCall With(Reaction how) => new()
        {
            Sid = Sid(request.From, occasion, now),
            Request = request,
            CallerId = request.CallerId,
            Person = request.From,
            Occasion = occasion,
            Circle = circle,
            Reaction = how,
            CreatedAt = now,
            CallbackLag = lag,
            Clock = clockOfCall,
            RecordingLate = recordingLate,
            Flow = flow,
            Whose = whose,
        };
        var call = With(reaction);
        return phones.TryTake(request.From, new Phones.Use(call, null), now) ? call : With(Reaction.OnAnotherCall);
    }

    // The moment is part of the id, so that it stays unique when the counters start again.
    private string Sid(string person, int occasion, DateTimeOffset now) => Dice.HexId(options.Value.Seed, person, occasion, now.UtcTicks);
}
