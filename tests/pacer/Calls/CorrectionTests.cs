using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>An outcome that was guessed, because nothing was heard for too long, gives way to the provider's own word.</summary>
public sealed class CorrectionTests
{
    [Theory]
    [InlineData(Outcomes.Unknown)]
    [InlineData(Outcomes.NoAnswer)]
    public async Task Law_4_a_word_that_comes_after_the_guess_replaces_it_and_the_person_is_not_called_again(string guess)
    {
        await using var node = await PacerNode.Start();
        var (call, _) = await ACall(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(call.Ended(guess, at) with { Source = EndSources.Inferred });
        await node.Until(db => db.Attempts.AnyAsync(a => a.Outcome == guess), "the attempt is closed on a guess", TimeSpan.Zero);

        await node.Publish(call.Ended(Outcomes.Completed, at));

        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the lead is done", TimeSpan.Zero);
        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((Outcomes.Completed, "webhook"), (row.Outcome, row.Source));
        Assert.True(await node.Ask(db => db.Trail.AnyAsync(t => t.Kind == "corrected")));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task Law_4_a_guess_that_comes_after_the_word_changes_nothing()
    {
        await using var node = await PacerNode.Start();
        var (call, _) = await ACall(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(call.Ended(Outcomes.Completed, at));
        await node.Until(db => db.Attempts.AnyAsync(a => a.Outcome == Outcomes.Completed), "the attempt is closed", TimeSpan.Zero);

        await node.Publish(call.Ended(Outcomes.Unknown, at) with { Source = EndSources.Inferred });
        await node.Publish(call.Ended(Outcomes.Busy, at) with { CauseName = "heard" });

        // Both have been handled when the second has left its mark.
        await node.Until(db => db.Attempts.AnyAsync(a => a.CauseName != null), "the later words were heard", TimeSpan.Zero);
        Assert.Equal(Outcomes.Completed, await node.Ask(db => db.Attempts.AsNoTracking().Select(a => a.Outcome).SingleAsync()));
    }

    [Theory]
    [InlineData(Outcomes.Busy, "Exhausted")]
    [InlineData(Outcomes.Completed, "Completed")]
    public async Task A_lead_whose_tries_were_used_and_still_are_is_finished_since_the_first_word(string word, string state)
    {
        await using var node = await PacerNode.Start();
        var (call, _) = await ACall(node, new { name = "test", purpose = "service", dnd = "consented", maxAttempts = 1 });
        var at = node.Clock.GetUtcNow();
        await node.Publish(call.Ended(Outcomes.Unknown, at) with { Source = EndSources.Inferred });
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Exhausted"), "the lead is finished on a guess", TimeSpan.Zero);
        var first = await node.Ask(db => db.Leads.Select(l => l.FinishedAt).SingleAsync());
        await node.Clock.Turn(TimeSpan.FromMinutes(7));

        await node.Publish(call.Ended(word, at));

        await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == word), "the lead is corrected", TimeSpan.Zero);
        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal((state, state == "Exhausted"), (lead.State, lead.FinishedAt == first));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Law_1_a_person_whom_an_earlier_call_had_reached_is_not_called_a_third_time(bool whileItRings)
    {
        await using var node = await PacerNode.Start();
        var (first, second, _) = await TwoCalls(node);
        var at = node.Clock.GetUtcNow();
        if (!whileItRings)
        {
            await node.Publish(second.Ended(Outcomes.NoAnswer, at));
            await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == Outcomes.NoAnswer), "it waits for a third", TimeSpan.Zero);
        }

        await node.Publish(first.Ended(Outcomes.Completed, at.AddHours(-1)));

        await node.Until(db => db.Leads.AnyAsync(l => l.Settled != null || l.State == "Completed"), "the lead is settled", TimeSpan.Zero);
        if (whileItRings)
            await node.Publish(second.Ended(Outcomes.NoAnswer, at));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal(("Completed", "Attempt 1 reached the person, as was learned later."), (lead.State, lead.ReasonText));
        Assert.Equal(2, node.Provider.Originated.Count);
    }

    [Fact]
    public async Task Law_1_a_call_that_was_not_placed_yet_is_not_placed_any_more()
    {
        await using var node = await PacerNode.Start();
        var (first, second, _) = await TwoCalls(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(first.Ended(Outcomes.Completed, at.AddHours(-1)));
        await node.Until(db => db.Leads.AnyAsync(l => l.Settled != null), "the lead is settled", TimeSpan.Zero);

        var (submitted, why) = await node.Ask(async db =>
        {
            await db.Database.ExecuteSqlAsync($"update attempts set state = 'Requested', expires_at = {at.AddMinutes(1)} where id = {second.Request.AttemptId}");
            return (await db.TrySubmit(second.Request.AttemptId, at.AddMinutes(1), false, at, default),
                await db.WhyNotSubmitted(second.Request.AttemptId, at, default));
        });

        Assert.Equal((false, "an earlier call had reached the person"), (submitted, why));
    }

    [Fact]
    public async Task A_lead_that_an_earlier_call_had_not_reached_after_all_is_called_again()
    {
        await using var node = await PacerNode.Start();
        var (first, second, _) = await TwoCalls(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(second.Ended(Outcomes.NoAnswer, at));
        await node.Publish(first.Ended(Outcomes.Completed, at.AddHours(-1)));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the lead is settled", TimeSpan.Zero);

        await node.Publish(first.Detailed(at, 20) with { AnsweredBy = "machine" });

        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 3), "the lead is dialed again");
    }

