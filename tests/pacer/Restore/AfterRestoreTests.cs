using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Restore;

/// <summary>
/// A pacer whose database was restored from a dump. The dump is the database of a node that was stopped; what the provider's records show
/// beyond it was dialed after the dump, and the ledger does not know of it.
/// </summary>
public sealed class AfterRestoreTests
{
    /// <summary>One call each, so that a second one can only be a mistake.</summary>
    private static readonly object s_once = new { name = "once", purpose = "service", dnd = "consented", maxAttempts = 1 };

    private readonly TurnedClock _clock = new(PacerNode.Noon);
    private readonly FakeProviders _provider;
    private readonly FakeRouter _router;

    public AfterRestoreTests() => (_provider, _router) = (new(_clock), new(_clock));

    [Fact]
    public async Task Law_1_an_attempt_that_was_ordered_at_the_dump_is_found_in_the_records_and_never_placed_again()
    {
        var database = await Dump(leads: 1, dumpedAsOrdered: true);
        var placed = Assert.Single(_provider.Originated);
        _provider.Record(placed, "busy", Outcomes.Busy, _clock.GetUtcNow());

        await Restore(database);
        await using var node = await Serve(database);
        await node.Until(db => db.Attempts.AllAsync(a => a.State == CallStates.Ended), "the attempt ends");

        var attempt = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((Outcomes.Busy, placed.ProviderCallId, true), (attempt.Outcome, attempt.ProviderCallId, attempt.Dialed));
        Assert.Single(_provider.Originated);
    }

    [Fact]
    public async Task Law_1_an_attempt_that_was_ordered_at_the_dump_and_is_in_no_record_is_not_placed_under_the_same_id()
    {
        var database = await Dump(leads: 1, dumpedAsOrdered: true, rules: new { name = "twice", purpose = "service", dnd = "consented", maxAttempts = 2 });
        var first = Assert.Single(_provider.Originated);

        await Restore(database);
        await using var node = await Serve(database);
        await node.Until(_ => Task.FromResult(_provider.Originated.Count == 2), "the lead is dialed by another attempt", TimeSpan.FromSeconds(30));

        Assert.NotEqual(first.Request.AttemptId, _provider.Originated.Last().Request.AttemptId);
        Assert.Equal(Outcomes.ProviderError, await node.Ask(db => db.Attempts.Where(a => a.AttemptNumber == 1).Select(a => a.Outcome).SingleAsync()));
    }

    [Fact]
    public async Task Calls_that_were_placed_after_the_dump_become_attempts_and_nobody_is_called_for_them_again()
    {
        var database = await Dump(leads: 3);
        var known = _provider.Originated.Count;
        Lost("lost-1", Nodes.Campaigns.NumberOf(1), Outcomes.Completed);
        Lost("lost-2", Nodes.Campaigns.NumberOf(2), Outcomes.Busy);
        Lost("an agent's line", "+919740005110", Outcomes.Completed);

        var said = await Restore(database);
        Assert.Contains(said, s => s.Contains("2 calls were placed after the dump", StringComparison.Ordinal) && s.Contains("1 is no lead's", StringComparison.Ordinal));
        await using var node = await Serve(database);
        await node.Until(db =>
            db.Leads.CountAsync(l => l.Number != Nodes.Campaigns.NumberOf(3) && l.State != LeadStates.Waiting && l.State != LeadStates.Dialing)
            .ContinueWith(count => count.Result == 2), "two leads are in a final state");

        var attempts = await node.Ask(db =>
            db.Attempts.AsNoTracking().Where(a => a.ProviderCallId!.StartsWith("lost")).OrderBy(a => a.ProviderCallId).ToListAsync());
        Assert.Equal([Outcomes.Completed, Outcomes.Busy], attempts.Select(a => a.Outcome));
        Assert.Equal([LeadStates.Completed, LeadStates.Exhausted], await node.Ask(db =>
            db.Leads.Where(l => l.Number != Nodes.Campaigns.NumberOf(3)).OrderBy(l => l.Number).Select(l => l.State).ToListAsync()));
        Assert.DoesNotContain(_provider.Originated.Skip(known), call => call.Request.To != Nodes.Campaigns.NumberOf(3));
    }

