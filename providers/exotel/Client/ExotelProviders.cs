using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Refit;

namespace Outdial.Providers.Exotel.Client;

/// <summary>The configured accounts as providers.</summary>
internal sealed class ExotelProviders(
    IOptions<ExotelAccounts> accounts, TimeProvider clock, [FromKeyedServices(ProviderHttp.Clock)] TimeProvider networkClock) : IProviderAccounts
{
    /// <summary>A page of 100 calls is under 200 kB.</summary>
    private const long LargestAnswer = 8 * 1024 * 1024;

    // What the network did is told by its own exceptions.
    private static readonly RefitSettings Settings = new() { TransportExceptionFactory = (_, e, _) => e };

    public IReadOnlyList<ITelephonyProvider> All { get; } =
        [.. accounts.Value.ByName.Select(account => new ExotelClient(account.Key, account.Value, Api(account.Value, networkClock), clock))];

    private static IExotelApi Api(ExotelAccount account, TimeProvider clock)
    {
        var limits = new ProviderLimits
        {
            Calls = account.MaxConcurrentCalls,
            Reads = account.MaxConcurrentReads,
            Deadline = account.RequestTimeout,
            LargestAnswer = LargestAnswer,
        };
        var client = ProviderHttp.NewClient(new Uri(account.BaseAddress), limits, clock, isAnswer: _ => false);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.ApiKey}:{account.ApiToken}")));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return RestService.ForGenerated<IExotelApi>(client, Settings);
    }
}
