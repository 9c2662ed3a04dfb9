using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Loop;

/// <summary>
/// One agent's session over fifty leads, in which one kind of callback is dropped, doubled or delayed for every lead. Whatever comes,
/// each lead ends with the right outcome, told once, and the agent is never stuck.
/// </summary>
public sealed class FiftyLeadsTests
{
    public enum Fault { None, Dropped, Doubled, Delayed }

    [Theory]
    [InlineData("nothing", Fault.None)]
    [InlineData(PopupStages.Dial, Fault.Dropped), InlineData(PopupStages.Dial, Fault.Doubled), InlineData(PopupStages.Dial, Fault.Delayed)]
    [InlineData(PopupStages.Answered, Fault.Dropped), InlineData(PopupStages.Answered, Fault.Doubled), InlineData(PopupStages.Answered, Fault.Delayed)]
    [InlineData(PopupStages.Terminal, Fault.Dropped), InlineData(PopupStages.Terminal, Fault.Doubled), InlineData(PopupStages.Terminal, Fault.Delayed)]
    [InlineData("passthru", Fault.Dropped), InlineData("passthru", Fault.Doubled), InlineData("passthru", Fault.Delayed)]
    [InlineData("dialwhom", Fault.Doubled)]
    [InlineData("popups", Fault.Dropped)]
    [InlineData("everything", Fault.Dropped)]
    public async Task Every_lead_ends_with_the_right_outcome_and_the_agent_is_never_stuck(string callback, Fault fault)
    {
        const int leads = 50;
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        await node.Offered(campaign, [.. Enumerable.Range(1, leads).Select(i => node.ALead(i, leads - i))]);
        List<object> late = [];
        List<string> told = [];

        for (var i = 1; i <= leads; i++)
        {
            var asked = node.Clock.GetUtcNow();
            var number = await line.Ask(at: asked);
            if (callback == "dialwhom")
                Assert.Equal(number, await line.Ask(at: asked));
            Assert.Equal(Floor.NumberOf(i), number);
            await Call(i, number!);
            foreach (var delayed in late.ToList())
                await node.Publish(delayed);
            late.Clear();
        }

        // The hopper is empty and the line asks on; the sweeper settles what nobody told.
        await node.Until(async db =>
        {
            await line.Ask();
            return await db.Hopper.AllAsync(h => h.State == HopperStates.Over);
        }, "every lead has its outcome", TimeSpan.FromSeconds(5));
        await line.Until(AgentStates.Ready);
        var rows = await node.Ask(db => db.Hopper.AsNoTracking().ToListAsync());
        Assert.Equal(leads, rows.Count);
        Assert.All(rows, row => Assert.Equal(Expected(int.Parse(row.Number[^5..], null) - 10000), row.Outcome));
        await node.Soon(_ => Task.FromResult(node.Heard.Of<CallTerminated>().Select(t => t.AttemptId).Distinct().Count() == leads), "every end was told");
        Assert.Equal(leads, node.Heard.Of<CallTerminated>().Select(t => t.EventId).Distinct().Count());
        Assert.Equal(leads, node.Heard.Of<LeadDialed>().Select(t => t.EventId).Distinct().Count());
        Assert.Empty(node.Heard.Of<LeadReturned>());

        async Task Call(int i, string number)
        {
            var outcome = Outcome(i);
            told.Clear();
            Wait();
            await Tell(PopupStages.Dial, line.Popup(PopupStages.Dial, number));
            Wait();
            if (outcome == Outcomes.Completed)
            {
                await Tell(PopupStages.Answered, line.Popup(PopupStages.Answered, number));
                Wait();
            }
            await Tell(PopupStages.Terminal, line.Popup(PopupStages.Terminal, number));
            await Tell("passthru", line.Passthru(number, outcome, outcome == Outcomes.Completed ? TimeSpan.FromSeconds(2) : null));
            Wait();
            // What was told has arrived by the time the flow comes round; what was not told never does.
            await node.Soon(db => db.Hopper.AnyAsync(h => h.Number == number
                && (h.DialingAt != null || !told.Contains(PopupStages.Dial)) && (h.AnsweredAt != null || !told.Contains(PopupStages.Answered))
                && (h.ReleasedAt != null || !told.Contains(PopupStages.Terminal)) && (h.ToldOutcome != null || !told.Contains("passthru"))), $"the words of lead {i} arrived");
        }

        async Task Tell(string kind, object word)
        {
            var hit = kind == callback || callback == "everything" || (callback == "popups" && kind != "passthru");
            if (hit && fault == Fault.Dropped)
                return;
            if (hit && fault == Fault.Delayed)
            {
                late.Add(word);
                return;
            }
            told.Add(kind);
            await node.Publish(word);
            if (hit && fault == Fault.Doubled)
                await node.Publish(word);
        }

        void Wait() => node.Clock.Advance(TimeSpan.FromSeconds(callback == "everything" ? 12 : 2));

        string Expected(int i) => (callback, fault) switch
        {
            ("everything", _) => Outcomes.Unknown,
            // Nobody says how a dialing ended: what the popups said decides.
            ("passthru", Fault.Dropped) => Outcome(i) == Outcomes.Completed ? Outcomes.Completed : Outcomes.NoAnswer,
            _ => Outcome(i),
        };
    }

    private static string Outcome(int i) => (i % 4) switch
    {
        0 => Outcomes.Completed,
        1 => Outcomes.NoAnswer,
        2 => Outcomes.Busy,
        _ => Outcomes.Completed,
    };
}
