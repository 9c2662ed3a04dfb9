using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>What the commands need of Outdial's HTTP API.</summary>
/// <remarks>Services may be asked at addresses of their own; behind one address, all three are the same.</remarks>
public sealed class OutdialApi(HttpClient pacer, HttpClient analytics) : IDisposable
{
    private const int PageSize = 1000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="pacer">Where campaigns, leads and calls are served.</param>
    /// <param name="analytics">Where reports are served; the same address when everything runs in one process.</param>
    /// <param name="apiKey">A key that may operate campaigns.</param>
    public static OutdialApi At(Uri pacer, Uri analytics, string apiKey) => new(Client(pacer, apiKey), Client(analytics, apiKey));

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var one = await pacer.GetAsync("health/ready", cancel);
            using var other = await analytics.GetAsync("health/ready", cancel);
            return one.IsSuccessStatusCode && other.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Makes a number of ours known, or changes what is known of it.</summary>
    public Task PutCallerIdAsync(CallerId callerId, CancellationToken cancel) =>
        SendAsync<JsonElement>(pacer, HttpMethod.Put, $"api/v1/caller-ids/{Uri.EscapeDataString(callerId.Number)}", JsonContent.Create(callerId, options: Json), cancel);

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

    public Task<CampaignReport> GetReportAsync(Guid campaign, CancellationToken cancel) =>
        SendAsync<CampaignReport>(analytics, HttpMethod.Get, $"api/v1/campaigns/{campaign}/report", null, cancel);

    /// <summary>Every lead and every call of a campaign, page by page.</summary>
    /// <param name="imported">How many leads its uploads accepted.</param>
    public async Task<Ledger> GetLedgerAsync(Guid campaign, long imported, CancellationToken cancel)
    {
        var leads = await GetAllAsync<LeadRow>($"api/v1/campaigns/{campaign}/leads", cancel);
        var calls = await GetAllAsync<CallRow>($"api/v1/calls?campaign={campaign}", cancel);
        return new(imported, [.. leads.Select(lead => lead.ToLedger())], [.. calls.Select(call => call.ToLedger())]);
    }

    public void Dispose()
    {
        pacer.Dispose();
        analytics.Dispose();
    }

    private async Task<List<T>> GetAllAsync<T>(string path, CancellationToken cancel)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var separator = path.Contains('?') ? '&' : '?';
            var page = await SendAsync<Page<T>>(
                pacer, HttpMethod.Get, $"{path}{separator}limit={PageSize}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", null, cancel);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static async Task<T> SendAsync<T>(HttpClient client, HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await client.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(cancel);
            throw new CommandFailure($"{method} /{path.Split('?')[0]} was answered {(int)response.StatusCode}: {text}");
        }
        if (response.Content.Headers.ContentLength == 0 || response.StatusCode == System.Net.HttpStatusCode.NoContent)
            return default!;
        return (await response.Content.ReadFromJsonAsync<T>(Json, cancel))!;
    }

    private static HttpClient Client(Uri address, string apiKey)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        return client;
    }
}
