using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Outdial.Cli.Demo;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>The gateway before the real services: people, the simulated provider and agents know its address alone.</summary>
[Collection(SharedServices.Name)]
public sealed class GatewayTests(SharedServices shared)
{
    private const int Leads = 80;   // more than are dialed before the test is over
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task All_that_a_campaign_with_agents_needs_passes_the_gateway_and_a_dead_service_takes_no_other_with_it()
    {
        var (rig, _) = await shared.RenewAsync(faults: "none");
        var platform = shared.Gateway;
        using var client = platform.Client("any");
        await using var stream = await client.GetStreamAsync("api/v1/events");
        Guid? campaign = null;
        var ended = FirstOf("ended", stream, item => item.GetProperty("campaignId").GetGuid() == campaign);

        // The upload, the start, DialWhom for each line, webhooks for each call, and the stream.
        var trial = await Trial.BeginAsync(rig, platform, LeadLists.Sample(Leads, skip: 600), rig.ScenarioOf(DemoModes.Progressive, agents: 4));
        campaign = trial.Campaign;
        Assert.Equal((Leads, platform.AddressOf("ingress").Authority, platform.AddressOf("agent-router").Authority), (
            trial.Import.Accepted,
            (await platform.Api.GetFlowAddressesAsync(default)).Passthru.Authority,
            (await platform.Api.GetDialWhomAddressesAsync(default)).DialWhom.Authority));
        await trial.UntilAsync(campaign => campaign.Progress is { Attempts: >= 4 }, Deadline, "agents' lines have dialed leads");
        Assert.NotEqual(default, (await ended.WaitAsync(Deadline, TimeProvider.System)).GetProperty("attemptId").GetGuid());
        Assert.NotEmpty(await Read<List<JsonElement>>(client, "api/v1/webhooks"));
        await Eventually.Async(async () => await Status(client, $"api/v1/campaigns/{trial.Campaign}/report") == HttpStatusCode.OK, Deadline, $"there is a report\n{rig.Tail()}");

        await platform.Services.KillAsync("analytics");
        var dialed = (await platform.Api.GetCampaignAsync(trial.Campaign, default)).Progress!.Attempts;
        using var dead = await client.GetAsync($"api/v1/campaigns/{trial.Campaign}/report");
        var others = new Dictionary<string, HttpStatusCode>();
        foreach (var path in new[] { $"campaigns/{trial.Campaign}", "agents", "sessions", "webhooks", "numbers/+919876543210", "api-keys" })
            others[path] = await Status(client, "api/v1/" + path);
        var invariants = await Read<JsonElement>(client, "api/v1/invariants");
        var described = await Read<JsonElement>(client, "openapi/v1.json");

        Assert.Contains(dead.StatusCode, new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout });
        Assert.Equal("application/problem+json", dead.Content.Headers.ContentType?.MediaType);
        // 404: a number that nobody asked about
        Assert.All(others, other => Assert.True(other.Value is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{other.Key}: {other.Value}"));
        Assert.Equal("analytics", invariants.GetProperty("unanswered").EnumerateArray().Single().GetString());
        Assert.Equal("analytics", described.GetProperty("x-outdial-missing").EnumerateArray().Single().GetString());
        foreach (var path in new[] { "campaigns", "agents", "webhooks", "numbers/{e164}", "api-keys", "invariants" })
            Assert.True(described.GetProperty("paths").TryGetProperty("/api/v1/" + path, out _), path);
        await trial.UntilAsync(campaign => campaign.Progress?.Attempts > dialed, Deadline, "the campaign goes on without reports");

        await platform.Services.StartAsync("analytics");
        await Eventually.Async(async () => await Status(client, $"api/v1/campaigns/{trial.Campaign}/report") == HttpStatusCode.OK, Deadline, $"the report is back\n{rig.Tail()}");
        await trial.Floor.DisposeAsync();
    }

    private static async Task<JsonElement> FirstOf(string kind, Stream stream, Predicate<JsonElement> wanted)
    {
        await foreach (var item in SseParser.Create(stream, (_, data) => data.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(data))
            .EnumerateAsync())
        {
            if (item.EventType == kind && wanted(item.Data))
                return item.Data;
        }
        throw new InvalidOperationException($"The stream ended without an event '{kind}'.");
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<T> Read<T>(HttpClient client, string path) => (await client.GetFromJsonAsync<T>(path))!;
}
