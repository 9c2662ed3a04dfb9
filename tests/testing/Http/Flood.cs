using System.Net;

namespace Outdial.Testing;

/// <summary>
/// Limits that count by the second are real time: how many requests a machine manages in one is its own affair, and the one after a refused one may
/// be served again.
/// </summary>
public static class Flood
{
    /// <summary>Asks, one request after the other, until one is refused for being too many. All before it were answered as they should.</summary>
    /// <returns>The refused one's answer.</returns>
    /// <exception cref="InvalidOperationException">One was answered otherwise, none was served, or none was refused in time.</exception>
    public static async Task<HttpResponseMessage> UntilRefused(Func<int, Task<HttpResponseMessage>> ask, HttpStatusCode served = HttpStatusCode.OK)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; TimeProvider.System.GetElapsedTime(began) < Eventually.Patience; i++)
        {
            var answer = await ask(i);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests && i > 0)
                return answer;
            if (answer.StatusCode != served)
                throw new InvalidOperationException($"Request {i + 1} was answered {(int)answer.StatusCode} instead of {(int)served}.");
            answer.Dispose();
        }
        throw new InvalidOperationException("No request was refused.");
    }
}
