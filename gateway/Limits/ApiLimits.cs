using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Limits;

/// <summary>
/// The limits of the API's lanes: a rate for each client, and a number under way for each client, each service and all together. Requests of
/// providers never come here, so nothing that the API's users do can make a provider wait.
/// </summary>
internal sealed class ApiLimits : IAsyncDisposable
{
    private const string Own = "gateway";
    private readonly PartitionedRateLimiter<string> _rate, _perClient, _perService;
    private readonly ConcurrencyLimiter _all, _uploads, _streams;

    public ApiLimits(IOptions<GatewayOptions> options)
    {
        var limits = options.Value.Limits;
        _rate = PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetTokenBucketLimiter(client, _ => new()
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
        _perClient = Partitioned(limits.ConcurrentPerClient);
        _perService = Partitioned(limits.ConcurrentPerService);
        _all = new(AtMost(limits.Concurrent));
        _uploads = new(AtMost(limits.Uploads));
        _streams = new(AtMost(limits.Streams));
    }

    /// <summary>Room for one request, or what it is refused for.</summary>
    /// <param name="client">Who asks: see <see cref="Clients.Of"/>.</param>
    /// <param name="to">Where it goes; null: the gateway's own address.</param>
    public Room Enter(string client, Destined? to)
    {
        var room = new Room();
        var open = room.Take(_rate.AttemptAcquire(client), "rate") && to?.Lane switch
        {
            LaneKind.Stream => room.Take(_streams.AttemptAcquire(), "streams"),
            LaneKind.Upload => room.Take(_uploads.AttemptAcquire(), "uploads"),
            _ => room.Take(_perClient.AttemptAcquire(client), "client")
                && room.Take(_perService.AttemptAcquire(to?.Service ?? Own), "service")
                && room.Take(_all.AttemptAcquire(), "all"),
        };
        if (!open)
            room.Dispose();
        return room;
    }

    private static PartitionedRateLimiter<string> Partitioned(int most) =>
        PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetConcurrencyLimiter(key, _ => AtMost(most)));

    private static ConcurrencyLimiterOptions AtMost(int most) => new() { PermitLimit = most, QueueLimit = 0 };

    public async ValueTask DisposeAsync()
    {
        await _rate.DisposeAsync();
        await _perClient.DisposeAsync();
        await _perService.DisposeAsync();
        await _all.DisposeAsync();
        await _uploads.DisposeAsync();
        await _streams.DisposeAsync();
    }

    /// <summary>What a request holds while it is under way.</summary>
    public sealed class Room : IDisposable
    {
        private readonly List<RateLimitLease> _leases = [];

        /// <summary>Null: there is room. Else which limit is reached.</summary>
        public string? Full { get; private set; }

        /// <summary>When to try again.</summary>
        public TimeSpan RetryAfter { get; private set; } = TimeSpan.FromSeconds(1);

        public bool Take(RateLimitLease lease, string limit)
        {
            _leases.Add(lease);
            if (lease.IsAcquired)
                return true;
            Full = limit;
            if (lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > RetryAfter)
                RetryAfter = after;
            return false;
        }

        public void Dispose()
        {
            foreach (var lease in _leases)
                lease.Dispose();
            _leases.Clear();
        }
    }
}

/// <summary>
/// Holds requests under <c>/api</c>, and those for the console's pages, to <see cref="ApiLimits"/>; 429 with Retry-After for the rest.
/// </summary>
internal sealed class ApiLimitsMiddleware(RequestDelegate next, ApiLimits limits, GatewayMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var to = Destined.Of(context);
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && to?.Lane != LaneKind.Console)
        {
            await next(context);
            return;
        }
        using var room = limits.Enter(Clients.Of(context), to);
        if (room.Full is null)
        {
            await next(context);
            return;
        }
        metrics.Refused(to?.Lane ?? LaneKind.Api, room.Full);
        context.Response.Headers.RetryAfter = Math.Ceiling(room.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await ApiProblem.Of(StatusCodes.Status429TooManyRequests, room.Full switch
        {
            "rate" => "Too many requests of this client in a short time.",
            "client" => "Too many requests of this client are under way.",
            "streams" => "Too many event streams are open.",
            "uploads" => "Too many uploads are under way.",
            "service" => $"Too many requests to the {to?.Service ?? "gateway"} service are under way.",
            _ => "Too many requests are under way.",
        }).ExecuteAsync(context);
    }
}
