using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace Outdial.Providers;

/// <summary>What is known of a request that brought no answer.</summary>
public static class ProviderFailure
{
    /// <summary>What the network did, or our own limits, as opposed to a bug.</summary>
    public static bool IsOfTheWay(Exception e) =>
        e is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException or ExecutionRejectedException;

    /// <summary>The same of a read, whose caller still waits.</summary>
    public static bool EndedRead(Exception e, CancellationToken cancel) =>
        IsOfTheWay(e) && !(e is OperationCanceledException && cancel.IsCancellationRequested);

    /// <summary>The request never left us.</summary>
    public static bool NothingWasSent(Exception e) => e is RateLimiterRejectedException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError
    };

    /// <summary>A request for a call that was not sent: a sentence for the record. Of no other.</summary>
    public static string WhyNotSent(Exception e) => e is HttpRequestException unreached
        ? $"The provider could not be reached ({unreached.HttpRequestError})."
        : "As many requests for calls are on their way as the account may have calls; this one was not sent.";

    /// <summary>A read that brought nothing.</summary>
    public static ProviderException OfRead(Exception e) => e switch
    {
        BrokenCircuitException => new("The provider failed too often and is left alone for a moment.", null, ProviderHttp.Break, e),
        RateLimiterRejectedException => new("Too many reads of the account wait already.", null, TimeSpan.FromSeconds(1), e),
        _ => new($"The provider could not be asked ({e.GetType().Name}).", null, null, e),
    };
}

/// <summary>How long a provider asks to be left alone.</summary>
public static class ProviderPatience
{
    /// <summary>Null when it does not say, or the time is over.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
    {
        var header = response.Headers.RetryAfter;
        var after = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return after > TimeSpan.Zero ? after : null;
    }
}
