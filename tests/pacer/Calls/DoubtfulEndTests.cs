using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>A call is said to be over, and the lead may still wait: what the ledger and the provider's records make of it.</summary>
public sealed class DoubtfulEndTests
{
    private static async Task<(PacerNode Node, FakeProviders.Placed Call, DateTimeOffset At)> ALeadWhoWaits()
    {
        var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(1, agents: 1);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();   // what follows is about this call only
        var at = node.Clock.GetUtcNow();
        await node.Heard(calls[0].Answered(at), CallStates.Answered);
        await node.Heard(calls[0].Queued(at.AddSeconds(1)), CallStates.Queued);
        return (node, calls[0], at);
    }

    private static Task<Attempt> Row(PacerNode node) => node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());

    private static async Task Declines(PacerNode node, FakeProviders.Placed call, DateTimeOffset at)
    {
        await node.Publish(call.Declined(at));
        await Eventually.Async(() => node.Ask(db => db.Attempts.AnyAsync(a => a.ProvisionalEndedAt == at)), what: "the word is kept");
    }

    private static Task Ended(PacerNode node) => node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "the call ends", TimeSpan.FromSeconds(5));

    [Fact]
    public async Task A_call_that_was_seen_connected_before_ends_completed_at_once()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;
        var agent = Guid.NewGuid();
        await node.Heard(call.Connected(at.AddSeconds(2), agent), CallStates.Connected);

        await node.Heard(call.Declined(at.AddSeconds(40)) with { TalkTime = TimeSpan.FromSeconds(38) }, CallStates.Ended);   // the clock stands

        var row = await Row(node);
        Assert.Equal((Outcomes.Completed, at.AddSeconds(40), TimeSpan.FromSeconds(38), false, agent),
            (row.Outcome, row.EndedAt, row.TalkTime, row.Dropped, row.AgentId));
    }

    [Fact]
    public async Task A_call_that_still_waits_goes_on_and_its_connection_is_read_from_the_records()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;
        var record = node.Provider.Record(call, "queued", null);
        node.Provider.Records[call.ProviderCallId] = record with { Stage = CallStates.Queued };

        await Declines(node, call, at.AddSeconds(20));
        await node.Passes(TimeSpan.FromMinutes(2));
        Assert.Equal(CallStates.Queued, (await Row(node)).State);

        node.Provider.Records[call.ProviderCallId] = record with { Stage = CallStates.Connected };
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Connected), "it is connected", TimeSpan.FromSeconds(5));
        node.Provider.Records[call.ProviderCallId] = record with { OutcomeFromLedger = true };
        await Ended(node);

        var row = await Row(node);
        Assert.Equal((Outcomes.Completed, "reconciliation", true), (row.Outcome, row.Source, row.Dropped));   // connected, but far too late for the law
        Assert.True(row.EndedAt >= row.ConnectedAt && row.ConnectedAt >= at.AddMinutes(2));
        Assert.Equal("Completed", await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()));   // reached: no cool-down
    }

    [Fact]
    public async Task A_call_that_is_gone_ended_abandoned_when_it_was_said_to_be_over()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;

        await Declines(node, call, at.AddSeconds(20));   // the records do not list it
        await Ended(node);

        var row = await Row(node);
        Assert.Equal((Outcomes.Abandoned, at.AddSeconds(20), "reconciliation", true), (row.Outcome, row.EndedAt, row.Source, row.Dropped));
        await Eventually.Async(() => node.Router.All<AttemptEnded>().Any());
        Assert.True(node.Router.All<AttemptEnded>().Single() is { Dropped: true, Outcome: Outcomes.Abandoned, Mode: CampaignModes.Power });
        Assert.Equal(at.AddSeconds(20).AddHours(72), await node.Ask(db => db.Leads.Select(l => l.DueAt).SingleAsync()));
    }

    [Fact]
    public async Task A_call_that_is_not_listed_any_more_leaves_time_for_the_word_of_its_end()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(1, agents: 1);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        node.Provider.Records[calls[0].ProviderCallId] = node.Provider.Record(calls[0], "gone", null) with { OutcomeFromLedger = true };

        await node.Until(db => db.Attempts.AnyAsync(a => a.LookUps == 1), "it is looked for");
        Assert.NotEqual(CallStates.Ended, (await Row(node)).State);
        await node.Heard(calls[0].Ended(Outcomes.Busy, node.Clock.GetUtcNow()), CallStates.Ended);

        Assert.Equal(Outcomes.Busy, (await Row(node)).Outcome);
    }

    [Fact]
    public async Task A_call_that_is_not_listed_any_more_and_of_which_nothing_is_heard_ends_unknown()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(1, agents: 1);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        node.Provider.Records[calls[0].ProviderCallId] = node.Provider.Record(calls[0], "gone", null) with { OutcomeFromLedger = true };

        await Ended(node);

        Assert.Equal((Outcomes.Unknown, 3), await Row(node) is var row ? (row.Outcome, row.LookUps) : default);
    }

    [Fact]
    public async Task A_connection_that_is_heard_of_after_the_word_settles_it()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;
        node.Provider.Record(call, "connected", null);

        await Declines(node, call, at.AddSeconds(60));
        await node.Heard(call.Connected(at.AddSeconds(2)), CallStates.Ended);   // the clock stands

        var row = await Row(node);
        Assert.Equal((Outcomes.Completed, at.AddSeconds(60), false), (row.Outcome, row.EndedAt, row.Dropped));
    }

    [Fact]
    public async Task Completed_without_a_word_of_any_conversation_is_looked_up_and_was_abandoned()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;
        node.Provider.Record(call, "completed", Outcomes.Completed, at.AddSeconds(30));

        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(30)));
        await Ended(node);

        Assert.Equal((Outcomes.Abandoned, at.AddSeconds(30)), await Row(node) is var row ? (row.Outcome, row.EndedAt) : default);
    }

    [Fact]
    public async Task Completed_after_a_conversation_is_taken_at_its_word()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;

        await node.Heard(call.Talked(at.AddSeconds(30)), CallStates.Ended);   // the clock stands

        var row = await Row(node);
        Assert.Equal((Outcomes.Completed, true), (row.Outcome, row.Dropped));   // nobody can show that it was connected in time
    }

    [Fact]
    public async Task A_call_that_is_listed_for_ever_is_given_up_as_abandoned()
    {
        var (node, call, at) = await ALeadWhoWaits();
        await using var _ = node;
        node.Provider.Record(call, "queued", null);

        await Declines(node, call, at.AddSeconds(20));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it is given up", TimeSpan.FromSeconds(30));

        var row = await Row(node);
        Assert.Equal(Outcomes.Abandoned, row.Outcome);
        Assert.True(node.Clock.GetUtcNow() >= at.AddMinutes(30));
    }
}
