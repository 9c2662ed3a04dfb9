using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Facts;
using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Facts;

public sealed class FactOrderTests : IAsyncLifetime
{
    private static readonly Guid Campaign = Guid.NewGuid();
    private AnalyticsApp _app = null!;

    public async Task InitializeAsync() => _app = await AnalyticsApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Law_4_the_events_of_an_attempt_in_any_order_and_any_number_of_times_give_the_same_row()
    {
        var expected = await RowAfter([0, 1, 2, 3, 4]);

        // Every event at least once, in any order, with any repetitions between.
        var deliveries =
            from order in Gen.Shuffle([0, 1, 2, 3, 4])
            from again in Gen.ListOf(Gen.Choose(0, 4))
            from shuffled in Gen.Shuffle(order.Concat(again.Take(8)).ToArray())
            select shuffled;

        Prop.ForAll(deliveries.ToArbitrary(), delivery => Row(delivery) == expected).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Law_4_the_same_holds_when_all_events_come_at_once()
    {
        var expected = await RowAfter([0, 1, 2, 3, 4]);

        for (var round = 0; round < 20; round++)
        {
            var attempt = Guid.NewGuid();
            await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Tell(attempt, n % 5)));
            Assert.Equal(expected, await RowOf(attempt));
        }
    }

    [Fact]
    public async Task A_second_end_with_another_outcome_changes_nothing()
    {
        var attempt = Guid.NewGuid();
        var first = await Record(Told.Ended(Campaign, attempt, Outcomes.Busy));

        var second = await Record(Told.Ended(Campaign, attempt, Outcomes.Completed));

        Assert.True(first);
        Assert.False(second);
        Assert.Equal(Outcomes.Busy, (await RowOf(attempt)).Outcome);
    }

    [Theory]
    [InlineData(Outcomes.NoAnswer, EndSources.Inferred)]
    [InlineData(Outcomes.Unknown, "reconciliation")]
    public async Task Law_4_a_guess_gives_way_to_the_word_that_came_after_all_in_either_order(string guess, string source)
    {
        foreach (var wordFirst in new[] { false, true })
        {
            var attempt = Guid.NewGuid();
            AttemptEnded[] ends = [Told.Ended(Campaign, attempt, guess) with { Source = source }, Told.Ended(Campaign, attempt, Outcomes.Completed)];
            foreach (var end in wordFirst ? ends.Reverse() : ends)
                await Record(end);

            Assert.Equal(Outcomes.Completed, (await RowOf(attempt)).Outcome);
        }
    }

    [Fact]
    public async Task Law_4_of_an_end_that_is_told_anew_the_newest_telling_stands_in_any_order()
    {
        AttemptEnded Telling(Guid attempt, int revision, string outcome, bool dropped) =>
            Told.Ended(Campaign, attempt, outcome) with { Revision = revision, Dropped = dropped, TalkTime = TimeSpan.FromSeconds(revision) };
        foreach (var order in (int[][])[[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1], [0, 2, 2, 1, 0]])
        {
            var attempt = Guid.NewGuid();
            AttemptEnded[] tellings =
            [
                Telling(attempt, 3, Outcomes.Abandoned, true), Telling(attempt, 5, Outcomes.Completed, true),
                Telling(attempt, 9, Outcomes.Completed, false),
            ];
            foreach (var which in order)
                await Record(tellings[which]);

            var row = await RowOf(attempt);
            Assert.Equal((Outcomes.Completed, false, TimeSpan.FromSeconds(9), 9), (row.Outcome, row.Dropped, row.TalkTime, row.EndRevision));
        }
    }

    [Fact]
    public async Task Details_fill_the_talk_time_that_the_end_did_not_know_and_never_the_one_it_knew()
    {
        var (silent, told) = (Guid.NewGuid(), Guid.NewGuid());
        await Record(Told.Ended(Campaign, silent));
        await Record(Told.Ended(Campaign, told) with { TalkTime = TimeSpan.FromSeconds(30) });

        foreach (var attempt in new[] { silent, told })
            await Record(Told.Detailed(Campaign, attempt, Told.Noon, talk: TimeSpan.FromSeconds(99)));

        Assert.Equal(99, await TalkSeconds(silent));
        Assert.Equal(30, await TalkSeconds(told));
    }

    // What the end leaves blank and the start knows, details with and without values, two equally late ones that disagree.
    private static object Event(Guid attempt, int which) => which switch
    {
        0 => Told.Started(Campaign, attempt, Told.Noon.AddSeconds(-3)) with { Circle = "GJ", AttemptNumber = 7, Mode = CampaignModes.Power },
        1 => Told.Ended(Campaign, attempt) with
        {
            Circle = null,
            ProviderCallId = null,
            TalkTime = TimeSpan.FromSeconds(31),
            AnsweredBy = "human",
            QueuedAt = Told.Noon.AddSeconds(5),
            ConnectedAt = Told.Noon.AddSeconds(9),
            AgentId = Campaign,
        },
        2 => Told.Detailed(Campaign, attempt, Told.Noon.AddMinutes(2), price: 1.5m),
        3 => Told.Detailed(Campaign, attempt, Told.Noon.AddMinutes(5), talk: TimeSpan.FromSeconds(33)),
        _ => Told.Detailed(Campaign, attempt, Told.Noon.AddMinutes(5), talk: TimeSpan.FromSeconds(30), price: 1.2m),
    };

    private CallFact Row(int[] delivery) => RowAfter(delivery).GetAwaiter().GetResult();

    private async Task<CallFact> RowAfter(int[] delivery)
    {
        var attempt = Guid.NewGuid();
        foreach (var which in delivery)
            await Tell(attempt, which);
        return await RowOf(attempt);
    }

    private Task<bool> Tell(Guid attempt, int which) => Record(Event(attempt, which));

    private Task<bool> Record(object told) => _app.InScope(async services =>
    {
        var facts = services.GetRequiredService<CallFacts>();
        switch (told)
        {
            case AttemptStarted started: await facts.RecordAsync(started, default); break;
            case AttemptEnded ended: return await facts.RecordAsync(ended, default);
            case CallDetailed detailed: await facts.RecordAsync(detailed, default); break;
        }
        return true;
    });

    // Without what differs by construction: the attempt's id, and the provider's id that is made of it.
    private async Task<CallFact> RowOf(Guid attempt)
    {
        var row = await _app.Rows(db => db.CallFacts.AsNoTracking().SingleAsync(fact => fact.AttemptId == attempt));
        Assert.Equal(row.ProviderCallId is null ? null : $"call-{attempt:N}", row.ProviderCallId);
        return row with { AttemptId = Guid.Empty, LeadId = row.LeadId == attempt ? Guid.Empty : row.LeadId, ProviderCallId = null };
    }

    private Task<int> TalkSeconds(Guid attempt) => _app.Rows(db => db.Database
        .SqlQuery<int>($"select extract(epoch from talk_time)::int as \"Value\" from call_sums where attempt_id = {attempt}").SingleAsync());
}
