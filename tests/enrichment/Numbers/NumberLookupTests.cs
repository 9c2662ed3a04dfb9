using Microsoft.EntityFrameworkCore;
using Outdial.Enrichment.Numbers;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Enrichment.Tests.Numbers;

public class NumberLookupTests
{
    private const string Number = "+919876500240", Other = "+919876500241";

    [Fact]
    public async Task Fifty_who_ask_for_one_number_at_two_replicas_cost_one_request()
    {
        await using var one = await EnrichmentApp.StartAsync();
        await using var two = await one.AnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => (n % 2 == 0 ? one : two).Ask(Number, Other)));

        // Whoever asked before the answer was there shares it; whoever asked later gets it from a cache: 50 askers, one request.
        await Eventually.Async(() => one.Heard.Numbers.Any(a => a.Number == Number) || two.Heard.Numbers.Any(a => a.Number == Number));
        await Eventually.Async(async () => !await one.Rows(db => db.NumberLookups.AnyAsync()));
        // Both deliver what the other one wrote, and each hears only what itself delivered: which of them says it is chance.
        var before = Answers();
        await one.Ask(Number);
        await two.Ask(Number);
        await Eventually.Async(() => Answers() >= before + 2);
        Assert.Equal([Number, Other], one.Provider.Numbers.Select(r => r.About).Order());

        int Answers() => one.Heard.Numbers.Concat(two.Heard.Numbers).Count(answer => answer.Number == Number && answer.Status == NumberStatus.Found);
    }

    [Fact]
    public async Task What_the_provider_says_is_published_and_kept()
    {
        await using var app = await EnrichmentApp.StartAsync();

        await app.Ask(Number);

        var answer = await app.Answer(Number);
        Assert.Equal(
            ("found", "GJ", "Gujarat Telecom Circle", "R", "Reliance", "Mobile", true),
            (answer.Status, answer.Circle, answer.CircleName, answer.Operator, answer.OperatorName, answer.Type, answer.Dnd));
        Assert.Equal((app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(30)), (answer.AsOf, answer.ExpiresAt));
        var kept = await app.Rows(db => db.Numbers.SingleAsync());
        Assert.Equal((Number, "found", "GJ", (bool?)true), (kept.Number, kept.Status, kept.Circle, kept.Dnd));
    }

    [Fact]
    public async Task A_number_is_asked_again_when_its_record_has_expired_and_not_before()
    {
        await using var app = await EnrichmentApp.StartAsync();
        await app.Ask(Number);
        await app.Answer(Number);

        await app.Clock.Turn(TimeSpan.FromDays(30) - TimeSpan.FromTicks(10));
        await app.Ask(Number);
        await Eventually.Async(() => app.Heard.Numbers.Count == 2);
        Assert.Single(app.Provider.Numbers);

        await app.Clock.Turn(TimeSpan.FromTicks(10));
        await app.Ask(Number);
        await Eventually.Async(() => app.Heard.Numbers.Count == 3);
        Assert.Equal(2, app.Provider.Numbers.Count);
    }

    [Fact]
    public async Task A_restarted_replica_answers_from_the_database()
    {
        await using var before = await EnrichmentApp.StartAsync();
        await before.Ask(Number);
        await before.Answer(Number);
        await before.StopAsync();

        await using var after = await before.AnotherAsync();
        await after.Ask(Number);

        await after.Answer(Number, NumberStatus.Found);
        Assert.Single(after.Provider.Numbers);
    }

    [Fact]
    public async Task A_number_that_the_provider_does_not_know_is_remembered_for_a_day()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnNumber = (_, _) => Task.FromResult<NumberMetadata?>(null);
        await app.Ask(Number);
        Assert.Equal(NumberStatus.Unknown, (await app.Answer(Number)).Status);

        await app.Clock.Turn(TimeSpan.FromHours(23));
        await app.Ask(Number);
        await Eventually.Async(() => app.Heard.Numbers.Count == 2);
        Assert.Single(app.Provider.Numbers);

        await app.Clock.Turn(TimeSpan.FromHours(1));
        await app.Ask(Number);
        await Eventually.Async(() => app.Provider.Numbers.Count == 2);
    }

    [Fact]
    public async Task A_provider_that_fails_leads_to_an_answer_all_the_same_and_the_number_is_tried_again_later()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnNumber = (_, _) => throw new ProviderException("out of order", 500, null);
        await app.Ask(Number);
        await app.Until(() => app.Heard.Numbers.Any(answer => answer is { Number: Number, Status: NumberStatus.Unavailable }), "it is answered");
        Assert.Equal(3, app.Provider.Numbers.Count);

        app.Provider.OnNumber = (number, _) => Task.FromResult<NumberMetadata?>(FakeProvider.Gujarat(number));
        await app.Clock.Turn(TimeSpan.FromMinutes(2));
        await app.Ask(Number);

        Assert.Equal("GJ", (await app.Answer(Number, NumberStatus.Found)).Circle);
    }

    [Fact]
    public async Task A_provider_that_asks_for_patience_is_left_alone_for_that_long()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.OnNumber = (_, _) => throw new ProviderException("too many", 429, TimeSpan.FromSeconds(40));
        await app.Ask(Number);
        await Eventually.Async(() =>
            app.Rows(db => db.NumberLookups.AnyAsync(l => l.Tries == 0 && l.DueAt > app.Clock.GetUtcNow() && l.ClaimedBy == null)));
        app.Provider.OnNumber = (number, _) => Task.FromResult<NumberMetadata?>(FakeProvider.Gujarat(number));

        await app.Ask(Other);
        await Eventually.Async(() => app.Rows(db => db.NumberLookups.AnyAsync(l => l.Number == Other)));
        await app.Clock.Turn(TimeSpan.FromSeconds(39));
        Assert.Single(app.Provider.Numbers);
        await app.Clock.Turn(TimeSpan.FromSeconds(1));

        await app.Answer(Number, NumberStatus.Found);
        await app.Answer(Other, NumberStatus.Found);
        Assert.All(app.Provider.Numbers.Skip(1), request => Assert.True(request.From >= app.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_number_that_a_dead_process_was_looking_up_is_looked_up_by_another()
    {
        await using var app = await EnrichmentApp.StartAsync();
        var now = app.Clock.GetUtcNow();
        await app.Rows(db => db.Database.ExecuteSqlAsync($"""
            insert into number_lookups (number, account, asked_at, due_at, tries, claimed_by)
            values ({Number}, 'default', {now}, {now.AddSeconds(15)}, 1, {Guid.NewGuid()})
            """));

        await app.Ask(Number);   // somebody is on it: no second request
        await app.Ask(Other);
        await app.Answer(Other);
        Assert.DoesNotContain(app.Provider.Numbers, request => request.About == Number);
        await app.Clock.Turn(TimeSpan.FromSeconds(15));

        await app.Answer(Number, NumberStatus.Found);
    }

    [Fact]
    public async Task A_request_that_hangs_is_given_up_and_made_again()
    {
        await using var app = await EnrichmentApp.StartAsync(("Enrichment:RequestTimeout", "00:00:00.200"));
        var hung = 0;
        app.Provider.OnNumber = async (number, cancel) =>
        {
            if (Interlocked.Increment(ref hung) == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return FakeProvider.Gujarat(number);
        };

        await app.Ask(Number);
        await Eventually.Async(() => app.Provider.Numbers.Count == 1);
        await app.Until(() => app.Provider.Numbers.Count == 2, "it is asked again");

        await app.Answer(Number, NumberStatus.Found);
    }

    [Fact]
    public async Task Numbers_without_metadata_and_of_an_unknown_account_are_answered_without_a_request()
    {
        await using var app = await EnrichmentApp.StartAsync();

        await app.Ask("+442071838750");
        await app.Bus.Publish(new Contracts.EnrichNumbers { Account = "elsewhere", Numbers = [Number] });

        Assert.Equal(NumberStatus.Unknown, (await app.Answer("+442071838750")).Status);
        Assert.Equal(NumberStatus.Unavailable, (await app.Answer(Number)).Status);
        Assert.Empty(app.Provider.Numbers);
    }

    [Fact]
    public async Task A_provider_without_metadata_is_never_asked_and_answered_for_as_unavailable()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.HasRecords = false;

        await app.Ask(Number);

        Assert.Equal(NumberStatus.Unavailable, (await app.Answer(Number)).Status);
        Assert.Empty(app.Provider.Numbers);
        Assert.False(await app.Rows(db => db.NumberLookups.AnyAsync()));   // nothing waits that would be tried again
    }

    [Fact]
    public async Task The_answer_for_a_provider_without_metadata_lasts_so_that_no_lead_waits_for_another()
    {
        await using var app = await EnrichmentApp.StartAsync();
        app.Provider.HasRecords = false;

        await app.Ask(Number);

        var answer = await app.Answer(Number);
        Assert.Equal(new EnrichmentOptions().UnknownFor, answer.ExpiresAt - answer.AsOf);
    }
}
