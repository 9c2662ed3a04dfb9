using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Placing;

/// <summary>Law 1. What a killed process does to it is proven end to end; here is what each piece promises.</summary>
public sealed class AtMostOnceTests
{
    /// <summary>The provider took it, and nothing was heard of it since.</summary>
    private static async Task<FakeProviders.Placed> ACall(PacerNode node)
    {
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return node.Provider.Originated.Single();
    }

    private static async Task GivenUpAfter(TimeSpan longest, PacerNode node, FakeProviders.Placed call)
    {
        var ended = await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).FirstAsync());
        Assert.Equal((Outcomes.Unknown, true), (ended.Outcome, ended.Dialed));
        Assert.True(ended.EndedAt - call.At >= longest, $"given up after {ended.EndedAt - call.At}");
    }

    [Fact]
    public async Task Law_1_an_order_that_is_delivered_again_does_not_call_again()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        var call = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());

        for (var i = 0; i < 5; i++)
        {
            await node.Publish(new OriginateCall
            {
                AttemptId = call.CorrelationId,
                CampaignId = campaign,
                LeadId = call.LeadId,
                Account = "default",
                ExpiresAt = call.ExpiresAt.AddHours(1),
            });
        }

        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task Law_1_an_order_that_two_issuers_get_at_once_is_one_request_and_the_ledger_says_so()
    {
        var database = await PacerNode.CreateDatabase();
        var clock = new TurnedClock(PacerNode.Noon);
        var provider = new FakeProviders(clock);
        await using var one = await PacerNode.Start(database, clock, provider);
        await using var other = await PacerNode.Start(database, clock, provider);
        var answer = clock.Hold();
        provider.Answer = async (_, _) =>
        {
            await answer.Wait();
            return null;
        };
        var campaign = await one.ACampaign();
        await one.WithLeads(campaign, 1);
        await one.Started(campaign);
        await one.Until(_ => Task.FromResult(answer.Reached.IsCompleted), "an issuer asks the provider");
        var call = await one.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        var order =
            new OriginateCall { AttemptId = call.CorrelationId, CampaignId = campaign, LeadId = call.LeadId, Account = "default", ExpiresAt = call.ExpiresAt };

        await Task.WhenAll(one.Publish(order), other.Publish(order));
        answer.Open();
        await one.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the provider took it");
        await one.Publish(provider.Originated.Single().Ended(Outcomes.Completed, clock.GetUtcNow()));
        await one.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes", TimeSpan.FromSeconds(5));

        Assert.Single(provider.Originated);
        var ended = await one.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((Outcomes.Completed, "sid-1", 0), (ended.Outcome, ended.ProviderCallId, ended.LookUps));
    }

    [Fact]
    public async Task Law_1_the_attempt_is_committed_and_flipped_before_the_provider_hears_of_it()
    {
        await using var node = await PacerNode.Start();
        string? state = null;
        node.Provider.Answer = async (request, _) =>
        {
            state = await node.Ask(db =>
                db.Attempts.AsNoTracking().Where(a => a.CorrelationId == request.AttemptId).Select(a => a.State).SingleAsync());
            return null;
        };
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(state is not null), "the provider is asked");

        Assert.Equal("Submitting", state);
    }

    [Fact]
    public async Task Law_1_a_lost_answer_is_settled_from_the_providers_records_and_never_by_asking_twice()
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(new OriginateResult.Uncertain("the connection was cut", null));
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the provider is asked");
        var placed = node.Provider.Originated.Single();
        node.Provider.Record(placed, "completed", Outcomes.Completed, placed.At.AddSeconds(40));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the records settle it", TimeSpan.FromSeconds(5));

        var call = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((placed.ProviderCallId, "reconciliation"), (call.ProviderCallId, call.Source));
        var said = await node.Ask(db => db.Trail.Where(t => t.AttemptId == call.CorrelationId).OrderBy(t => t.Id).Select(t => t.Kind).ToListAsync());
        // That it was taken, and how it ended, are two words of the records: where the end is heard first, the other tells nothing new.
        Assert.Equal(["attempt", "uncertain", "ended", "final"], said.Where(kind => kind != "submitted"));
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task Law_1_a_call_that_the_records_do_not_show_is_given_up_only_after_a_while()
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(new OriginateResult.Uncertain("timed out", null));
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "the attempt is given up", TimeSpan.FromSeconds(5));

        var call = await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).FirstAsync());
        Assert.Equal((Outcomes.ProviderError, false, true), (call.Outcome, call.Dialed, call.CountsAsTry));
        Assert.True(call.EndedAt - call.SubmittedAt >= TimeSpan.FromMinutes(4), $"given up after {call.EndedAt - call.SubmittedAt}");
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_ends_as_its_details_say_and_not_as_it_is_listed()
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(new OriginateResult.Uncertain("the connection was cut", null));
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the provider is asked");
        var placed = node.Provider.Originated.Single();
        node.Provider.Record(placed, "completed", Outcomes.Abandoned, placed.At.AddSeconds(40));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "the records settle it", TimeSpan.FromSeconds(5));

        var call = await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).FirstAsync());
        Assert.Equal((Outcomes.Abandoned, "reconciliation", placed.ProviderCallId), (call.Outcome, call.Source, call.ProviderCallId));
    }

    [Theory]
    [InlineData(false, Outcomes.Abandoned)]   // said to be over by a word that may not be the last
    [InlineData(true, Outcomes.Unknown)]
    public async Task Law_4_a_call_that_was_heard_of_under_no_name_is_not_taken_for_never_placed_and_does_not_stay_open(bool goesOn, string outcome)
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(new OriginateResult.Uncertain("the answer names no call", null));
        var campaign = await node.APowerCampaign(1);
        await node.WithAgents(campaign, 1, AgentReach.Phone);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.UncertainReason != null), "the answer is lost");
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        var (call, at) = (node.Provider.Originated.Single(), node.Clock.GetUtcNow());
        await node.Heard(call.Answered(at.AddSeconds(5)) with { ProviderCallId = null }, CallStates.Answered);
        if (!goesOn)
        {
            await node.Publish(call.Declined(at.AddSeconds(30)) with { ProviderCallId = null });
            await node.Until(db => db.Attempts.AnyAsync(a => a.ProvisionalEndedAt != null), "the word is kept", TimeSpan.Zero);
        }

        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it ends", TimeSpan.FromSeconds(30));

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((outcome, true, true), (row.Outcome, row.Dialed, row.CountsAsTry));
    }

    [Fact]
    public async Task A_refusal_that_is_not_about_the_lead_costs_it_no_try()
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, id) => Task.FromResult<OriginateResult?>(id == "sid-1"
            ? new OriginateResult.Refused(Outcomes.ProviderError, "Rate limit exceeded", 429, TimeSpan.FromSeconds(90), true, false)
            : null);
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "the lead is dialed again", TimeSpan.FromSeconds(5));

        var placed = node.Provider.Originated.ToArray();
        Assert.True(placed[1].At - placed[0].At >= TimeSpan.FromSeconds(90), "not before the provider allowed it");
        Assert.Equal(0, await node.Ask(db => db.Leads.Select(l => l.Tries).SingleAsync()));
    }

    [Fact]
    public async Task A_silent_call_is_looked_up_and_ends()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        node.Provider.Record(node.Provider.Originated.Single(), "completed", Outcomes.Completed, node.Clock.GetUtcNow().AddSeconds(30));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "silence is looked into", TimeSpan.FromSeconds(5));

        Assert.Equal("reconciliation", await node.Ask(db => db.Attempts.Select(a => a.Source).SingleAsync()));
    }

    [Fact]
    public async Task Law_1_a_person_who_talks_for_hours_is_not_called_again_meanwhile()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:MaxLookUps"] = "3" });
        var call = await ACall(node);
        node.Provider.Record(call, "in-progress", null);

        await node.Until(_ => Task.FromResult(node.Clock.GetUtcNow() - call.At > TimeSpan.FromHours(2)), "two hours pass", TimeSpan.FromMinutes(1));
        var open = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        node.Provider.Record(call, "completed", Outcomes.Completed, node.Clock.GetUtcNow());
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "its end is seen", TimeSpan.FromMinutes(1));

        Assert.NotEqual(CallStates.Ended, open.State);
        Assert.InRange(open.LookUps, 4, 60);   // often at first, then less and less
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task A_call_that_the_records_show_for_longer_than_any_call_lasts_is_given_up()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:LongestCall"] = "01:00:00" });
        var call = await ACall(node);
        node.Provider.Record(call, "in-progress", null);

        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it is given up", TimeSpan.FromMinutes(1));

        await GivenUpAfter(TimeSpan.FromHours(1), node, call);
    }

    [Fact]
    public async Task A_silent_call_whose_records_cannot_be_read_says_so_and_is_given_up_when_no_call_lasts_so_long()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:LongestCall"] = "01:00:00" });
        node.Provider.IsUnreadable = true;
        var call = await ACall(node);

        await node.Until(db => db.Attempts.AnyAsync(a => a.LookUps > 0), "it is looked up", TimeSpan.FromSeconds(20));
        await Eventually.Async(() => node.Ask(db => db.Leads.AnyAsync(l => l.ReasonText!.Contains("could not be read"))));
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "it is given up", TimeSpan.FromMinutes(1));

        await GivenUpAfter(TimeSpan.FromHours(1), node, call);
    }

    [Fact]
    public async Task A_call_that_the_records_lost_is_given_up()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:MaxLookUps"] = "3" });
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);

        await node.Until(db => db.Attempts.AnyAsync(a => a.LookUps == 3), "it is looked up for the third time", TimeSpan.FromSeconds(30));
        await Eventually.Async(() => node.Ask(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended)), what: "it is given up");   // the clock stands still

        var ended = await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).FirstAsync());
        Assert.Equal((Outcomes.Unknown, 3), (ended.Outcome, ended.LookUps));
    }

    [Fact]
    public async Task An_event_that_names_no_attempt_of_ours_is_kept_apart()
    {
        await using var node = await PacerNode.Start();

        await node.Publish(
            new FakeProviders.Placed(new(Guid.NewGuid(), "+919825010001", "+918040000002", "1", new("http://x"), TimeSpan.Zero), "s", node.Clock.GetUtcNow())
            .Ended(Outcomes.Completed, node.Clock.GetUtcNow()));

        await Eventually.Async(() => node.Ask(db => db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from unmatched_events").SingleAsync().ContinueWith(t => t.Result == 1)));
    }
}
