using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Outdial.Contracts;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>What people do with campaigns, through the API.</summary>
internal static class Campaigns
{
    public static string NumberOf(int lead) => $"+9198250{10000 + lead}";

    /// <summary>A draft with a default caller ID, whose leads need no metadata unless the test says otherwise.</summary>
    public static async Task<Guid> ACampaign(this PacerNode node, object? rules = null)
    {
        var put = await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+918040000002", isDefault = true } });
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        var answer = await node.Http.PostAsJsonAsync("/api/v1/campaigns", rules ?? new { name = "test", purpose = "service", dnd = "consented" });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetGuid();
    }

    public static async Task WithLeads(this PacerNode node, Guid campaign, int count) =>
        await node.WithLeads(campaign, Enumerable.Range(1, count).Select(NumberOf));

    public static async Task WithLeads(this PacerNode node, Guid campaign, IEnumerable<string> numbers)
    {
        var csv = new StringContent("phone\n" + string.Join('\n', numbers), Encoding.UTF8, "text/csv");
        var answer = await node.Http.PostAsync($"/api/v1/campaigns/{campaign}/leads", csv);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<HttpResponseMessage> Verb(this PacerNode node, Guid campaign, string verb, object? body = null) =>
        await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/{verb}", body ?? new { });

    public static async Task Started(this PacerNode node, Guid campaign)
    {
        var answer = await node.Verb(campaign, "start");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The provider's final word on a call.</summary>
    public static CallTerminated Ended(this FakeProviders.Placed call, string outcome, DateTimeOffset at) => new()
    {
        EventId = Guid.CreateVersion7(),
        AttemptId = call.Request.AttemptId,
        Account = "default",
        ProviderCallId = call.ProviderCallId,
        OccurredAt = at,
        ReceivedAt = at,
        RawStatus = outcome.ToLowerInvariant(),
        Outcome = outcome,
    };
}
