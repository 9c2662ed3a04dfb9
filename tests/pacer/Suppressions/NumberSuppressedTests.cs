using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Suppressions;

public sealed class NumberSuppressedTests
{
    [Fact]
    public async Task A_person_put_on_the_list_or_taken_off_it_is_told_once()
    {
        await using var node = await PacerNode.Start();
        var entry = new { number = "98250 10001", region = "IN", scope = "service" };

        var added = await (await node.Http.PostAsJsonAsync("/api/v1/suppressions", entry)).Content.ReadFromJsonAsync<JsonElement>();
        (await node.Http.PostAsJsonAsync("/api/v1/suppressions", entry)).EnsureSuccessStatusCode();   // on the list already
        var id = added.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.NoContent, (await node.Http.DeleteAsync($"/api/v1/suppressions/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.DeleteAsync($"/api/v1/suppressions/{id}")).StatusCode);

        await Eventually.Async(() => node.Router.All<NumberSuppressed>().Any(s => s.Lifted));
        Assert.Equal(
            [("+919825010001", "service", false), ("+919825010001", "service", true)],
            node.Router.All<NumberSuppressed>().OrderBy(s => s.Lifted).Select(s => (s.Number, s.Scope, s.Lifted)));
    }

    [Fact]
    public async Task An_opt_out_by_key_is_told_too()
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
            Digits = "9",
        });
        await Eventually.Async(() => node.Router.All<NumberSuppressed>().Count == 1);

        Assert.Equal((Nodes.Campaigns.NumberOf(1), "all", false), node.Router.All<NumberSuppressed>().Select(s => (s.Number, s.Scope, s.Lifted)).Single());
    }
}
