using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>Section <c>Streams</c>: event streams open at the same time, at each process that they pass.</summary>
public sealed class StreamOptions
{
    public const string Section = "Streams";

    /// <summary>Those that one key has open. One key for a desk that shows all agents needs as many as there are.</summary>
    [Range(1, 100_000)] public int PerKey { get; init; } = 100;

    /// <summary>
    /// Those of one agent, whoever reads them. More than a few, because one that a network lost is known to be over only after a while.
    /// </summary>
    [Range(1, 10_000)] public int PerAgent { get; init; } = 10;
}

/// <summary>
/// The event streams that are open here: each asks the database again and again, so a key and an agent have so many and no more, and a stream
/// ends with the key that opened it.
/// </summary>
public sealed class OpenStreams : IDisposable
{
    private readonly StreamOptions _options;
    private readonly KeyWatch _keys;
    private readonly PartitionedRateLimiter<string> _perKey;
    private readonly PartitionedRateLimiter<Guid> _perAgent;

    public OpenStreams(IOptions<StreamOptions> options, KeyWatch keys)
    {
        (_options, _keys) = (options.Value, keys);
        _perKey = AtMost<string>(_options.PerKey);
        _perAgent = AtMost<Guid>(_options.PerAgent);
    }

    /// <summary>Takes room for a stream. For requests that have been let in: a stranger must not take an agent's.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="agent">Whose stream it is; null: nobody's in particular.</param>
    public OpenStream Enter(HttpContext context, Guid? agent)
    {
        var ofKey = _perKey.AttemptAcquire(Clients.Of(context));
        if (!ofKey.IsAcquired)
            return OpenStream.Full(context, "key", $"This key has {_options.PerKey} event streams open, and may have no more.", ofKey);
        var ofAgent = agent is { } id ? _perAgent.AttemptAcquire(id) : null;
        return ofAgent is { IsAcquired: false }
            ? OpenStream.Full(context, "agent", $"Agent {agent} has {_options.PerAgent} event streams open, and may have no more.", ofKey, ofAgent)
            : OpenStream.Open(_keys.Watch(context), ofKey, ofAgent);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _perKey.Dispose();
        _perAgent.Dispose();
    }

    private static PartitionedRateLimiter<T> AtMost<T>(int most) where T : notnull => PartitionedRateLimiter.Create<T, T>(one =>
        RateLimitPartition.GetConcurrencyLimiter(one, _ => new() { PermitLimit = most, QueueLimit = 0 }));
}

/// <summary>Room for one stream until it is disposed, or the reason why there is none.</summary>
public sealed class OpenStream : IDisposable
{
    private readonly IDisposable?[] _held;

    private OpenStream(IDisposable?[] held) => _held = held;

    /// <summary>What to answer instead of a stream, with <c>Retry-After</c> set; null: there is room.</summary>
    public ProblemHttpResult? Refused { get; private init; }

    /// <summary>Which limit is reached, <c>key</c> or <c>agent</c>; null: none.</summary>
    public string? Limit { get; private init; }

    /// <summary>Cancelled when the key that opened the stream is good no longer.</summary>
    public CancellationToken KeyEnded { get; private init; }

    internal static OpenStream Open(WatchedKey key, params IDisposable?[] held) => new([key, .. held]) { KeyEnded = key.Ended };

    internal static OpenStream Full(HttpContext context, string limit, string sentence, params IDisposable?[] held)
    {
        context.Response.Headers.RetryAfter = "5";
        return new(held) { Limit = limit, Refused = ApiProblem.Of(StatusCodes.Status429TooManyRequests, sentence) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in _held)
            held?.Dispose();
    }
}
