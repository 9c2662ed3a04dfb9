using Microsoft.Extensions.Options;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>
/// The call queue and its agents: whoever waits longest goes to whoever is free longest. Times are passed on from what
/// caused them and not read from the clock, so that calls last exactly as long as the dice say, however fast the clock.
/// </summary>
public sealed class CallQueue
{
    public static readonly (string, int) Bye = ("BYE Received", 487);
    private static readonly (string, int) NotTaken = ("Temporarily Unavailable", 480);

    private readonly Agenda _agenda;
    private readonly EventCourier _courier;
    private readonly TimeProvider _clock;
    private readonly long _seed;
    private readonly PortaSwitchOptions _own;
    private readonly LinkedList<PortaCall> _waiting = new();
    private Floor _floor;

    public CallQueue(Agenda agenda, EventCourier courier, TimeProvider clock, IOptions<SimulatorOptions> options, IOptions<PortaSwitchOptions> porta)
    {
        (_agenda, _courier, _clock, _seed, _own) = (agenda, courier, clock, options.Value.Seed, porta.Value);
        (Staffing, _floor) = (_own.Agents, new Floor(_own.FirstExtension));
        _floor.Staff(Staffing.Count, clock.GetUtcNow());
    }

    /// <summary>Guards every call of this dialect, the queue and the agents.</summary>
    public Lock Gate { get; } = new();

    public Staffing Staffing { get; private set; }

    public FloorView View()
    {
        lock (Gate)
            return _floor.View(_clock.GetUtcNow(), _waiting.Count, _waiting.First?.Value.QueuedAt);
    }

    public void Staff(Staffing staffing)
    {
        lock (Gate)
        {
            var now = _clock.GetUtcNow();
            Staffing = staffing;
            _floor.Staff(staffing.Count, now);
            HandOut(now);
        }
    }

    /// <summary>A customer whom the auto attendant has sent on.</summary>
    public void Join(PortaCall call, DateTimeOffset at)
    {
        call.Queue(at);
        _courier.Tell(call, "queued", at);
        _waiting.AddLast(call);
        Later(at + call.Patience, call, moment =>
        {
            if (call.ConnectedAt is null)
                End(call, moment, Bye);
        });
        HandOut(at);
    }

    /// <summary>Ends a call wherever it stands; does nothing to one that is over.</summary>
    public void End(PortaCall call, DateTimeOffset at, (string Text, int Code) reason)
    {
        if (call.IsOver)
            return;
        _waiting.Remove(call);
        if (call.Offer?.Agent is { } agent)
            Release(agent, call.ConnectedAt is null ? at : at.AddSeconds(Staffing.WrapUpSeconds));
        call.End(at, reason.Text, reason.Code);
        _courier.Tell(call, "terminated", at, reason: reason);
        HandOut(at);
    }

    /// <summary>Forgets all calls; the agents are as they were at the start of the day, free.</summary>
    public void Reset()
    {
        lock (Gate)
        {
            _waiting.Clear();
            _floor = new Floor(_own.FirstExtension);
            _floor.Staff(Staffing.Count, _clock.GetUtcNow());
        }
    }

    /// <summary>Something for a call at a moment, unless it is over by then.</summary>
    public void Later(DateTimeOffset due, PortaCall call, Action<DateTimeOffset> action) => _agenda.At(due, () =>
    {
        lock (Gate)
            if (!call.IsOver)
                action(due);
    });

    private void HandOut(DateTimeOffset caused)
    {
        // What caused it may lie a moment back, where agents who have come since were not there yet.
        var at = _clock.GetUtcNow() is var now && now > caused ? now : caused;
        while (_waiting.First is { } longest && _floor.Free(at) is { } agent)
        {
            _waiting.RemoveFirst();
            Ring(longest.Value, agent, at);
        }
    }

    private void Ring(PortaCall call, Agent agent, DateTimeOffset at)
    {
        var offer = new Offer(agent, at);
        call.OfferTo(offer);
        agent.Call = call;
        _courier.Tell(call, "trying", at, agent.Extension);
        _courier.Tell(call, "ringing", at, agent.Extension);

        var declines = call.Reaction.FlowEnd == FlowEnd.Incomplete
            || Dice.Roll(_seed, call.Person, call.Occasion, $"declined-{call.Offers}") < Staffing.Declines;
        Later(at.AddSeconds(Staffing.AnswerSeconds), call, moment =>
        {
            if (call.Offer != offer)
                return;   // an offer of before a reset
            if (call.Reaction.FlowEnd == FlowEnd.ClientHangup)
                End(call, moment, Bye);
            else if (declines)
                Decline(call, offer, moment);
            else
                Connect(call, offer, moment);
        });
    }

    private void Connect(PortaCall call, Offer offer, DateTimeOffset at)
    {
        offer.Result = "answered";
        call.Connect(at);
        _courier.Tell(call, "dequeued", at);
        _courier.Tell(call, "connected", at, offer.Agent.Extension);
        Later(at.AddSeconds(Math.Max(1, call.Reaction.Talk)), call, moment => End(call, moment, Bye));
    }

    /// <summary>
    /// The published limitation: the client hears that the call is terminated and nothing more, while the customer goes on
    /// waiting, at the place that is theirs by age, and may reach another agent.
    /// </summary>
    private void Decline(PortaCall call, Offer offer, DateTimeOffset at)
    {
        offer.Result = "declined";
        _courier.Tell(call, "terminated", at, reason: NotTaken);
        call.SilentFrom ??= at;
        var younger = _waiting.First;
        while (younger?.Value.QueuedAt <= call.QueuedAt)
            younger = younger!.Next;
        if (younger is null)
            _waiting.AddLast(call);
        else
            _waiting.AddBefore(younger, call);
        Release(offer.Agent, at.AddSeconds(Staffing.DeclinePauseSeconds));
        HandOut(at);
    }

    private void Release(Agent agent, DateTimeOffset freeFrom)
    {
        _floor.Release(agent, freeFrom);
        _agenda.At(freeFrom, () =>
        {
            lock (Gate)
                HandOut(freeFrom);
        });
    }
}
