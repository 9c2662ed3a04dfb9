using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What every run of a flow works with.</summary>
public sealed record FlowTools(
    FlowCallbacks Callbacks, FlowQueries Queries, Dialer Dialer, AgentRoster Agents, ExoPhones Own, FaultPlan Faults,
    IOptions<SimulatorOptions> Options);

/// <summary>
/// One answered call on its way through a flow: DialWhom, Connect, Passthru, and for an agent's line the Transfer back to
/// the beginning; on the branch "we didn't dial anyone" it waits and asks again, or hangs up. Ends with the call's end.
/// </summary>
public sealed class FlowRun(FlowCall call, Caller caller, FlowTools tools)
{
    /// <summary>From one applet to the next, seconds.</summary>
    private const int Transfer = 1;
    private const int ShortestPatience = 2;

    /// <summary>Of a flow without a voicemail that takes a message all the same.</summary>
    private const int LongestMessage = 20;

    private readonly AgentPhone? _agent = call.IsLine ? tools.Agents.Find(call.Person) : null;
    private string _last = "";
    private int _dialings;
    private bool _talked;
    private bool _voicemail;

    /// <summary>Something happened that no Passthru has told yet; a customer's call does not end so.</summary>
    private bool _untold = true;

    public FlowCall Call => call;
    public Caller Caller => caller;

    private FlowDefinition Flow => call.Flow;

    public async Task Run()
    {
        var answered = call.AnsweredAt!.Value;
        await caller.Reach(answered);
        caller.LeaveAt(answered.AddSeconds(call.Request.TimeLimit));
        if (!call.IsLine)
            caller.WaitUntil(answered.AddSeconds(Patience()));
        if (await caller.After(Math.Max(1, call.Reaction.Greeting)))
            await Loop();
        if (!call.IsLine && _untold)
            await TellTheEnd();
        call.End(caller.At, _talked ? FlowEnd.Completed
            : _voicemail ? FlowEnd.Voicemail
            : caller.Left ? FlowEnd.ClientHangup
            : _dialings > 0 ? FlowEnd.Incomplete : FlowEnd.CallAttempt);
    }

    private async Task Loop()
    {
        while (true)
        {
            var answer = await Ask();
            if (caller.Left)
                return;
            if (answer is { Numbers.Count: > 0 })
            {
                var talked = await Dial(answer);
                if (caller.Left || _dialings >= Flow.MaxLoops || (talked && !call.IsLine))
                    return;
                if (call.IsLine || answer.FetchAfterAttempt)
                {
                    if (!await caller.After(Transfer))
                        return;
                    continue;
                }
            }
            if (!await Stays())
                return;
        }
    }

    private async Task<DialWhomAnswer?> Ask()
    {
        call.Stage = FlowStage.Asking;
        _untold = true;
        if (AgentHangsUp("asking"))
            caller.LeaveAt(caller.At);
        var answer = await tools.Callbacks.DialWhom(call, caller, "primary", Flow.DialWhomUrl!, _last, tools.Own);
        return answer is null && Flow.FallbackUrl is { } fallback && !caller.Left
            ? await tools.Callbacks.DialWhom(call, caller, "fallback", fallback, _last, tools.Own)
            : answer;
    }

    private async Task<bool> Dial(DialWhomAnswer answer)
    {
        _dialings++;
        if (call.Reaction.FlowEnd == FlowEnd.ClientHangup && !call.IsLine)
            caller.WaitUntil(caller.At.AddSeconds(ShortestPatience));   // a number that always leaves while the agent rings
        var connect = new Connect(call, caller, tools.Dialer, tools.Callbacks, tools.Queries, answer)
        {
            OnRinging = () =>
            {
                if (AgentHangsUp("ringing"))
                    caller.LeaveAt(caller.At.AddSeconds(ShortestPatience));
            },
            OnTalking = seconds =>
            {
                if (AgentHangsUp("call"))
                    caller.LeaveAt(caller.At.AddSeconds(Math.Max(1, seconds / 2)));
            },
        };
        var end = await connect.Run();
        _last = end.Dialed.Length > 0 ? end.Dialed : connect.LastLeg.Number;
        _talked |= connect.Talked;
        await tools.Callbacks.Dialed(call, caller, end, connect.LastLeg);
        _untold = false;
        if (AgentHangsUp("hold"))
            caller.LeaveAt(caller.At);
        return connect.Talked;
    }

    /// <summary>The branch "we didn't dial anyone", and for customers also "nobody answered".</summary>
    private async Task<bool> Stays()
    {
        if (Flow.StayUrl is not { } url)
        {
            if (call.IsLine)
                await tools.Callbacks.Dialed(call, caller, DialEnd.Nobody(), null);
            return false;
        }
        var stays = await tools.Callbacks.Stay(call, caller, url, _last);
        if (!stays || caller.Left)
            return false;
        call.Stage = FlowStage.Holding;
        _untold = true;
        return await caller.After(Flow.HoldSeconds);
    }

    private async Task TellTheEnd()
    {
        var end = _dialings == 0 ? DialEnd.Nobody()
            : DialEnd.Nobody(caller.Left ? "client-hangup" : "incomplete") with { DialCallStatus = caller.Left ? "canceled" : "no-answer", Dialed = _last };
        var takesMessage = Flow.VoicemailSeconds > 0 || (_dialings > 0 && !caller.Left && call.Whose == FlowCallKind.Customer
            && tools.Faults.Strikes(Fault.Voicemail, call.Person, call.Occasion));
        if (takesMessage && !caller.Left)
        {
            if (Flow.VoicemailSeconds == 0)
                tools.Faults.Count(Fault.Voicemail);
            (call.Stage, _voicemail) = (FlowStage.Voicemail, true);
            caller.WaitUntil(null);
            await caller.After(Between(1, Flow.VoicemailSeconds > 0 ? Flow.VoicemailSeconds : LongestMessage, "voicemail"));
            end = DialEnd.Nobody("voicemail", tools.Queries.RecordingUrl(call, null)) with { Dialed = _last };
        }
        await tools.Callbacks.Dialed(call, caller, end, null);
    }

    /// <summary>Seconds a customer waits for somebody to talk to.</summary>
    private int Patience()
    {
        // Numbers with a fixed behaviour stay as long as they talk, so that one that leaves after 2 s does so here too.
        if (tools.Options.Value.FixedSuffixes && Suffixes.Of(call.Person) is { TalkSeconds: { } fixedTalk and (<= ShortestPatience or >= 3600) })
            return fixedTalk;
        return Between(Math.Max(1, Flow.NoAgentPatience / 2), Flow.NoAgentPatience * 3 / 2, "patience");
    }

    private int Between(int from, int to, string aspect) =>
        Dice.Between(from, Math.Max(from, to), tools.Options.Value.Seed, call.Person, call.Occasion, aspect);

    private bool AgentHangsUp(string moment) =>
        _agent is { HangUpAfterCalls: { } calls } && _agent.HangUpDuring == moment && _dialings >= calls;
}
