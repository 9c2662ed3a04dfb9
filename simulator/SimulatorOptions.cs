using System.ComponentModel.DataAnnotations;

namespace Outdial.Simulator;

/// <summary>
/// Configuration section <c>Simulator</c>. Durations are virtual time (see <see cref="AcceleratedClock"/>) except the those
/// that wait for another process: <see cref="HungReply"/>, <see cref="CallbackTimeout"/> and <see cref="DialWhomTimeout"/>. <c>Simulator:Faults</c>
/// is read apart, see <see cref="FaultRates.From"/>.
/// </summary>
public sealed class SimulatorOptions
{
    /// <summary>The account's name in every path.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-]+$")] public string AccountSid { get; set; } = "outdial1";

    /// <summary>User name of the Basic authentication.</summary>
    [Required] public string ApiKey { get; set; } = "simulator-key";

    /// <summary>Password of the Basic authentication.</summary>
    [Required] public string ApiToken { get; set; } = "simulator-token";

    /// <summary>All chance comes from it: the same seed and the same calls give the same ends.</summary>
    public long Seed { get; set; } = 1;

    /// <summary>Whether numbers that end in 66NN behave as <see cref="Suffixes"/> says.</summary>
    public bool FixedSuffixes { get; set; } = true;

    /// <summary>Requests per sliding 60 s that each family of the API admits; the next is answered 429.</summary>
    [Range(1, 1_000_000)] public int RequestsPerMinute { get; set; } = 200;

    /// <summary>How long after a call's end <c>Duration</c>, <c>Price</c> and <c>EndTime</c> appear in its details.</summary>
    public TimeSpan DetailsDelay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Waits before each repetition of a status callback that was not answered 2xx; after the last it is given up.</summary>
    public IList<TimeSpan> CallbackRetries { get; set; } = [];

    /// <summary>Used when none is configured: 5 and 15 minutes. (A list default would be appended to, not replaced.)</summary>
    public static IReadOnlyList<TimeSpan> DefaultCallbackRetries { get; } = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>Real time a receiver has to answer a callback.</summary>
    public TimeSpan CallbackTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Real time that whoever is asked whom to dial has to answer.</summary>
    public TimeSpan DialWhomTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many callbacks may be under way at once; those of one call follow each other.</summary>
    [Range(1, 1024)] public int CallbackConnections { get; set; } = 64;

    /// <summary>Real time a hung reply keeps the client waiting before its connection is cut.</summary>
    public TimeSpan HungReply { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether status callbacks carry the extended fields (EventType, From, To, CustomField, Legs …) and come for each of
    /// the asked <c>StatusCallbackEvents</c>. For flow calls the vendor's pages disagree; the four fields are certain.
    /// </summary>
    public bool ExtendedCallbacks { get; set; }

    /// <summary>Whether the flow dials an agent after its greeting; otherwise it plays and ends.</summary>
    public bool FlowConnects { get; set; } = true;

    /// <summary>The number of the agent that the flow dials.</summary>
    public string AgentNumber { get; set; } = "08047851000";

    /// <summary>Where the flow's Passthru applet points; null: the flow has none. Also set by <c>PUT /simulator/flow</c>.</summary>
    public string? PassthruUrl { get; set; }

    /// <summary>Where Passthru applets stand in the flow: <c>answered</c>, <c>end</c> or <c>both</c>.</summary>
    [RegularExpression("^(answered|end|both)$")] public string PassthruAt { get; set; } = "both";

    public string FlowId { get; set; } = "383431";
    public string TenantId { get; set; } = "53926";

    /// <summary>Where the health of the ExoPhones is posted; null: nowhere. Also set by <c>PUT /simulator/flow</c>.</summary>
    public string? HeartbeatUrl { get; set; }

    public TimeSpan HeartbeatEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The account's own numbers; the defaults of <see cref="ExoPhones.Default"/> when empty.</summary>
    public IList<ExoPhoneOptions> ExoPhones { get; set; } = [];

    public PeopleOptions People { get; set; } = new();
}
