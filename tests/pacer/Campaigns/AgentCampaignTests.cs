using System.Net;
using System.Net.Http.Json;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Campaigns;

public sealed class AgentCampaignTests
{
    [Fact]
    public async Task The_router_is_told_of_every_change_of_a_campaign_with_agents_and_of_no_other()
    {
        await using var node = await PacerNode.Start();
        var silent = await node.ACampaign();
        await node.Started(silent);
        var campaign = await node.ACampaign(new
        {
            name = "with agents",
            purpose = "service",
            mode = "preview",
            agents = new { wrapUp = "00:00:30", skill = "gujarati", dispositions = new[] { new { code = "later", label = "Call later", asksCallBack = true } } },
        });

        await node.Started(campaign);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        (await node.Verb(campaign, "resume")).EnsureSuccessStatusCode();
        (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();

        await Eventually.Async(() => node.Router.All<AgentCampaignChanged>().Count == 5);
        var told = node.Router.All<AgentCampaignChanged>().OrderBy(t => t.Version).ToList();
        Assert.All(told, t => Assert.Equal((campaign, "preview", TimeSpan.FromSeconds(30), "gujarati"), (t.CampaignId, t.Mode, t.WrapUp, t.Skill)));
        Assert.Equal(["Draft", "Running", "Paused", "Running", "Stopped"], told.Select(t => t.State));
        Assert.Equal(5, told.Select(t => t.Version).Distinct().Count());
        Assert.Equal(new Disposition("later", "Call later", true), Assert.Single(told[0].Dispositions));
        await Eventually.Async(() => node.Router.All<CampaignStarted>().Count == 2);
        Assert.Equal(
            [(silent, null), (campaign, "gujarati")], node.Router.All<CampaignStarted>().OrderBy(t => t.OccurredAt).Select(t => (t.CampaignId, t.Skill)));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://user:word@flows.example.org/1")]
    [InlineData("926\r\n")]
    public async Task A_flow_that_is_neither_an_id_nor_a_public_address_is_refused(string flow)
    {
        await using var node = await PacerNode.Start(settings: new Dictionary<string, string?>
        {
            ["Accounts:default:BaseAddress"] = "https://api.example.org/",
            ["Accounts:default:CallbackBaseAddress"] = "https://calls.example.org/",
            ["Accounts:default:AllowPrivateAddresses"] = "false",
        });

        var answer = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "n", purpose = "service", flow });
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"field\":\"flow\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("word", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_for_agents_are_refused_for_a_campaign_without_agents_and_each_wrong_one_is_named()
    {
        await using var node = await PacerNode.Start();

        var without = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "n", purpose = "service", agents = new { ratio = 2 } });
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Contains("works without agents", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var wrong = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new
        {
            name = "n",
            purpose = "service",
            mode = "power",
            agents = new
            {
                ratio = 11,
                dropLimit = 2,
                dropWindow = "week",
                queueHigh = 3,
                queueLow = 3,
                answerForm = "xml",
                maxConversation = "02:00:00",
                dispositions = new[] { new { code = "yes" }, new { code = "yes" } },
            },
        });
        var body = await wrong.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.All(
            new[] { "ratio", "dropLimit", "dropWindow", "queueLow", "answerForm", "maxConversation", "dispositions[1].code" },
            field => Assert.Contains($"\"agents.{field}\"", body, StringComparison.Ordinal));
        var mode = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "n", purpose = "service", mode = "predictive" });
        Assert.Contains("progressive", await mode.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("campaign", "2026-01-10T04:00:00Z")]
    [InlineData("day", "2026-01-13T18:30:00Z")]
    [InlineData("2.00:00:00", "2026-01-12T06:30:00Z")]
    [InlineData("30.00:00:00", "2026-01-10T04:00:00Z")]
    public void Drops_are_counted_over_the_window_and_never_from_before_the_start(string window, string from) => Assert.Equal(
        DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture),
        DropWindow.From(window, PacerNode.Noon, new(2026, 1, 10, 4, 0, 0, TimeSpan.Zero), "Asia/Kolkata"));
}
