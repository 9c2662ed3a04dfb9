using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Campaigns;

/// <summary>What cannot work is refused when it is made or started, with what to change.</summary>
public sealed class CampaignSetupTests
{
    private static async Task<(HttpStatusCode Status, string Fields, string Detail)> Told(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode,
            body.TryGetProperty("errors", out var errors) ? string.Join(' ', errors.EnumerateArray().Select(e => e.GetProperty("field").GetString())) : "",
            body.TryGetProperty("detail", out var detail) ? detail.GetString()! : "");
    }

    private static async Task<(HttpStatusCode Status, string Fields, string Detail)> Make(PacerNode node, object campaign) =>
        await Told(await node.Http.PostAsJsonAsync("/api/v1/campaigns", campaign));

    [Fact]
    public async Task Numbers_that_are_not_the_accounts_are_refused_when_the_campaign_is_made()
    {
        await using var node = await PacerNode.Start();
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[]
        {
            new { number = "+918040000002", purposes = new[] { "service" }, enabled = true },
            new { number = "+918040000003", purposes = new[] { "promotional" }, enabled = true },
            new { number = "+918040000004", purposes = new[] { "service" }, enabled = false },
        })).EnsureSuccessStatusCode();

        var wrong = await Make(node, new
        {
            name = "x",
            purpose = "service",
            callerIds = new[] { "+918040000002", "+918040000003", "+918040000004", "+918040000005" },
        });
        var none = await Make(node, new { name = "x", purpose = "service", callerIds = Array.Empty<string>() });
        var good = await Make(node, new { name = "x", purpose = "service", callerIds = new[] { "+918040000002" } });

        Assert.Equal((HttpStatusCode.BadRequest, "callerIds[1] callerIds[2] callerIds[3]"), (wrong.Status, wrong.Fields));
        Assert.Contains("this one is for promotional", wrong.Detail, StringComparison.Ordinal);
        Assert.Contains("is switched on", wrong.Detail, StringComparison.Ordinal);
        Assert.Contains("is not registered", wrong.Detail, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "callerIds"), (none.Status, none.Fields));
        Assert.Equal(HttpStatusCode.Created, good.Status);
    }

    [Theory]
    [InlineData("""{"name":"","callsPerMinut":10,"callsPerMinute":"x","endsAt":"y","purpose":"z"}""",
        "callsPerMinut callsPerMinute endsAt name purpose", "'callsPerMinute' is 'x': expected a whole number from 1 to 2147483647.")]
    [InlineData("""{"name":"a","purpose":"service","maxAttempts":3000000000}""", "maxAttempts",
        "'maxAttempts' is '3000000000': expected a whole number from 1 to 100.")]
    [InlineData("""{"name":"a","purpose":"service","completion":{"floor":4,"window":-1,"action":"foo"},"window":{"from":"x","days":[]}}""",
        "window.from window.to window.days completion.floor completion.window completion.action",
        "'window.to' is missing: expected a time of day, such as 21:00, or 24:00 for the end of the day. 'window.days' is '[]': expected at least one of")]
    [InlineData("""{"name":"a","purpose":"service","redial":{"Busy":{"after":"00:05:00","times":1,"within":{"from":"x","to":"20:00"}}}}""",
        "redial.Busy.within", "expected The calling window's from is 'x': a time of day")]
    [InlineData("""{"name":"a","purpose":"service","mode":"progressive","agents":{"ratio":99}}""", "agents.ratio",
        "'agents.ratio' is '99': expected nothing: a progressive campaign dials one lead for each free agent.")]
    [InlineData("[]", "body", "'body' is '[]': expected an object with name, mode, agents, purpose,")]
    public async Task All_that_is_wrong_with_a_campaign_is_named_at_once(string json, string fields, string detail)
    {
        await using var node = await PacerNode.Start();

        var told = await Told(await node.Http.PostAsync("/api/v1/campaigns", new StringContent(json, System.Text.Encoding.UTF8, "application/json")));

        Assert.Equal((HttpStatusCode.BadRequest, fields), (told.Status, told.Fields));
        Assert.Contains(detail, told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_that_no_number_may_be_shown_for_is_not_started()
    {
        await using var node = await PacerNode.Start();
        var made = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "x", purpose = "service", dnd = "consented" });
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await node.WithLeads(id, 1);

        var without = await Told(await node.Verb(id, "start"));
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+918040000002", isDefault = true } })).EnsureSuccessStatusCode();
        var with = await node.Verb(id, "start");

        Assert.Equal(HttpStatusCode.Conflict, without.Status);
        Assert.Contains("PUT /api/v1/caller-ids", without.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task An_end_that_is_past_and_lines_that_the_account_cannot_open_are_refused()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Accounts:default:AgentFlow"] = null });

        var past = await Make(node, new { name = "x", purpose = "service", endsAt = node.Clock.GetUtcNow().AddMinutes(-1) });
        var lines = await Make(node, new { name = "x", purpose = "service", mode = "progressive" });

        Assert.Equal((HttpStatusCode.BadRequest, "endsAt"), (past.Status, past.Fields));
        Assert.Equal((HttpStatusCode.BadRequest, "mode"), (lines.Status, lines.Fields));
        Assert.Contains("AgentFlow", lines.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_that_the_regulator_does_not_allow_are_refused_where_they_are_regulated()
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:LawfulHours:GB-promotional"] = "08:00-20:30" });
        object Asks(string purpose, string zone, string from, string to) => new { name = "x", purpose, timeZone = zone, window = new { from, to } };

        var early = await Make(node, Asks("promotional", "Asia/Kolkata", "08:00", "21:00"));
        var collectors = await Make(node, Asks("collections", "Asia/Kolkata", "08:00", "20:00"));
        var american = await Make(node, Asks("promotional", "America/New_York", "08:00", "21:00"));
        var british = await Make(node, Asks("promotional", "Europe/London", "08:00", "20:30"));
        var unknown = await Make(node, Asks("promotional", "Europe/Vienna", "08:00", "20:30"));
        var service = await Make(node, Asks("service", "Asia/Kolkata", "00:00", "24:00"));
        var unasked = await (await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "x", purpose = "collections" }))
            .Content.ReadFromJsonAsync<JsonElement>();

        Assert.All([early, collectors, unknown], refused => Assert.Equal((HttpStatusCode.BadRequest, "window"), (refused.Status, refused.Fields)));
        Assert.Contains("09:00 to 21:00", early.Detail, StringComparison.Ordinal);
        Assert.All([american, british, service], made => Assert.Equal(HttpStatusCode.Created, made.Status));
        Assert.Equal("19:00", unasked.GetProperty("rules").GetProperty("window").GetProperty("to").GetString());
    }

    [Theory]
    [InlineData("09:00", "21:00", true)]
    [InlineData("10:00", "18:00", true)]
    [InlineData("08:59", "21:00", false)]
    [InlineData("09:00", "21:01", false)]
    [InlineData("09:00", "24:00", false)]
    [InlineData("20:00", "10:00", false)]
    [InlineData("00:00", "24:00", false)]
    public void A_window_is_within_the_hours_with_both_its_ends(string from, string to, bool allowed)
    {
        Assert.True(new CallingWindowForm(from, to).TryRead(out var window, out _));

        var hours = LawfulHours.Of("IN", Purposes.Promotional, new Dictionary<string, string>())!;

        Assert.Equal(allowed, hours.Allow(window));
        Assert.True(hours.Cut(window) is not { } cut || hours.Allow(cut));
    }
}
