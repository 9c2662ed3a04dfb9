using Microsoft.Extensions.Options;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>What the HTTP side has to do with a request for a call.</summary>
/// <param name="Fault">What it is answered with when no call was placed.</param>
/// <param name="Trouble">How the reply goes wrong although the call was placed; null when it does not.</param>
public sealed record CallPlacement(PortaCall? Call, PortaFault? Fault, Fault? Trouble);

/// <summary>Takes requests for calls, writes them down, and takes each call from its first ring to the queue.</summary>
public sealed class Exchange(
    TimeProvider clock, IOptions<SimulatorOptions> options, IOptions<PortaSwitchOptions> porta, CallBook book, People people, NumberDirectory numbers,
    FaultPlan faults, EventCourier courier, CallQueue queue, Habits habits)
{
    private const int LongestCall = 4 * 3600;
    private static readonly (string, int) ByApi = ("Answer Leg Disconnected Via Call Control API", 487);

    private readonly Lock _gate = new();
    private readonly List<PortaCall> _live = [];

    /// <summary>Writes down a request that was refused for what it says.</summary>
    public void Refuse(PortaBody body, PortaFault fault) => book.Write(
        clock.GetUtcNow(), fault.Status, fault.Code, PhoneNumbers.TryRead(body.Text("callee_id"), out var callee) ? callee : body.Text("callee_id"),
        body.Text("caller_id"), body.Text("state_info_callback"), null, null, Providers.PortaSwitch);

    public CallPlacement Originate(AdvancedCall request)
    {
        var now = clock.GetUtcNow();
        var person = request.Callee;
        var occasion = book.NextRequest(person);
        void Write(int status, string? reason, string? fault, PortaCall? call) => book.Write(
            now, status, reason, person, porta.Value.AutoAttendantId, request.Callback?.ToString(), fault, call, Providers.PortaSwitch);

        if (Refusal(person, occasion) is var (struck, refusal))
        {
            if (struck is { } kind)
                faults.Count(kind);
            Write(refusal.Status, refusal.Code, struck is { } named ? FaultRates.Name(named) : "fixed behaviour", null);
            return new CallPlacement(null, refusal, null);
        }

        var trouble = Trouble(request, person, occasion);
        var call = Place(request, now);
        // Written down before anything can speak of it: an event may be read by its receiver at once.
        Write(StatusCodes.Status200OK, null, trouble is { } t ? FaultRates.Name(t) : null, call);
        lock (queue.Gate)
            Begin(call);
        if (trouble == Fault.CallbackBeforeReply && !call.Callbacks.Exists(c => c is { Dropped: false, Fault: null }))
            trouble = null;   // nothing to wait for
        if (trouble is { } injected)
            faults.Count(injected);
        return new CallPlacement(call, null, trouble);
    }

    /// <returns>False when no such call is live.</returns>
    public bool Terminate(string? id, string? tag)
    {
        lock (queue.Gate)
        {
            var call = Live().FirstOrDefault(c => c.Sid == id && (tag is null || c.Tag == tag));
            if (call is null)
                return false;
            queue.End(call, clock.GetUtcNow(), ByApi);
            return true;
        }
    }

    /// <summary>The calls that are not really over, oldest first, each made into what the caller needs of it.</summary>
    public IReadOnlyList<T> List<T>(Func<PortaCall, IEnumerable<T>> view)
    {
        lock (queue.Gate)
            return [.. Live().SelectMany(view)];
    }

    public void Reset()
    {
        lock (_gate)
            _live.Clear();
        queue.Reset();
    }

    private List<PortaCall> Live()
    {
        lock (_gate)
        {
            _live.RemoveAll(call => call.IsOver);
            return [.. _live];
        }
    }

    private (Fault? Struck, PortaFault Refusal)? Refusal(string person, int occasion)
    {
        if (numbers.FixedBehaviour(person) is { ConnectStatus: { } status } known)
            return occasion > known.ConnectRefusals ? null : (null, Refusal(status));
        foreach (var (fault, code) in new[] { (Fault.TooManyRequests, 429), (Fault.ServerError, 500), (Fault.GatewayTimeout, 504) })
            if (faults.Strikes(fault, person, occasion))
                return (fault, Refusal(code));
        return null;
    }

    /// <summary>What another provider says by its HTTP status, in PortaSwitch's words.</summary>
    private static PortaFault Refusal(int status) => status switch
    {
        400 => PortaFault.Of(AdvancedCall.Method, "invalid_callee_id", "callee_id is not a phone number."),
        403 => PortaFault.Of(AdvancedCall.Method, "callee_not_allowed", "Calls to this number are not allowed."),
        429 => PortaFault.Of(AdvancedCall.Method, "too_many_requests", "Too many requests.", StatusCodes.Status429TooManyRequests),
        504 => PortaFault.GatewayTimeout,
        _ => PortaFault.Internal,
    };

    private Fault? Trouble(AdvancedCall request, string person, int occasion) =>
        faults.Strikes(Fault.CutConnection, person, occasion) ? Fault.CutConnection
        : faults.Strikes(Fault.HungReply, person, occasion) ? Fault.HungReply
        : request.Callback is not null && faults.Strikes(Fault.CallbackBeforeReply, person, occasion) ? Fault.CallbackBeforeReply
        : null;

    private PortaCall Place(AdvancedCall request, DateTimeOffset now)
    {
        var (seed, person) = (options.Value.Seed, request.Callee);
        var occasion = book.NextCall(person);
        var circle = numbers.Find(person)?.Circle;
        var patience = -Math.Log(1 - Dice.Roll(seed, person, occasion, "patience")) * porta.Value.PatienceSeconds;
        var call = new PortaCall
        {
            Gate = queue.Gate,
            Sid = Dice.HexId(seed, person, occasion, now.UtcTicks),
            Tag = Dice.HexId(seed, person, occasion, now.UtcTicks + 1)[..16],
            TrackingId = Dice.HexId(seed, person, occasion, now.UtcTicks + 2),
            Request = request,
            Occasion = occasion,
            Circle = circle,
            Reaction = people.React(new Ringing(person, occasion, circle, false, IndianTime.Local(now).Hour, porta.Value.RingSeconds, LongestCall)),
            CreatedAt = now,
            Clock = habits.Clock(person, occasion, IndianTime.Offset),
            Patience = TimeSpan.FromSeconds(Math.Max(5, (int)patience)),
        };
        lock (_gate)
            _live.Add(call);
        return call;
    }

    private void Begin(PortaCall call)
    {
        var (at, reaction) = (call.CreatedAt, call.Reaction);
        courier.Tell(call, "trying", at);
        var rings = at.AddSeconds(reaction.Setup);
        if (reaction.Ring > 0)
            queue.Later(rings, call, moment =>
            {
                call.Ring(moment);
                courier.Tell(call, "ringing", moment);
            });
        var decided = rings.AddSeconds(reaction.Ring);
        if (reaction.Ending != Ending.Answered)
        {
            queue.Later(decided, call, moment => queue.End(call, moment, Failure(call)));
            return;
        }
        queue.Later(decided, call, moment =>
        {
            call.Answer(moment);
            courier.Tell(call, "connected", moment);
        });
        queue.Later(decided.AddSeconds(reaction.Greeting), call, moment => queue.Join(call, moment));
    }

    /// <summary>
    /// 480 both for who does not answer and for who cannot be reached: only the ringing tells them apart. A number that does
    /// not exist is refused in one of two ways.
    /// </summary>
    private (string, int) Failure(PortaCall call) => call.Reaction.Ending switch
    {
        Ending.Busy => ("Busy Here", 486),
        Ending.NonExistent when numbers.FixedBehaviour(call.Person) is null
            && Dice.Roll(options.Value.Seed, call.Person, 0, "refusal") < 0.3 => ("Auth Failed", 403),
        Ending.NonExistent => ("Not Found", 404),
        _ => ("Temporarily Unavailable", 480),
    };
}
