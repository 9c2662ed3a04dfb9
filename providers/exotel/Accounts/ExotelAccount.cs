using System.ComponentModel.DataAnnotations;

namespace Outdial.Providers.Exotel;

/// <summary>One account at a provider that speaks Exotel's HTTP: configuration section <c>Accounts:{name}</c>.</summary>
public sealed class ExotelAccount
{
    /// <summary>The value of <c>Provider</c> for accounts of this project.</summary>
    public const string ProviderName = "exotel";

    public string Provider { get; init; } = ProviderName;

    /// <summary>Where the API is: <c>https://api.exotel.com/</c> (Singapore) or <c>https://api.in.exotel.com/</c> (Mumbai).</summary>
    public string BaseAddress { get; init; } = "https://api.exotel.com/";

    /// <summary>Part of every path; not a secret.</summary>
    public string AccountSid { get; init; } = "";

    /// <summary>User name of the Basic authentication. Secret.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Password of the Basic authentication. Secret.</summary>
    public string ApiToken { get; init; } = "";

    /// <summary>The flow that a call runs when neither campaign nor request names one: a URL, or the flow's number.</summary>
    public string? Flow { get; init; }

    /// <summary>The flow that agents' lines run, in the same way.</summary>
    public string? AgentFlow { get; init; }

    /// <summary>Our public address, to which the provider sends its webhooks.</summary>
    public string? CallbackBaseAddress { get; init; }

    /// <summary>
    /// Addresses may be such as only our own network knows: a simulator, a switch in the same building. False: a loopback, private or link-local
    /// address stops the start, because the provider could not reach us at one.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>IANA zone of the provider's times, which carry none. India: +05:30 without daylight saving.</summary>
    public string TimeZone { get; init; } = AccountSection.DefaultZone(ProviderName);

    /// <summary>
    /// The account's country, as ISO 3166 has it, in whose form numbers without a country's code are read; null: that of <see cref="TimeZone"/>,
    /// and where that lies in none, India.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>Requests for calls per minute. Exotel allows 200 API requests per minute.</summary>
    [Range(1, 100_000)] public int CallsPerMinute { get; init; } = AccountSection.CallsPerMinute;

    /// <summary>Calls that may be open at the same time.</summary>
    [Range(1, 100_000)] public int MaxConcurrentCalls { get; init; } = AccountSection.MaxConcurrentCalls;

    [Range(1, 100_000)] public int NumberLookupsPerMinute { get; init; } = 200;

    [Range(1, 100_000)] public int CallDetailsPerMinute { get; init; } = 200;

    /// <summary>Reads of one process that may be on their way at the same time; more wait for their turn.</summary>
    [Range(1, 1_000)] public int MaxConcurrentReads { get; init; } = 64;

    /// <summary>
    /// How long a request for a call may take, and a read with its two repeats (each try a third of it), in real time. Exotel publishes no upper
    /// bound for Calls/connect.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events asked for with each call (<c>terminal</c>, <c>answered</c>, <c>ringing</c>). None by default: Exotel's pages
    /// disagree on whether a call to a flow has any but the plain final callback.
    /// </summary>
    public IReadOnlyList<string> StatusCallbackEvents { get; init; } = [];

    public string NumberRegion => Countries.Find(Region) ?? Countries.OfZone(TimeZone) ?? AccountRegion.OfExotel;

    /// <summary>The zone itself. Only after validation.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

/// <summary>All accounts, by the name that campaigns and messages use.</summary>
public sealed class ExotelAccounts
{
    public IReadOnlyDictionary<string, ExotelAccount> ByName { get; set; } = new Dictionary<string, ExotelAccount>();
}
