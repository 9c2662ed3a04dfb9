using System.ComponentModel.DataAnnotations;

namespace Outdial.Providers.PortaSwitch;

/// <summary>
/// One customer of a PortaSwitch whose call queue connects answered leads with agents: configuration section <c>Accounts:{name}</c>.
/// </summary>
public sealed class PortaSwitchAccount
{
    /// <summary>The value of <c>Provider</c> for accounts of this project.</summary>
    public const string ProviderName = "portaswitch";

    public string Provider { get; init; } = ProviderName;

    /// <summary>Where the API is, without <c>rest</c>: <c>https://host:8444/</c> as customer, 8442 as reseller, 443 as administrator.</summary>
    public string BaseAddress { get; init; } = "";

    public string Login { get; init; } = "";

    /// <summary>Secret. Either this or <see cref="Token"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The user's API token. Secret. Either this or <see cref="Password"/>.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// The ID of the auto-attendant's account that sends calls to the call queue: <c>bill_id</c> and <c>caller_id</c> of every call.
    /// </summary>
    public string AutoAttendantId { get; init; } = "";

    /// <summary>The customer whose active calls are listed, <c>i_customer</c>. API notifications must be switched on for it.</summary>
    public string CustomerId { get; init; } = "";

    /// <summary>Our public address, to which the provider sends its events.</summary>
    public string? CallbackBaseAddress { get; init; }

    /// <summary>
    /// Addresses may be such as only our own network knows: a simulator, a switch in the same building. False: a loopback, private or link-local
    /// address stops the start, because the provider could not reach us at one.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>How numbers are written to the provider: <c>digits</c> (919876543210, as its dialing rules expect) or <c>plus</c>.</summary>
    public string NumberForm { get; init; } = "digits";

    /// <summary>IANA zone of the provider's times, which carry none.</summary>
    public string TimeZone { get; init; } = AccountSection.DefaultZone(ProviderName);

    [Range(1, 100_000)] public int CallsPerMinute { get; init; } = AccountSection.CallsPerMinute;

    [Range(1, 100_000)] public int MaxConcurrentCalls { get; init; } = AccountSection.MaxConcurrentCalls;

    /// <summary>Reads of one process that may be on their way at the same time; more wait for their turn.</summary>
    [Range(1, 1_000)] public int MaxConcurrentReads { get; init; } = 64;

    /// <summary>How long a request for a call may take, and a read with its two repeats (each try a third of it), in real time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A session is renewed this long before it ends.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What the provider calls things, where its documentation leaves it open.</summary>
    public PortaSwitchFields Fields { get; init; } = new();

    /// <summary>The zone itself. Only after validation.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}

/// <summary>All accounts, by the name that campaigns and messages use.</summary>
public sealed class PortaSwitchAccounts
{
    public IReadOnlyDictionary<string, PortaSwitchAccount> ByName { get; set; } = new Dictionary<string, PortaSwitchAccount>();
}
