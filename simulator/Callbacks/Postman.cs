using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>A request of ours that is due.</summary>
/// <param name="Key">Requests with the same key are sent one after the other, in order.</param>
/// <param name="Request">Makes the request anew for every try.</param>
/// <param name="Repeats">Whether it is tried again when it is not answered 2xx.</param>
public sealed record Letter(string Key, Func<HttpRequestMessage> Request, CallbackRecord Record, IRecordedCall? Call, bool Repeats);

/// <summary>
/// Sends callbacks: many connections at once, those of one call in order. Each lane is a bounded queue with one sender;
/// when a lane is full its letter goes back on the agenda, so a receiver that hangs costs no memory.
/// </summary>
public sealed partial class Postman : BackgroundService
{
    private const int LaneCapacity = 1024;
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(1);

    private readonly Agenda _agenda;
    private readonly TimeProvider _clock;
    private readonly SimulatorOptions _options;
    private readonly ILogger<Postman> _log;
    private readonly HttpClient _http;
    private readonly Channel<Letter>[] _lanes;
    private int _inHand;

    public Postman(Agenda agenda, TimeProvider clock, IOptions<SimulatorOptions> options, ILogger<Postman> log)
    {
        (_agenda, _clock, _options, _log) = (agenda, clock, options.Value, log);
        _lanes = [.. Enumerable.Range(0, _options.CallbackConnections).Select(_ =>
            Channel.CreateBounded<Letter>(new BoundedChannelOptions(LaneCapacity) { SingleReader = true }))];
#pragma warning disable RS0030 // One client for the life of the process, with the manners of a provider
        _http = new HttpClient(new SocketsHttpHandler
#pragma warning restore RS0030
        {
            AllowAutoRedirect = false,   // a redirect is no 2xx, and counts as a failure
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = _options.CallbackConnections,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,   // some have letters beyond ASCII
            ActivityHeadersPropagator = null,   // a provider is no part of its client's traces
        })
        { Timeout = _options.CallbackTimeout };
    }

    public void Post(Letter letter)
    {
        var lane = _lanes[(int)((uint)letter.Key.GetHashCode(StringComparison.Ordinal) % _lanes.Length)];
        Interlocked.Increment(ref _inHand);
        if (lane.Writer.TryWrite(letter))
            return;
        Interlocked.Decrement(ref _inHand);
        _agenda.At(_clock.GetUtcNow() + WhenFull, () => Post(letter));
    }

    /// <summary>How many letters are due and not delivered, in vain or not.</summary>
    public int InHand => Volatile.Read(ref _inHand);

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_lanes.Select(lane => Serve(lane.Reader, stoppingToken)));

    private async Task Serve(ChannelReader<Letter> lane, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await foreach (var letter in lane.ReadAllAsync(stop))
            {
                await Deliver(letter, stop);
                Interlocked.Decrement(ref _inHand);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(_log, lane.Count);
        }
    }

    private async Task Deliver(Letter letter, CancellationToken stop)
    {
        var attempt = await Try(letter, stop);
        var done = attempt.Status is >= 200 and < 300;
        var retries = _options.CallbackRetries.Count > 0 ? (IReadOnlyList<TimeSpan>)[.. _options.CallbackRetries]
            : SimulatorOptions.DefaultCallbackRetries;
        lock ((object?)letter.Call?.Callbacks ?? letter.Record)
        {
            letter.Record.Tries.Add(attempt);
            var again = !done && letter.Repeats && letter.Record.Tries.Count <= retries.Count;
            letter.Record.GivenUp = !done && !again;
            if (again)
                _agenda.At(attempt.At + retries[letter.Record.Tries.Count - 1], () => Post(letter));
        }
        letter.Call?.FirstCallback.TrySetResult();
    }

    private async Task<CallbackTry> Try(Letter letter, CancellationToken stop)
    {
        var at = _clock.GetUtcNow();
        try
        {
            using var request = letter.Request();
            using var response = await _http.SendAsync(request, stop);
            return new CallbackTry(at, (int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new CallbackTry(at, null, "timeout");
        }
        catch (HttpRequestException e)
        {
            return new CallbackTry(at, null, e.HttpRequestError.ToString());
        }
    }

    // Neither address nor number: the one carries a token, the other is a person's.
    [LoggerMessage(EventId = 7001, Level = LogLevel.Debug, Message = "A callback lane stops with {Waiting} letters unsent")]
    private static partial void LogStopped(ILogger log, int waiting);
}
