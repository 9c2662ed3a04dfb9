using System.Net;

namespace Outdial.Cli.Api;

/// <summary>
/// Asks again when a platform that is being killed, moved or started does not answer a question. Only questions: what changes something
/// is sent once.
/// </summary>
/// <param name="patience">How long, in real time.</param>
/// <param name="time">The machine's clock.</param>
public sealed class PatientHandler(TimeSpan patience, TimeProvider time) : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
            return await base.SendAsync(request, cancellationToken);
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (!IsAway(response.StatusCode) || time.GetElapsedTime(started) > patience)
                    return response;
                response.Dispose();
            }
            catch (HttpRequestException) when (time.GetElapsedTime(started) <= patience)
            {
                // Asked again below.
            }
            await Task.Delay(BetweenTries, time, cancellationToken);
        }
    }

    private static bool IsAway(HttpStatusCode status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
