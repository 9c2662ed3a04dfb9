using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.Http.Resilience;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Polly;
using Refit;

namespace Outdial.Cli.Api;

/// <summary>Clients of the API, and what takes more than one of its requests.</summary>
public static class OutdialApi
{
    private const int PageSize = 1000;

    /// <param name="apiKey">An admin's key.</param>
    public static IOutdialApi At(Uri address, string apiKey) => Over(new SocketsHttpHandler(), address, apiKey);

    /// <summary>
    /// Behind a gateway whose services come and go: questions are asked again for a minute while nobody answers them. What changes
    /// something is sent once.
    /// </summary>
    public static IOutdialApi Patient(Uri gateway, string apiKey, HttpMessageHandler? handler = null)
    {
        var again = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 120,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Constant,
            UseJitter = false,
            ShouldRetryAfterHeader = false,
            ShouldHandle = tried => ValueTask.FromResult(tried.Outcome is { Exception: HttpRequestException }
                or { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout }),
        };
        again.DisableForUnsafeHttpMethods();
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(again).Build();
        return Over(new ResilienceHandler(pipeline) { InnerHandler = handler ?? new SocketsHttpHandler() }, gateway, apiKey);
    }

    /// <summary>By other means of sending.</summary>
    public static IOutdialApi Over(HttpMessageHandler handler, Uri address, string apiKey)
    {
        var client = JsonApi.Client(handler, address, TimeSpan.FromMinutes(2));
        client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        return RestService.ForGenerated<IOutdialApi>(client, JsonApi.Settings);
    }

    /// <summary>All numbers of ours that Outdial knows.</summary>
    public static Task<List<CallerId>> GetCallerIdsAsync(this IOutdialApi api, CancellationToken cancel) =>
        AllAsync(after => api.PageCallerIdsAsync(PageSize, after, cancel));

    /// <summary>Changes what is known of a number of ours.</summary>
    public static Task PutCallerIdAsync(this IOutdialApi api, CallerId callerId, CancellationToken cancel) =>
        api.PutCallerIdsAsync([callerId], cancel);

    /// <returns>The new campaign's id.</returns>
    public static async Task<Guid> CreateCampaignAsync(this IOutdialApi api, object campaign, CancellationToken cancel) =>
        (await api.PostCampaignAsync(campaign, cancel)).Id;

    /// <summary>The report so far; an empty one until analytics has heard of the campaign.</summary>
    public static async Task<CampaignReport> GetReportAsync(this IOutdialApi api, Guid campaign, CancellationToken cancel) =>
        await FoundAsync(api.ReadReportAsync(campaign, cancel)) ?? new();

    /// <summary>How the campaign's agents spent their time; empty without agents.</summary>
    public static async Task<AgentReport> GetAgentsAsync(this IOutdialApi api, Guid campaign, CancellationToken cancel) =>
        await FoundAsync(api.ReadAgentsAsync(campaign, cancel)) ?? new();

    /// <summary>How many leads wait in the campaign's hopper, how many should, and why.</summary>
    /// <returns>Null for a campaign without one.</returns>
    public static Task<HopperStatus?> GetHopperAsync(this IOutdialApi api, Guid campaign, CancellationToken cancel) =>
        FoundAsync(api.ReadHopperAsync(campaign, cancel));

    /// <summary>Every lead and every call of a campaign, page by page.</summary>
    /// <param name="imported">How many leads its uploads accepted.</param>
    public static async Task<Ledger> GetLedgerAsync(this IOutdialApi api, Guid campaign, long imported, CancellationToken cancel)
    {
        var leads = await AllAsync(after => api.PageLeadsAsync(campaign, PageSize, after, cancel));
        var calls = await AllAsync(after => api.PageCallsAsync(campaign, PageSize, after, cancel));
        return new(imported, [.. leads.Select(lead => lead.ToLedger())], [.. calls.Select(call => call.ToLedger())]);
    }

    /// <param name="phone">The agent's own phone, as people write it.</param>
    /// <param name="campaign">The campaign that the agent works for.</param>
    public static async Task<Guid> CreateAgentAsync(this IOutdialApi api, string name, string phone, Guid campaign, CancellationToken cancel) =>
        (await api.PostAgentAsync(new(name, phone, [campaign]), cancel)).Id;

    /// <summary>Signs in an agent whose phone is rung for each call.</summary>
    public static Task<AgentSession> SignInByPhoneAsync(this IOutdialApi api, Guid agent, CancellationToken cancel) =>
        api.SignInAsync(agent, new("phone"), cancel);

    /// <summary>All open sessions.</summary>
    public static Task<List<AgentSession>> GetSessionsAsync(this IOutdialApi api, CancellationToken cancel) =>
        AllAsync(after => api.PageSessionsAsync(PageSize, after, cancel));

    /// <summary>An agent's screen: a snapshot, then what changes, until the connection ends.</summary>
    public static async IAsyncEnumerable<ScreenEvent> StreamAsync(this IOutdialApi api, Guid agent, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await api.OpenStreamAsync(agent, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var events = SseParser.Create(body, (_, data) => data.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(data));
        await foreach (var item in events.EnumerateAsync(cancel))
        {
            if (item.Data.ValueKind == JsonValueKind.Object)
                yield return new ScreenEvent(item.EventType, item.Data.GetProperty("at").GetDateTimeOffset(), item.Data.GetProperty("body"));
        }
    }

    private static async Task<T?> FoundAsync<T>(Task<T> asked) where T : class
    {
        try
        {
            return await asked;
        }
        catch (CommandFailure failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>A list's pages, from the first to the last.</summary>
    private static async Task<List<T>> AllAsync<T>(Func<string?, Task<IApiResponse<List<T>>>> ask)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            using var page = await ask(after);
            all.AddRange(page.Content ?? throw new CommandFailure($"{page.RequestMessage?.RequestUri?.AbsolutePath} did not answer with a list."));
            after = After(page);
        }
        while (after is not null);
        return all;
    }

    // </api/v1/calls?limit=1000&after=…>; rel="next"
    private static string? After(IApiResponse page) =>
        page.Headers!.TryGetValues("Link", out var links)
        && links.FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal)) is { } next
            ? HttpUtility.ParseQueryString(next.Split('<', '>')[1].Split('?', 2)[1])["after"]
            : null;
}
