using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Waiting;

namespace Outdial.Pacer.Tests.Waiting;

public sealed class StandingLeadsTests
{
    private const string London = "+442079460018", NewYork = "+12125550123", Ahmedabad = "+919825012345";

    private static readonly DateTimeOffset Night = new(2026, 1, 15, 1, 0, 0, TimeSpan.Zero);   // 06:30 in India, 01:00 in London, 20:00 in New York

    private static async Task<(PacerNode Node, Guid Campaign)> AtNight()
    {
        var node = await PacerNode.Start();
        await node.Clock.TurnTo(Night);
        var campaign = await node.ACampaign(
            new { name = "hours", purpose = "service", dnd = "consented", mode = "notification", window = new { from = "09:00", to = "19:00" } });
        using var list = new StringContent($"phone\n{London}\n{NewYork}\n{Ahmedabad}\n", null, "text/csv");
        (await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", list)).EnsureSuccessStatusCode();
        return (node, campaign);
    }

    private static Task<JsonElement> Get(PacerNode node, string path) => node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/{path}");

    [Fact]
    public async Task Leads_outside_their_hours_are_so_in_the_list_the_filter_the_export_the_metric_and_each_waits_for_its_own_hours()
    {
        var (node, campaign) = await AtNight();
        await using var _ = node;
        await node.Started(campaign);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "nobody has hours", TimeSpan.FromSeconds(5));

        var all = await Get(node, "leads?reason=OutsideWindow");
        var none = await Get(node, "leads?reason=InQueue");
        var export = await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}/leads.csv?reason=OutsideWindow");
        var waiting = await Get(node, $"campaigns/{campaign}/waiting");
        await using var scope = node.Services.CreateAsyncScope();
        var measured = await scope.ServiceProvider.GetRequiredService<StandingLeads>().Count(node.Clock.GetUtcNow(), default);

        var opens = new Dictionary<string, string> { [Ahmedabad] = "03:30", [London] = "09:00", [NewYork] = "14:00" };
        Assert.Equal(opens.OrderBy(o => o.Key, StringComparer.Ordinal), all.EnumerateArray()
            .Select(l => KeyValuePair.Create(l.GetProperty("number").GetString()!, $"{l.GetProperty("nextTryAt").GetDateTimeOffset():HH:mm}"))
            .OrderBy(l => l.Key, StringComparer.Ordinal));
        foreach (var lead in all.EnumerateArray())
        {
            var why = await Get(node, $"leads/{lead.GetProperty("id").GetGuid()}/explain");
            Assert.Equal(lead.GetProperty("nextTryAt").GetDateTimeOffset(), why.GetProperty("until").GetDateTimeOffset());
        }
        Assert.Empty(none.EnumerateArray());
        Assert.Equal(4, export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(new WaitingOfCampaign(campaign, LeadReasons.OutsideWindow, 3), Assert.Single(measured));
        Assert.Contains("1 waits for 09:00 in Europe/London", waiting.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheduled_lead_waits_for_the_start_and_for_its_hours_after_it()
    {
        var (node, campaign) = await AtNight();
        await using var _ = node;
        (await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/start", new { at = Night.AddHours(4) })).EnsureSuccessStatusCode();
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Scheduled), "it is scheduled", TimeSpan.FromSeconds(1));

        var leads = (await Get(node, $"campaigns/{campaign}/leads")).EnumerateArray().ToDictionary(l => l.GetProperty("number").GetString()!);

        Assert.Equal(Night.AddHours(4), await Until(Ahmedabad));
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 14, 0, 0, TimeSpan.Zero), await Until(NewYork));

        async Task<DateTimeOffset> Until(string number) =>
            (await Get(node, $"leads/{leads[number].GetProperty("id").GetGuid()}/explain")).GetProperty("until").GetDateTimeOffset();
    }

    [Fact]
    public async Task A_lead_in_the_hopper_is_no_call_and_waits_for_an_agent_who_is_not_there()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" });
        await node.WithLeads(campaign, 1);
        await node.WithAgents(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Router.Offered.Count == 1), "it is offered");
        var lead = node.Router.Offered.Single().LeadId;
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update agent_sessions set state = 'Ended'"));

        var waiting = await Get(node, $"campaigns/{campaign}/waiting");
        var why = await Get(node, $"leads/{lead}/explain");

        Assert.Equal((0, 0, 1), (Count("waiting"), Count("dialing"), Count("inHopper")));
        Assert.StartsWith("1 is in the hopper and no agent is signed in", waiting.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ("InHopper", "It waits in the hopper for an agent of the campaign: none is signed in."),
            (why.GetProperty("reason").GetString(), why.GetProperty("text").GetString()));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update leads set settled = 'An earlier call reached the person.' where id = {lead}"));
        var settled = await Get(node, $"leads/{lead}/explain");
        Assert.StartsWith("An earlier call reached the person. It is completed", settled.GetProperty("text").GetString(), StringComparison.Ordinal);

        int Count(string field) => waiting.GetProperty(field).GetInt32();
    }
}
