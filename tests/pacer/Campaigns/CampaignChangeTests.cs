using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Campaigns;

/// <summary>What was made once can be changed, by whom it was is kept, and nothing that is asked for is silently left out.</summary>
public sealed class CampaignChangeTests
{
    private static readonly object Consented = new { name = "first", purpose = "service", dnd = "consented" };

    private static async Task<HttpResponseMessage> Patch(PacerNode node, Guid campaign, string json, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/campaigns/{campaign}")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/merge-patch+json"),
        };
        if (ifMatch is not null)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
        return await node.Http.SendAsync(request);
    }

    private static async Task<JsonElement> Patched(PacerNode node, Guid campaign, string json)
    {
        var answer = await Patch(node, campaign, json);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<(HttpStatusCode Status, string Fields, string Detail)> Refused(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode,
            body.TryGetProperty("errors", out var errors) ? string.Join(' ', errors.EnumerateArray().Select(e => e.GetProperty("field").GetString())) : "",
            body.GetProperty("detail").GetString()!);
    }

    private static Task<JsonElement> Read(PacerNode node, string path) => node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/{path}");

    private static async Task<string[]> Trail(PacerNode node, Guid campaign) =>
        [.. (await Read(node, $"campaigns/{campaign}/trail")).EnumerateArray().Select(t => t.GetProperty("text").GetString()!)];

    [Fact]
    public async Task A_running_campaigns_rules_change_and_who_changed_what_is_kept()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);

        var view = await Patched(node, campaign, """
            {"name":"second","callsPerMinute":60,"weight":2.5,"window":{"to":"20:00"},"redial":{"Busy":{"after":"00:10:00","times":1},"NoAnswer":null}}
            """);

        Assert.Equal(("second", 1), (view.GetProperty("name").GetString(), view.GetProperty("revision").GetInt32()));
        var rules = view.GetProperty("rules");
        Assert.Equal((60, 2.5, "09:00", "20:00"), (rules.GetProperty("callsPerMinute").GetInt32(), rules.GetProperty("weight").GetDouble(),
            rules.GetProperty("window").GetProperty("from").GetString(), rules.GetProperty("window").GetProperty("to").GetString()));
        Assert.Equal(("00:10:00", "00:30:00"), (rules.GetProperty("redial").GetProperty("Busy").GetProperty("after").GetString(),
            rules.GetProperty("redial").GetProperty("NoAnswer").GetProperty("after").GetString()));
        var change = Assert.Single((await Read(node, $"campaigns/{campaign}/changes")).EnumerateArray());
        Assert.Equal("tests", change.GetProperty("by").GetString());
        Assert.Equal(
            ["callsPerMinute:  > 60", "name: first > second", "redial.Busy.after: 00:05:00 > 00:10:00", "redial.Busy.times: 3 > 1",
                "weight: 1 > 2.5", "window.to: 21:00 > 20:00"],
            change.GetProperty("changes").EnumerateArray()
                .Select(c => $"{c.GetProperty("field")}: {c.GetProperty("from")} > {c.GetProperty("to")}").Order(StringComparer.Ordinal));
        Assert.Contains(await Trail(node, campaign), text => text.StartsWith("Changed by tests: ", StringComparison.Ordinal)
            && text.Contains("callsPerMinute nothing → 60", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_has_not_seen_the_last_change_does_not_undo_it()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        var seen = (await node.Http.GetAsync($"/api/v1/campaigns/{campaign}")).Headers.ETag!.Tag;
        var first = await Patch(node, campaign, """{"maxAttempts":2}""", seen);

        var second = await Refused(await Patch(node, campaign, """{"maxAttempts":9}""", seen));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (first.StatusCode, second.Status));
        Assert.NotEqual(seen, first.Headers.ETag!.Tag);
        Assert.Equal(2, (await Read(node, $"campaigns/{campaign}")).GetProperty("rules").GetProperty("maxAttempts").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Patch(node, campaign, """{"maxAttempts":9}""", first.Headers.ETag.Tag)).StatusCode);
    }

    [Fact]
    public async Task What_a_change_names_wrongly_is_refused_by_name_and_nothing_of_it_is_taken()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "p", purpose = "service", dnd = "consented", mode = "power", agents = new { ratio = 2 } });

        var unknown = await Refused(await Patch(node, campaign, """{"maxAttempts":7,"callsPerMinut":10,"agents":{"ratioo":3},"window":{"till":"20:00"}}"""));
        var wrong = await Refused(await Patch(node, campaign, """{"maxAttempts":0,"weight":0,"callerIds":[]}"""));
        var type = await Refused(await Patch(node, campaign, """{"maxAttempts":"many"}"""));
        var both = await Refused(await Patch(node, campaign, """{"callsPerMinut":"x","maxAttempts":"many","completion":{"coolOff":"y"},"priority":"z"}"""));
        var nothing = await Refused(await Patch(node, campaign, "[]"));

        Assert.Equal((HttpStatusCode.BadRequest, "callsPerMinut agents.ratioo window.till"), (unknown.Status, unknown.Fields));
        Assert.Equal((HttpStatusCode.BadRequest, "maxAttempts weight"), (wrong.Status, wrong.Fields));
        Assert.Equal((HttpStatusCode.BadRequest, "maxAttempts"), (type.Status, type.Fields));
        Assert.Equal((HttpStatusCode.BadRequest, "callsPerMinut maxAttempts priority completion.coolOff"), (both.Status, both.Fields));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.Status);
        Assert.Empty((await Read(node, $"campaigns/{campaign}/changes")).EnumerateArray());
    }

    [Fact]
    public async Task A_draft_is_changed_whole_and_a_started_campaign_stays_what_it_is()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        await node.WithLeads(campaign, 1);
        var draft = await Patched(node, campaign, """{"mode":"power","purpose":"transactional","agents":{"ratio":2}}""");
        var back = await Patched(node, campaign, """{"mode":"notification"}""");
        await node.Started(campaign);

        var refused = await Refused(await Patch(node, campaign, """{"mode":"power","purpose":"service"}"""));

        Assert.Equal(("power", "transactional", 2), (draft.GetProperty("mode").GetString(), draft.GetProperty("purpose").GetString(),
            draft.GetProperty("rules").GetProperty("agents").GetProperty("ratio").GetInt32()));
        Assert.Equal(JsonValueKind.Null, back.GetProperty("rules").GetProperty("agents").ValueKind);
        Assert.Equal((HttpStatusCode.BadRequest, "mode purpose"), (refused.Status, refused.Fields));
    }

    [Fact]
    public async Task What_a_draft_says_no_more_takes_the_default_of_what_it_is_now()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "d", purpose = "service", mode = "power", agents = new { ratio = 2 } });

        var view = await Patched(node, campaign, """{"mode":null,"account":null,"purpose":"promotional","window":null,"callsPerMinute":null}""");

        Assert.Equal(("notification", "default", "hold", "09:00"), (view.GetProperty("mode").GetString(), view.GetProperty("account").GetString(),
            view.GetProperty("rules").GetProperty("dndUnknown").GetString(),
            view.GetProperty("rules").GetProperty("window").GetProperty("from").GetString()));
    }

    [Fact]
    public async Task What_waits_in_the_hopper_comes_back_when_the_rules_change_by_which_it_was_looked_at()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "p", purpose = "service", dnd = "consented", mode = "progressive" });

        await Patched(node, campaign, """{"window":{"to":"18:00"}}""");
        await Patched(node, campaign, """{"name":"another"}""");

        await Eventually.Async(() => node.Router.All<ReturnLeads>().Count > 0, what: "the router is asked for its leads");
        await Eventually.Async(() => node.Router.All<AgentCampaignChanged>().Any(told => told.Name == "another"), what: "both changes were told");
        Assert.Single(node.Router.All<ReturnLeads>());
    }

    [Fact]
    public async Task Of_a_campaign_that_is_over_only_the_name_is_changed()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();

        var refused = await Refused(await Patch(node, campaign, """{"maxAttempts":2}"""));
        var named = await Patched(node, campaign, """{"name":"the old one"}""");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("the old one", named.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Wider_hours_hold_from_the_next_look_on()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "m", purpose = "service", dnd = "consented", window = new { from = "09:00", to = "11:00" } });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);   // at noon
        await node.Until(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "it pauses");

        await Patched(node, campaign, """{"window":{"to":"18:00"}}""");
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it dials");

        Assert.True(node.Clock.GetUtcNow() < PacerNode.Noon.AddMinutes(5));
    }

    [Fact]
    public async Task More_calls_a_day_are_had_by_those_who_waited_for_tomorrow()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new
        {
            name = "daily",
            purpose = "service",
            dnd = "consented",
            maxAttemptsPerDay = 1,
            minimumGap = "00:00:00",
            redial = new Dictionary<string, object> { [Outcomes.Busy] = new { after = "00:01:00", times = 3 } },
        });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "it is dialed");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Busy, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.Reason == LeadReasons.DailyCap), "it waits for tomorrow", TimeSpan.FromSeconds(5));

        await Patched(node, campaign, """{"maxAttemptsPerDay":2}""");
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "it is dialed again", TimeSpan.FromSeconds(5));

        Assert.True(node.Clock.GetUtcNow() < PacerNode.Noon.AddMinutes(10));
    }

    [Fact]
    public async Task A_copy_has_the_rules_and_those_who_were_not_reached()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "spring", purpose = "service", dnd = "consented", maxAttempts = 2, callsPerMinute = 30 });
        await node.WithLeads(campaign, 5);
        await node.Ask(db => db.Leads.OrderBy(l => l.Id).Take(2).ExecuteUpdateAsync(l => l.SetProperty(x => x.State, LeadStates.Completed)));
        await node.Ask(db => db.Leads.OrderBy(l => l.Id).Take(1).ExecuteUpdateAsync(l => l.SetProperty(x => x.Withdrawal, "Withdrawn by tests.")));

        var bare = await (await node.Verb(campaign, "copy")).Content.ReadFromJsonAsync<JsonElement>();
        var with = await (await node.Verb(campaign, "copy", new { name = "summer", leads = "unreached" })).Content.ReadFromJsonAsync<JsonElement>();
        var all = await (await node.Verb(campaign, "copy", new { name = "autumn", leads = "all" })).Content.ReadFromJsonAsync<JsonElement>();
        var wrong = await Refused(await node.Verb(campaign, "copy", new { leads = "some" }));

        Assert.Equal(4, all.GetProperty("progress").GetProperty("imported").GetInt32());   // all but the one that was taken back
        Assert.Equal(("spring (copy)", "Draft", 0, 30), (bare.GetProperty("name").GetString(), bare.GetProperty("state").GetString(),
            bare.GetProperty("progress").GetProperty("imported").GetInt32(), bare.GetProperty("rules").GetProperty("callsPerMinute").GetInt32()));
        Assert.Equal(("summer", 3), (with.GetProperty("name").GetString(), with.GetProperty("progress").GetProperty("imported").GetInt32()));
        var id = with.GetProperty("id").GetGuid();
        var copied = await node.Ask(db => db.Leads.Where(l => l.CampaignId == id).OrderBy(l => l.Id).ToListAsync());
        Assert.Equal(Enumerable.Range(3, 3).Select(Nodes.Campaigns.NumberOf), copied.Select(l => l.Number));
        Assert.All(copied, lead => Assert.Equal((7, LeadStates.Waiting, 0), (lead.Id.Version, lead.State, lead.Tries)));
        Assert.Equal((HttpStatusCode.BadRequest, "leads"), (wrong.Status, wrong.Fields));
        Assert.Contains(await Trail(node, id), text => text == $"Copied from 'spring' ({campaign}) by tests");
    }

    [Fact]
    public async Task Leads_that_used_up_their_tries_are_dialed_again_as_often_as_the_campaign_allows()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new
        {
            name = "again",
            purpose = "service",
            dnd = "consented",
            maxAttempts = 2,
            minimumGap = "00:00:00",
            maxAttemptsPerDay = 9,
            redial = new Dictionary<string, object> { [Outcomes.Busy] = new { after = "00:01:00", times = 1 } },
        });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await BusyUntil(2);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "it completes", TimeSpan.FromSeconds(5));

        var wrong = await Refused(await node.Verb(campaign, "recycle", new { outcomes = new[] { "Completed" } }));
        var none = await (await node.Verb(campaign, "recycle", new { outcomes = new[] { Outcomes.NoAnswer } })).Content.ReadFromJsonAsync<JsonElement>();
        var back = await (await node.Verb(campaign, "recycle", new { outcomes = new[] { Outcomes.Busy } })).Content.ReadFromJsonAsync<JsonElement>();
        (await node.Verb(campaign, "resume")).EnsureSuccessStatusCode();
        await BusyUntil(4);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "it completes again", TimeSpan.FromSeconds(5));

        Assert.Equal((HttpStatusCode.BadRequest, "outcomes[0]"), (wrong.Status, wrong.Fields));
        Assert.Equal((0, "Completed"), (none.GetProperty("leads").GetInt32(), none.GetProperty("state").GetString()));
        Assert.Equal((1, "Paused"), (back.GetProperty("leads").GetInt32(), back.GetProperty("state").GetString()));
        Assert.Equal((4, 4, "Exhausted"), await node.Ask(async db =>
            await db.Leads.Select(l => new { l.Tries, l.State }).SingleAsync() is var l ? (l.Tries, await db.Attempts.CountAsync(), l.State)
                : default));

        async Task BusyUntil(int calls)
        {
            for (var told = calls - 2; told < calls; told++)
            {
                await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == told + 1), $"call {told + 1}", TimeSpan.FromSeconds(5));
                await node.Publish(node.Provider.Originated.ElementAt(told).Ended(Outcomes.Busy, node.Clock.GetUtcNow()));
            }
        }
    }

    [Fact]
    public async Task Schedules_are_withdrawn_archives_are_out_of_sight_and_what_never_dialed_is_removed()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        await node.WithLeads(campaign, 2);
        var past = await Refused(await node.Verb(campaign, "start", new { at = node.Clock.GetUtcNow().AddHours(-1) }));
        (await node.Verb(campaign, "start", new { at = node.Clock.GetUtcNow().AddHours(1) })).EnsureSuccessStatusCode();
        var notDeleted = await Refused(await node.Http.DeleteAsync($"/api/v1/campaigns/{campaign}"));

        (await node.Verb(campaign, "unschedule")).EnsureSuccessStatusCode();
        await node.Clock.Turn(TimeSpan.FromHours(2));
        var state = (await Read(node, $"campaigns/{campaign}")).GetProperty("state").GetString();
        (await node.Verb(campaign, "archive")).EnsureSuccessStatusCode();
        (await node.Verb(campaign, "start", new { at = node.Clock.GetUtcNow().AddHours(1) })).EnsureSuccessStatusCode();
        var again = (await Read(node, "campaigns")).GetArrayLength();   // what is to run is in sight
        (await node.Verb(campaign, "unschedule")).EnsureSuccessStatusCode();
        (await node.Verb(campaign, "archive")).EnsureSuccessStatusCode();
        var shown = (await Read(node, "campaigns")).GetArrayLength();
        var archived = (await Read(node, "campaigns?archived=true")).GetArrayLength();
        (await node.Http.DeleteAsync($"/api/v1/campaigns/{campaign}")).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.BadRequest, "at"), (past.Status, past.Fields));
        Assert.Equal(HttpStatusCode.Conflict, notDeleted.Status);
        Assert.Equal(("Draft", 1, 0, 1), (state, again, shown, archived));
        Assert.Equal(
            (0, 0, 0), await node.Ask(async db => (await db.Campaigns.CountAsync(), await db.Leads.CountAsync(), await db.Trail.CountAsync())));
        Assert.Empty(node.Provider.Originated);
    }

    [Fact]
    public async Task What_was_dialed_is_archived_and_not_removed()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it is dialed");
        var running = await Refused(await node.Verb(campaign, "archive"));
        (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();

        var deleted = await Refused(await node.Http.DeleteAsync($"/api/v1/campaigns/{campaign}"));
        (await node.Verb(campaign, "archive")).EnsureSuccessStatusCode();
        (await node.Http.DeleteAsync($"/api/v1/campaigns/{campaign}/archive")).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (running.Status, deleted.Status));
        Assert.Equal(1, (await Read(node, "campaigns")).GetArrayLength());
        Assert.Contains("Stopped by tests", await Trail(node, campaign));
    }

    [Fact]
    public async Task A_campaign_without_leads_says_so_and_waits_for_some()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);

        var started = await (await node.Verb(campaign, "start")).Content.ReadFromJsonAsync<JsonElement>();
        await node.Until(db => db.Pulses.AnyAsync(p => p.LastCode == "NoLeads"), "it is looked at");
        await node.Clock.Turn(TimeSpan.FromMinutes(5));
        var state = (await Read(node, $"campaigns/{campaign}")).GetProperty("state").GetString();
        await node.WithLeads(campaign, 1);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "it dials");

        Assert.Contains("no leads yet", started.GetProperty("notice").GetString(), StringComparison.Ordinal);
        Assert.Equal("Running", state);
    }

    [Fact]
    public async Task A_campaign_that_is_kept_open_waits_for_more_until_its_end()
    {
        await using var node = await PacerNode.Start();
        var end = node.Clock.GetUtcNow().AddHours(1);
        var campaign = await node.ACampaign(new { name = "trickle", purpose = "service", dnd = "consented", keepOpen = true, endsAt = end });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "it dials");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == LeadStates.Completed), "the lead is reached");
        await node.Clock.Turn(TimeSpan.FromMinutes(10));
        var dry = (await Read(node, $"campaigns/{campaign}")).GetProperty("state").GetString();

        await node.WithLeads(campaign, [Nodes.Campaigns.NumberOf(7)]);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 2), "it dials the one that came");
        await node.Publish(node.Provider.Originated.Last().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "it ends", TimeSpan.FromSeconds(30));

        Assert.Equal("Running", dry);
        Assert.True(node.Clock.GetUtcNow() >= end);
        Assert.Contains($"Completed: it ended at {end:u}", await Trail(node, campaign));
    }

    [Fact]
    public async Task The_end_comes_for_a_paused_campaign_too()
    {
        await using var node = await PacerNode.Start();
        var end = node.Clock.GetUtcNow().AddMinutes(20);
        var campaign = await node.ACampaign(new { name = "paused", purpose = "service", dnd = "consented", endsAt = end, callsPerMinute = 1 });
        await node.WithLeads(campaign, 3);
        await node.Started(campaign);
        (await node.Verb(campaign, "pause", new { explanation = "fire drill" })).EnsureSuccessStatusCode();
        foreach (var call in node.Provider.Originated)
            await node.Publish(call.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));

        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "it ends", TimeSpan.FromSeconds(30));

        Assert.True(await node.Ask(db => db.Leads.AllAsync(l => l.State == LeadStates.Canceled || l.State == LeadStates.Completed)));
        Assert.Contains("Person, by tests: fire drill", await Trail(node, campaign));
    }

    [Fact]
    public async Task Only_campaigns_with_something_to_dial_share_the_budget_and_the_decision_says_who()
    {
        await using var node = await PacerNode.Start();
        for (var i = 0; i < 4; i++)
            await node.Started(await node.ACampaign(new { name = $"idle {i}", purpose = "service", dnd = "consented", keepOpen = true }));
        var busy = await node.ACampaign(Consented);
        await node.WithLeads(busy, 150);
        await node.Started(busy);
        await node.Until(db => db.Decisions.AnyAsync(d => d.CampaignId == busy && d.Code == "Pace"), "it dials");
        var alone = await Last(busy);
        var other = await node.ACampaign(new { name = "heavy", purpose = "service", dnd = "consented", weight = 3 });
        await node.WithLeads(other, Enumerable.Range(300, 150).Select(Nodes.Campaigns.NumberOf));
        await node.Started(other);

        await node.Until(db => db.Decisions.AnyAsync(d => d.CampaignId == busy && d.Reason.Contains("heavy")), "they share");

        Assert.Contains("at 200 calls a minute", alone, StringComparison.Ordinal);
        Assert.Contains("50 calls a minute, its share of 200 by weight 1 beside heavy (3)", await Last(busy), StringComparison.Ordinal);

        Task<string> Last(Guid campaign) => node.Ask(db => db.Decisions.Where(d => d.CampaignId == campaign && d.Calls > 0)
            .OrderByDescending(d => d.Id).Select(d => d.Reason).FirstAsync());
    }

    [Fact]
    public async Task Lists_are_filtered_and_a_word_that_is_none_is_refused()
    {
        await using var node = await PacerNode.Start();
        await node.ACampaign(new { name = "Spring 50% off", purpose = "service" });
        var power = await node.ACampaign(new { name = "Summer", purpose = "service", mode = "power" });
        (await node.Verb(power, "stop")).EnsureSuccessStatusCode();

        async Task<List<string>> Names(string query) => [.. (await Read(node, $"campaigns?{query}")).EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
        var wrong = await Refused(await node.Http.GetAsync("/api/v1/campaigns?state=runing&mode=powr"));

        Assert.Equal(["Spring 50% off", "Summer"], (await Names("account=default")).Order(StringComparer.Ordinal));
        Assert.Equal(["Spring 50% off"], await Names("name=50%25"));
        Assert.Equal(["Summer"], await Names("state=stopped"));
        Assert.Equal(["Summer"], await Names("mode=power"));
        Assert.Empty(await Names($"to={Uri.EscapeDataString($"{node.Clock.GetUtcNow():O}")}"));
        Assert.Equal((HttpStatusCode.BadRequest, "state mode"), (wrong.Status, wrong.Fields));
    }
}