    [Theory]
    [InlineData(-330), InlineData(-47)]
    public async Task Calls_that_the_records_show_by_another_clock_are_found_by_what_they_say_of_a_call_that_is_known(int minutes)
    {
        string database;
        FakeProviders.Placed known;
        await using (var node = await Serve(await PostgresServer.CreateDatabaseAsync("pacer")))
        {
            database = node.Database;
            var campaign = await node.ACampaign(new { name = "often", purpose = "service", dnd = "consented", maxAttempts = 5 });
            await node.WithLeads(campaign, 1);
            await node.Started(campaign);
            await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
            known = _provider.Originated.Single();
            await node.Ask(db => db.Database.ExecuteSqlAsync($"delete from campaign_pulses"));   // nothing more is dialed
            await node.Ask(db => db.Attempts.ExecuteUpdateAsync(set => set
                .SetProperty(a => a.State, CallStates.Ended).SetProperty(a => a.Outcome, Outcomes.Busy)
                .SetProperty(a => a.SubmittedAt, known.At).SetProperty(a => a.EndedAt, known.At.AddSeconds(20))));
            await node.Ask(db => db.Leads.ExecuteUpdateAsync(set => set.SetProperty(l => l.State, LeadStates.Waiting)));
        }
        await _clock.Turn(TimeSpan.FromHours(7));   // longer than the clocks are apart
        _provider.Record(known with { At = known.At.AddMinutes(minutes) }, "busy", Outcomes.Busy, known.At.AddMinutes(minutes));
        var at = _clock.GetUtcNow().AddSeconds(-20).AddMinutes(minutes);
        _provider.Records["lost"] = new CallRecord(
            "lost", "busy", Outcomes.Busy, known.Request.To, "", at, at, at.AddSeconds(10), null, null, null, null, null);

        await Restore(database);

        await using var after = await Serve(database);
        var lost = await after.Ask(db => db.Attempts.AsNoTracking().SingleAsync(a => a.ProviderCallId == "lost"));
        Assert.Equal(at.AddMinutes(-minutes), lost.RequestedAt);
    }

