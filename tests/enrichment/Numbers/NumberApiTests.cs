using System.Net;
using System.Text.Json;
using Outdial.Contracts;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Enrichment.Tests.Numbers;

public class NumberApiTests
{
    [Fact]
    public async Task A_number_is_looked_up_now_and_then_answered_from_memory()
    {
        await using var app = await EnrichmentApp.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Get(app, "%2B919876500240")));
        var later = await Get(app, "09876500240");

        Assert.All(answers.Append(later), answer => Assert.Equal(
            ("+919876500240", "found", "GJ", true),
            (answer.GetProperty("number").GetString(), answer.GetProperty("status").GetString(), answer.GetProperty("circle").GetString(),
                answer.GetProperty("dnd").GetBoolean())));
        Assert.Single(app.Provider.Numbers);
    }

    [Fact]
    public async Task A_wrong_number_is_named_masked_and_told_what_was_expected()
    {
        await using var app = await EnrichmentApp.StartAsync();

        var answer = await app.Client.GetAsync("/api/v1/numbers/%2B911234567890123456");
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("errors")[0];
        Assert.Equal("e164", error.GetProperty("field").GetString());
        Assert.NotEmpty(error.GetProperty("expected").GetString()!);
        Assert.DoesNotContain("911234567890123456", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_country_without_metadata_is_said_so()
    {
        await using var app = await EnrichmentApp.StartAsync();

        var answer = await Get(app, "%2B442071838750");

        Assert.Equal("unknown", answer.GetProperty("status").GetString());
        Assert.Equal("There is no metadata for this country; it exists for +91.", answer.GetProperty("explanation").GetString());
        Assert.Empty(app.Provider.Numbers);
    }

    [Theory]
    [InlineData("%2B442071838750", "GB", "fixed", true)]
    [InlineData("%2B971501234567", "AE", "mobile", true)]
    [InlineData("%2B447700900123", "GB", null, false)]   // for films
    public async Task A_number_s_country_and_kind_are_told_by_the_plan_and_one_that_is_only_possible_is_marked(
        string number, string region, string? kind, bool valid)
    {
        await using var app = await EnrichmentApp.StartAsync();

        var answer = await Get(app, number);

        Assert.Equal(
            (region, kind, valid),
            (answer.GetProperty("region").GetString(), answer.GetProperty("kind").GetString(), answer.GetProperty("valid").GetBoolean()));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_a_503_that_says_when_to_come_back()
    {
        await using var app = await EnrichmentApp.StartAsync(("Enrichment:AnswerWithin", "00:00:00.300"));
        app.Provider.OnNumber = (_, _) => throw new ProviderException("too many", 429, TimeSpan.FromSeconds(40));

        var answer = await app.Client.GetAsync("/api/v1/numbers/%2B919876500240");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("Accounts:default:Region", "GB", "07700 900123", "+447700900123")]
    [InlineData("Accounts:default:TimeZone", "America/New_York", "(212) 555-0177", "+12125550177")]
    [InlineData("Numbers:DefaultRegion", "SG", "8123 4567", "+6581234567")]
    [InlineData("Accounts:default:Provider", "exotel", "09876500240", "+919876500240")]
    public async Task A_number_is_looked_up_as_the_country_of_its_account_reads_it(string setting, string value, string number, string read)
    {
        await using var app = await EnrichmentApp.StartAsync((setting, value));

        Assert.Equal(read, (await Get(app, Uri.EscapeDataString(number))).GetProperty("number").GetString());
    }

    [Fact]
    public async Task People_who_look_up_too_much_are_told_when_to_come_back_and_what_is_known_costs_nothing()
    {
        await using var app = await EnrichmentApp.StartAsync(("Accounts:default:PeopleLookupsPerMinute", "2"));
        await Get(app, "09876500240");
        await app.Clock.Turn(TimeSpan.FromSeconds(20));
        await Get(app, "09876500241");

        var refused = await app.Client.GetAsync("/api/v1/numbers/09876500242");
        var known = await Get(app, "09876500240");
        await app.Clock.Turn(TimeSpan.FromSeconds(40));
        var later = await Get(app, "09876500242");

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(40)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
        Assert.Contains("2 numbers a minute", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["found", "found"], new[] { known, later }.Select(answer => answer.GetProperty("status").GetString()));
        Assert.Equal(3, app.Provider.Numbers.Count);
    }

    [Fact]
    public async Task People_who_ask_at_once_at_two_replicas_cost_the_provider_no_more_than_their_budget()
    {
        await using var one = await EnrichmentApp.StartAsync(("Accounts:default:PeopleLookupsPerMinute", "5"));
        await using var two = await one.AnotherAsync(("Accounts:default:PeopleLookupsPerMinute", "5"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => (n % 2 == 0 ? one : two).Client.GetAsync($"/api/v1/numbers/{9876500000 + n}")));

        Assert.Equal(
            (5, 25), (answers.Count(a => a.StatusCode == HttpStatusCode.OK), answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests)));
        Assert.Equal(5, one.Provider.Numbers.Count);
    }

    [Fact]
    public async Task A_list_that_has_spent_its_budget_does_not_hold_up_people_nor_people_a_list()
    {
        await using var app = await EnrichmentApp.StartAsync(
            ("Accounts:default:NumberLookupsPerMinute", "1"), ("Accounts:default:PeopleLookupsPerMinute", "1"));
        await app.Ask("+919876500001", "+919876500002", "+919876500003");
        await Eventually.Async(() => app.Provider.Numbers.Count == 1);

        var person = await Get(app, "09876500240");
        var refused = await app.Client.GetAsync("/api/v1/numbers/09876500241");
        await app.Clock.Turn(TimeSpan.FromSeconds(60));
        await Eventually.Async(() => app.Provider.Numbers.Count == 3);

        Assert.Equal(("found", HttpStatusCode.TooManyRequests), (person.GetProperty("status").GetString(), refused.StatusCode));
        Assert.Equal("+919876500240", app.Provider.Numbers.ElementAt(1).About);
    }

    [Fact]
    public async Task A_number_that_a_list_waits_for_is_looked_up_once_for_both()
    {
        await using var app = await EnrichmentApp.StartAsync(("Accounts:default:NumberLookupsPerMinute", "1"));
        await app.Ask("+919876500001", "+919876500002");
        await Eventually.Async(() => app.Provider.Numbers.Count == 1);
        var pending = app.Provider.Numbers.Single().About == "+919876500001" ? "+919876500002" : "+919876500001";

        await Get(app, Uri.EscapeDataString(pending));

        await app.Answer(pending, "found");   // the list hears of it too
        Assert.Equal(2, app.Provider.Numbers.Count);
    }

    [Fact]
    public async Task A_single_call_waits_for_no_list()
    {
        await using var app = await EnrichmentApp.StartAsync(("Accounts:default:NumberLookupsPerMinute", "1"));
        await app.Ask([.. Enumerable.Range(1, 40).Select(n => $"+9198765{n:00000}")]);
        await Eventually.Async(() => app.Provider.Numbers.Count == 1);

        await app.Bus.Publish(new EnrichNumbers { Account = "default", Numbers = ["+919876500240"], Urgent = true });

        await app.Answer("+919876500240", "found");
        Assert.Equal(2, app.Provider.Numbers.Count);
    }

    [Fact]
    public async Task A_caller_without_a_key_is_refused_and_an_unknown_account_is_named()
    {
        await using var app = await EnrichmentApp.StartAsync();
        using var stranger = new HttpClient { BaseAddress = app.Client.BaseAddress };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/numbers/%2B919876500240")).StatusCode);
        Assert.Contains("one of default", await (await app.Client.GetAsync("/api/v1/numbers/%2B919876500240?account=x")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Get(EnrichmentApp app, string number) =>
        JsonDocument.Parse(await app.Client.GetStringAsync($"/api/v1/numbers/{number}")).RootElement;
}
