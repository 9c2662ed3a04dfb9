using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Polly;

namespace Outdial.Cli.Api;

/// <summary>Clients of the API, and what takes more than one of its requests.</summary>
public static class OutdialApi
{
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
        return new ClientApi(client);
    }

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
        var leads = await api.GetLeadsAsync(campaign, cancel);
        var calls = await api.GetCallsAsync(campaign, cancel);
        return new(imported, [.. leads.Select(lead => lead.ToLedger())], [.. calls.Select(call => call.ToLedger())]);
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
}
