using Outdial.Platform;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Outdial.Gateway.Routing;

/// <summary>What kinds of requests there are. Each kind has its own limits and, for each service, its own connections.</summary>
public enum LaneKind
{
    /// <summary>A provider asks whom to dial; it waits five seconds, and an error ends an agent's line.</summary>
    DialWhom,
    /// <summary>A provider tells what happened; it may never tell it again.</summary>
    Webhook,
    /// <summary>An ordinary API request.</summary>
    Api,
    /// <summary>A large body of leads.</summary>
    Upload,
    /// <summary>Server-sent events, open for hours.</summary>
    Stream,
    /// <summary>The console's pages.</summary>
    Console,
}

/// <summary>The limits of one kind of request.</summary>
/// <param name="Deadline">Until the answer must have begun, all tries together; null: none.</param>
/// <param name="Silence">How long a replica may be silent, at the beginning or later, before it is given up.</param>
/// <param name="BodyBytes">Largest body of a request.</param>
/// <param name="Repeats">A request may be sent again although it may have been carried out: the receiver knows it again.</param>
public sealed record Lane(LaneKind Kind, TimeSpan? Deadline, TimeSpan Silence, long BodyBytes, bool Repeats)
{
    // A day stands for "without end": YARP's timers want a number.
    private static readonly TimeSpan NoEnd = TimeSpan.FromDays(1);

    /// <summary>Comes from a provider: let in by the token of its address, never limited for the API's sake.</summary>
    public bool IsProviders => Kind is LaneKind.DialWhom or LaneKind.Webhook;

    /// <summary>Goes through the API's limits.</summary>
    public bool IsApi => Kind is LaneKind.Api or LaneKind.Upload or LaneKind.Stream;

    public static Lane Of(LaneKind kind, LimitOptions limits) => kind switch
    {
        LaneKind.DialWhom => new(kind, limits.DialWhomTimeout, limits.DialWhomTry, limits.WebhookBodyBytes, Repeats: true),
        LaneKind.Webhook => new(kind, limits.WebhookTimeout, limits.WebhookTry, limits.WebhookBodyBytes, Repeats: true),
        LaneKind.Upload => new(kind, null, limits.UploadSilence, limits.UploadBodyBytes, Repeats: false),
        LaneKind.Stream => new(kind, null, NoEnd, limits.ApiBodyBytes, Repeats: false),
        _ => new(kind, limits.ApiTimeout, limits.ApiTimeout, limits.ApiBodyBytes, Repeats: false),
    };
}

/// <summary>Where a request goes: what the gateway's own routes carry with them.</summary>
public sealed record Destined(string Service, LaneKind Lane)
{
    private const string ServiceKey = "Service", LaneKey = "Lane";

    public IReadOnlyDictionary<string, string> AsMetadata() =>
        new Dictionary<string, string> { [ServiceKey] = Service, [LaneKey] = Lane.ToString() };

    /// <summary>Of a request that has been routed; null: not to a service.</summary>
    public static Destined? Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config is { } route ? Of(route) : null;

    public static Destined Of(RouteConfig route) => new(route.Metadata![ServiceKey], Enum.Parse<LaneKind>(route.Metadata[LaneKey]));
}
