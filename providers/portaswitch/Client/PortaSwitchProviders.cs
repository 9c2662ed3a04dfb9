using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outdial.Providers.PortaSwitch.Session;
using Refit;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>The configured accounts as providers.</summary>
internal sealed class PortaSwitchProviders(
    IOptions<PortaSwitchAccounts> accounts, TimeProvider clock, [FromKeyedServices(ProviderHttp.Clock)] TimeProvider networkClock) : IProviderAccounts
{
    /// <summary>A list of 1,000 active calls is under 1 MB.</summary>
    private const long LargestAnswer = 16 * 1024 * 1024;

    private static readonly RefitSettings Settings = new(new SystemTextJsonContentSerializer(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    }))
    {
        TransportExceptionFactory = (_, e, _) => e,   // what the network did is told by its own exceptions
    };

    public IReadOnlyList<ITelephonyProvider> All { get; } = [.. accounts.Value.ByName.Select(named =>
    {
        var requests = new PortaRequests(Api(named.Value, networkClock), clock);
        return new PortaSwitchClient(named.Key, named.Value, requests, new PortaSession(named.Value, requests, clock));
    })];

    private static IPortaSwitchApi Api(PortaSwitchAccount account, TimeProvider clock)
    {
        var limits = new ProviderLimits
        {
            Calls = account.MaxConcurrentCalls,
            Reads = account.MaxConcurrentReads,
            Deadline = account.RequestTimeout,
            LargestAnswer = LargestAnswer,
        };
        var root = account.BaseAddress.TrimEnd('/');
        var address = new Uri(root.EndsWith("/rest", StringComparison.OrdinalIgnoreCase) ? root : root + "/rest");
        // A fault comes with status 500, and in JSON: that is the switch itself, and a session that has ended is one.
        var client = ProviderHttp.NewClient(address, limits, clock, isAnswer: response =>
            response is { StatusCode: HttpStatusCode.InternalServerError, Content.Headers.ContentType.MediaType: "application/json" });
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return RestService.ForGenerated<IPortaSwitchApi>(client, Settings);
    }
}
