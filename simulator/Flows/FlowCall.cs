namespace Outdial.Simulator;

/// <summary>Whose call runs through a flow.</summary>
public enum FlowCallKind { Line, Customer, Inbound }

/// <summary>What a flow call is doing.</summary>
public enum FlowStage { Ringing, Asking, Dialing, Talking, Holding, Voicemail, Ended }

/// <summary>
/// A call that runs through a configured flow. Up to the answer its life is fixed like any other's; from then on its flow
/// writes it. Safe to read from anywhere.
/// </summary>
public sealed class FlowCall : SimulatedCall
{
    private readonly Lock _gate = new();
    private readonly List<Leg> _legs = [];
    private DateTimeOffset _endedAt = NotYet;
    private FlowEnd _flowEnd = FlowEnd.CallAttempt;
    private FlowStage _stage = FlowStage.Ringing;

    public required FlowDefinition Flow { get; init; }
    public required FlowCallKind Whose { get; init; }

    public bool IsLine => Whose == FlowCallKind.Line;
    public override string Kind => Whose.ToString().ToLowerInvariant();
    public override string Direction => Whose == FlowCallKind.Inbound ? "inbound" : base.Direction;

    public override IReadOnlyList<Leg> Legs
    {
        get { lock (_gate) return [.. _legs]; }
    }

    public FlowStage Stage
    {
        get { lock (_gate) return _stage; }
        set { lock (_gate) _stage = value; }
    }

    public override DateTimeOffset EndedAt
    {
        get
        {
            if (!IsAnswered)
                return base.EndedAt;
            lock (_gate)
                return _endedAt;
        }
    }

    public override FlowEnd FlowEnd
    {
        get { lock (_gate) return _flowEnd; }
    }

    public override DateTimeOffset? BridgedAt
    {
        get { lock (_gate) return _legs.Find(l => l.AnsweredAt is not null)?.AnsweredAt; }
    }

    public override int OnCallSeconds => IsAnswered && EndedAt != NotYet ? (int)Math.Round((EndedAt - AnsweredAt!.Value).TotalSeconds) : 0;

    public override int TalkSeconds
    {
        get { lock (_gate) return _legs.Sum(l => l.TalkSeconds); }
    }

    public override string? Leg2Status
    {
        get { lock (_gate) return _legs.Count > 0 ? _legs[^1].Status : null; }
    }

    /// <summary>Adds a leg that is dialed now; it gets its index.</summary>
    public Leg Add(Leg leg)
    {
        lock (_gate)
        {
            var numbered = leg with { Index = _legs.Count };
            _legs.Add(numbered);
            return numbered;
        }
    }

    public Leg Update(Leg leg)
    {
        lock (_gate)
            _legs[leg.Index] = leg;
        return leg;
    }

    public void End(DateTimeOffset at, FlowEnd how)
    {
        lock (_gate)
            (_endedAt, _flowEnd, _stage) = (at, how, FlowStage.Ended);
    }
}
