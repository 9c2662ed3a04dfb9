using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
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

    private static async Task<(FakeProviders.Placed Call, Guid Campaign)> ACall(PacerNode node, object? rules = null)
    {
        var campaign = await node.ACampaign(rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return (node.Provider.Originated.Single(), campaign);
    }
}
