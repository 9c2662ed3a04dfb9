using System.Net;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What came back from a GET that the flow waited for.</summary>
/// <param name="Status">null when there was no answer in time; <paramref name="Problem"/> says why.</param>
public sealed record Asked(int? Status, string? ContentType, string Body, string? Problem)
{
    public static Asked Never { get; } = new(null, null, "", "lost");
}

/// <summary>Makes the requests whose answers steer a flow. The time for the answer is real time.</summary>
public sealed class FlowClient : IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private readonly HttpClient _http;

    public FlowClient(IOptions<SimulatorOptions> options) =>
#pragma warning disable RS0030 // One client for the life of the process, with the manners of a provider
        _http = new HttpClient(new SocketsHttpHandler
#pragma warning restore RS0030
        {
            AllowAutoRedirect = false,   // 302 is an answer of its own
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = options.Value.CallbackConnections,
            ActivityHeadersPropagator = null,   // a provider is no part of its client's traces
        })
        { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };

    /// <param name="versioned">Sends <c>Exotel-Version</c>, as Programmable Connect does.</param>
    public static HttpRequestMessage Request(Uri address, bool versioned)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (versioned)
            request.Headers.Add("Exotel-Version", "1.0");
        return request;
    }

    public async Task<Asked> Ask(Uri address, bool versioned, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        try
        {
            using var request = Request(address, versioned);
            using var response = await _http.SendAsync(request, limit.Token);
            var wanted = response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(limit.Token) : "";
            return new Asked((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, wanted, null);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Asked(null, null, "", "timeout");
        }
        catch (HttpRequestException e)
        {
            return new Asked(null, null, "", e.HttpRequestError.ToString());
        }
    }

    public void Dispose() => _http.Dispose();
}
