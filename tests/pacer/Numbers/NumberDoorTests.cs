using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Numbers;

/// <summary>A national number at each of the pacer's doors.</summary>
public sealed class NumberDoorTests
{
    private const string British = "07700 900123", InBritain = "+447700900123", InIndia = "+917700900123";
    private const string Ask = "the number with + and the code of its country";

    private static Task<PacerNode> ANode(params (string Key, string? Value)[] settings) =>
        PacerNode.Start(settings: settings.ToDictionary(setting => setting.Key, setting => setting.Value));

    private static Task<PacerNode> OfBritain() => ANode(("Accounts:default:TimeZone", "Europe/London"));

    private static async Task<(HttpStatusCode Status, string Body)> Told(HttpResponseMessage answer)
    {
        using (answer)
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string? Value(string body, string name) => JsonDocument.Parse(body).RootElement.GetProperty(name).GetString();

    private static async Task<Guid> InLondon(PacerNode node) =>
        await node.ACampaign(new { name = "London", purpose = "service", timeZone = "Europe/London", dnd = "consented" });

    private static async Task<JsonElement> Upload(PacerNode node, Guid campaign, string csv, string query = "")
    {
        var answer = await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads{query}", new StringContent(csv, Encoding.UTF8, "text/csv"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<(HttpStatusCode Status, string Body)> Trigger(PacerNode node, string to, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/calls");
        request.Content = JsonContent.Create(new { to, purpose = "transactional" });
        request.Headers.Add("Idempotency-Key", key);
        return await Told(await node.Http.SendAsync(request));
    }

