namespace Outdial.Contracts;

/// <summary>The terminal outcomes of a call. Strings on the wire, so that a newer service's word survives an older one.</summary>
public static class Outcomes
{
    /// <summary>Answered, and reached an agent or finished the flow.</summary>
    public const string Completed = "Completed";

    /// <summary>Voicemail, fax or IVR picked up.</summary>
    public const string MachineAnswered = "MachineAnswered";

    /// <summary>
    /// Answered, but not connected in time, or hung up while waiting; without agents, also before the campaign counts a person as reached.
    /// </summary>
    public const string Abandoned = "Abandoned";

    /// <summary>Rang, nobody picked up.</summary>
    public const string NoAnswer = "NoAnswer";

    public const string Busy = "Busy";

    /// <summary>Actively declined.</summary>
    public const string Rejected = "Rejected";

    /// <summary>Switched off, out of coverage, out of order.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>Unallocated, changed or malformed number.</summary>
    public const string InvalidNumber = "InvalidNumber";

    /// <summary>Do-not-call, permission or barring by the network.</summary>
    public const string Barred = "Barred";

    /// <summary>Congestion, trunk down, temporary failure.</summary>
    public const string NetworkFailure = "NetworkFailure";

    /// <summary>Stopped by the platform or an operator.</summary>
    public const string Canceled = "Canceled";

    /// <summary>The provider refused the request (4xx, 5xx, credit, authentication): nobody's phone rang.</summary>
    public const string ProviderError = "ProviderError";

    /// <summary>No final event in time, and the look-up at the provider did not settle it.</summary>
    public const string Unknown = "Unknown";

    public static readonly IReadOnlyList<string> All =
    [
        Completed, MachineAnswered, Abandoned, NoAnswer, Busy, Rejected, Unreachable, InvalidNumber, Barred,
        NetworkFailure, Canceled, ProviderError, Unknown,
    ];
}

/// <summary>The states of a call in the order they are passed; a later event never lowers the rank.</summary>
public static class CallStates
{
    /// <summary>Written, and offered to the agents' hopper; nobody's phone rings for it.</summary>
    public const string Offered = "Offered";

    public const string Requested = "Requested";
    public const string Submitted = "Submitted";
    public const string Dialing = "Dialing";
    public const string Ringing = "Ringing";
    public const string Answered = "Answered";
    public const string Queued = "Queued";
    public const string Connected = "Connected";
    public const string Ended = "Ended";
}

/// <summary>How it was learned that a call is over, where a reader has to know.</summary>
public static class EndSources
{
    /// <summary>
    /// Nobody told how it ended; what was known decided, so that nothing waits for ever. Such an outcome, and
    /// <see cref="Outcomes.Unknown"/>, gives way to the provider's own word, whenever that comes.
    /// </summary>
    public const string Inferred = "inferred";
}
