using System.Net;
using System.Text.Json;
using Outdial.Providers;

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

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_a_503_that_says_when_to_come_back()
    {
        await using var app = await EnrichmentApp.StartAsync(("Enrichment:AnswerWithin", "00:00:00.300"));
        app.Provider.OnNumber = (_, _) => throw new ProviderException("too many", 429, TimeSpan.FromSeconds(40));

        var answer = await app.Client.GetAsync("/api/v1/numbers/%2B919876500240");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
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
