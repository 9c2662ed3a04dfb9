using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Leads.Import;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Leads;

/// <summary>Leads that come one by one or by the dozen, as JSON.</summary>
public sealed class AddedLeadsTests : IAsyncLifetime
{
    private PacerNode _node = null!;

    public async Task InitializeAsync() => _node = await PacerNode.Start();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private async Task<HttpResponseMessage> Post(Guid campaign, string json, string? key = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/campaigns/{campaign}/leads{query}")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await _node.Http.SendAsync(request);
    }

    private async Task<AddedLeadsAnswer> Added(Guid campaign, string json, string? key = null)
    {
        var answer = await Post(campaign, json, key);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<AddedLeadsAnswer>())!;
    }

    private static string Lead(int number, string more = "") => $$"""{"phone":"{{Nodes.Campaigns.NumberOf(number)}}"{{more}}}""";

    [Fact]
    public async Task Each_lead_has_a_result_of_its_own_and_a_bad_one_loses_no_good_one()
    {
        var campaign = await _node.ACampaign();
        await _node.WithLeads(campaign, 1);

        var answer = await Added(campaign,
            $$"""[{{Lead(2, ",\"priority\":5,\"externalId\":\"C-2\",\"attributes\":{\"name\":\"Zoë\"}")}}, {"phone":"98765","prio":1}, {{Lead(1)}}, 17, {{Lead(3)}}, {{Lead(2)}}]""");

        Assert.Equal((2, 2, 2), (answer.Accepted, answer.Duplicates, answer.Refused));
        Assert.Equal(["accepted", "refused", "duplicate", "refused", "accepted", "duplicate"], answer.Results.Select(lead => lead.Result));
        Assert.Equal([0, 1, 2, 3, 4, 5], answer.Results.Select(lead => lead.Index));
        Assert.Equal(["prio", "phone"], answer.Results[1].Errors!.Select(error => error.Field));
        Assert.Equal(answer.Results[0].LeadId, answer.Results[5].LeadId);
        Assert.Equal(("Waiting", "InQueue", Nodes.Campaigns.NumberOf(1)), (answer.Results[2].State, answer.Results[2].Reason, answer.Results[2].Number));
        var lead = await _node.Ask(db => db.Leads.AsNoTracking().SingleAsync(l => l.Id == answer.Results[0].LeadId));
        Assert.Equal((Nodes.Campaigns.NumberOf(2), 5, "C-2", """{"name": "Zoë"}""", "Asia/Kolkata"),
            (lead.Number, lead.Priority, lead.ExternalId, lead.Attributes, lead.TimeZone));
        Assert.Equal(3, await _node.Ask(db => db.Leads.CountAsync()));
        var trail = (await _node.Http.GetFromJsonAsync<List<TrailView>>($"/api/v1/leads/{lead.Id}/trail"))!;
        Assert.Matches("^Added by .+", Assert.Single(trail).Text);
    }

    [Fact]
    public async Task Where_nothing_is_created_no_created_is_said_and_a_name_that_there_is_not_has_its_nearest()
    {
        var campaign = await _node.ACampaign();
        await _node.WithLeads(campaign, 1);

        using var refused = await Post(campaign, """{"phon":"+919825010002"}""", "key-1");
        using var again = await Post(campaign, """{"phon":"+919825010002"}""", "key-1");
        using var known = await Post(campaign, Lead(1));

        Assert.All(new[] { refused, again, known }, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var lead = Assert.Single((await refused.Content.ReadFromJsonAsync<AddedLeadsAnswer>())!.Results);
        Assert.EndsWith("; nearest: phone", lead.Errors!.Single(error => error.Field == "phon").Expected, StringComparison.Ordinal);
        Assert.Equal("duplicate", Assert.Single((await known.Content.ReadFromJsonAsync<AddedLeadsAnswer>())!.Results).Result);
    }

    [Fact]
    public async Task A_lead_that_is_added_to_a_running_campaign_is_dialed_and_one_that_is_not_due_waits_for_its_time()
    {
        var campaign = await _node.ACampaign();
        await Added(campaign, $"[{Lead(1, ",\"dueAt\":\"2026-01-14T12:00:00+05:30\"")}, {Lead(2, ",\"dueAt\":\"2026-01-14T13:00:00+05:30\"")}]");
        await _node.Started(campaign);
        await _node.Until(_ => Task.FromResult(_node.Provider.Originated.Count == 1), "the first is dialed");
        Assert.Equal(PacerNode.Noon.AddHours(1), await _node.Ask(db => db.Leads.Where(l => l.Reason == "NotBefore").Select(l => l.DueAt).SingleAsync()));

        var answer = await Added(campaign, Lead(3));
        await _node.Until(_ => Task.FromResult(_node.Provider.Originated.Count == 2), "the added one is dialed");
        await _node.Clock.TurnTo(PacerNode.Noon.AddMinutes(59));
        Assert.Equal([Nodes.Campaigns.NumberOf(1), Nodes.Campaigns.NumberOf(3)], _node.Provider.Originated.Select(call => call.Request.To));
        await _node.Until(_ => Task.FromResult(_node.Provider.Originated.Count == 3), "the one that was not due is dialed");

        Assert.Equal(1, answer.Accepted);
        Assert.True(_node.Provider.Originated.Last().At >= PacerNode.Noon.AddHours(1));
    }

    [Fact]
    public async Task The_same_key_adds_once_and_gives_the_first_answer_whatever_became_of_the_leads_and_the_campaign()
    {
        var campaign = await _node.ACampaign();
        var first = await Added(campaign, $"[{Lead(1)},{{}}]", "crm-1");
        await _node.Http.PostAsJsonAsync($"/api/v1/leads/{first.Results[0].LeadId}/withdraw", new { });
        await _node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Stopped' where id = {campaign}"));

        var again = await Added(campaign, $"[ {Lead(1)}, {{ }} ]", "crm-1");
        var other = await Post(campaign, $"[{Lead(2)},{{}}]", "crm-1");
        var elsewhere = await Post(await _node.ACampaign(), $"[{Lead(1)},{{}}]", "crm-1");
        var closed = await Post(campaign, Lead(1), "crm-2");

        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(again));
        Assert.All(new[] { other, elsewhere, closed }, refused => Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode));
        Assert.Contains("was used for another request", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("in state Stopped takes no leads", await closed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await _node.Ask(db => db.Leads.CountAsync()));
        Assert.False(await _node.Ask(db => db.LeadKeys.AnyAsync(key => key.Key == "crm-2")));
    }

    [Fact]
    public async Task Of_requests_with_one_key_at_once_one_adds_and_all_have_its_answer()
    {
        var campaign = await _node.ACampaign();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Added(campaign, $"[{Lead(1)},{Lead(2)}]", "crm-1")));

        Assert.All(answers, answer => Assert.Equal(JsonSerializer.Serialize(answers[0]), JsonSerializer.Serialize(answer)));
        Assert.Equal(2, answers[0].Accepted);
    }

    /// <summary>Requests that overlap, each sent several times at once, with keys, with one key for two, and without.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task Law_5_nobody_is_lost_or_doubled_however_often_and_together_requests_come(int seed)
    {
        var random = new Random(seed);
        var campaign = await _node.ACampaign();
        var requests = Enumerable.Range(0, 6).Select(_ => (
            Key: random.Next(4) is > 0 and var key ? $"key-{key}" : null,
            Numbers: Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(10)).ToList())).ToList();
        var sendings = requests.SelectMany(request => Enumerable.Repeat(request, random.Next(1, 4))).OrderBy(_ => random.Next()).ToList();

        var sent = await Task.WhenAll(sendings.Select(async request =>
        {
            // Number 0 stands for a lead that is none.
            using var answer = await Post(campaign, $"[{string.Join(',', request.Numbers.Select(n => n == 0 ? "{}" : Lead(n)))}]", request.Key);
            Assert.True(
                answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Conflict,
                await answer.Content.ReadAsStringAsync());
            return (request.Key, request.Numbers, Body: string.Join(' ', request.Numbers), Text: await answer.Content.ReadAsStringAsync(),
                IsTaken: answer.StatusCode != HttpStatusCode.Conflict);
        }));

        var taken = sent.Where(one => one.IsTaken).ToList();
        foreach (var ofKey in sent.Where(one => one.Key is not null).GroupBy(one => one.Key))
        {
            Assert.Single(ofKey.Where(one => one.IsTaken).Select(one => one.Text).Distinct());
            Assert.Single(ofKey.Where(one => one.IsTaken).Select(one => one.Body).Distinct());
            var first = ofKey.First(one => one.IsTaken).Body;
            Assert.All(ofKey, one => Assert.Equal(one.Body == first, one.IsTaken));
        }
        var stored = await _node.Ask(db => db.Leads.AsNoTracking().Where(l => l.CampaignId == campaign).Select(l => l.Number).ToListAsync());
        Assert.Equal(taken.SelectMany(one => one.Numbers).Where(n => n > 0).Distinct().Select(Nodes.Campaigns.NumberOf).Order(), stored.Order());
        var told = taken.Where(one => one.Key is not null).DistinctBy(one => one.Key).Concat(taken.Where(one => one.Key is null))
            .Select(one => JsonSerializer.Deserialize<AddedLeadsAnswer>(one.Text, JsonSerializerOptions.Web)!).ToList();
        Assert.Equal(stored.Count, told.Sum(answer => answer.Accepted));
        Assert.All(told, answer => Assert.Equal(answer.Results.Count, answer.Accepted + answer.Duplicates + answer.Refused));
        Assert.Equal(stored.Count, told.SelectMany(answer => answer.Results).Select(lead => lead.LeadId).OfType<Guid>().Distinct().Count());
        var shown = await _node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}");
        Assert.Equal(stored.Count, shown.GetProperty("progress").GetProperty("imported").GetInt32());
    }

    [Fact]
    public async Task A_key_is_free_again_after_its_time_and_its_row_is_pruned()
    {
        var campaign = await _node.ACampaign();
        await Added(campaign, Lead(1), "crm-1");

        await _node.Clock.Turn(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        var later = await Added(campaign, Lead(2), "crm-1");

        Assert.Equal(1, later.Accepted);
        await _node.Clock.Turn(TimeSpan.FromDays(31));
        Assert.False(await _node.Ask(db => db.LeadKeys.AnyAsync()));
    }

    [Fact]
    public async Task A_thousand_at_once_are_taken_in_the_order_of_the_request_and_more_are_not()
    {
        var campaign = await _node.ACampaign();

        var answer = await Added(campaign, $"[{string.Join(',', Enumerable.Range(0, AddedLeads.Most).Reverse().Select(n => Lead(n)))}]");
        var more = await Post(campaign, $"[{string.Join(',', Enumerable.Range(0, AddedLeads.Most + 1).Select(n => Lead(n)))}]");

        Assert.Equal(AddedLeads.Most, answer.Accepted);
        Assert.Equal(answer.Results.Select(lead => lead.LeadId), answer.Results.Select(lead => lead.LeadId).Order());
        Assert.Equal(HttpStatusCode.BadRequest, more.StatusCode);
        Assert.Contains("from 1 to 1000 leads in one request", await more.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_packed_is_unpacked_and_what_is_no_json_says_where()
    {
        var campaign = await _node.ACampaign();
        var packed = new ByteArrayContent(Workbooks.Packed(Lead(1)));
        packed.Headers.ContentType = new("application/json");
        packed.Headers.ContentEncoding.Add("gzip");
        var latin = new ByteArrayContent(Encoding.Latin1.GetBytes($$"""[{{Lead(1)}},{"phone":"é"}]"""));
        latin.Headers.ContentType = new("application/json");

        var taken = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", packed);
        var bytes = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", latin);

        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, bytes.StatusCode);
        Assert.Contains("UTF-8", await bytes.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var (json, sentence) in new[] { ("[{]", "valid JSON"), ("[]", "0 leads"), ("\"a\"", "a lead, or an array of leads"), ("[\"\\ud800\"]", "half of a character") })
        {
            var refused = await Post(campaign, json);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(sentence, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Contains("each lead names its own region", await (await Post(campaign, Lead(2), query: "?region=GB")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(Guid.NewGuid(), Lead(2))).StatusCode);
        var cut = new ByteArrayContent(Workbooks.Packed(Lead(2))[..^6]);
        cut.Headers.ContentType = new("application/json");
        var broken = await _node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", cut);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("Nothing of it was taken: send it again.", await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await _node.Ask(db => db.Leads.CountAsync()));
    }

    [Fact]
    public async Task A_list_with_a_key_is_told_that_it_needs_none()
    {
        var campaign = await _node.ACampaign();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/campaigns/{campaign}/leads")
        {
            Content = new StringContent("phone\n9876543210", Encoding.UTF8, "text/csv"),
            Headers = { { "Idempotency-Key", "list-1" } },
        };

        var answer = await _node.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("sent again, a list only finds duplicates", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
