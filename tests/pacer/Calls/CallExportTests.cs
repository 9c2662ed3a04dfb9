using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>The ledger by all its filters, page by page and as files.</summary>
public sealed class CallExportTests
{
    private const string Formula = "=HYPERLINK(\"http://example\")";

    [Fact]
    public async Task Every_filter_leaves_the_calls_that_it_names_in_the_list_over_its_pages_and_in_both_files()
    {
        await using var node = await PacerNode.Start();
        var (campaign, rows) = await Ledger(node, 9);
        var one = rows[4];
        Dictionary<string, Func<Row, bool>> filters = new()
        {
            [$"campaign={campaign}"] = _ => true,
            [$"lead={one.LeadId}"] = r => r.LeadId == one.LeadId,
            ["account=default"] = _ => true,
            ["mode=notification"] = _ => true,
            ["mode=power"] = _ => false,
            ["state=Ended"] = r => r.State == CallStates.Ended,
            ["outcome=NoAnswer"] = r => r.Outcome == Outcomes.NoAnswer,
            [$"number={Uri.EscapeDataString(one.Number)}"] = r => r.Number == one.Number,
            [$"number={one.Number}"] = r => r.Number == one.Number,   // the plus arrives as a blank
            ["externalId=person-3"] = r => r.ExternalId == "person-3",
            [$"agent={Agent}"] = r => r.AgentId == Agent,
            ["disposition=sold"] = r => r.Disposition == "sold",
            ["callerId=%2B918040000002"] = _ => true,
            ["circle=GJ"] = r => r.Circle == "GJ",
            [$"from={At(2)}&to={At(5)}"] = r => r.RequestedAt >= PacerNode.Noon.AddMinutes(2) && r.RequestedAt < PacerNode.Noon.AddMinutes(5),
            [$"by=ended&from={At(3)}"] = r => r.EndedAt >= PacerNode.Noon.AddMinutes(3),
            [$"outcome=Completed&agent={Agent}&by=requested&to={At(7)}"] =
                r => r.Outcome == Outcomes.Completed && r.AgentId == Agent && r.RequestedAt < PacerNode.Noon.AddMinutes(7),
        };

        var listed = (await node.Http.GetFromJsonAsync<List<CallView>>("/api/v1/calls?limit=1000"))!;
        Assert.Equal(rows.Select(r => (r.Id, r.ExternalId)).Order(), listed.Select(call => (call.AttemptId, call.ExternalId)).Order());
        Assert.Equal(one.ExternalId, (await node.Http.GetFromJsonAsync<CallView>($"/api/v1/calls/{one.Id}"))!.ExternalId);
        foreach (var (filter, holds) in filters)
        {
            Assert.Equal((filter, Ids(rows.Where(holds).Select(r => r.Id))), (filter, Ids(await Paged(node, filter))));
            Assert.Equal((filter, Ids(rows.Where(holds).Select(r => r.Id))), (filter, Ids((await Csv(node, filter)).Select(l => Guid.Parse(l["attemptId"])))));
            Assert.Equal((filter, Ids(rows.Where(holds).Select(r => r.Id))),
                (filter, Ids((await Json(node, filter)).Select(l => l.GetProperty("attemptId").GetGuid()))));
        }
    }

