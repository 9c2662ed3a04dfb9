using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Advice;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Advice;

public class AdviceTests
{
    private readonly Guid _campaign = Guid.NewGuid();

    [Fact]
    public async Task A_rate_that_falls_under_its_floor_is_told_and_told_again_when_it_has_recovered()
    {
        await using var app = await AnalyticsApp.StartAsync(("Analytics:Advice:Interval", "00:00:00.020"));
        await app.Bus.Publish(Told.Campaign(_campaign, floor: 0.5, window: 20));

        await Tell(app, 0, 20, Outcomes.Completed);
        await Hear(app, 20, advice => advice is { Rate: 1, WindowFull: true });
        await Tell(app, 20, 15, Outcomes.NoAnswer);
        await Hear(app, 35, advice => advice is { Rate: 0.25 });
        await Tell(app, 35, 15, Outcomes.Completed);

        await Hear(app, 50, advice => advice is { Rate: 0.75, Attempts: 20 });
        Assert.All(app.Heard.Rates, advice => Assert.Equal(_campaign, advice.CampaignId));
    }

    [Fact]
    public async Task The_window_is_the_last_by_end_whatever_the_order_of_telling()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await app.Bus.Publish(Told.Campaign(_campaign, floor: 0.5, window: 20));
        await Known(app);

        // The twenty latest are the completed ones; they are told first.
        await Tell(app, 100, 20, Outcomes.Completed);
        await Tell(app, 0, 60, Outcomes.Busy);
        await Recorded(app, 80);
        var told = await Look(app);

        Assert.True(told);
        await Eventually.Async(() => app.Heard.Rates.Any());
        Assert.Equal(1, Assert.Single(app.Heard.Rates).Rate);
    }

    [Fact]
    public async Task Refusals_are_no_part_of_the_rate()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await app.Bus.Publish(Told.Campaign(_campaign, floor: 0.5, window: 20));
        await Known(app);
        await Tell(app, 0, 12, Outcomes.Completed);
        for (var n = 0; n < 30; n++)
            await app.Bus.Publish(Told.Ended(_campaign, Guid.NewGuid(), Outcomes.ProviderError, Told.Noon.AddHours(1)) with { Dialed = false });
        await Recorded(app, 42);

        await Look(app);

        await Eventually.Async(() => app.Heard.Rates.Any());
        Assert.Equal((1.0, 12, false), (app.Heard.Rates.First().Rate, app.Heard.Rates.First().Attempts, app.Heard.Rates.First().WindowFull));
    }

    [Fact]
    public async Task Many_replicas_looking_at_once_tell_one_advice()
    {
        await using var app = await AnalyticsApp.StartAsync();
        await app.Bus.Publish(Told.Campaign(_campaign, floor: 0.5, window: 20));
        await Known(app);
        await Tell(app, 0, 20, Outcomes.Busy);
        await Recorded(app, 20);

        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Look(app)));

        Assert.Single(told, yes => yes);
    }

    [Fact]
    public async Task A_campaign_that_is_over_or_that_has_no_floor_is_not_watched()
    {
        await using var app = await AnalyticsApp.StartAsync();
        var (over, unwatched, watched) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await app.Bus.Publish(new CampaignCompleted { EventId = Guid.NewGuid(), CampaignId = over, State = "Completed", OccurredAt = Told.Noon });
        await app.Bus.Publish(Told.Campaign(over, floor: 0.5));   // late, after its end
        await app.Bus.Publish(Told.Campaign(unwatched));
        await app.Bus.Publish(Told.Campaign(watched, floor: 0.5));

        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.Campaigns.Count(c => c.Name != null) == 3)));

        Assert.Equal([watched], await app.InScope(services => services.GetRequiredService<AdviceGiver>().WatchedAsync(default)));
    }

    /// <summary>Whatever the loop has seen halfway: once all is recorded time passes, and it tells the end of it.</summary>
    private async Task Hear(AnalyticsApp app, int recorded, Func<CompletionRateChanged, bool> expected)
    {
        await Recorded(app, recorded);
        app.Clock.Advance(new AdviceOptions().OrAfter);
        await Eventually.Async(() => app.Heard.Rates.LastOrDefault() is { } last && expected(last));
    }

    private async Task Tell(AnalyticsApp app, int from, int count, string outcome)
    {
        for (var n = from; n < from + count; n++)
            await app.Bus.Publish(Told.Ended(_campaign, Guid.NewGuid(), outcome, Told.Noon.AddSeconds(n)));
    }

    private Task Known(AnalyticsApp app) => Eventually.Async(() => app.Rows(db => Task.FromResult(db.Campaigns.Any(c => c.CampaignId == _campaign))));

    private Task Recorded(AnalyticsApp app, int count) =>
        Eventually.Async(() => app.Rows(db => Task.FromResult(db.CallFacts.Count(fact => fact.CampaignId == _campaign) == count)));

    private Task<bool> Look(AnalyticsApp app) =>
        app.InScope(services => services.GetRequiredService<AdviceGiver>().LookAtAsync(_campaign, default));
}
