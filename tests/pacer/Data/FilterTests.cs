using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Data;

/// <summary>What a list is asked for is what it answers, or it says why not.</summary>
public sealed class FilterTests
{
    [Fact]
    public async Task What_a_list_cannot_be_asked_for_is_refused_by_name_and_a_word_is_taken_in_any_case()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "one", purpose = "service" });
        var nobody = Guid.NewGuid();
        await node.WithLeads(campaign, ["+919825010001"]);

        (string Path, string Detail)[] refused =
        [
            ("campaigns?state=runing", "'state' is 'runing': expected one of Draft, Scheduled, Running, Paused, Completed, Stopped."),
            ("calls?outcome=Busyy", "'outcome' is 'Busyy': expected one of Completed, MachineAnswered,"),
            ("calls?state=Over", "'state' is 'Over': expected one of Offered, Requested,"),
            ("calls?number=9825", "'number' is '9825': expected "),
            ($"campaigns/{campaign}/leads?number=98", "'number' is '98': expected "),
            ($"campaigns/{campaign}/leads?stat=Waiting", "; nearest: state."),
            ("suppressions?number=98", "'number' is '98': expected "),
            ("suppressions?nummer=9825012345", "; nearest: number."),
            ("missed-calls?code=over", "'code' is 'over': expected one of campaign-over, not-missed, "),
            ("events?campain=x", "; nearest: campaign."),
            ($"calls?campaign={nobody}", $"'campaign' is '{nobody}': expected the id of a campaign."),
            ($"leads?campaign={nobody}", $"'campaign' is '{nobody}': expected the id of a campaign."),
            ($"leads?campaign={nobody}&number=98", "'number' is '98': expected "),
            ($"missed-calls?campaign={nobody}", $"'campaign' is '{nobody}': expected the id of a campaign."),
            ("calls?account=foo", "'account' is 'foo': expected an account that is configured, or that a campaign had: default"),
            ("calls.csv?account=foo", "'account' is 'foo': expected an account that is configured, or that a campaign had: default"),
            ("campaigns?account=foo", "'account' is 'foo': expected an account that is configured, or that a campaign had: default"),
            ("calls?circle=ZZ", "'circle' is 'ZZ': expected one of the circles AP, AS,"),
            ("leads?number=9825", "'number' is '9825': expected "),
            ("calls?from=2026-01-01", "'from' is '2026-01-01': expected an instant"),
            ("campaigns?archived=maybe", "'archived' is 'maybe': expected true or false"),
            ("calls?agent=me", "'agent' is 'me': expected an id"),
        ];
        foreach (var (path, detail) in refused)
        {
            using var answer = await node.Http.GetAsync($"/api/v1/{path}");
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
            Assert.Contains(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        foreach (var (path, rows) in new[]
        {
            ("campaigns?state=draft", 1), ($"campaigns/{campaign}/leads?number=+919825010001&state=WAITING", 1),
            ("suppressions?number=+919825010001", 0), ("campaigns?account=default", 1), ("calls?account=default&circle=GJ", 0),
            ($"leads?campaign={campaign}", 1),
        })
            Assert.Equal((path, rows), (path, (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/{path}")).GetArrayLength()));
    }

    [Fact]
    public async Task A_list_over_all_campaigns_is_found_by_an_index_and_not_by_reading_all_leads()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "one", purpose = "service" });
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"""
            insert into leads (id, campaign_id, number, time_zone, state, due_at, imported_at, external_id)
            select gen_random_uuid(), {campaign}, '+9198' || (10000000 + n), 'Asia/Kolkata',
              case when n % 1000 = 0 then 'Barred' else 'Completed' end, now(), now(), 'C-' || n from generate_series(1, 20000) n
            """));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"analyze leads"));

        foreach (var (asked, index) in new[]
        {
            ("state = 'Barred'", "leads_in_state"), ("state = 'Barred' and id > '01900000-0000-7000-8000-000000000000'", "leads_in_state"),
            ("external_id = 'C-1'", "leads_external_id"), ("number = '+919810000001'", "leads_number"),
        })
        {
            var plan = await node.Ask(db => Plan(db, $"select * from leads where {asked} order by id limit 101"));
            Assert.True(plan.Contains(index, StringComparison.Ordinal) && !plan.Contains("Seq Scan", StringComparison.Ordinal), $"{asked}: {plan}");
        }
    }

    private static async Task<string> Plan(PacerDbContext db, string statement)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"explain {statement}";
        await using var reader = await command.ExecuteReaderAsync();
        var plan = "";
        while (await reader.ReadAsync())
            plan += reader.GetString(0) + "\n";
        return plan;
    }

    [Fact]
    public async Task A_campaign_does_not_start_at_once_because_its_time_stands_in_a_field_that_nobody_reads()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "one", purpose = "service" });

        using var start = await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/start", new { when = "2027-01-01T00:00:00Z" });
        using var made = await node.Http.PostAsJsonAsync("/api/v1/campaigns",
            new { name = "two", purpose = "service", callsPerMinut = 10, agents = new { ratioo = 2 }, redial = new { NoAnswer = new { tims = 1 } } });

        var details = new List<string?>();
        foreach (var answer in new[] { start, made })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            details.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        }
        Assert.Equal("'when' is '2027-01-01T00:00:00Z': expected one of the fields at.", details[0]);
        Assert.Contains("; nearest: callsPerMinute.", details[1], StringComparison.Ordinal);
        Assert.Contains("'agents.ratioo' is '2'", details[1], StringComparison.Ordinal);
        Assert.Contains("'redial.noAnswer.tims' is '1'", details[1], StringComparison.Ordinal);
        Assert.Equal("Draft", (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}")).GetProperty("state").GetString());
    }
}
