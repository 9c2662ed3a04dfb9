using System.Collections.Concurrent;

namespace Outdial.Testing;

/// <summary>A program that sends requests all the time, several kinds at once, and none of them twice. It counts what becomes of them.</summary>
public sealed class SteadyLoad
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Task _sending;
    private int _answered;

    private SteadyLoad(HttpClient client, IEnumerable<Func<HttpRequestMessage>> kinds)
    {
        _client = client;
        _sending = Task.WhenAll(kinds.Select(SendAsync).ToList());   // they begin at once, with the client
    }

    /// <summary>How many requests were answered with success.</summary>
    public int Answered => _answered;

    /// <summary>The others: what was asked, and what came of it.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <param name="client">With address and key; disposed of at the end.</param>
    /// <param name="kinds">Each makes the next request of its kind.</param>
    public static SteadyLoad Begin(HttpClient client, params IEnumerable<Func<HttpRequestMessage>> kinds) => new(client, kinds);

    /// <summary>Sends nothing more, and waits for the answers to what was sent.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _sending;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(Func<HttpRequestMessage> next)
    {
        using var pace = new PeriodicTimer(Between, TimeProvider.System);
        do
        {
            using var request = next();
            try
            {
                using var answer = await _client.SendAsync(request);
                if (answer.IsSuccessStatusCode)
                    Interlocked.Increment(ref _answered);
                else
                    _lost.Enqueue($"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                _lost.Enqueue($"{request.Method} {request.RequestUri}: {e.Message}");
            }
        }
        while (await TicksAsync(pace));
    }

    /// <returns>False: it has ended.</returns>
    private async Task<bool> TicksAsync(PeriodicTimer pace)
    {
        try
        {
            return await pace.WaitForNextTickAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
