using System.Net;
using System.Net.Http.Headers;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>HTTP to a PortaSwitch: one shared connection pool.</summary>
internal static class PortaSwitchHttp
{
    public const string ClientName = "portaswitch";

    /// <summary>Larger answers are no answers: a list of 1,000 active calls is under 1 MB.</summary>
    private const long MaxAnswer = 16 * 1024 * 1024;

    public static HttpMessageHandler NewHandler() => new SocketsHttpHandler
    {
        // A redirect would repeat a POST, or turn it into a GET; both are wrong for a call.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,   // the client makes its own spans
    };

    public static HttpClient CreateClient(this IHttpClientFactory http, PortaSwitchAccount account)
    {
        var root = account.BaseAddress.TrimEnd('/');
        var client = http.CreateClient(ClientName);
        client.BaseAddress = new Uri(root.EndsWith("/rest", StringComparison.OrdinalIgnoreCase) ? root + "/" : root + "/rest/");
        client.Timeout = account.RequestTimeout;   // real time, also when the platform's clock is accelerated
        client.MaxResponseContentBufferSize = MaxAnswer;
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }
}