    [Fact]
    public async Task An_account_s_country_decides_at_every_door_and_every_answer_shows_the_number_as_it_was_read()
    {
        await using var node = await OfBritain();

        var call = await Trigger(node, British, "one");
        var ids = await Told(await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "020 7946 0018", isDefault = true } }));
        var campaign = await node.Http.PostAsJsonAsync("/api/v1/campaigns",
            new { name = "x", purpose = "service", timeZone = "Europe/London", callerIds = new[] { "020 7946 0018" } });
        var view = JsonDocument.Parse(await campaign.Content.ReadAsStringAsync()).RootElement;
        var suppressed = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British, region = "GB" }));

        Assert.Equal((HttpStatusCode.Accepted, InBritain), (call.Status, Value(call.Body, "number")));
        Assert.Equal(InBritain, await node.Ask(db => db.Leads.Select(lead => lead.Number).SingleAsync()));
        Assert.Contains("+442079460018", ids.Body, StringComparison.Ordinal);
        Assert.Contains("+442079460018", view.ToString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Created, InBritain), (suppressed.Status, Value(suppressed.Body, "number")));
        Assert.Contains(InBritain, await node.Http.GetStringAsync($"/api/v1/suppressions?number={Uri.EscapeDataString(British)}"),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Http.DeleteAsync("/api/v1/caller-ids/020%207946%200018")).StatusCode);
        Assert.Equal(0, await node.Ask(db => db.CallerIds.CountAsync()));
    }

    [Fact]
    public async Task Where_nothing_says_in_which_of_two_countries_a_number_is_every_door_refuses_it_with_both_readings()
    {
        await using var node = await ANode();    // at a provider whose numbers are Indian, and calling Britain as well
        await InLondon(node);

        var answers = new[]
        {
            await Trigger(node, British, "one"),
            await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British })),
            await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British, scope = "service" })),
            await Told(await node.Http.GetAsync($"/api/v1/suppressions?number={Uri.EscapeDataString(British)}")),
            await Told(await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = British } })),
            await Told(await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "x", purpose = "service", callerIds = new[] { British } })),
        };

        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(Ask, answer.Body, StringComparison.Ordinal);
            Assert.Contains(InIndia[1..], answer.Body, StringComparison.Ordinal);
            Assert.Contains(InBritain[1..], answer.Body, StringComparison.Ordinal);
        });
        Assert.Equal((0, 0, 1), (   // the caller ID that the campaign came with
            await node.Ask(db => db.Leads.CountAsync()), await node.Ask(db => db.Suppressions.CountAsync()),
            await node.Ask(db => db.CallerIds.CountAsync())));
    }

    [Theory]
    [InlineData("+44 7700 900123"), InlineData("0044 7700 900123"), InlineData("011 44 7700 900123"), InlineData("tel:+44-7700-900123")]
    [InlineData("\u202a+44 7700\u00a0900123\u202c")]
    public async Task What_has_its_country_s_code_is_clear_where_two_are_in_use(string number)
    {
        await using var node = await ANode();
        await InLondon(node);

        var suppressed = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number }));
        var call = await Trigger(node, number, "one");

        Assert.Equal((HttpStatusCode.Created, InBritain), (suppressed.Status, Value(suppressed.Body, "number")));
        Assert.Equal((HttpStatusCode.Accepted, InBritain), (call.Status, Value(call.Body, "number")));
    }

    [Fact]
    public async Task The_default_region_decides_for_an_account_without_a_country_and_never_for_a_suppression()
    {
        await using var node = await ANode(("Numbers:DefaultRegion", "GB"));
        await node.ACampaign();    // in India

        var call = await Trigger(node, British, "one");
        var suppressed = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British }));

        Assert.Equal((HttpStatusCode.Accepted, InBritain), (call.Status, Value(call.Body, "number")));
        Assert.Equal(HttpStatusCode.BadRequest, suppressed.Status);
        Assert.Contains(Ask, suppressed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suppression_that_may_mean_a_lead_whom_an_upload_read_in_another_country_is_refused()
    {
        await using var node = await ANode(("Accounts:default:Region", "IN"));
        var campaign = await node.ACampaign();
        Assert.Equal("GB", (await Upload(node, campaign, $"phone\n{British}\n", "?region=GB")).GetProperty("region").GetString());

        var refused = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British }));
        var taken = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "098250 10001" }));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains($"{InIndia[1..]} (IN) or", refused.Body, StringComparison.Ordinal);
        Assert.Contains(InBritain[1..], refused.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Created, "+919825010001"), (taken.Status, Value(taken.Body, "number")));
        Assert.Contains(InBritain, await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}/leads?number={Uri.EscapeDataString(British)}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_caller_id_is_read_and_forgotten_in_the_country_of_its_own_account()
    {
        await using var node = await ANode(
            ("Accounts:default:Region", "IN"), ("Accounts:uk:Region", "GB"), ("Accounts:uk:BaseAddress", "http://127.0.0.1:9/"),
            ("Accounts:uk:AccountSid", "s"),
            ("Accounts:uk:ApiKey", "k"), ("Accounts:uk:ApiToken", "t"), ("Accounts:uk:CallbackBaseAddress", "http://127.0.0.1:9/"),
            ("Accounts:uk:AllowPrivateAddresses", "true"));
        async Task<List<string>> Known() => await node.Ask(db => db.CallerIds.Select(id => id.Number).Order().ToListAsync());

        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = British, account = "uk" } })).EnsureSuccessStatusCode();
        Assert.Equal([InBritain], await Known());
        Assert.Equal(HttpStatusCode.NoContent, (await node.Http.DeleteAsync($"/api/v1/caller-ids/{Uri.EscapeDataString(British)}")).StatusCode);

        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids",
            new[] { new { number = British, account = "uk" }, new { number = British, account = "default" } })).EnsureSuccessStatusCode();
        Assert.Equal([InBritain, InIndia], await Known());
        Assert.Equal(HttpStatusCode.BadRequest, (await node.Http.DeleteAsync($"/api/v1/caller-ids/{Uri.EscapeDataString(British)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await node.Http.DeleteAsync($"/api/v1/caller-ids/{Uri.EscapeDataString(InIndia)}")).StatusCode);
        Assert.Equal([InBritain], await Known());
    }

    [Theory]
    [InlineData("098250 10001"), InlineData("98250-10001"), InlineData("919825010001"), InlineData("+91 98250 10001"), InlineData("0091 98250 10001")]
    public async Task In_a_purely_indian_installation_all_is_read_as_indian_as_ever(string number)
    {
        await using var node = await ANode(("Numbers:DefaultRegion", "IN"));
        await node.ACampaign();

        var suppressed = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number }));
        var call = await Trigger(node, number, "one");

        Assert.Equal((HttpStatusCode.Created, "+919825010001"), (suppressed.Status, Value(suppressed.Body, "number")));
        Assert.Equal((HttpStatusCode.Accepted, "+919825010001"), (call.Status, Value(call.Body, "number")));
    }

    [Fact]
    public async Task A_plus_that_nobody_escaped_in_a_query_is_a_plus()
    {
        await using var node = await OfBritain();
        (await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "+91 98250 10001" })).EnsureSuccessStatusCode();

        var found = await node.Http.GetStringAsync("/api/v1/suppressions?number=+919825010001");

        Assert.Contains("+919825010001", found, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await node.Http.GetAsync("/api/v1/suppressions?number=12")).StatusCode);
    }

    [Fact]
    public async Task The_person_whose_lead_was_read_in_the_campaign_s_country_is_not_called_once_suppressed()
    {
        await using var node = await OfBritain();
        var campaign = await InLondon(node);
        var upload = await Upload(node, campaign, $"Name,Phone,Mobile No.\nAda,,{British}\n");
        (await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British, region = "United Kingdom" })).EnsureSuccessStatusCode();

        await node.Started(campaign);
        await node.Until(db => db.Leads.AnyAsync(lead => lead.State == "OptedOut"), "the person is left in peace", TimeSpan.FromMinutes(5));

        Assert.Empty(node.Provider.Originated);
        Assert.Equal(["Name", "Phone", "Mobile No."],
            upload.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
        Assert.Equal("attribute", upload.GetProperty("columns")[0].GetProperty("meaning").GetString());
    }

    [Theory]
    [InlineData(null, null), InlineData("Accounts:default:TimeZone", "Asia/Kolkata")]    // nobody has said that numbers are Indian
    public async Task A_suppression_that_comes_before_any_campaign_is_not_read_in_the_provider_s_country(string? setting, string? value)
    {
        await using var node = await ANode(setting is null ? [] : [(setting, value)]);

        var refused = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British }));
        var nowhere = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British, region = "Atlantis" }));
        var named = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British, region = "GB" }));
        var clear = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "0091 98250 10001" }));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (refused.Status, nowhere.Status));
        Assert.Contains(Ask + ", or its country as 'region' beside it", refused.Body, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"region\"", nowhere.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Created, InBritain), (named.Status, Value(named.Body, "number")));
        Assert.Equal((HttpStatusCode.Created, "+919825010001"), (clear.Status, Value(clear.Body, "number")));
    }

    [Theory]
    [InlineData("Region", "GB", "Europe/London"), InlineData("TimeZone", "Europe/London", "Europe/London"), InlineData("Region", "US", "America/New_York")]
    public async Task A_campaign_that_names_no_zone_is_its_account_s_in_zone_and_country(string setting, string value, string zone)
    {
        await using var node = await ANode(($"Accounts:default:{setting}", value));
        var number = value == "US" ? "(212) 555-0177" : British;

        var campaign = await node.ACampaign(new { name = "no zone", purpose = "service", dnd = "consented" });
        var view = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}");
        var upload = await Upload(node, campaign, $"phone\n{number}\n");
        var call = await Trigger(node, number, "one");

        var read = value == "US" ? "+12125550177" : InBritain;
        Assert.Equal(zone, view.GetProperty("rules").GetProperty("timeZone").GetString());
        Assert.Equal((value == "US" ? "US" : "GB", 1), (upload.GetProperty("region").GetString(), upload.GetProperty("accepted").GetInt32()));
        Assert.Equal([read], await node.Ask(db => db.Leads.Select(lead => lead.Number).Distinct().ToListAsync()));
        Assert.Equal((HttpStatusCode.Accepted, read), (call.Status, Value(call.Body, "number")));
    }

    [Fact]
    public async Task A_zone_that_was_named_is_the_campaign_s_country_whatever_the_account_s()
    {
        await using var node = await ANode(("Accounts:default:Region", "GB"));

        var campaign = await node.ACampaign(new { name = "Delhi", purpose = "service", dnd = "consented", timeZone = "Asia/Kolkata" });

        Assert.Equal("IN", (await Upload(node, campaign, $"phone\n{British}\n")).GetProperty("region").GetString());
        Assert.Equal([InIndia], await node.Ask(db => db.Leads.Select(lead => lead.Number).ToListAsync()));
    }

    [Fact]
    public async Task Of_a_campaign_of_earlier_versions_whose_zone_may_be_nobody_s_choice_the_upload_names_the_country()
    {
        await using var node = await ANode(("Accounts:default:Region", "GB"));
        var campaign = await node.ACampaign();
        await node.Ask(db => db.Database.ExecuteSqlRawAsync(
            "update campaigns set rules = jsonb_set(rules - 'timeZoneNamed', '{{timeZone}}', '\"Asia/Kolkata\"')"));

        var refused = await Upload(node, campaign, $"phone\n{British}\n");
        var taken = await Upload(node, campaign, $"phone\n{British}\n", "?region=GB");

        Assert.Equal("region", refused.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(1, taken.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task A_zone_that_nobody_named_makes_no_number_of_a_person_doubtful()
    {
        await using var node = await ANode(("Numbers:DefaultRegion", "GB"), ("Accounts:default:Provider", "portaswitch"),
            ("Accounts:default:Login", "l"), ("Accounts:default:Password", "p"), ("Accounts:default:AutoAttendantId", "1"), ("Accounts:default:CustomerId", "1"));
        var campaign = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "x", purpose = "service" });

        var suppressed = await Told(await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = British }));

        Assert.Equal(HttpStatusCode.Created, campaign.StatusCode);
        Assert.Equal((HttpStatusCode.Created, InBritain), (suppressed.Status, Value(suppressed.Body, "number")));
    }

    [Theory]
    [InlineData("99"), InlineData("9#"), InlineData("19")]
    public async Task An_opt_out_key_pressed_twice_or_after_another_is_an_opt_out(string digits)
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "asks", purpose = "service", dnd = "consented", optOutDigits = "9" });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "the lead is dialed");

        await node.Publish(new CallDigitsPressed
        {
            EventId = Guid.NewGuid(),
            AttemptId = node.Provider.Originated.Single().Request.AttemptId,
            Account = "default",
            OccurredAt = node.Clock.GetUtcNow(),
            ReceivedAt = node.Clock.GetUtcNow(),
            Digits = digits,
        });
        await node.Until(db => db.Suppressions.AnyAsync(), "the person is on the list");

        Assert.Equal(
            (Nodes.Campaigns.NumberOf(1), $"pressed {digits} in a call, which was taken for 9"),
            await node.Ask(async db => await db.Suppressions.Select(s => new { s.Number, s.Reason }).SingleAsync() is var row
                ? (row.Number, row.Reason) : default));
    }
}
