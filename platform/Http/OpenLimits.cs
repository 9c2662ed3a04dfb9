using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>Section <c>Open</c>: what anybody may ask for without a key (metrics, the description of the API), and how much of it at once.</summary>
public sealed class OpenOptions
{
    public const string Section = "Open";

    /// <summary>Such requests under way at the same time.</summary>
    [Range(1, 10_000)] public int Concurrent { get; init; } = 16;

    /// <summary>Of them those of one address.</summary>
    [Range(1, 10_000)] public int ConcurrentPerAddress { get; init; } = 8;

    /// <summary>Such requests per second that one address may send for long.</summary>
    [Range(1, 1_000_000)] public int RequestsPerSecond { get; init; } = 20;

    /// <summary>Such requests that one address may send at once after a pause.</summary>
    [Range(1, 1_000_000)] public int Burst { get; init; } = 60;
}

/// <summary>
/// The limit of what is open to all. Health is not under it: its answer costs nothing, and a probe that is refused would end a process that
/// is well.
/// </summary>
internal sealed class OpenLimits : IDisposable
{
    // Whoever reads more slowly holds a place that others wait for. Prometheus itself gives up sooner.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly PartitionedRateLimiter<string> _rate, _perAddress;
    private readonly ConcurrencyLimiter _all;

    public OpenLimits(IOptions<OpenOptions> options)
    {
        var limits = options.Value;
        _rate = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
        _perAddress = PartitionedRateLimiter.Create<string, string>(address =>
            RateLimitPartition.GetConcurrencyLimiter(address, _ => new() { PermitLimit = limits.ConcurrentPerAddress, QueueLimit = 0 }));
        _all = new(new() { PermitLimit = limits.Concurrent, QueueLimit = 0 });
    }

    /// <summary>Takes room for a request until it is over, its answer read by its sender.</summary>
    /// <returns>Null: there was room. Else what to answer, with <c>Retry-After</c> set.</returns>
    public ProblemHttpResult? Refuse(HttpContext context)
    {
        var address = Clients.AddressOf(context);
        if (!Take(context, _rate.AttemptAcquire(address), out var after) || !Take(context, _perAddress.AttemptAcquire(address), out after))
            return Refused(context, after, StatusCodes.Status429TooManyRequests, "Too many requests from this address.");
        if (!Take(context, _all.AttemptAcquire(), out after))
            return Refused(context, after, StatusCodes.Status503ServiceUnavailable, "Too many requests for what is open to all are under way.");
        var late = new CancellationTokenSource(Longest, TimeProvider.System);
        context.Response.RegisterForDispose(late);
        late.Token.Register(static request => ((HttpContext)request!).Abort(), context);
        return null;
    }

    public void Dispose()
    {
        _rate.Dispose();
        _perAddress.Dispose();
        _all.Dispose();
    }

    private static bool Take(HttpContext context, RateLimitLease lease, out TimeSpan after)
    {
        context.Response.RegisterForDispose(lease);
        after = lease.TryGetMetadata(MetadataName.RetryAfter, out var said) && said > TimeSpan.FromSeconds(1) ? said : TimeSpan.FromSeconds(1);
        return lease.IsAcquired;
    }

    private static ProblemHttpResult Refused(HttpContext context, TimeSpan after, int status, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ApiProblem.Of(status, detail);
    }
}

/// <summary>Registration of the limit, and the mark of what is under it.</summary>
public static class OpenToAll
{
    internal static void AddOpenLimits(this IServiceCollection services)
    {
        services.AddOptions<OpenOptions>().BindConfiguration(OpenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OpenLimits>();
    }

    /// <summary>Lets anybody ask, as often as <see cref="OpenOptions"/> says; 429 or 503 with <c>Retry-After</c> beyond that.</summary>
    public static T OpenWithinLimits<T>(this T route) where T : IEndpointConventionBuilder => route.AllowAnonymous().ExcludeFromDescription()
        .AddEndpointFilter(async (call, next) =>
            call.HttpContext.RequestServices.GetRequiredService<OpenLimits>().Refuse(call.HttpContext) is { } refused ? refused : await next(call));
}
