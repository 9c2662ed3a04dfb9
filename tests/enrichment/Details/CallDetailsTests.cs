using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Enrichment.Tests.Details;

public class CallDetailsTests
{
    internal static AttemptEnded Ended(Guid attempt, DateTimeOffset at, string outcome = Outcomes.Completed) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = attempt,
        CampaignId = Guid.NewGuid(),
        LeadId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = $"call-{attempt:N}",
        AttemptNumber = 1,
        CallerId = "+918040000001",
        Outcome = outcome,
        Dialed = true,
        StartedAt = at.AddSeconds(-40),
        OccurredAt = at,
        TimeZone = "Asia/Kolkata",
        Source = "webhook",
    };

    [Fact]
    public async Task Details_are_read_two_minutes_after_the_call_and_again_until_the_price_is_there()
    {
        await using var app = await EnrichmentApp.StartAsync();
        var (attempt, end) = (Guid.NewGuid(), app.Clock.GetUtcNow());
        decimal? price = null;
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, price);
        await app.Bus.Publish(Ended(attempt, end));
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync()));

        await app.Clock.Turn(TimeSpan.FromMinutes(2));
        await Eventually.Async(() => app.Heard.Details.Count == 1);
        price = 1.5m;
        await app.Clock.Turn(TimeSpan.FromMinutes(3));
        await Eventually.Async(() => app.Heard.Details.Count == 2);

        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "complete")));
        Assert.Equal([end.AddMinutes(2), end.AddMinutes(5)], app.Provider.Calls.Select(request => request.From));
        Assert.Equal([null, 1.5m], app.Heard.Details.Select(details => details.Price));
        Assert.All(app.Heard.Details, details => Assert.Equal((attempt, TimeSpan.FromSeconds(31)), (details.AttemptId, details.TalkTime)));
    }

    [Fact]
    public async Task A_price_that_never_comes_is_given_up_after_the_last_reading()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, null);
        await app.Bus.Publish(Ended(Guid.NewGuid(), app.Clock.GetUtcNow()));
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync()));

        foreach (var (wait, readings) in new[] { (2, 1), (3, 2), (10, 3), (15, 4), (30, 5) })
        {
            await app.Clock.Turn(TimeSpan.FromMinutes(wait));
            await Eventually.Async(() => app.Heard.Details.Count == readings);
        }

        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "incomplete")));
        Assert.Equal(5, app.Provider.Calls.Count);
    }

    [Fact]
    public async Task A_recording_that_is_there_some_minutes_after_everything_else_is_fetched_and_told()
    {
        await using var app = await EnrichmentApp.StartAsync();
        var (attempt, end) = (Guid.NewGuid(), app.Clock.GetUtcNow());
        string? recording = null;
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m, recording: recording);
        await app.Bus.Publish(Ended(attempt, end) with { HasRecording = false });
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync()));
        foreach (var (wait, readings) in new[] { (2, 1), (3, 2) })
        {
            await app.Clock.Turn(TimeSpan.FromMinutes(wait));
            await Eventually.Async(() => app.Heard.Details.Count == readings);
        }

        recording = DetailRuleTests.Recording;
        await app.Clock.Turn(TimeSpan.FromMinutes(10));

        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "complete" && r.Recorded)));
        await Eventually.Async(() => app.Heard.Details.Any(details => details.RecordingUrl == recording));
        Assert.Equal([null, null, recording], app.Heard.Details.Select(details => details.RecordingUrl));
        await app.Clock.Turn(TimeSpan.FromHours(2));
        await using var another = await app.AnotherAsync();   // and nothing is left to do for whoever starts
        Assert.Equal(3, app.Provider.Calls.Count);
    }

    [Fact]
    public async Task A_recording_is_waited_for_across_a_restart()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m, recording: null);
        await app.Bus.Publish(Ended(Guid.NewGuid(), app.Clock.GetUtcNow()));
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync()));
        await app.Clock.Turn(TimeSpan.FromMinutes(2));
        await Eventually.Async(() => app.Heard.Details.Count == 1);
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.ClaimedBy == null && r.Tries == 1)));
        await app.StopAsync();

        await using var next = await app.AnotherAsync();
        next.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m);
        await next.Clock.Turn(TimeSpan.FromMinutes(20));

        await Eventually.Async(() => next.Heard.Details.Any(details => details.RecordingUrl == DetailRuleTests.Recording));
    }

    [Fact]
    public async Task A_recording_that_a_webhook_named_costs_no_further_reading()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m, recording: null);
        await app.Bus.Publish(Ended(Guid.NewGuid(), app.Clock.GetUtcNow().AddMinutes(-3)) with { HasRecording = true });

        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "complete" && r.Recorded)));
    }

    [Fact]
    public async Task An_account_whose_conversations_never_had_a_recording_is_not_asked_for_one()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m, recording: null);
        await app.Rows(db => db.Database.ExecuteSqlAsync($"""
            insert into detail_requests (attempt_id, campaign_id, account, provider_call_id, answered, ended_at, due_at, done_at, result, talked)
            select gen_random_uuid(), gen_random_uuid(), 'default', 'old', true, {app.Clock.GetUtcNow()}, {app.Clock.GetUtcNow()},
                  {app.Clock.GetUtcNow()}, 'incomplete', true
            from generate_series(1, 50)
            """));
        var (waitsForNone, isOneOfTwenty) = (new Guid("00000000-0000-0000-0000-000000000001"), new Guid("00000000-0000-0000-0000-000000000014"));

        await app.Bus.Publish(Ended(waitsForNone, app.Clock.GetUtcNow().AddMinutes(-3)));
        await app.Bus.Publish(Ended(isOneOfTwenty, app.Clock.GetUtcNow().AddMinutes(-3)));

        await Eventually.Async(() => app.Heard.Details.Count == 2);
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.AttemptId == waitsForNone && r.Result == "complete")));
        Assert.True(await app.Rows(db => db.DetailRequests.AnyAsync(r => r.AttemptId == isOneOfTwenty && r.DoneAt == null)));
    }

    [Fact]
    public async Task A_call_whose_first_end_was_a_guess_is_read_again_after_its_true_end()
    {
        await using var app = await EnrichmentApp.StartAsync();
        var attempt = Guid.NewGuid();
        app.Provider.OnCall = _ => DetailRuleTests.Record(null, null, outcome: null);   // it goes on
        await app.Bus.Publish(Ended(attempt, app.Clock.GetUtcNow().AddMinutes(-61), Outcomes.Unknown));
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "incomplete")));

        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1.5m);
        await app.Bus.Publish(Ended(attempt, app.Clock.GetUtcNow().AddMinutes(-2)));

        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "complete")));
        await Eventually.Async(() => app.Heard.Details.Any(details => details.Price == 1.5m));
    }

    [Fact]
    public async Task An_end_that_is_told_again_costs_no_second_reading()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnCall = _ => DetailRuleTests.Record(31, 1m);
        var ended = Ended(Guid.NewGuid(), app.Clock.GetUtcNow().AddMinutes(-3));
        await app.Bus.Publish(ended);
        await Eventually.Async(() => app.Rows(db => db.DetailRequests.AnyAsync(r => r.Result == "complete")));

        await app.Bus.Publish(ended);
        await app.Bus.Publish(ended with { EventId = Guid.NewGuid() });
        var next = Ended(Guid.NewGuid(), app.Clock.GetUtcNow().AddMinutes(-3));
        await app.Bus.Publish(next);

        await Eventually.Async(() => app.Heard.Details.Any(details => details.AttemptId == next.AttemptId));
        Assert.Equal(2, app.Provider.Calls.Count);
    }

    [Fact]
    public async Task A_call_that_was_never_placed_has_no_details()
    {
        await using var app = await EnrichmentApp.StartAsync();
        var (refused, nameless, placed) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var longAgo = app.Clock.GetUtcNow().AddMinutes(-3);

        await app.Bus.Publish(Ended(refused, longAgo) with { Dialed = false });
        await app.Bus.Publish(Ended(nameless, longAgo) with { ProviderCallId = null });
        await app.Bus.Publish(Ended(placed, longAgo));

        await Eventually.Async(() => app.Provider.Calls.Count > 0);
        Assert.Equal($"call-{placed:N}", Assert.Single(app.Provider.Calls).About);
    }
}
