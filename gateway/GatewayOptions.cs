using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Routing;
using Outdial.Platform;

namespace Outdial.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>
    /// Service to its replicas' addresses, separated by <c>;</c>. A name in one stands for every address that DNS has for it. A service without an
    /// address is answered for with 503.
    /// </summary>
    public Dictionary<string, string> Services { get; init; } = new(ServiceName.Comparer);

    /// <summary>
    /// Where there is no DNS that tells who stands behind a name: a file that does, of <c>http://pacer</c> as
    /// <c>{"Services": {"pacer": {"http": ["http://10.0.0.5:8080"]}}}</c>. It is read again when it changes. Null: there is none.
    /// </summary>
    public string? ReplicasFile { get; init; }

    /// <summary>
    /// Whose <c>X-Forwarded-For</c> is believed, as CIDR: the load balancers in front of the gateway. None: nobody's, the connection tells the
    /// address.
    /// </summary>
    public List<string> TrustedProxies { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    public KeyOptions Keys { get; init; } = new();

    /// <summary>For so long it is kept who changed what through the API.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan KeepActs { get; init; } = TimeSpan.FromDays(400);

    /// <summary>The addresses of a service, as they are configured; empty when none is.</summary>
    public IReadOnlyList<string> AddressesOf(string service) => Services.GetValueOrDefault(service) is { } text
        ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [];
}

/// <summary>Section <c>Gateway:Limits</c>. Bytes, counts and real time.</summary>
public sealed class LimitOptions
{
    /// <summary>Until an API request must have begun to be answered. Its body may then take as long as it flows.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")] public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which an upload is given up; the upload as a whole has no limit of time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan UploadSilence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Until a webhook is answered, all tries together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")] public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one replica is given for a webhook before another is asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")] public TimeSpan WebhookTry { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Until DialWhom is answered, all tries together; after it the provider hears "nobody". The provider waits five seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")] public TimeSpan DialWhomTimeout { get; init; } = TimeSpan.FromSeconds(4.5);

    /// <summary>How long one replica is given for DialWhom before another is asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")] public TimeSpan DialWhomTry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection to a replica may take to open.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")] public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest body of an API request.</summary>
    [Range(1_024, long.MaxValue)] public long ApiBodyBytes { get; init; } = 1 << 20;

    /// <summary>Largest upload of leads; it is passed on as it comes. The pacer has a limit of its own (<c>Imports:MaxBytes</c>).</summary>
    [Range(1_024, long.MaxValue)] public long UploadBodyBytes { get; init; } = (1L << 30) + (1 << 20);

    /// <summary>Largest body of a webhook; it is held in memory so that another replica can be tried.</summary>
    [Range(1_024, 10_485_760)] public int WebhookBodyBytes { get; init; } = 256 * 1024;

    /// <summary>API requests per second that one client may send for long. A client is a key, or an address where there is no good key.</summary>
    [Range(1, 1_000_000)] public int RequestsPerSecond { get; init; } = 100;

    /// <summary>API requests that one client may send at once after a pause.</summary>
    [Range(1, 1_000_000)] public int Burst { get; init; } = 300;

    /// <summary>API requests of one client under way at the same time; streams and uploads not counted.</summary>
    [Range(1, 100_000)] public int ConcurrentPerClient { get; init; } = 64;

    /// <summary>API requests to one service under way at the same time: a service that hangs takes no more than these.</summary>
    [Range(1, 100_000)] public int ConcurrentPerService { get; init; } = 128;

    /// <summary>API requests under way at the same time.</summary>
    [Range(1, 100_000)] public int Concurrent { get; init; } = 512;

    /// <summary>Uploads under way at the same time.</summary>
    [Range(1, 10_000)] public int Uploads { get; init; } = 8;

    /// <summary>Open event streams: one for each agent's screen and one for each watcher.</summary>
    [Range(1, 1_000_000)] public int Streams { get; init; } = 2_000;
}

/// <summary>Section <c>Gateway:Health</c>: how replicas are watched.</summary>
public sealed class HealthOptions
{
    /// <summary>How often each replica is asked whether it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until it must have answered; two failures in a row take it out.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica that could not be reached by a request is left alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan LeaveAlone { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often names of replicas are looked up again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan LookUp { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Section <c>Gateway:Keys</c>: how this process keeps up with the key store.</summary>
public sealed class KeyOptions
{
    /// <summary>How often all keys are read again: so long may a key revoked at another replica work here.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long keys that were read before are believed while the database is away.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan TrustFor { get; init; } = TimeSpan.FromHours(1);
}

internal sealed class GatewayOptionsValidator(IOptions<IdentityOptions> identity) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var failures = Problems(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Problems(GatewayOptions options)
    {
        if (string.IsNullOrEmpty(identity.Value.SigningKey))
            yield return $"Identity:SigningKey is missing: set a random text of {CallbackTokenOptions.ShortestKey} characters or more, the same for the gateway and all services.";
        foreach (var (service, text) in options.Services)
        {
            if (!ServiceName.All.Contains(service, ServiceName.Comparer))
                yield return $"Gateway:Services:{service} is no service; expected one of {string.Join(", ", ServiceName.All)}.";
            foreach (var address in options.AddressesOf(service).Where(address => !IsHttp(address)))
                yield return $"Gateway:Services:{service} is '{text}'; '{address}' is not an absolute http or https address.";
        }
        if (options.Services.Count == 0)
            yield return "Gateway:Services is empty: set at least one service's addresses, for example Gateway:Services:pacer = http://10.0.0.5:8080;http://10.0.0.6:8080.";
        for (var i = 0; i < options.TrustedProxies.Count; i++)
        {
            if (!IPNetwork.TryParse(options.TrustedProxies[i], out _))
                yield return $"Gateway:TrustedProxies:{i} is '{options.TrustedProxies[i]}'; expected a range such as 10.0.0.0/8.";
        }
        foreach (var (section, value) in new (string, object)[] { ("Limits", options.Limits), ("Health", options.Health), ("Keys", options.Keys) })
        {
            var broken = new List<ValidationResult>();
            Validator.TryValidateObject(value, new ValidationContext(value), broken, validateAllProperties: true);
            foreach (var fault in broken)
                yield return $"Gateway:{section}: {fault.ErrorMessage}";
        }
    }

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