    [Theory]
    [InlineData("state=running", "'state' is 'running': expected one of Offered, Requested")]
    [InlineData("outcome=Busyy", "'outcome' is 'Busyy': expected one of Completed")]
    [InlineData("mode=progresive", "'mode' is 'progresive': expected one of notification")]
    [InlineData("number=9825", "'number' is '9825': expected")]
    [InlineData("callerId=9825", "'callerId' is '9825': expected")]
    [InlineData("account=nobody", "'account' is 'nobody': expected an account that is configured, or that a campaign had: default")]
    [InlineData("campaign=00000000-0000-0000-0000-00000000c001", "expected the id of a campaign")]
    [InlineData("lead=00000000-0000-0000-0000-00000000c001", "expected the id of a lead")]
    [InlineData("from=2026-01-05T00:00:00Z&to=2026-01-04T00:00:00Z", "expected an instant before 'to'")]
    [InlineData("by=ended", "'by' is 'ended': expected from or to beside it")]
    [InlineData("by=started&from=2026-01-05T00:00:00Z", "'by' is 'started': expected one of requested, ended")]
    [InlineData("circle=", "'circle' is '': expected one of the circles")]
    public async Task A_value_of_a_filter_that_is_none_is_refused_by_name(string filter, string expected)
    {
        await using var node = await PacerNode.Start();

        foreach (var path in new[] { "calls", "calls.csv", "calls.ndjson" })
        {
            var answer = await node.Http.GetAsync($"/api/v1/{path}?{filter}");

            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.StatusCode));
            Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task A_call_detail_record_has_all_instants_and_what_is_reckoned_from_them_and_no_cell_of_it_is_a_formula()
    {
        await using var node = await PacerNode.Start();
        var (_, rows) = await Ledger(node, 1);
        var at = PacerNode.Noon;
        await node.Ask(async db => await db.Database.ExecuteSqlAsync(
            $"""
            update attempts set ringing_at = {at.AddSeconds(2)}, answered_at = {at.AddSeconds(12)}, queued_at = {at.AddSeconds(13)},
              connected_at = {at.AddSeconds(33)}, ended_at = {at.AddSeconds(93)}, outcome = 'Completed', talk_time = null,
              price = 1.5, note = {Formula}
            """));

        var line = Assert.Single(await Csv(node, "attributes=true"));
        var json = Assert.Single(await Json(node, "attributes=true"));

        Assert.Equal(
            ("10", "20", "60", "1.50", $"'{Formula}", rows[0].Number, "person-0"),
            (line["ringSeconds"], line["waitSeconds"], line["talkSeconds"], line["price"], line["note"], line["number"], line["externalId"]));
        Assert.Equal("2026-01-14T06:30:33Z", line["connectedAt"]);
        Assert.Equal("Pune", JsonDocument.Parse(line["attributes"]).RootElement.GetProperty("city").GetString());
        Assert.Equal((20, Formula), (json.GetProperty("waitSeconds").GetInt32(), json.GetProperty("note").GetString()));
        Assert.Equal("Pune", json.GetProperty("attributes").GetProperty("city").GetString());
        Assert.DoesNotContain("attributes", (await Csv(node, "")).Single().Keys);
    }

    [Fact]
    public async Task More_calls_than_a_page_has_are_all_in_the_file_each_once_and_in_order()
    {
        await using var node = await PacerNode.Start();
        var (_, rows) = await Ledger(node, 1);
        await node.Ask(async db => await db.Database.ExecuteSqlAsync(
            $"""
            insert into attempts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'attempt_number', n + 1,
              'state', 'Ended', 'provider_call_id', null))).* from attempts a, generate_series(1, 2499) n
            """));

        var lines = await Csv(node, "");

        Assert.Equal(2500, lines.Count);
        Assert.Equal(lines.Select(l => l["attemptId"]).Order(StringComparer.Ordinal), lines.Select(l => l["attemptId"]));
        Assert.Equal(2500, lines.Select(l => l["attemptId"]).Distinct().Count());
        Assert.All(lines, l => Assert.Equal(rows[0].Number, l["number"]));
    }