    [Fact]
    public async Task Two_lost_calls_of_one_lead_are_two_attempts_of_it_in_their_order()
    {
        var database = await Dump(leads: 1, rules: new { name = "often", purpose = "service", dnd = "consented", maxAttempts = 5 });
        await _clock.Turn(TimeSpan.FromSeconds(10));
        Lost("lost-1", Nodes.Campaigns.NumberOf(1), Outcomes.Busy);
        await _clock.Turn(TimeSpan.FromSeconds(60));
        Lost("lost-2", Nodes.Campaigns.NumberOf(1), Outcomes.Completed);

        await Restore(database);
        await using var node = await Serve(database);
        await node.Until(db => db.Leads.AnyAsync(l => l.State == LeadStates.Completed), "the lead is done");

        var attempts = await node.Ask(db =>
            db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).Select(a => new { a.AttemptNumber, a.ProviderCallId, a.Outcome }).ToListAsync());
        Assert.Equal(
            [(1, "lost-1", Outcomes.Busy), (2, "lost-2", Outcomes.Completed)], attempts.Select(a => (a.AttemptNumber, a.ProviderCallId!, a.Outcome!)));
        Assert.Equal(2, await node.Ask(db => db.Leads.Select(l => l.Tries).SingleAsync()));
    }

    [Fact]
    public async Task Of_a_lost_call_that_was_not_the_last_the_details_tell_how_it_ended()
    {
        var database = await Dump(leads: 1, rules: new { name = "often", purpose = "service", dnd = "consented", maxAttempts = 5 });
        await _clock.Turn(TimeSpan.FromSeconds(10));
        Lost("lost-1", Nodes.Campaigns.NumberOf(1), Outcomes.Abandoned);
        await _clock.Turn(TimeSpan.FromSeconds(60));
        Lost("lost-2", Nodes.Campaigns.NumberOf(1), Outcomes.Completed);

        await Restore(database);
        await using var node = await Serve(database);
        await node.Until(db => db.Leads.AnyAsync(l => l.State == LeadStates.Completed), "the lead is done");

        Assert.Equal(Outcomes.Abandoned, await node.Ask(db => db.Attempts.Where(a => a.ProviderCallId == "lost-1").Select(a => a.Outcome).SingleAsync()));
    }

    [Fact]
    public async Task Run_a_second_time_it_finds_nothing_more_to_do()
    {
        var database = await Dump(leads: 2);
        Lost("lost-1", Nodes.Campaigns.NumberOf(1), Outcomes.Completed);

        await Restore(database);
        var said = await Restore(database);

        Assert.Contains(said, s => s.Contains(": 0 calls were placed after the dump", StringComparison.Ordinal));
        Assert.StartsWith("0 attempts were ordered", said[0]);
        Assert.StartsWith("0 attempts were in the hopper", said[1]);
    }

    [Fact]
    public async Task Leads_in_the_hopper_end_Unknown_and_their_campaign_waits_for_a_person()
    {
        Guid campaign;
        string database;
        await using (var before = await Serve(await PostgresServer.CreateDatabaseAsync("pacer")))
        {
            database = before.Database;
            campaign = await before.ACampaign(new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" });
            await before.WithLeads(campaign, 3);
            await before.WithAgents(campaign, 1);
            await before.Started(campaign);
            await before.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Offered), "leads are offered");
        }

        var said = await Restore(database);
        Assert.Contains(said, s => s.StartsWith("campaign \"agents\"", StringComparison.Ordinal));
        await using var node = await Serve(database);
        await node.Until(db => db.Attempts.AllAsync(a => a.State == CallStates.Ended), "the offered attempts end");

        Assert.All(await node.Ask(db => db.Attempts.AsNoTracking().ToListAsync()), a =>
            Assert.Equal((Outcomes.Unknown, true, true), (a.Outcome, a.Dialed, a.CountsAsTry)));
        var row = await node.Ask(db => db.Campaigns.AsNoTracking().SingleAsync());
        Assert.Equal((CampaignStates.Paused, PauseReasons.Restored), (row.State, row.PauseReason));
        Assert.True((await node.Verb(campaign, "resume")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_lost_call_to_somebody_who_is_in_the_hopper_of_another_campaign_stops_nothing()
    {
        string database;
        await using (var before = await Serve(await PostgresServer.CreateDatabaseAsync("pacer")))
        {
            database = before.Database;
            var campaign = await before.ACampaign(new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" });
            await before.WithLeads(campaign, 1);
            await before.WithAgents(campaign, 1);
            await before.Started(campaign);
            await before.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Offered), "the lead is offered");
            await before.WithLeads(await before.ACampaign(s_once), 2);
        }
        Lost("lost-1", Nodes.Campaigns.NumberOf(1), Outcomes.Completed);
        Lost("lost-2", Nodes.Campaigns.NumberOf(2), Outcomes.Completed);

        var said = await Restore(database);

        Assert.Contains(said, s => s.Contains(": 1 call was placed after the dump", StringComparison.Ordinal) && s.Contains("; 1 is no lead's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_a_provider_without_records_the_ordered_attempt_ends_Unknown_and_the_campaign_waits_for_a_person()
    {
        _provider.HasCallDetails = false;
        var database = await Dump(leads: 1, dumpedAsOrdered: true);

        await Restore(database);
        await using var node = await Serve(database);
        await node.Until(db => db.Attempts.AllAsync(a => a.State == CallStates.Ended), "the attempt ends");

        Assert.Equal(Outcomes.Unknown, await node.Ask(db => db.Attempts.Select(a => a.Outcome).SingleAsync()));
        Assert.Equal(PauseReasons.Restored, await node.Ask(db => db.Campaigns.Select(c => c.PauseReason).SingleAsync()));
        Assert.Single(_provider.Originated);
    }

    /// <summary>A campaign that runs, as a dump holds it.</summary>
    /// <param name="leads">How many; none of them is dialed yet, unless the dump is to show the first as ordered.</param>
    /// <param name="dumpedAsOrdered">The dump shows the attempt as it was before its request; the provider had it a moment later.</param>
    /// <param name="rules">Of the campaign.</param>
    private async Task<string> Dump(int leads, bool dumpedAsOrdered = false, object? rules = null)
    {
        await using var node = await Serve(await PostgresServer.CreateDatabaseAsync("pacer"));
        var campaign = await node.ACampaign(rules ?? s_once);
        await node.WithLeads(campaign, leads);
        if (dumpedAsOrdered)
        {
            await node.Started(campaign);
            await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
            await node.Ask(db => db.Attempts.ExecuteUpdateAsync(set => set.SetProperty(a => a.State, CallStates.Requested)
                .SetProperty(a => a.SubmittedAt, (DateTimeOffset?)null).SetProperty(a => a.ProviderCallId, (string?)null)));
        }
        else
        {
            // Started, and not looked at any more: the node ends before its clock turns.
            await node.Ask(db => db.Campaigns.ExecuteUpdateAsync(set =>
                set.SetProperty(c => c.State, CampaignStates.Running).SetProperty(c => c.StartedAt, _clock.GetUtcNow())));
            await node.Ask(db => db.Database.ExecuteSqlAsync($"insert into campaign_pulses (campaign_id, next_at) values ({campaign}, {_clock.GetUtcNow()}) on conflict do nothing"));
        }
        return node.Database;
    }

    private Task<PacerNode> Serve(string database) => PacerNode.Start(database, _clock, _provider, router: _router);

    private Task<IReadOnlyList<string>> Restore(string database) =>
        PacerNode.AfterRestore(database, _clock, _provider, _clock.GetUtcNow() - TimeSpan.FromMinutes(1));

    /// <summary>A call that the provider has and the dump has not.</summary>
    private void Lost(string id, string number, string outcome)
    {
        var at = _clock.GetUtcNow();
        _provider.Records[id] = new CallRecord(id, outcome, outcome, number, "+918040000002", at, at, at + TimeSpan.FromSeconds(20), null, null, null, null, null);
    }
}