    [Fact]
    public async Task Law_1_a_person_whom_the_first_call_had_reached_is_not_called_again_when_the_second_turns_out_to_be_a_machine()
    {
        await using var node = await PacerNode.Start();
        var (first, second, _) = await TwoCalls(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(second.Ended(Outcomes.Completed, at));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the second reaches the person", TimeSpan.Zero);
        await node.Publish(first.Ended(Outcomes.Completed, at.AddHours(-1)));
        await node.Until(db => db.Leads.AnyAsync(l => l.Settled != null), "the first had, too", TimeSpan.Zero);

        await node.Publish(second.Detailed(at, 20) with { AnsweredBy = "machine" });

        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 2 && a.Outcome == Outcomes.MachineAnswered), "the second did not", TimeSpan.Zero);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        Assert.Equal(("Completed", 2), (await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()), node.Provider.Originated.Count));
    }

    [Fact]
    public async Task A_call_back_that_was_promised_is_made_though_an_earlier_call_had_reached_the_person()
    {
        await using var node = await PacerNode.Start();
        var (first, second, _) = await TwoCalls(node);
        var at = node.Clock.GetUtcNow();
        await node.Publish(second.Ended(Outcomes.NoAnswer, at));
        await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == Outcomes.NoAnswer), "it waits for a third", TimeSpan.Zero);
        await node.Ask(db => db.Leads.ExecuteUpdateAsync(l => l.SetProperty(x => x.CallBackAt, at.AddMinutes(2))));

        await node.Publish(first.Ended(Outcomes.Completed, at.AddHours(-1)));

        await node.Until(db => db.Trail.AnyAsync(t => t.Kind == "corrected"), "the first is corrected", TimeSpan.Zero);
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 3), "the call-back is made");
    }

    [Fact]
    public async Task A_lead_in_the_hopper_whom_an_earlier_call_had_reached_comes_back_and_is_completed()
    {
        await using var node = await PacerNode.Start(settings: PacerNode.AgentsStay);
        var campaign = await node.ACampaign(new
        {
            name = "agents",
            purpose = "service",
            dnd = "consented",
            mode = "progressive",
            minimumGap = "00:00:01",
            redial = new Dictionary<string, object> { [Outcomes.Unknown] = new { after = "00:01:00", times = 5 } },
        });
        await node.WithLeads(campaign, 1);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Offered), "it is offered");
        var first = node.Router.Offered.Single();
        await node.Publish(node.Router.Dials(first, campaign, agent));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State != CallStates.Offered), "it is dialed", TimeSpan.Zero);
        await node.Publish(first.Ended(Outcomes.Unknown, node.Clock.GetUtcNow()) with { Source = EndSources.Inferred });
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 2 && a.State == CallStates.Offered), "it is offered again");

        await node.Publish(first.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));

        await node.Until(_ => Task.FromResult(node.Router.All<ReturnLeads>().Any(r => r.Reason == "reached")), "it is asked back", TimeSpan.Zero);
        await node.Publish(node.Router.Returns(node.Router.Offered.Single(l => l.AttemptId != first.AttemptId), campaign, "reached"));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        Assert.Equal(("Completed", 2), (await node.Ask(db => db.Leads.Select(l => l.State).SingleAsync()), await node.Ask(db => db.Attempts.CountAsync())));
    }

    /// <summary>The first was closed on a guess, and the second rings.</summary>
    private static async Task<(FakeProviders.Placed First, FakeProviders.Placed Second, Guid Campaign)> TwoCalls(PacerNode node)
    {
        var soon = new { after = "00:01:00", times = 5 };
        var (first, campaign) = await ACall(node, new
        {
            name = "test",
            purpose = "service",
            dnd = "consented",
            minimumGap = "00:00:01",
            redial = new Dictionary<string, object> { [Outcomes.Unknown] = soon, [Outcomes.NoAnswer] = soon, [Outcomes.MachineAnswered] = soon },
        });
        await node.Publish(first.Ended(Outcomes.Unknown, node.Clock.GetUtcNow()) with { Source = EndSources.Inferred });
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 2 && a.State == CallStates.Submitted), "the lead is dialed again");
        return (first, node.Provider.Originated.Last(), campaign);
    }

    private static async Task<(FakeProviders.Placed Call, Guid Campaign)> ACall(PacerNode node, object? rules = null)
    {
        var campaign = await node.ACampaign(rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return (node.Provider.Originated.Single(), campaign);
    }
}
