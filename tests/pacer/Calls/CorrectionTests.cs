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

    private static async Task<(FakeProviders.Placed Call, Guid Campaign)> ACall(PacerNode node)
    {
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return (node.Provider.Originated.Single(), campaign);
    }
}
