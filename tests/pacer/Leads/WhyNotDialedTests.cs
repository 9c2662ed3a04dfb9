using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Tests.SingleCalls;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Leads;

/// <summary>Every lead can answer "why was I not dialed?", and everything that happened to it can be read in order.</summary>
public sealed class WhyNotDialedTests
{
    private static readonly object Strict = new { name = "strict", purpose = "service" };

    private static async Task<string> Why(PacerNode node, string number)
    {
        var id = await node.Ask(db => db.Leads.Where(l => l.Number == number).Select(l => l.Id).SingleAsync());
        return (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{id}/explain")).GetProperty("reason").GetString()!;
    }

    [Fact]
    public async Task Law_7_what_enrichment_says_decides_who_is_dialed_and_from_which_number()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Strict);
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+917940000001", circle = "GJ" } })).EnsureSuccessStatusCode();
        await node.WithLeads(campaign, ["+919825010001", "+919825010002", "+919825010003", "+919825010004"]);
        await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = "+919825010004", reason = "asked by mail" });

        await node.Started(campaign);
        await node.Until(async _ => await Why(node, "+919825010001") == "AwaitingMetadata", "it waits for what is known of its number");
        Assert.Empty(node.Provider.Originated);
        await node.Publish(TriggeredCallsTests.Known("+919825010001", false, "GJ"));
        await node.Publish(TriggeredCallsTests.Known("+919825010002", true, "GJ"));
        await node.Publish(TriggeredCallsTests.Known("+919825010003", false, "TN"));
        await node.Publish(TriggeredCallsTests.Known("+919825010004", false, "TN"));
        await node.Until(async db => await db.Leads.CountAsync(l => l.State != "Waiting") == 4 && node.Provider.Originated.Count == 2, "each lead is dealt with");

        Assert.Equal("Dnd", await Why(node, "+919825010002"));
        Assert.Equal("OptedOut", await Why(node, "+919825010004"));
        Assert.Equal("+917940000001", node.Provider.Originated.Single(p => p.Request.To == "+919825010001").Request.CallerId);   // Gujarat's own
        Assert.Equal("+918040000002", node.Provider.Originated.Single(p => p.Request.To == "+919825010003").Request.CallerId);   // the default
    }

    [Fact]
    public async Task A_lead_that_presses_the_opt_out_key_is_never_called_again_by_any_campaign()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new
        {
            name = "asks",
            purpose = "service",
            dnd = "consented",
            optOutDigits = "9",
            redial = new Dictionary<string, object> { [Outcomes.Abandoned] = new { after = "00:05:00", times = 1 } },
        });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the lead is dialed");
        var call = node.Provider.Originated.Single();
        await node.Publish(new CallDigitsPressed
        {
            EventId = Guid.NewGuid(),
            AttemptId = call.Request.AttemptId,
            Account = "default",
            ProviderCallId = call.ProviderCallId,
            OccurredAt = node.Clock.GetUtcNow(),
            ReceivedAt = node.Clock.GetUtcNow(),
            Digits = "9",
        });
        await node.Until(db => db.Suppressions.AnyAsync(), "the key is known", TimeSpan.Zero);
        await node.Publish(call.Ended(Outcomes.Busy, node.Clock.GetUtcNow()));   // whoever was dialed for the lead was

        await node.Until(db => db.Leads.AnyAsync(l => l.State == "OptedOut"), "the redial finds the opt-out", TimeSpan.FromSeconds(10));

        Assert.Single(node.Provider.Originated);
        Assert.Equal("digits", await node.Ask(db => db.Suppressions.Select(s => s.Source).SingleAsync()));
    }

    [Fact]
    public async Task A_paused_campaign_is_its_leads_reason()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        Assert.Equal("Draft", await Why(node, Nodes.Campaigns.NumberOf(1)));
        await node.Started(campaign);
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();

        Assert.Equal("Person", await Why(node, Nodes.Campaigns.NumberOf(1)));
    }

    [Fact]
    public async Task A_stream_of_a_campaign_that_there_is_not_is_refused_and_does_not_stay_open_for_nothing()
    {
        await using var node = await PacerNode.Start();
        var unknown = Guid.NewGuid();

        using var answer = await node.Http.GetAsync($"/api/v1/events?campaign={unknown}", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains($"{unknown}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_tells_everything_in_order_and_the_stream_tells_it_live()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?campaign={campaign}");
        request.Headers.Add("Last-Event-ID", "0");
        using var stream = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == "Submitted"), "the lead is dialed");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == "Completed"), "the campaign completes", TimeSpan.FromSeconds(5));

        var lead = await node.Ask(db => db.Leads.Select(l => l.Id).SingleAsync());
        var trail = (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{lead}/trail")).EnumerateArray().Select(t => t.GetProperty("kind").GetString()).ToList();
        List<string> live = [];
        while (live.LastOrDefault() != "completed")
        {
            using var limit = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
            if (await reader.ReadLineAsync(limit.Token) is { } line && line.StartsWith("event: ", StringComparison.Ordinal))
                live.Add(line[7..]);
        }

        Assert.Equal(["imported", "attempt", "submitted", "ended", "final"], trail);
        Assert.Equal(["created", "started", "attempt", "submitted", "ended", "final", "completed"], live);
    }
}
