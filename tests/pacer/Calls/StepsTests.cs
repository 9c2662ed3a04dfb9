using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Law 11: a step of a flow is not the end of a call. The provider's final word and its records are, in any order.</summary>
public sealed class StepsTests
{
    private const string Recording = "https://recordings.example/talk.mp3";

    private static async Task<(PacerNode Node, FakeProviders.Placed Call)> ACall(object? rules = null)
    {
        var node = await PacerNode.Start();
        var campaign = await node.ACampaign(rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return (node, node.Provider.Originated.Single());
    }

    private static Task<Attempt> Row(PacerNode node) => node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());

    /// <summary>Words are handled side by side: the next one is said when this one is known.</summary>
    private static async Task Stepped(PacerNode node, CallTerminated step)
    {
        await node.Publish(step);
        await node.Until(db => db.Attempts.AnyAsync(a => a.StepOutcome == step.Outcome), "the step is known", TimeSpan.Zero);
    }

    private static Task Until(PacerNode node, string outcome) =>
        node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended && a.Outcome == outcome), $"it ended {outcome}", TimeSpan.Zero);

    [Fact]
    public async Task Nobody_picked_up_then_a_second_Connect_that_talks_then_the_status_is_completed_and_the_lead_is_served()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        // still on the phone: nobody else may ring
        Assert.Equal((CallStates.Answered, null), await Row(node) is var open ? (open.State, open.Outcome) : default);
        await node.Heard(call.ConnectedFor(42, at.AddSeconds(80)) with { RecordingUrl = Recording }, CallStates.Connected);
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(83)));
        await Until(node, Outcomes.Completed);

        var row = await Row(node);
        Assert.Equal((TimeSpan.FromSeconds(42), Recording, at.AddSeconds(83), "webhook"), (row.TalkTime, row.RecordingUrl, row.EndedAt, row.Source));
        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal(("Completed", Outcomes.Completed), (lead.State, lead.LastOutcome));
        await Eventually.Async(() => node.Router.All<AttemptEnded>().Any());
        Assert.True(node.Router.All<AttemptEnded>().Single() is { Outcome: Outcomes.Completed, TalkTime.TotalSeconds: 42 });
    }

    [Fact]
    public async Task A_step_that_was_the_last_one_says_how_a_call_ended_of_which_the_status_only_says_that_it_was_answered()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(33)));
        await Until(node, Outcomes.Abandoned);

        Assert.Equal(at.AddSeconds(33).AddHours(72), await node.Ask(db => db.Leads.Select(l => l.DueAt).SingleAsync()));
    }

    [Fact]
    public async Task A_status_that_came_before_the_conversation_was_told_is_corrected_and_so_are_the_lead_and_who_was_told()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(83)));
        await Until(node, Outcomes.Abandoned);

        await node.Publish(call.ConnectedFor(42, at.AddSeconds(80)));
        await Until(node, Outcomes.Completed);

        Assert.Equal("Completed", await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()));
        await Eventually.Async(() => node.Router.All<AttemptEnded>().Count == 2);
        var told = node.Router.All<AttemptEnded>().OrderBy(e => e.Revision).ToList();
        Assert.Equal([Outcomes.Abandoned, Outcomes.Completed], told.Select(e => e.Outcome));
        Assert.True(told[1].Revision > told[0].Revision);
    }

    [Fact]
    public async Task A_lead_that_was_taken_for_served_is_called_again_when_a_late_step_tells_that_nobody_picked_up()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        (await node.Verb(await node.Ask(db => db.Campaigns.Select(c => c.CorrelationId).SingleAsync()), "pause")).EnsureSuccessStatusCode();
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(33)));
        await Until(node, Outcomes.Completed);

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await Until(node, Outcomes.Abandoned);

        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal(("Waiting", at.AddSeconds(33).AddHours(72), null), (lead.State, lead.DueAt, lead.FinishedAt));
    }

    [Fact]
    public async Task A_message_that_was_left_completes_a_call_of_a_campaign_without_agents()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await Stepped(node, call.Step(Outcomes.Completed, at.AddSeconds(50)) with { RecordingUrl = Recording });
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(53)));
        await Until(node, Outcomes.Completed);

        Assert.Equal(Recording, (await Row(node)).RecordingUrl);
    }

    [Fact]
    public async Task When_the_final_word_is_lost_the_records_decide_and_until_then_the_call_is_open()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        var record = node.Provider.Record(call, "in-progress", null);

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await node.Until(db => db.Attempts.AnyAsync(a => a.LookUps >= 2), "the records were asked", TimeSpan.FromSeconds(5));
        Assert.True((await Row(node)).IsOpen);
        node.Provider.Records[call.ProviderCallId] = record with
        {
            RawStatus = "completed",
            Outcome = Outcomes.Completed,
            EndedAt = at.AddSeconds(83),
            TalkTime = TimeSpan.FromSeconds(42),
            RecordingUrl = Recording,
        };
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it ends", TimeSpan.FromSeconds(5));

        var row = await Row(node);
        Assert.Equal(
            (Outcomes.Completed, "reconciliation", TimeSpan.FromSeconds(42), Recording, at.AddSeconds(83)),
            (row.Outcome, row.Source, row.TalkTime, row.RecordingUrl, row.EndedAt));
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task A_call_of_which_nothing_more_can_be_learned_ends_by_its_last_step()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();

        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));   // and the records do not know the call
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it ends", TimeSpan.FromSeconds(30));

        Assert.Equal((Outcomes.Abandoned, "reconciliation"), await Row(node) is var row ? (row.Outcome, row.Source) : default);
    }

    [Fact]
    public async Task Talk_that_only_the_details_know_shows_that_the_lead_was_served()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(30)));
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(83)));
        await Until(node, Outcomes.Abandoned);

        await node.Publish(call.Detailed(at.AddMinutes(3), talk: 42));
        await Until(node, Outcomes.Completed);

        Assert.Equal("Completed", await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()));
        await Eventually.Async(() => node.Router.All<AttemptEnded>().Any(e => e is { Outcome: Outcomes.Completed, TalkTime.TotalSeconds: 42 }));
    }

    [Theory]
    [InlineData(Outcomes.NoAnswer)]
    [InlineData(Outcomes.Busy)]
    [InlineData(Outcomes.Unreachable)]
    [InlineData(Outcomes.Canceled)]        // the lead left while an agent's phone rang
    [InlineData(Outcomes.InvalidNumber)]   // the agent's number
    [InlineData(Outcomes.Barred)]
    [InlineData(Outcomes.NetworkFailure)]
    public async Task A_word_of_failure_about_a_lead_who_had_picked_up_is_about_whoever_was_dialed_for_the_lead(string word)
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();

        await node.Heard(call.Answered(at.AddSeconds(5)), CallStates.Answered);
        await node.Publish(call.Ended(word, at.AddSeconds(40)));
        await Until(node, Outcomes.Abandoned);
    }

    [Theory]
    [InlineData(Outcomes.Canceled)]
    [InlineData(Outcomes.NoAnswer)]
    [InlineData(Outcomes.Abandoned)]
    public async Task A_word_of_failure_that_tells_of_a_conversation_was_the_end_of_one(string word)
    {
        var (node, call) = await ACall();
        await using var _ = node;

        await node.Publish(call.Ended(word, node.Clock.GetUtcNow().AddSeconds(40)) with { TalkTime = TimeSpan.FromSeconds(30) });
        await Until(node, Outcomes.Completed);
    }

    [Theory]
    [InlineData(Outcomes.Abandoned, "Waiting")]
    [InlineData(Outcomes.MachineAnswered, "Waiting")]
    public async Task Details_that_tell_that_an_answered_call_reached_nobody_correct_a_final_word_that_told_no_more_than_answered(
        string inVain, string lead)
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        (await node.Verb(await node.Ask(db => db.Campaigns.Select(c => c.CorrelationId).SingleAsync()), "pause")).EnsureSuccessStatusCode();
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(33)));
        await Until(node, Outcomes.Completed);

        await node.Publish(call.Detailed(at.AddMinutes(3), talk: 0) with { InVain = inVain });
        await Until(node, inVain);

        Assert.Equal(("reconciliation", at.AddSeconds(33)), await Row(node) is var row ? (row.Source, row.EndedAt) : default);
        Assert.Equal(lead, await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()));
    }

    [Fact]
    public async Task Details_that_know_of_no_conversation_do_not_undo_one_that_was_heard()
    {
        var (node, call) = await ACall();
        await using var _ = node;
        var at = node.Clock.GetUtcNow();
        await node.Heard(call.Connected(at.AddSeconds(10)), CallStates.Connected);
        await node.Publish(call.Ended(Outcomes.Completed, at.AddSeconds(33)));
        await Until(node, Outcomes.Completed);

        await node.Publish(call.Detailed(at.AddMinutes(3), talk: 0, recording: Recording) with { InVain = Outcomes.Abandoned });
        await node.Until(db => db.Attempts.AnyAsync(a => a.RecordingUrl == Recording), "the details are known", TimeSpan.Zero);

        Assert.Equal(Outcomes.Completed, (await Row(node)).Outcome);
    }

    [Fact]
    public async Task A_customer_of_a_power_campaign_whose_agents_did_not_pick_up_at_first_is_served_by_the_second_and_is_no_longer_dropped()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(1, agents: 1);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        var (call, at) = (calls[0], node.Clock.GetUtcNow());
        await node.Heard(call.Answered(at), CallStates.Answered);
        await Stepped(node, call.Step(Outcomes.Abandoned, at.AddSeconds(1)));
        await node.Heard(call.Talked(at.AddSeconds(60)), CallStates.Ended);
        // talked, nobody knows since when
        Assert.Equal((Outcomes.Completed, true), await Row(node) is var first ? (first.Outcome, first.Dropped) : default);

        await node.Publish(call.Connected(at.AddSeconds(2), Guid.NewGuid()));
        await node.Until(db => db.Attempts.AnyAsync(a => !a.Dropped), "no drop any more", TimeSpan.Zero);

        await Eventually.Async(() => node.Router.All<AttemptEnded>().Any(e => !e.Dropped));
        Assert.False(node.Router.All<AttemptEnded>().MaxBy(e => e.Revision)!.Dropped);
    }
}

/// <summary>What steps of flows say.</summary>
internal static class Steps
{
    public static CallTerminated Step(this FakeProviders.Placed call, string outcome, DateTimeOffset at) =>
        call.Ended(outcome, at) with { Provisional = true, Step = true, RawStatus = "step" };

    /// <summary>The conversation is over, after so many seconds.</summary>
    public static CallConnected ConnectedFor(this FakeProviders.Placed call, int seconds, DateTimeOffset over) =>
        call.Connected(over.AddSeconds(-seconds)) with { TalkTime = TimeSpan.FromSeconds(seconds) };

    public static CallDetailed Detailed(this FakeProviders.Placed call, DateTimeOffset at, int? talk = null, string? recording = null) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = call.Request.AttemptId,
        CampaignId = Guid.Empty,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
        TalkTime = talk is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        RecordingUrl = recording,
    };
}
