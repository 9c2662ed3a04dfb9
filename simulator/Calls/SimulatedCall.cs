namespace Outdial.Simulator;

/// <summary>
/// A call that was placed. Its whole life is fixed when it is placed: every time is a sum of the reaction's durations, and
/// its state at a moment follows from the moment alone. So nothing has to be updated in time, however fast the clock.
/// Only a <see cref="FlowCall"/> goes on from its answer as its client's answers say.
/// </summary>
public class SimulatedCall : IRecordedCall
{
    /// <summary>Stands for an end that nobody knows yet.</summary>
    public static readonly DateTimeOffset NotYet = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public required string Sid { get; init; }
    public required ConnectRequest Request { get; init; }
    public required ExoPhone CallerId { get; init; }

    /// <summary>The person: <c>From</c> of a flow call, <c>To</c> of a two-number call. E.164.</summary>
    public required string Person { get; init; }

    /// <summary>How many calls the person has had, this one included.</summary>
    public required int Occasion { get; init; }

    public required string? Circle { get; init; }
    public required Reaction Reaction { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How far the clock that its callbacks tell is ahead of the account's.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>How long after everything else its recording is in the records, and named nowhere else; null: it is there with the rest.</summary>
    public TimeSpan? RecordingLate { get; init; }

    /// <summary>What the status callback waits after the end.</summary>
    public required TimeSpan CallbackLag { get; init; }

    /// <summary>What its callbacks came to; also the lock for reading and changing them.</summary>
    public List<CallbackRecord> Callbacks { get; } = [];

    /// <summary>Set when a callback has been tried for the first time.</summary>
    public TaskCompletionSource FirstCallback { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often its details were asked for; incremented atomically.</summary>
    public int Reads;

    public bool IsAnswered => Reaction.Ending == Ending.Answered;
    public bool IsLocal => Circle is not null && CallerId.Region == Circle;

    /// <summary><c>call</c>, or of a flow call <c>line</c> (an agent's), <c>customer</c> or <c>inbound</c>.</summary>
    public virtual string Kind => "call";

    /// <summary>Exotel's word, as call details show it.</summary>
    public virtual string Direction => "outbound-api";

    private DateTimeOffset RingsAt => CreatedAt.AddSeconds(Reaction.Setup);
    public DateTimeOffset? RingingAt => Reaction.Ring > 0 ? RingsAt : null;
    public DateTimeOffset? AnsweredAt => IsAnswered ? RingsAt.AddSeconds(Reaction.Ring) : null;

    /// <summary>When person and agent are connected; null when that never happens.</summary>
    public virtual DateTimeOffset? BridgedAt =>
        IsAnswered
            && Reaction.FlowEnd == FlowEnd.Completed ? AnsweredAt!.Value.AddSeconds(Reaction.Greeting + Reaction.Vain + Reaction.AgentRing) : null;

    /// <summary>When the flow's first Connect had rung in vain and it went on to another one, or to a message; null: it did not.</summary>
    public DateTimeOffset? VainAt => IsAnswered && Reaction.Vain > 0 ? AnsweredAt!.Value.AddSeconds(Reaction.Greeting + Reaction.Vain) : null;

    /// <summary>The conversation was with a bot: it is told of as a stream.</summary>
    public bool InStream { get; init; }

    /// <summary>Neither the status callback nor the details name the recording.</summary>
    public bool RecordingInPassthru { get; init; }

    /// <summary>An instant as its callbacks tell it.</summary>
    public string Told(DateTimeOffset at) => IndianTime.Text(at + Clock);

    /// <summary>The same in the form of <c>Created</c>.</summary>
    public string ToldLong(DateTimeOffset at) => IndianTime.LongText(at + Clock);

    string? IRecordedCall.Mark => Request.CustomField;
    DateTimeOffset? IRecordedCall.EndsAt => EndedAt == NotYet ? null : EndedAt;
    public CallView View(DateTimeOffset now) => CallView.Of(this, now);

    /// <summary><see cref="NotYet"/> for a flow call that goes on.</summary>
    public virtual DateTimeOffset EndedAt => RingsAt.AddSeconds(Reaction.Ring + Reaction.OnCall);

    /// <summary>Seconds from the answer to the end.</summary>
    public virtual int OnCallSeconds => Reaction.OnCall;

    /// <summary>Seconds both parties talked (or the person listened, in a flow without agents).</summary>
    public virtual int TalkSeconds => Reaction.Talk;

    public virtual FlowEnd FlowEnd => Reaction.FlowEnd;

    /// <summary>What Connect dialed, oldest first; of a call that is no <see cref="FlowCall"/> nothing is known.</summary>
    public virtual IReadOnlyList<Leg> Legs => [];

    /// <summary>Exotel's word for how the call ended.</summary>
    public string FinalStatus => Reaction.Ending switch
    {
        Ending.Answered => "completed",
        Ending.Busy => "busy",
        Ending.NoAnswer => "no-answer",
        _ => "failed",
    };

    /// <summary>Exotel's word for the second leg of a finished call; null when it was never dialled.</summary>
    public virtual string? Leg2Status => Request.To is not null ? FinalStatus
        : !IsAnswered ? null
        : Reaction.FlowEnd switch
        {
            FlowEnd.Completed => "completed",
            FlowEnd.ClientHangup => "canceled",
            FlowEnd.Incomplete or FlowEnd.Voicemail => "no-answer",
            _ => null,
        };

    public string Leg1Status => Request.To is not null ? "completed" : FinalStatus;

    /// <summary>Exotel's word for the call at a moment.</summary>
    public string StatusAt(DateTimeOffset now) =>
        now >= EndedAt ? FinalStatus
        : now >= AnsweredAt ? "in-progress"
        : now >= RingingAt ? "ringing"
        : "queued";
}
