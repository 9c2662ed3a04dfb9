using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Campaigns;

public sealed class CampaignSagaTests
{
    private static Task State(PacerNode node, string state) =>
        Eventually.Async(() => node.Ask(db => db.Campaigns.AnyAsync(c => c.State == state)), what: $"the campaign is {state}");

    [Fact]
    public async Task A_persons_pause_is_not_undone_by_an_automatic_resume()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 3);
        await node.Started(campaign);
        (await node.Verb(campaign, "pause", new { explanation = "lunch" })).EnsureSuccessStatusCode();

        await node.Publish(new ResumeCampaign { CampaignId = campaign, Reason = PauseReasons.ProviderDown, By = "platform" });
        await node.Publish(
            new PauseCampaign { CampaignId = campaign, Reason = PauseReasons.ProviderDown, Until = node.Clock.GetUtcNow().AddMinutes(1), By = "platform" });
        await node.Publish(new ResumeCampaign { CampaignId = campaign, Reason = PauseReasons.ProviderDown, By = "platform" });
        var answer = await node.Verb(campaign, "start");   // answered after the three: one queue, one locked row

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(PauseReasons.Person, await node.Ask(db => db.Campaigns.Select(c => c.PauseReason).SingleAsync()));
        (await node.Verb(campaign, "resume")).EnsureSuccessStatusCode();
        await State(node, CampaignStates.Running);
    }

    [Fact]
    public async Task An_automatic_pause_ends_by_itself()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        var until = node.Clock.GetUtcNow().AddMinutes(2);

        await node.Publish(
            new PauseCampaign { CampaignId = campaign, Reason = PauseReasons.ProviderDown, Explanation = "ten failures", Until = until, By = "platform" });
        await State(node, CampaignStates.Paused);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Running), "it resumes", TimeSpan.FromSeconds(10));

        Assert.True(node.Clock.GetUtcNow() >= until);
    }

    [Fact]
    public async Task Outside_the_calling_hours_a_campaign_pauses_and_goes_on_in_the_morning()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "evening", purpose = "service", dnd = "consented", window = new { from = "09:00", to = "11:00" } });
        await node.WithLeads(campaign, 1);

        await node.Started(campaign);   // at noon
        await node.Until(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "it pauses");
        await node.Clock.TurnTo(new(2026, 1, 15, 3, 29, 0, TimeSpan.Zero));   // a minute before nine in India
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it dials again");

        var dialed = node.Provider.Originated.First().At;
        Assert.InRange(dialed, new(2026, 1, 15, 3, 30, 0, TimeSpan.Zero), new(2026, 1, 15, 5, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_falling_completion_rate_slows_then_pauses_as_the_campaign_says_and_a_rising_one_lets_go()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(
            new { name = "watched", purpose = "service", dnd = "consented", completion = new { floor = 0.4, window = 20, action = "slow" } });
        await node.WithLeads(campaign, 3);
        await node.Started(campaign);

        await node.Publish(Advice(campaign, 0.25, node.Clock.GetUtcNow()));
        await Eventually.Async(() => node.Ask(db => db.Campaigns.AnyAsync(c => c.RateFactor == 0.25)));
        await node.Publish(Advice(campaign, 0.5, node.Clock.GetUtcNow().AddSeconds(1)));
        await Eventually.Async(() => node.Ask(db => db.Campaigns.AnyAsync(c => c.RateFactor == 1)));

        Assert.Equal(2, await node.Ask(db => db.Trail.CountAsync(t => t.Kind == "pace")));
    }

    [Fact]
    public async Task A_campaign_that_asks_for_it_cools_off_under_its_floor()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(
            new
            {
                name = "strict",
                purpose = "service",
                dnd = "consented",
                completion = new { floor = 0.4, window = 20, action = "pause", coolOff = "00:10:00" }
            });
        await node.WithLeads(campaign, 3);
        await node.Started(campaign);

        await node.Publish(Advice(campaign, 0.25, node.Clock.GetUtcNow()));
        await Eventually.Async(() => node.Ask(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.LowCompletionRate)));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Running), "it goes on after the cool-off", TimeSpan.FromSeconds(30));

        Assert.Equal(0.25, await node.Ask(db => db.Campaigns.Select(c => c.RateFactor).SingleAsync()));
    }

    [Fact]
    public async Task Stopping_cancels_the_waiting_leads_and_is_final()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 20);

        (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();
        await node.Until(async db => await db.Leads.CountAsync(l => l.State == "Canceled") == 20, "every lead is canceled");

        Assert.Equal(HttpStatusCode.Conflict, (await node.Verb(campaign, "start")).StatusCode);
        Assert.Empty(node.Provider.Originated);
    }

    [Fact]
    public async Task A_scheduled_campaign_starts_when_its_time_has_come()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        var at = node.Clock.GetUtcNow().AddMinutes(10);

        (await node.Verb(campaign, "start", new { at })).EnsureSuccessStatusCode();
        await State(node, CampaignStates.Scheduled);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it dials", TimeSpan.FromSeconds(30));

        Assert.True(node.Provider.Originated.First().At >= at);
    }

    [Fact]
    public async Task A_campaign_that_makes_no_sense_is_refused_field_by_field()
    {
        await using var node = await PacerNode.Start();

        var answer = await node.Http.PostAsJsonAsync(
            "/api/v1/campaigns", new { name = "", purpose = "fun", ringTimeout = "00:00:05", timeZone = "Mars/Base", completion = new { floor = 2.0 } });
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.All(new[] { "name", "purpose", "ringTimeout", "timeZone", "completion.floor" }, field =>
            Assert.Contains($"\"{field}\"", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Texts_and_lists_that_are_too_long_are_refused_by_field()
    {
        await using var node = await PacerNode.Start();
        var long500 = new string('x', 501);
        var numbers = Enumerable.Repeat(new { number = "+918040000002" }, 1001);

        var answers = new[]
        {
            await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "n", purpose = "service", flow = long500, callerIds = numbers.Select(n => n.number) }),
            await node.Http.PostAsJsonAsync("/api/v1/campaigns", new
            {
                name = "n", purpose = "service", mode = "progressive",
                agents = new { dispositions = Enumerable.Range(0, 101).Select(i => new { code = $"c{i}" }) },
            }),
            await node.Http.PostAsJsonAsync(
                "/api/v1/campaigns", new { name = "n", purpose = "service", mode = "progressive", agents = new { dispositions = new object?[] { null } } }),
            await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{Guid.NewGuid()}/pause", new { explanation = long500 }),
            await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "+919825010004", reason = long500 }),
            await node.Http.PutAsJsonAsync("/api/v1/caller-ids", numbers),
            await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new object?[] { null, new { number = "+918040000002", note = long500, circle = long500 } }),
        };

        string[][] wrong =
        [
            ["flow", "callerIds"], ["agents.dispositions"], ["agents.dispositions[0].code"], ["explanation"], ["reason"], ["body"],
            ["[0]", "[1].circle", "[1].note"],
        ];
        for (var i = 0; i < answers.Length; i++)
        {
            var body = await answers[i].Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, string.Join(' ', wrong[i])),
                (answers[i].StatusCode, string.Join(' ', body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()))));
        }
    }

    [Fact]
    public async Task Every_list_of_the_pacer_is_the_same_row_by_row_and_at_once()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+917940000001" }, new { number = "+918040000003" } })).EnsureSuccessStatusCode();
        foreach (var number in new[] { "+919825010004", "+919825010006", "+919825010005" })
            (await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number })).EnsureSuccessStatusCode();
        await node.WithLeads(campaign, 3);
        await node.WithLeads(campaign, 5);   // three of them are known
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count >= 2), "leads are dialed");
        await node.Verb(campaign, "pause", new { explanation = "to look at it in peace" });
        await State(node, CampaignStates.Paused);
        var lead = await node.Ask(db => db.Attempts.Select(a => a.LeadId).FirstAsync());

        foreach (var (path, least) in new[]
        {
            ("campaigns", 1), ($"campaigns/{campaign}/leads", 5), ($"campaigns/{campaign}/imports", 2), ($"campaigns/{campaign}/trail", 3),
            ($"campaigns/{campaign}/decisions", 1), ("calls", 2), ("caller-ids", 3), ("suppressions", 3), ($"leads/{lead}/trail", 2),
        })
        {
            await Eventually.Async(async () =>
                (await node.Http.Walk("/api/v1/" + path)) is var (oneByOne, atOnce) && atOnce.Count >= least && atOnce.SequenceEqual(oneByOne), what: path);
        }
    }

    [Fact]
    public async Task Campaigns_come_in_pages_newest_first()
    {
        await using var node = await PacerNode.Start();
        var made = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            made.Add(await node.ACampaign());
            await node.Clock.Turn(TimeSpan.FromSeconds(1));
        }

        var first = await node.Http.GetAsync("/api/v1/campaigns?limit=2&state=Draft");
        var rest = await node.Http.GetAsync(first.Headers.GetValues("Link").Single().Split('<', '>')[1]);

        async Task<IEnumerable<Guid>> Ids(HttpResponseMessage page) =>
            (await page.Content.ReadFromJsonAsync<List<JsonElement>>())!.Select(campaign => campaign.GetProperty("id").GetGuid());
        Assert.Equal(made.AsEnumerable().Reverse(), (await Ids(first)).Concat(await Ids(rest)));
        Assert.False(rest.Headers.Contains("Link"));
    }

    private static CompletionRateChanged Advice(Guid campaign, double rate, DateTimeOffset at) =>
        new() { EventId = Guid.NewGuid(), CampaignId = campaign, Rate = rate, Attempts = 20, WindowFull = true, OccurredAt = at };
}
