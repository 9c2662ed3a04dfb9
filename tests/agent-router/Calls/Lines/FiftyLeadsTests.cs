using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>
/// One agent's session over fifty leads, in which the provider's requests, each kind in turn, are dropped, doubled or delayed on their way
/// to the ingress; and shorter sessions in which one kind never comes as it should. Whatever comes, each lead ends with the right outcome,
/// told once, and the agent is never stuck. The line's own end is in <see cref="LineEndTests"/>.
/// </summary>
[Collection("router with ingress")]
public sealed class FiftyLeadsTests(RouterWithIngress shared)
{
    private static readonly string[] Kinds = [PopupStages.Dial, PopupStages.Answered, PopupStages.Terminal, "passthru", "dialwhom"];
    private readonly RouterNode _node = shared.Node;
    private readonly List<Func<Task>> _late = [];
    private readonly List<string> _told = [];
    private DateTimeOffset? _lateAsk;
    private AgentLine _line = null!;
    private Guid _campaign;
    private string _callback = "each in turn";
    private Fault _fault;

    [Theory]
    [InlineData(Fault.None), InlineData(Fault.Dropped), InlineData(Fault.Doubled), InlineData(Fault.Delayed)]
    public Task Over_fifty_leads_with_each_callback_in_turn_disturbed_every_lead_ends_with_the_right_outcome_and_the_agent_is_never_stuck(
        Fault fault) =>
        Session("each in turn", fault, leads: 50);

    [Theory]
    [InlineData(PopupStages.Dial, Fault.Dropped), InlineData(PopupStages.Dial, Fault.Doubled), InlineData(PopupStages.Dial, Fault.Delayed)]
    [InlineData(PopupStages.Answered, Fault.Dropped), InlineData(PopupStages.Answered, Fault.Doubled), InlineData(
        PopupStages.Answered, Fault.Delayed)]
    [InlineData(PopupStages.Terminal, Fault.Dropped), InlineData(PopupStages.Terminal, Fault.Doubled), InlineData(
        PopupStages.Terminal, Fault.Delayed)]
    [InlineData("passthru", Fault.Dropped), InlineData("passthru", Fault.Doubled), InlineData("passthru", Fault.Delayed)]
    [InlineData("dialwhom", Fault.Dropped), InlineData("dialwhom", Fault.Doubled), InlineData("dialwhom", Fault.Delayed)]
    [InlineData("popups", Fault.Dropped)]
    [InlineData("everything", Fault.Dropped)]
    public Task With_one_callback_always_disturbed_every_lead_ends_with_the_right_outcome_and_the_agent_is_never_stuck(
        string callback, Fault fault) =>
        Session(callback, fault, leads: 12);

    private async Task Session(string callback, Fault fault, int leads)
    {
        (_callback, _fault) = (callback, fault);
        _campaign = await _node.ACampaign();
        _line = await _node.ALine(_campaign, shared.NextAgent());
        var offered = Enumerable.Range(1, leads).Select(i => _node.ALead(i, leads - i)).ToList();
        await _node.Offered(_campaign, offered);

        for (var i = 1; i <= leads; i++)
        {
            var number = await Ask(i);
            Assert.Equal(Floor.NumberOf(i), number);
            await Deliver();   // what was late for the lead before comes in the middle of this one
            await Call(i, number!);
            if (i % 2 == 0)
                await Deliver();
            if (_lateAsk is { } asked)
                Assert.Null(await _line.Ask(at: asked));   // nobody waits for this answer: no lead is spent on it
            _lateAsk = null;
        }

        // The hopper is empty and the line asks on; the sweeper settles what nobody told.
        await _node.Until(async db =>
        {
            await _line.Ask();
            return await db.Hopper.AllAsync(h => h.CampaignId != _campaign || h.State == HopperStates.Over);
        }, "every lead has its outcome", TimeSpan.FromSeconds(5));
        await _line.Until(AgentStates.Ready);
        var rows = await _node.Ask(db => db.Hopper.AsNoTracking().Where(h => h.CampaignId == _campaign).ToListAsync());
        Assert.Equal(leads, rows.Count);
        Assert.All(rows, row => Assert.Equal(Expected(int.Parse(row.Number[^5..], null) - 10000), row.Outcome));
        var attempts = offered.Select(lead => lead.AttemptId).ToHashSet();
        await _node.Soon(_ => Task.FromResult(Ends().Select(t => t.AttemptId).Distinct().Count() == leads), "every end was told");
        Assert.Equal(leads, Ends().Select(t => t.EventId).Distinct().Count());
        Assert.Equal(leads, _node.Heard.Of<LeadDialed>().Where(d => attempts.Contains(d.AttemptId)).Select(t => t.EventId).Distinct().Count());
        Assert.DoesNotContain(_node.Heard.Of<LeadReturned>(), r => attempts.Contains(r.AttemptId));

        // The agent hangs up.
        await _line.RawEnd().Send();
        await _line.Until(AgentStates.Ended);
        Assert.Equal("hung-up", (await _line.Session()).Reason);

        IEnumerable<CallTerminated> Ends() => _node.Heard.Of<CallTerminated>().Where(t => attempts.Contains(t.AttemptId));
    }

