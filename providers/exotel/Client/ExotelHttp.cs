using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Outdial.Providers.Exotel.Client;

/// <summary>HTTP to Exotel: one shared connection pool, one set of credentials per account.</summary>
internal static class ExotelHttp
{
    public const string ClientName = "exotel";

    /// <summary>Larger answers are no answers: a page of 100 calls is under 200 kB.</summary>
    private const long MaxAnswer = 8 * 1024 * 1024;

    public static HttpMessageHandler NewHandler() => new SocketsHttpHandler
    {
        // A redirect would repeat a POST, or turn it into a GET; both are wrong for a call.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // No spans of the handler: their address would carry phone numbers (Numbers/{number}). The client makes its own.
        ActivityHeadersPropagator = null,
    };

    public static HttpClient CreateClient(this IHttpClientFactory http, ExotelAccount account)
    {
        var client = http.CreateClient(ClientName);
        client.BaseAddress = new Uri(account.BaseAddress.EndsWith('/') ? account.BaseAddress : account.BaseAddress + "/");
        client.Timeout = account.RequestTimeout;   // real time, also when the platform's clock is accelerated
        client.MaxResponseContentBufferSize = MaxAnswer;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.ApiKey}:{account.ApiToken}")));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }
}
