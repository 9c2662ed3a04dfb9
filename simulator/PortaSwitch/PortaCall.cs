namespace Outdial.Simulator.PortaSwitch;

/// <summary>An agent's phone rang for a call.</summary>
public sealed record Offer(Agent Agent, DateTimeOffset At)
{
    /// <summary><c>ringing</c>, <c>answered</c>, <c>declined</c> or <c>caller-left</c>.</summary>
    public string Result { get; set; } = "ringing";
}

/// <summary>
/// A call in PortaSwitch's way: first the customer's leg, then the auto attendant, the queue and an agent's leg. Until the
/// customer picks up the person alone decides; from then on the floor does, so it is lived and not planned. Guarded by
/// <see cref="CallQueue.Gate"/>: what others read of it takes that lock by itself. The callbacks are their own lock.
/// </summary>
public sealed class PortaCall : IRecordedCall
{
    private readonly List<Offer> _offers = [];

    /// <summary>The queue's.</summary>
    public required Lock Gate { private get; init; }

    public required string Sid { get; init; }
    public required string Tag { get; init; }
    public required string TrackingId { get; init; }
    public required AdvancedCall Request { get; init; }
    public required int Occasion { get; init; }
    public required string? Circle { get; init; }
    public required Reaction Reaction { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How far the clock that its events tell is ahead of the account's.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>What this customer bears in the queue.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>PortaSwitch's word for where the customer's leg stands.</summary>
    public string State { get; private set; } = "trying";

    public DateTimeOffset? RingingAt { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }
    public DateTimeOffset? QueuedAt { get; private set; }
    public DateTimeOffset? ConnectedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public string? Reason { get; private set; }
    public int? ReasonCode { get; private set; }

    /// <summary>From then on the client is told nothing more: an agent did not take the call.</summary>
    public DateTimeOffset? SilentFrom { get; set; }

    /// <summary>How many events there were so far.</summary>
    public int Told { get; set; }

    /// <summary>An event that a fault keeps back until the next one has gone out.</summary>
    public CallEvent? HeldBack { get; set; }

    public List<CallbackRecord> Callbacks { get; } = [];
    public TaskCompletionSource FirstCallback { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Person => Request.Callee;
    public string? Mark => Request.Callback?.ToString();
    public bool IsLocal => false;   // the customer sees the auto attendant's number
    public DateTimeOffset? EndsAt
    {
        get { lock (Gate) return EndedAt; }
    }

    public bool IsAnswered
    {
        get { lock (Gate) return AnsweredAt is not null; }
    }

    public bool IsOver => EndedAt is not null;

    /// <summary>How many agents' phones rang for it.</summary>
    public int Offers => _offers.Count;

    /// <summary>The agent whose phone rings for it or who talks.</summary>
    public Offer? Offer => _offers is [.., { Result: "ringing" or "answered" } last] && !IsOver ? last : null;

    public string FinalStatus => IsAnswered ? "completed" : Reaction.Ending switch
    {
        Ending.Busy => "busy",
        Ending.NoAnswer or Ending.Answered => "no-answer",   // the latter was ended by its client while it rang
        _ => "failed",
    };

    public void Ring(DateTimeOffset at) => (State, RingingAt) = ("ringing", at);
    public void Answer(DateTimeOffset at) => (State, AnsweredAt) = ("connected", at);
    public void Queue(DateTimeOffset at) => (State, QueuedAt) = ("queued", at);
    public void Connect(DateTimeOffset at) => (State, ConnectedAt) = ("connected", at);
    public void OfferTo(Offer offer) => _offers.Add(offer);

    public void End(DateTimeOffset at, string reason, int code)
    {
        if (Offer is { Result: "ringing" } open)
            open.Result = "caller-left";
        (State, EndedAt, Reason, ReasonCode) = ("terminated", at, reason, code);
    }

    public CallView View(DateTimeOffset now)
    {
        lock (Gate)
            return View();
    }

    private CallView View() => new(
        Sid, Person, Occasion, Circle, IsLocal, IsOver ? "ended" : "open", IsOver ? FinalStatus : null, IsOver ? Reaction.Ending.ToString() : null,
        IsOver && IsAnswered ? (ConnectedAt is null ? FlowEnd.ClientHangup : FlowEnd.Completed).ToString() : null,
        CreatedAt, RingingAt, AnsweredAt, EndedAt, IsOver ? (int)((EndedAt - ConnectedAt)?.TotalSeconds ?? 0) : null, null,
        IsAnswered && Reaction.Machine, CallbackView.Of(this))
    {
        Queue = new QueueView(
            QueuedAt, ConnectedAt, ConnectedAt is null ? null : _offers[^1].Agent.Extension,
            [.. _offers.Select(o => new OfferView(o.Agent.Extension, o.At, o.Result))], SilentFrom, Reason, ReasonCode),
    };
}
