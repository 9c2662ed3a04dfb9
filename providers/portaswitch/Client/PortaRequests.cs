using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>One request to one method, <c>POST /rest/Service/method</c> with <c>{"params": …}</c>. Never repeats anything.</summary>
internal sealed class PortaRequests(PortaSwitchAccount account, IHttpClientFactory http, TimeProvider clock)
{
    private static readonly ActivitySource Source = new("Outdial.Providers.PortaSwitch");

    /// <param name="method">Such as <c>Session/login</c>; names the span, so it carries no value.</param>
    /// <exception cref="HttpRequestException">And the other exceptions of <see cref="HttpClient"/>.</exception>
    public async Task<PortaReply> PostAsync(string method, IReadOnlyDictionary<string, object?> parameters, string? accessToken, CancellationToken cancel)
    {
        using var span = Source.StartActivity($"portaswitch {method}", ActivityKind.Client);
        span?.SetTag("url.template", "/rest/" + method);
        try
        {
            using var client = http.CreateClient(account);
            using var request = new HttpRequestMessage(HttpMethod.Post, method) { Content = JsonContent.Create(new { @params = parameters }) };
            if (accessToken is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            using var response = await client.SendAsync(request, cancel);
            var reply = await PortaReply.ReadAsync(response, clock, cancel);
            span?.SetTag("http.response.status_code", reply.Status);
            if (!reply.Succeeded)
                span?.SetTag("error.type", reply.FaultCode ?? "http").SetStatus(ActivityStatusCode.Error);
            return reply;
        }
        catch (Exception e)
        {
            span?.SetTag("error.type", e.GetType().Name).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>What the network did, as opposed to a bug.</summary>
    public static bool IsOfTheNetwork(Exception e) => e is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException;

    /// <summary>The request never left us.</summary>
    public static bool NothingWasSent(Exception e) => e is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
    };
}
