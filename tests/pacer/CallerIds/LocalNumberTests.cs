using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Tests.SingleCalls;

namespace Outdial.Pacer.Tests.CallerIds;

/// <summary>The first try shows a local number where there is one, and nobody waits for ever for it, nor is told what is not so.</summary>
public sealed class LocalNumberTests
{
    private const string Person = "+919825010001";
    private static readonly object Consented = new { name = "consented", purpose = "service", dnd = "consented" };

    private static async Task<(PacerNode Node, DateTimeOffset Started)> ACampaign(params object[] numbers)
    {
        var node = await PacerNode.Start();
        var answer = await node.Http.PostAsJsonAsync("/api/v1/campaigns", Consented);
        var campaign = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", numbers)).EnsureSuccessStatusCode();
        await node.WithLeads(campaign, [Person]);
        await node.Started(campaign);
        return (node, node.Clock.GetUtcNow());
    }

    private static Task Dialed(PacerNode node) => node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the person is called");

    private static Task Asked(PacerNode node) => node.Until(db => db.Numbers.AnyAsync(n => n.Number == Person), "the circle is asked for");

    [Fact]
    public async Task The_circle_is_waited_for_where_numbers_of_several_could_be_shown()
    {
        var (node, _) = await ACampaign(new { number = "+917940000001", circle = "GJ" }, new { number = "+918040000002", isDefault = true });
        await using var __ = node;
        await Asked(node);
        await node.Until(async db => await db.Decisions.CountAsync() > 1, "it is looked at again");
        var lead = await node.Ask(db => db.Leads.Select(l => l.Id).SingleAsync());
        var why = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{lead}/explain");
        Assert.Empty(node.Provider.Originated);

        await node.Publish(TriggeredCallsTests.Known(Person, false, "GJ"));
        await Dialed(node);

        Assert.Equal("+917940000001", node.Provider.Originated.Single().Request.CallerId);
        Assert.Equal("AwaitingMetadata", why.GetProperty("reason").GetString());
        Assert.Contains("dialed without after 10 s", why.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_waited_for_no_longer_than_a_moment()
    {
        var (node, _) = await ACampaign(new { number = "+917940000001", circle = "GJ" }, new { number = "+918040000002", isDefault = true });
        await using var __ = node;
        await Asked(node);
        var asked = await node.Ask(db => db.Numbers.Select(n => n.RequestedAt).SingleAsync());

        await Dialed(node);

        Assert.Equal("+918040000002", node.Provider.Originated.Single().Request.CallerId);
        Assert.True(node.Provider.Originated.Single().At >= asked + TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("GJ", "GJ"), InlineData(null, null)]
    public async Task Where_it_decides_nothing_it_is_not_waited_for(string? one, string? other)
    {
        var (node, _) = await ACampaign(new { number = "+917940000001", circle = one }, new { number = "+917940000002", circle = other });
        await using var __ = node;

        await Dialed(node);

        // The same look that asks for the circle dials.
        Assert.Equal(
            await node.Ask(db => db.Numbers.Select(n => n.RequestedAt).SingleAsync()),
            await node.Ask(db => db.Attempts.Select(a => (DateTimeOffset?)a.RequestedAt).SingleAsync()));
    }

    [Fact]
    public async Task Numbers_of_circles_alone_without_a_default_are_shown_to_a_circle_that_nobody_knows()
    {
        var (node, _) = await ACampaign(new { number = "+917940000001", circle = "GJ" }, new { number = "+914440000001", circle = "TN" });
        await using var __ = node;

        await Dialed(node);

        Assert.Equal("+914440000001", node.Provider.Originated.Single().Request.CallerId);
    }

    [Fact]
    public async Task Without_any_number_the_lead_says_so_and_is_dialed_once_there_is_one()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Consented);
        await node.WithLeads(campaign, [Person]);
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaigns set state = 'Running', started_at = {node.Clock.GetUtcNow()}"));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"delete from caller_ids"));   // taken away while it runs
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaign_pulses set next_at = {node.Clock.GetUtcNow()}"));
        await node.Until(db => db.Leads.AnyAsync(l => l.Reason == "NoCallerId"), "it cannot be dialed");
        var text = await node.Ask(db => db.Leads.Select(l => l.ReasonText).SingleAsync());

        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+917940000001", circle = "GJ" } })).EnsureSuccessStatusCode();
        await Dialed(node);

        Assert.StartsWith("The account has no caller IDs: add them", text, StringComparison.Ordinal);
    }
}
