using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Leads;

/// <summary>Numbers that do not tell when somebody may be called: nobody is dialed at a guess, and everybody sees what is waited for.</summary>
public sealed class ZoneUnknownTests
{
    private const string Idaho = "+12085550123", Nowhere = "+15555550123", NewYork = "+12125550123";

    private static readonly object Office = new
    {
        name = "office",
        purpose = "service",
        dnd = "consented",
        timeZone = "america/new_york",
        window = new { from = "10:00", to = "18:00" },
    };

    private static async Task<JsonElement> Upload(PacerNode node, Guid campaign, string csv)
    {
        var answer = await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> Explained(PacerNode node, string number) => await node.Http.GetFromJsonAsync<JsonElement>(
        $"/api/v1/leads/{await node.Ask(db => db.Leads.Where(l => l.Number == number).Select(l => l.Id).SingleAsync())}/explain");

    private static Task Dialed(PacerNode node, string number) =>
        node.Until(_ => Task.FromResult(node.Provider.Originated.Any(p => p.Request.To == number)), $"{number} is dialed");

    [Fact]
    public async Task A_number_of_two_zones_is_dialed_by_the_later_of_them_although_it_is_morning_in_the_campaign_s()
    {
        await using var node = await PacerNode.Start();
        await node.Clock.TurnTo(new(2026, 1, 14, 14, 2, 0, TimeSpan.Zero));   // 09:02 in New York, 07:02 and 06:02 in Idaho
        var window = new { from = "09:00", to = "20:00" };
        var campaign = await node.ACampaign(new { name = "n", purpose = "service", dnd = "consented", timeZone = "America/New_York", window });
        await node.WithLeads(campaign, [Idaho, "+19075550123", NewYork]);
        await node.Started(campaign);

        await Dialed(node, NewYork);
        var idaho = await Explained(node, Idaho);
        await node.Clock.TurnTo(new(2026, 1, 14, 16, 59, 0, TimeSpan.Zero));
        await Dialed(node, Idaho);

        Assert.Equal("OutsideWindow", idaho.GetProperty("reason").GetString());
        Assert.Contains(
            "Not a calling hour in America/Boise, America/Los_Angeles; the next begins at 2026-01-14 17:00:00Z.",
            idaho.GetProperty("text").GetString());
        Assert.Equal([NewYork, Idaho], node.Provider.Originated.Select(p => p.Request.To));
        Assert.True(node.Provider.Originated.Last().At >= new DateTimeOffset(2026, 1, 14, 17, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task The_upload_says_who_waits_for_a_zone_and_a_second_one_with_the_column_lets_them_go()
    {
        await using var node = await PacerNode.Start();
        await node.Clock.TurnTo(new(2026, 1, 14, 16, 30, 0, TimeSpan.Zero));
        var campaign = await node.ACampaign(Office);

        var first = await Upload(node, campaign, $"phone\n{NewYork}\n{Nowhere}\n");
        await node.Started(campaign);
        await Dialed(node, NewYork);
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(
            db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "nothing else can be dialed", TimeSpan.FromSeconds(5));
        var waits = await Explained(node, Nowhere);
        var second = await Upload(node, campaign, $"phone,timezone\n{Nowhere},America/Chicago\n");
        await Dialed(node, Nowhere);

        Assert.Equal((2, 1), (first.GetProperty("accepted").GetInt32(), first.GetProperty("zoneUnknown").GetInt32()));
        Assert.StartsWith("1 accepted lead waits with the reason ZoneUnknown", first.GetProperty("notice").GetString(), StringComparison.Ordinal);
        var error = first.GetProperty("errors")[0];
        Assert.Equal((3, "timezone"), (error.GetProperty("row").GetInt32(), error.GetProperty("field").GetString()));
        Assert.Contains("never on at once", waits.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("each waits for its own time zone to be named", waits.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (second.GetProperty("duplicates").GetInt32(), second.GetProperty("zoneUnknown").GetInt32()));
        Assert.Contains("the lead has the time zone of this row", second.GetProperty("errors")[0].GetProperty("expected").GetString());
        Assert.Equal("America/Chicago", await node.Ask(db => db.Attempts.Where(a => a.Number == Nowhere).Select(a => a.TimeZone).SingleAsync()));
    }

    [Fact]
    public async Task A_person_says_where_somebody_lives_and_nonsense_is_refused()
    {
        await using var node = await PacerNode.Start();
        await node.Clock.TurnTo(new(2026, 1, 14, 16, 30, 0, TimeSpan.Zero));
        var campaign = await node.ACampaign(Office);
        await Upload(node, campaign, $"phone\n{Nowhere}\n{NewYork}\n");
        var (lost, known) = await node.Ask(async db => (
            await db.Leads.Where(l => l.Number == Nowhere).Select(l => l.Id).SingleAsync(),
            await db.Leads.Where(l => l.Number == NewYork).Select(l => l.Id).SingleAsync()));
        Task<HttpResponseMessage> Put(Guid lead, object body) => node.Http.PutAsJsonAsync($"/api/v1/leads/{lead}/time-zone", body);

        var nonsense = await (await Put(lost, new { timeZone = "Chicago" })).Content.ReadAsStringAsync();
        var missing = await (await Put(lost, new { })).Content.ReadAsStringAsync();
        var apart = await (await Put(known, new { timeZone = "Asia/Kolkata" })).Content.ReadAsStringAsync();
        var nobody = await Put(Guid.NewGuid(), new { timeZone = "America/Chicago" });
        var set = await Put(lost, new { timeZone = "america/chicago" });
        var moved = await Put(known, new { timeZone = "America/Los_Angeles" });

        Assert.Contains("'timeZone' is 'Chicago': expected an IANA time zone", nonsense, StringComparison.Ordinal);
        Assert.Contains("'timeZone' is missing: expected an IANA time zone", missing, StringComparison.Ordinal);
        Assert.Contains("expected a time zone that goes with the number, which may be in America/New_York", apart, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        var lead = await set.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("America/Chicago", "America/Chicago", "InQueue"),
            (lead.GetProperty("timeZone").GetString(), lead.GetProperty("ownTimeZone").GetString(), lead.GetProperty("reason").GetString()));
        var both = await moved.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("America/Los_Angeles, America/New_York", both.GetProperty("timeZone").GetString());
    }

    [Fact]
    public async Task A_campaign_that_has_ended_waits_for_no_zone()
    {
        await using var node = await PacerNode.Start();
        var (window, endsAt) = (new { from = "10:00", to = "18:00" }, node.Clock.GetUtcNow().AddHours(1));
        var campaign = await node.ACampaign(new { name = "ends", purpose = "service", dnd = "consented", window, endsAt });
        await Upload(node, campaign, $"phone\n{Nowhere}\n+14155550123\n");
        await node.Started(campaign);

        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "it completes", TimeSpan.FromMinutes(1));

        Assert.Equal(2, await node.Ask(db => db.Leads.CountAsync(l => l.State == "Canceled" && l.Reason == "CampaignEnded")));
        Assert.Empty(node.Provider.Originated);
    }
}
