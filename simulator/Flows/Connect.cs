namespace Outdial.Simulator;

/// <summary>The Connect applet: dials what it was told, in order or several phones at once, and lets two people talk.</summary>
public sealed class Connect(FlowCall call, Caller caller, Dialer dialer, FlowCallbacks callbacks, FlowQueries queries, DialWhomAnswer answer)
{
    private readonly ExoPhone _callerId = answer.OutgoingNumber ?? call.CallerId;
    private readonly List<DialPlan> _plans = [];
    private DialPlan? _talked;

    /// <summary>Called when a phone begins to ring.</summary>
    public Action OnRinging { get; init; } = () => { };

    /// <summary>Called when two people begin to talk, with the seconds they will.</summary>
    public Action<int> OnTalking { get; init; } = _ => { };

    /// <summary>Whether two people talked.</summary>
    public bool Talked => _talked is not null;

    public async Task<DialEnd> Run()
    {
        var start = caller.At;
        foreach (var together in answer.Numbers.Chunk(answer.Parallel))
        {
            await Ring(together);
            if (_talked is not null || caller.Left || answer.FetchAfterAttempt)
                break;
        }
        var last = _talked ?? _plans[^1];
        var seconds = (int)Math.Round((caller.At - start).TotalSeconds);
        IReadOnlyList<Leg> legs = [.. _plans.Select(p => p.Leg)];
        if (_talked is not null)
            return new DialEnd(
                caller.Left && call.IsLine ? "client-hangup" : "completed", "completed", seconds, last.Leg.Named, legs, _callerId.Number,
                call.RecordingLate is null && (answer.Record ?? call.Flow.Record) ? queries.RecordingUrl(call, last.Leg.Index) : null);
        return caller.Left
            ? new DialEnd("client-hangup", "canceled", 0, last.Leg.Named, legs, _callerId.Number, null)
            : new DialEnd("incomplete", last.Leg.Status, seconds, last.Leg.Named, legs, _callerId.Number, null);
    }

    /// <summary>The leg that the Passthru speaks of.</summary>
    public Leg LastLeg => (_talked ?? _plans[^1]).Leg;

    private async Task Ring(string[] numbers)
    {
        call.Stage = FlowStage.Dialing;
        var limit = answer.MaxRinging ?? call.Flow.RingSeconds;
        DialPlan[] ringing = [.. numbers.Select(number => dialer.Dial(call, number, _callerId, limit, caller.At))];
        _plans.AddRange(ringing);
        foreach (var plan in ringing)
            callbacks.Popup(call, answer.EventUrl, plan.Leg, "dial", caller.At);
        OnRinging();

        var first = ringing.Where(p => p.AnswersAt is not null).MinBy(p => p.AnswersAt);
        foreach (var plan in ringing.Where(p => p.AnswersAt is null && !(p.EndsAt > first?.AnswersAt)).OrderBy(p => p.EndsAt))
        {
            if (!await caller.Reach(plan.EndsAt))
                break;
            var (status, cause) = LegCause.Of(plan.Ending);
            Close(plan, status, cause);
        }
        var answered = first is not null && !caller.Left && await caller.Reach(first.AnswersAt!.Value);
        foreach (var plan in ringing.Where(p => p.Leg.EndedAt is null && !(answered && p == first)))
            Close(plan, "canceled", LegCause.RingTimeout);   // as published for a caller who left; also for those that rang in vain
        if (answered)
            await Talk(first!);
    }

    private async Task Talk(DialPlan plan)
    {
        _talked = plan;
        plan.Leg = call.Update(plan.Leg with { AnsweredAt = caller.At });
        call.Stage = FlowStage.Talking;
        caller.WaitUntil(null);
        callbacks.Popup(call, answer.EventUrl, plan.Leg, "answered", caller.At);
        var seconds = Math.Min(plan.Talk, answer.MaxConversation ?? FlowDefinition.MaxConversation);
        OnTalking(seconds);
        await caller.After(seconds);
        Close(plan, "completed", LegCause.NormalClearing);
    }

    private void Close(DialPlan plan, string status, LegCause cause)
    {
        plan.Leg = call.Update(plan.Leg with { EndedAt = caller.At, Status = status, Cause = cause });
        dialer.Free(call, plan.Leg);
        callbacks.Popup(call, answer.EventUrl, plan.Leg, "terminal", caller.At);
    }
}
