using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Enrichment.Budgets;
using Outdial.Testing;

namespace Outdial.Enrichment.Tests.Budgets;

public class BudgetTests
{
    [Fact]
    public async Task Law_6_no_sixty_seconds_see_more_requests_than_the_budget_however_many_replicas_ask()
    {
        (string, string) budget = ("Accounts:default:NumberLookupsPerMinute", "12");
        await using var one = await EnrichmentApp.StartAsync(budget);
        await using var two = await one.AnotherAsync(budget);
        await using var three = await one.AnotherAsync(budget);
        var start = one.Clock.GetUtcNow();
        var random = new Random(5);
        one.Provider.OnNumber = async (number, cancel) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(number[^1] % 4), one.Clock, cancel);   // the clock is turned meanwhile: requests take virtual time
            return FakeProvider.Gujarat(number);
        };

        EnrichmentApp[] replicas = [one, two, three];
        for (var n = 0; n < 60; n++)
            await replicas[n % 3].Ask($"+9198765{n:00000}");
        while (one.Provider.Numbers.Count < 60 && one.Clock.GetUtcNow() < start.AddHours(1))
            await one.Clock.Turn(TimeSpan.FromSeconds(random.Next(1, 4)));

        // A request is seen by the provider somewhere between its start and its answer. At worst those of one window all
        // come at its end, and those of the next all at their start.
        var requests = one.Provider.Numbers.OrderBy(r => r.From).ToList();
        Assert.All(requests, last => Assert.True(
            requests.Count(r => r.To > last.From - Budget.Window && r.From <= last.From) <= 12,
            $"more than 12 requests in the minute before {last.From:O}"));

        // And the budget is used: 60 requests at 12 a minute need four full windows, not many more.
        Assert.InRange(requests[^1].From - requests[0].From, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(10));
        Assert.Equal((60, 60), (requests.Count, requests.DistinctBy(r => r.About).Count()));
    }

    [Fact]
    public async Task A_slot_whose_holder_died_comes_free_again()
    {
        await using var app = await EnrichmentApp.StartAsync(("Accounts:default:NumberLookupsPerMinute", "1"));
        var now = app.Clock.GetUtcNow();
        await app.Rows(db => db.Database.ExecuteSqlAsync(
            $"insert into budget_slots (account, kind, free_at) values ('default', 'numbers', {now.AddSeconds(75)})"));
        await app.Ask("+919876500240");
        await Eventually.Async(() => app.Rows(db => db.NumberLookups.AnyAsync()));

        await app.Clock.Turn(TimeSpan.FromSeconds(75));

        await app.Answer("+919876500240");
        Assert.All(app.Provider.Numbers, request => Assert.True(request.From >= now.AddSeconds(75)));
    }

    [Fact]
    public async Task Numbers_and_details_have_budgets_of_their_own()
    {
        await using var app = await EnrichmentApp.StartAsync(
            ("Accounts:default:NumberLookupsPerMinute", "1"), ("Accounts:default:CallDetailsPerMinute", "1"));
        await app.Ask("+919876500240");
        await app.Answer("+919876500240");

        await app.Bus.Publish(Details.CallDetailsTests.Ended(Guid.NewGuid(), app.Clock.GetUtcNow().AddMinutes(-2), Outcomes.Busy));

        await Eventually.Async(() => app.Provider.Calls.Count == 1);
    }

    [Theory, InlineData("0"), InlineData("-3"), InlineData("100001")]
    public async Task A_budget_that_makes_no_sense_stops_the_start_with_a_sentence(string limit)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => EnrichmentApp.StartAsync(("Accounts:default:NumberLookupsPerMinute", limit)));

        Assert.Contains("NumberLookupsPerMinute", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_that_are_read_backwards_in_time_stop_the_start_with_a_sentence()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => EnrichmentApp.StartAsync(
            ("Enrichment:DetailsAfter:0", "00:05:00"), ("Enrichment:DetailsAfter:1", "00:02:00")));

        Assert.Contains("ascending order", refusal.Message, StringComparison.Ordinal);
    }
}