    /// <summary>The line asks whom to dial, until it has an answer.</summary>
    private async Task<string?> Ask(int i)
    {
        var asked = _node.Clock.GetUtcNow();
        switch (Struck(i) == "dialwhom" ? _fault : Fault.None)
        {
            case Fault.Dropped:
                // Lost on its way to us, or our answer on its way back: the provider asks again.
                if (i % 2 == 0)
                    await _line.Ask(at: asked);
                await Wait();
                return await _line.Ask();
            case Fault.Doubled:
                var number = await _line.Ask(at: asked);
                Assert.Equal(number, await _line.Ask(at: asked));
                return number;
            case Fault.Delayed:
                // The provider no longer waits and asks anew; the first comes while that is dialed, or when it is over.
                await Wait();
                var answer = await _line.Ask();
                if (i % 2 == 0)
                    _lateAsk = asked;
                else
                    Assert.Equal(answer, await _line.Ask(at: asked));
                return answer;
            default:
                return await _line.Ask(at: asked);
        }
    }

    private async Task Call(int i, string number)
    {
        var outcome = Outcome(i);
        _told.Clear();
        await Wait();
        await Tell(i, PopupStages.Dial, _line.RawPopup(PopupStages.Dial, number));
        await Wait();
        if (outcome == Outcomes.Completed)
        {
            await Tell(i, PopupStages.Answered, _line.RawPopup(PopupStages.Answered, number));
            await Wait();
        }
        await Tell(i, PopupStages.Terminal, _line.RawPopup(PopupStages.Terminal, number));
        await Tell(i, "passthru", _line.RawDialed(number, outcome));
        await Wait();
        // What was told has arrived by the time the flow comes round; what was not told never does.
        await Arrived(number, [.. _told]);
    }

    private async Task Tell(int i, string kind, RawCallback callback)
    {
        var hit = kind == Struck(i) || _callback == "everything" || (_callback == "popups" && kind != "passthru");
        if (hit && _fault == Fault.Dropped)
            return;
        if (hit && _fault == Fault.Delayed)
        {
            _late.Add(async () =>
            {
                await callback.Send();
                await Arrived(Floor.NumberOf(i), [kind]);
            });
            return;
        }
        _told.Add(kind);
        await callback.Send();
        if (hit && _fault == Fault.Doubled)
            await callback.Send();
    }

    private async Task Deliver()
    {
        foreach (var late in _late)
            await late();
        _late.Clear();
    }

    private Task Arrived(string number, IReadOnlyCollection<string> words)
    {
        bool dial = words.Contains(PopupStages.Dial), answered = words.Contains(PopupStages.Answered),
        terminal = words.Contains(PopupStages.Terminal),
            passthru = words.Contains("passthru");
        return _node.Soon(db => db.Hopper.AnyAsync(h => h.CampaignId == _campaign && h.Number == number && (h.DialingAt != null || !dial)
            && (h.AnsweredAt != null || !answered) && (h.ReleasedAt != null || !terminal) && (h.ToldOutcome != null || !passthru)), $"the words of {number} arrived");
    }

    private Task Wait() => _node.Clock.Turn(TimeSpan.FromSeconds(_callback == "everything" ? 12 : 2));

    /// <summary>Which kind of request is disturbed for this lead: for four leads in a row the same, so that each outcome meets it.</summary>
    private string Struck(int i) => _callback == "each in turn" ? Kinds[i / 4 % Kinds.Length] : _callback;

    private string Expected(int i) => (Struck(i), _fault) switch
    {
        ("everything", _) => Outcomes.Unknown,
        // Nobody says how a dialing ended: what the popups said decides.
        ("passthru", Fault.Dropped) => Outcome(i) == Outcomes.Completed ? Outcomes.Completed : Outcomes.NoAnswer,
        _ => Outcome(i),
    };

    private static string Outcome(int i) => (i % 4) switch
    {
        0 => Outcomes.Completed,
        1 => Outcomes.NoAnswer,
        2 => Outcomes.Busy,
        _ => Outcomes.Completed,
    };
}