    [Fact]
    public async Task The_leads_of_a_campaign_are_a_file_with_outcome_and_next_try_and_one_that_is_over_has_none()
    {
        await using var node = await PacerNode.Start();
        var (campaign, rows) = await Ledger(node, 3);
        await node.Ask(async db => await db.Database.ExecuteSqlAsync(
            $"""
            update leads set state = case when external_id = 'person-0' then 'Completed' else 'Waiting' end, reason = 'RedialDelay',
              last_outcome = 'Busy', due_at = {PacerNode.Noon.AddHours(1)}, tries = 1
            """));

        var lines = Lines(await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}/leads.csv?attributes=true"));
        var waiting = Lines(await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}/leads.csv?state=Waiting&reason=RedialDelay&outcome=Busy"));

        Assert.Equal(rows.Select(r => r.Number).Order(), lines.Select(l => l["number"]).Order());
        Assert.All(lines, l => Assert.Equal(
            (l["externalId"] == "person-0" ? "" : "2026-01-14T07:30:00Z", "Busy", "1", "RedialDelay"),
            (l["nextTryAt"], l["outcome"], l["tries"], l["reason"])));
        Assert.Equal("Pune", JsonDocument.Parse(lines[0]["attributes"]).RootElement.GetProperty("city").GetString());
        Assert.Equal(["person-1", "person-2"], waiting.Select(l => l["externalId"]).Order());
        foreach (var wrong in new[] { "state=waitin", "outcome=Busyy", "reason=Redial" })
            Assert.Equal(HttpStatusCode.BadRequest, (await node.Http.GetAsync($"/api/v1/campaigns/{campaign}/leads.csv?{wrong}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"/api/v1/campaigns/{Guid.NewGuid()}/leads.csv")).StatusCode);
    }

    private static readonly Guid Agent = Guid.NewGuid();

    private sealed record Row(
        Guid Id, Guid LeadId, string Number, string? ExternalId, string State, string? Outcome, Guid? AgentId, string? Disposition, string? Circle,
        DateTimeOffset RequestedAt, DateTimeOffset? EndedAt);

    /// <summary>Calls that differ in whatever can be filtered by, a minute apart; they are over but for every fourth.</summary>
    private static async Task<(Guid Campaign, IReadOnlyList<Row> Rows)> Ledger(PacerNode node, int calls)
    {
        var campaign = await node.ACampaign();
        var csv = "phone,external_id,city\n" + string.Join('\n', Enumerable.Range(0, calls).Select(n => $"{Nodes.Campaigns.NumberOf(n)},person-{n},Pune"));
        var answer = await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", new StringContent(csv, System.Text.Encoding.UTF8, "text/csv"));
        answer.EnsureSuccessStatusCode();
        await node.Started(campaign);
        await node.Until(async db => await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == calls, "every lead is dialed");
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        string[] outcomes = [Outcomes.Completed, Outcomes.NoAnswer, Outcomes.Completed];
        await node.Ask(async db =>
        {
            foreach (var (lead, n) in (await db.Leads.OrderBy(l => l.Number).ToListAsync()).Select((lead, n) => (lead, n)))
            {
                var at = PacerNode.Noon.AddMinutes(n);
                Guid? agent = n % 2 == 0 ? Agent : null;
                await db.Database.ExecuteSqlAsync(
                    $"""
                    update attempts set requested_at = {at}, circle = {(n % 2 == 0 ? "GJ" : "KA")}, agent_id = {agent},
                      disposition = {(n % 3 == 0 ? "sold" : null)}
                    where lead_id = {lead.Id}
                    """);
                if (n % 4 != 3)
                    await db.Database.ExecuteSqlAsync(
                        $"""
                        update attempts set state = 'Ended', outcome = {outcomes[n % 3]}, ended_at = {at.AddSeconds(30)} where lead_id = {lead.Id}
                        """);
            }
            return true;
        });
        return (campaign, await node.Ask(db => db.Attempts.AsNoTracking().OrderBy(a => a.Number).Join(
            db.Leads, a => a.LeadId, l => l.Id, (a, l) => new Row(
            a.CorrelationId, a.LeadId, a.Number, l.ExternalId, a.State, a.Outcome, a.AgentId, a.Disposition, a.Circle, a.RequestedAt, a.EndedAt))
            .ToListAsync()));
    }

    private static string At(int minute) => Uri.EscapeDataString(PacerNode.Noon.AddMinutes(minute).ToString("O"));

    private static string Ids(IEnumerable<Guid> ids) => string.Join(' ', ids.Order());

    private static async Task<List<Guid>> Paged(PacerNode node, string filter)
    {
        List<Guid> ids = [];
        for (var address = $"/api/v1/calls?limit=2&{filter}"; address is not null;)
        {
            var answer = await node.Http.GetAsync(address);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            ids.AddRange(page.EnumerateArray().Select(call => call.GetProperty("attemptId").GetGuid()));
            address = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }
        return ids;
    }

    private static async Task<List<Dictionary<string, string>>> Csv(PacerNode node, string filter) =>
        Lines(await node.Http.GetStringAsync($"/api/v1/calls.csv?{filter}"));

    private static async Task<List<JsonElement>> Json(PacerNode node, string filter) =>
        [.. (await node.Http.GetStringAsync($"/api/v1/calls.ndjson?{filter}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private static List<Dictionary<string, string>> Lines(string csv)
    {
        var rows = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToList();
        return [.. rows.Skip(1).Select(cells => rows[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    /// <summary>Read in the plainest way, apart from what wrote it.</summary>
    private static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '"' && quoted && at + 1 < line.Length && line[at + 1] == '"')
                cell.Append(line[at++]);
            else if (line[at] == '"')
                quoted = !quoted;
            else if (line[at] == ',' && !quoted)
                (cells, cell) = ([.. cells, cell.ToString()], new());
            else
                cell.Append(line[at]);
        }
        return [.. cells, cell.ToString()];
    }
}
