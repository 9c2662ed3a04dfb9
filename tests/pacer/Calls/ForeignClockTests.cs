using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Providers;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>A foreign clock does not decide when a person may be rung.</summary>
public sealed class ForeignClockTests
{
    private static readonly TimeSpan India = new(5, 30, 0);

    /// <summary>May be dialed again after a minute, with a gap of ten: whoever believes the provider's clock rings at once.</summary>
    private static readonly object s_often = new
    {
        name = "often",
        purpose = "service",
        dnd = "consented",
        maxAttempts = 5,
        minimumGap = "00:10:00",
        redial = new Dictionary<string, object> { ["Busy"] = new { after = "00:01:00", times = 5 } },
    };

    [Theory]
    [InlineData(-330)]      // UTC on an account of India's zone
    [InlineData(-3)]        // a slow clock
    [InlineData(-1440)]     // a day behind
    [InlineData(-20)]
    public async Task Law_11_an_end_before_the_call_was_asked_for_is_not_believed_and_gap_and_redial_count_from_what_was_heard(int minutes)
    {
        await using var node = await PacerNode.Start();
        var call = await ACall(node, s_often);
        await node.Clock.Turn(TimeSpan.FromSeconds(30));
        var heard = node.Clock.GetUtcNow();

        await node.Publish(call.Ended(Outcomes.Busy, heard.AddMinutes(minutes)) with { ReceivedAt = heard });
        await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == Outcomes.Busy), "the end is heard", TimeSpan.Zero);

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((heard, heard), (row.EndedAt, row.EndHeardAt));
        Assert.Equal(heard.AddMinutes(1), await node.Ask(db => db.Leads.Select(l => l.DueAt).SingleAsync()));
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "the person is called again", TimeSpan.FromSeconds(10));
        Assert.True(node.Provider.Originated.Last().At >= heard.AddMinutes(10), $"called again at {node.Provider.Originated.Last().At:u}, heard of the end at {heard:u}");
    }

    [Fact]
    public async Task Three_calls_in_two_seconds_cannot_be()
    {
        await using var node = await PacerNode.Start();
        var call = await ACall(node, s_often);
        for (var i = 0; i < 3; i++)
        {
            var now = node.Clock.GetUtcNow();
            await node.Publish(node.Provider.Originated.Last().Ended(Outcomes.Busy, now - India) with { ReceivedAt = now });
            await node.Passes(TimeSpan.FromMinutes(2));
        }
        Assert.Equal(call, Assert.Single(node.Provider.Originated));
    }

    [Fact]
    public async Task Law_11_a_word_that_is_hours_late_tells_the_true_end_and_the_gap_counts_from_its_coming()
    {
        await using var node = await PacerNode.Start();
        var call = await ACall(node, s_often);
        var ended = node.Clock.GetUtcNow().AddSeconds(20);
        node.Provider.Record(call, "in-progress", null);   // nothing is learned from the records
        await node.Passes(TimeSpan.FromMinutes(50));
        var heard = node.Clock.GetUtcNow();

        await node.Publish(call.Ended(Outcomes.Busy, ended) with { ReceivedAt = heard });
        await node.Until(db => db.Leads.AnyAsync(l => l.LastOutcome == Outcomes.Busy), "the end is heard", TimeSpan.Zero);

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((ended, heard), (row.EndedAt, row.EndHeardAt));
        Assert.Equal(heard.AddMinutes(1), await node.Ask(db => db.Leads.Select(l => l.DueAt).SingleAsync()));
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "the person is called again", TimeSpan.FromSeconds(10));
        Assert.True(node.Provider.Originated.Last().At >= heard.AddMinutes(10));
    }

    [Fact]
    public async Task The_cool_down_after_a_call_that_reached_no_agent_counts_from_what_was_heard()
    {
        await using var node = await PacerNode.Start();
        var (_, calls) = await node.PowerCalls(1, agents: 1);
        await node.Clock.Turn(TimeSpan.FromSeconds(30));
        var heard = node.Clock.GetUtcNow();

        await node.Publish(calls[0].Ended(Outcomes.Abandoned, heard.AddDays(-1)) with { ReceivedAt = heard });
        await node.Until(db => db.Attempts.AnyAsync(a => a.Outcome == Outcomes.Abandoned), "the end is heard", TimeSpan.Zero);

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((heard, heard, heard), (row.EndedAt, row.EndHeardAt, row.AnsweredAt));
    }

    [Fact]
    public async Task Seconds_that_are_cut_are_no_oddity_and_nothing_is_before_the_request()
    {
        await using var node = await PacerNode.Start(clock: new(PacerNode.Noon.AddMilliseconds(700)));
        var call = await ACall(node, s_often);
        var submitted = await node.Ask(db => db.Attempts.Select(a => a.SubmittedAt!.Value).SingleAsync());
        var cut = submitted.AddMilliseconds(-submitted.Millisecond);

        await node.Publish(call.Answered(cut) with { ReceivedAt = submitted.AddSeconds(1) });
        await node.Publish(call.Ended(Outcomes.Completed, cut) with { ReceivedAt = submitted.AddSeconds(1) });
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended && a.AnsweredAt != null), "the call is over", TimeSpan.Zero);

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal((submitted, submitted), (row.AnsweredAt, row.EndedAt));
        Assert.DoesNotContain(await node.Ask(db => db.Trail.Select(t => t.Text).ToListAsync()), text => text.Contains("clock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trail_says_what_was_not_believed_and_which_setting_explains_it()
    {
        await using var node = await PacerNode.Start();
        var call = await ACall(node, s_often);
        await node.Clock.Turn(TimeSpan.FromSeconds(10));
        var heard = node.Clock.GetUtcNow();

        await node.Publish(call.Answered(heard - India) with { ReceivedAt = heard });
        await node.Until(db => db.Attempts.AnyAsync(a => a.AnsweredAt != null), "the answer is heard", TimeSpan.Zero);

        var told = await node.Ask(db => db.Trail.AsNoTracking().SingleAsync(t => t.Kind == "answered"));
        Assert.Equal(heard, told.At);
        Assert.Contains("5 h 30 min behind ours", told.Text, StringComparison.Ordinal);
        Assert.Contains("Accounts:default:TimeZone", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Law_1_a_call_that_the_records_show_at_the_time_of_another_zone_is_found_and_not_placed_again()
    {
        await using var node = await PacerNode.Start();
        node.Provider.Answer = (_, _) => Task.FromResult<OriginateResult?>(new OriginateResult.Uncertain("the connection was cut", null));
        var campaign = await node.ACampaign(s_often);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the provider is asked");
        var placed = node.Provider.Originated.Single();
        node.Provider.Record(placed with { At = placed.At - India }, "completed", Outcomes.Completed, placed.At.AddSeconds(40) - India);

        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the records settle it", TimeSpan.FromSeconds(5));

        var row = await node.Ask(db => db.Attempts.AsNoTracking().SingleAsync());
        Assert.Equal(placed.ProviderCallId, row.ProviderCallId);
        Assert.True(row.EndedAt >= row.RequestedAt && row.EndHeardAt >= row.EndedAt);
        Assert.Single(node.Provider.Originated);
    }

    [Theory]
    [InlineData(-330), InlineData(-3), InlineData(330)]
    public async Task The_end_in_the_records_is_held_to_what_was_seen(int minutes)
    {
        await using var node = await PacerNode.Start();
        var call = await ACall(node, s_often);
        node.Provider.Record(call, "busy", Outcomes.Busy, call.At.AddMinutes(minutes));

        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Ended), "the records settle it", TimeSpan.FromSeconds(10));

        var row = await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.AttemptNumber).FirstAsync());
        Assert.Equal("reconciliation", row.Source);
        Assert.InRange(row.EndedAt!.Value, row.SubmittedAt!.Value, node.Clock.GetUtcNow());
        Assert.True(row.EndHeardAt > row.SubmittedAt!.Value.AddSeconds(30));
        Assert.True(await node.Ask(db => db.Leads.Select(l => l.DueAt).SingleAsync()) >= row.EndHeardAt!.Value.AddMinutes(1));
    }

    private static async Task<FakeProviders.Placed> ACall(PacerNode node, object rules)
    {
        var campaign = await node.ACampaign(rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");
        return node.Provider.Originated.Single();
    }
}
