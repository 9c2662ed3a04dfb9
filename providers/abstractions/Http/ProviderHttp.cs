using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Outdial.Providers;

/// <summary>How much one account's requests may take at once, and for how long. Of one process.</summary>
public sealed record ProviderLimits
{
    /// <summary>Requests for calls that may be on their way. One more is not sent.</summary>
    public required int Calls { get; init; }

    /// <summary>Reads that may be on their way. More wait for their turn.</summary>
    public required int Reads { get; init; }

    /// <summary>The end of a request for a call, and of a read with all its tries.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Bytes. A larger answer is none.</summary>
    public required long LargestAnswer { get; init; }
}

/// <summary>The way of one account's requests to its provider and back.</summary>
/// <remarks>
/// <para>From the outside in:</para>
/// <list type="number">
/// <item>
/// of a request that makes a phone ring: a place among <see cref="ProviderLimits.Calls"/>, its deadline. Nothing else: nothing here repeats it;
/// </item>
/// <item>
/// of a read: the deadline of the whole, the repeats, a place among <see cref="ProviderLimits.Reads"/>, the circuit, the deadline of each try;
/// </item>
/// <item>
/// <see cref="WholeAnswers"/>: what rings goes out once, and the answer is there to its last byte before the deadline of the try is over;
/// </item>
/// <item>the connections.</item>
/// </list>
/// <para>
/// A request rings unless it says by <see cref="Read"/> that it is a read. Repeats here are for a connection that was cut or a provider that
/// stumbles: a few within seconds, none of them remembered. How often an account may be asked in a minute and how long nobody asks after "too
/// many", over all processes, and repeats over minutes are the caller's: enrichment keeps those in its budgets, where each repeat takes a slot of
/// its own, so it asks by <see cref="ITelephonyProvider.Unrepeated"/>; the pacer's look-ups come back by their own deadlines.
/// </para>
/// </remarks>
public static class ProviderHttp
{
    /// <summary>
    /// The key of the clock by which requests wait and end: the machine's, also when the platform's clock is accelerated, because networks are not.
    /// </summary>
    public const string Clock = "provider-http";

    /// <summary>The property of a read. Its value says whether handlers may repeat it; false where the caller does.</summary>
    public const string Read = "outdial.read";

    /// <summary>A provider whose circuit is open is left alone for this long.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private const int Repeats = 2;
    private static readonly HttpRequestOptionsKey<bool> ReadKey = new(Read);

    /// <param name="address">Where the API is.</param>
    /// <param name="isAnswer">Tells a 5xx by which the provider itself answers from one that says that it failed.</param>
    public static HttpClient NewClient(Uri address, ProviderLimits limits, TimeProvider clock, Func<HttpResponseMessage, bool> isAnswer)
    {
        var (calls, reads) = (Calls(limits, clock), Reads(limits, clock, isAnswer));
        var handler = new ResilienceHandler(request => IsRead(request) ? reads : calls)
        {
            InnerHandler = new WholeAnswers(limits.LargestAnswer) { InnerHandler = NewConnections() },
        };
#pragma warning disable RS0030 // The handlers are this account's own, and renew their connections by themselves
        return new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }

    /// <summary>Whether the request says that no phone rings by it.</summary>
    internal static bool IsRead(HttpRequestMessage request) => request.Options.TryGetValue(ReadKey, out _);

    private static ResiliencePipeline<HttpResponseMessage> Calls(ProviderLimits limits, TimeProvider clock) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            // No queue: a call that waited here could be placed when nobody counts on it any more.
            .AddConcurrencyLimiter(limits.Calls, queueLimit: 0)
            .AddTimeout(limits.Deadline)
            .Build();

    private static ResiliencePipeline<HttpResponseMessage> Reads(ProviderLimits limits, TimeProvider clock, Func<HttpResponseMessage, bool> isAnswer)
    {
        var oneTry = limits.Deadline / (Repeats + 1);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddTimeout(limits.Deadline)
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = Repeats,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(0.5),
                MaxDelay = TimeSpan.FromSeconds(5),
                ShouldRetryAfterHeader = true,
                ShouldHandle = retry => ValueTask.FromResult(MayRepeat(retry.Context) && IsWorthRepeating(retry.Outcome)),
            })
            .AddConcurrencyLimiter(limits.Reads, queueLimit: 16 * limits.Reads)
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                ShouldHandle = tried => ValueTask.FromResult(IsFailure(tried.Outcome)),
            })
            .AddTimeout(oneTry)
            .Build();

        static bool MayRepeat(ResilienceContext context) =>
            context.GetRequestMessage() is { } request && request.Options.TryGetValue(ReadKey, out var may) && may;

        // "Too many" is repeated only when the provider itself says that it will soon have room: to ask before would spend what it has none of.
        bool IsWorthRepeating(Outcome<HttpResponseMessage> outcome)
        {
            var wait = outcome.Result is { } response ? ProviderPatience.Of(response, clock) : null;
            return outcome.Result is { StatusCode: HttpStatusCode.TooManyRequests } ? wait <= oneTry : IsFailure(outcome) && !(wait > oneTry);
        }

        bool IsFailure(Outcome<HttpResponseMessage> outcome) => outcome switch
        {
            { Exception: HttpRequestException e } => e.HttpRequestError != HttpRequestError.ConfigurationLimitExceeded,
            { Exception: { } e } => e is TimeoutRejectedException or IOException,
            { Result: { } response } =>
                response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout && !isAnswer(response),
            _ => false,
        };
    }

    private static SocketsHttpHandler NewConnections() => new()
    {
        // A redirect would repeat a POST, or turn it into a GET; both are wrong for a call.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // No spans of the handler: their address would carry phone numbers (Numbers/{number}). The clients make their own.
        ActivityHeadersPropagator = null,
    };
}
