using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>What the commands need of Outdial's HTTP API.</summary>
/// <remarks>Services may be asked at addresses of their own; behind one address, all are the same.</remarks>
public sealed class OutdialApi(HttpClient pacer, HttpClient analytics, HttpClient ingress, AgentsApi agents) : IDisposable
{
    private const int PageSize = 1000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="pacer">Where campaigns, leads and calls are served.</param>
    /// <param name="analytics">Where reports are served; the same address when everything runs in one process.</param>
    /// <param name="ingress">Where the provider's webhooks are received, likewise.</param>
    /// <param name="router">Where agents are served, likewise.</param>
    /// <param name="apiKey">An admin's key.</param>
    public static OutdialApi At(Uri pacer, Uri analytics, Uri ingress, Uri router, string apiKey) =>
        new(Client(pacer, apiKey), Client(analytics, apiKey), Client(ingress, apiKey), new AgentsApi(Client(router, apiKey)));

    /// <summary>Behind a gateway whose services come and go: questions are asked again while nobody answers.</summary>
    public static OutdialApi Patient(Uri gateway, string apiKey)
    {
        HttpClient Behind() => Client(gateway, apiKey, new PatientHandler(TimeSpan.FromMinutes(1), TimeProvider.System));
        return new(Behind(), Behind(), Behind(), new AgentsApi(Behind()));
    }

    /// <summary>Agents, their sessions and their desks.</summary>
    public AgentsApi Agents => agents;

    /// <summary>Takes over the numbers that the provider lists for the account <c>default</c>; leads will see them.</summary>
    public Task<List<CallerId>> SyncCallerIdsAsync(CancellationToken cancel) =>
        SendAsync<List<CallerId>>(pacer, HttpMethod.Post, "api/v1/caller-ids/sync", null, cancel);

    /// <summary>All numbers of ours that Outdial knows.</summary>
    public Task<List<CallerId>> GetCallerIdsAsync(CancellationToken cancel) => GetAllAsync<CallerId>(pacer, $"api/v1/caller-ids?limit={PageSize}", cancel);

    /// <summary>Changes what is known of a number of ours.</summary>
    public Task PutCallerIdAsync(CallerId callerId, CancellationToken cancel) =>
        SendAsync<JsonElement>(pacer, HttpMethod.Put, "api/v1/caller-ids", JsonContent.Create(new[] { callerId }, options: Json), cancel);

    /// <summary>Where the provider's flows are to report the calls of the account <c>default</c>.</summary>
    public Task<FlowAddresses> GetFlowAddressesAsync(CancellationToken cancel) =>
        SendAsync<FlowAddresses>(ingress, HttpMethod.Get, "api/v1/accounts/default/flow-addresses", null, cancel);

    /// <returns>The new campaign's id.</returns>
    public async Task<Guid> CreateCampaignAsync(object campaign, CancellationToken cancel) =>
        (await SendAsync<CampaignStatus>(pacer, HttpMethod.Post, "api/v1/campaigns", JsonContent.Create(campaign, options: Json), cancel)).Id;

    public Task<ImportResult> UploadLeadsAsync(Guid campaign, Stream csv, string fileName, CancellationToken cancel)
    {
        var body = new StreamContent(csv);
        body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return SendAsync<ImportResult>(
            pacer, HttpMethod.Post, $"api/v1/campaigns/{campaign}/leads?fileName={Uri.EscapeDataString(fileName)}", body, cancel);
    }

    public Task StartAsync(Guid campaign, CancellationToken cancel) =>
        SendAsync<JsonElement>(pacer, HttpMethod.Post, $"api/v1/campaigns/{campaign}/start", null, cancel);

    public Task<CampaignStatus> GetCampaignAsync(Guid campaign, CancellationToken cancel) =>
        SendAsync<CampaignStatus>(pacer, HttpMethod.Get, $"api/v1/campaigns/{campaign}", null, cancel);

    /// <summary>What must never be so, asked of all services now. Only where a gateway answers for all.</summary>
    public Task<InvariantsReport> GetInvariantsAsync(CancellationToken cancel) =>
        SendAsync<InvariantsReport>(pacer, HttpMethod.Get, "api/v1/invariants", null, cancel);

    /// <summary>The report so far; an empty one until analytics has heard of the campaign.</summary>
    public async Task<CampaignReport> GetReportAsync(Guid campaign, CancellationToken cancel)
    {
        using var response = await analytics.GetAsync($"api/v1/campaigns/{campaign}/report", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? new CampaignReport() : await ReadAsync<CampaignReport>(response, cancel);
    }

    /// <summary>How the campaign's agents spent their time; empty without agents.</summary>
    public async Task<AgentReport> GetAgentsAsync(Guid campaign, CancellationToken cancel)
    {
        using var response = await analytics.GetAsync($"api/v1/campaigns/{campaign}/agents", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? new AgentReport() : await ReadAsync<AgentReport>(response, cancel);
    }

    /// <summary>How many leads wait in the campaign's hopper, how many should, and why.</summary>
    /// <returns>Null for a campaign without one.</returns>
    public async Task<HopperStatus?> GetHopperAsync(Guid campaign, CancellationToken cancel)
    {
        using var response = await pacer.GetAsync($"api/v1/campaigns/{campaign}/hopper", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<HopperStatus>(response, cancel);
    }

    /// <summary>Every lead and every call of a campaign, page by page.</summary>
    /// <param name="imported">How many leads its uploads accepted.</param>
    public async Task<Ledger> GetLedgerAsync(Guid campaign, long imported, CancellationToken cancel)
    {
        var leads = await GetAllAsync<LeadRow>(pacer, $"api/v1/campaigns/{campaign}/leads?limit={PageSize}", cancel);
        var calls = await GetAllAsync<CallRow>(pacer, $"api/v1/calls?campaign={campaign}&limit={PageSize}", cancel);
        return new(imported, [.. leads.Select(lead => lead.ToLedger())], [.. calls.Select(call => call.ToLedger())]);
    }

    public void Dispose()
    {
        pacer.Dispose();
        analytics.Dispose();
        ingress.Dispose();
        agents.Dispose();
    }

    /// <summary>A list's pages, from the one that is named to the last.</summary>
    internal static async Task<List<T>> GetAllAsync<T>(HttpClient client, string path, CancellationToken cancel)
    {
        var all = new List<T>();
        for (var next = path; next is not null;)
        {
            using var response = await client.GetAsync(next, cancel);
            all.AddRange(await ReadAsync<List<T>>(response, cancel));
            next = NextPage(response);
        }
        return all;
    }

    // </api/v1/calls?limit=1000&after=…>; rel="next"
    private static string? NextPage(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && links.FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal)) is { } next
            ? next[(next.IndexOf('<', StringComparison.Ordinal) + 1)..next.IndexOf('>', StringComparison.Ordinal)].TrimStart('/')
            : null;

    internal static async Task<T> SendAsync<T>(HttpClient client, HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await client.SendAsync(request, cancel);
        return await ReadAsync<T>(response, cancel);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode)
            return (await response.Content.ReadFromJsonAsync<T>(Json, cancel))!;

        var asked = response.RequestMessage!;
        var text = await response.Content.ReadAsStringAsync(cancel);
        throw new CommandFailure($"{asked.Method} {asked.RequestUri!.AbsolutePath} was answered {(int)response.StatusCode}: {text}");
    }

    private static HttpClient Client(Uri address, string apiKey, HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        return client;
    }
}
