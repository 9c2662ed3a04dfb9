namespace Outdial.Providers.PortaSwitch;

/// <summary>
/// The names of everything whose name PortaOne's published pages leave open (section <c>Accounts:{name}:Fields</c>): the parameters
/// that ask for events, and the fields of events and of the list of active calls. Values are paths with dots; of several, parted
/// by blanks, the first that is there counts. The defaults are those of the older sibling method <c>originate_call</c>.
/// </summary>
public sealed class PortaSwitchFields
{
    /// <summary>Parameter of <c>originate_advanced_call</c> with our address; empty: none is sent.</summary>
    public string CallbackParameter { get; init; } = "state_info_callback";

    /// <summary>Parameter with the list of states we want to hear of; empty: none is sent.</summary>
    public string EventsParameter { get; init; } = "state_info_events";

    /// <summary>The states asked for, parted by blanks.</summary>
    public string Events { get; init; } = "trying ringing early connected queued dequeued held holding parked transferred terminated";

    /// <summary>What an event, or an entry of the list, may be wrapped in.</summary>
    public string Wrapper { get; init; } = "call_info";

    public string State { get; init; } = "state";
    public string Reason { get; init; } = "reason";
    public string ReasonCode { get; init; } = "reason_code";

    /// <summary>Seconds since the leg was answered.</summary>
    public string Duration { get; init; } = "duration";

    public string Type { get; init; } = "type";

    /// <summary>The value of <see cref="Type"/> at a leg that PortaSwitch dialed.</summary>
    public string OutgoingType { get; init; } = "outgoing";

    public string External { get; init; } = "is_external_call";
    public string StartTime { get; init; } = "start_time";
    public string ConnectTime { get; init; } = "connect_time";
    public string UpdateTime { get; init; } = "update_time";

    /// <summary>The call's id, the same in the reply, in events and in the list.</summary>
    public string CallId { get; init; } = "call.id call_id id";

    public string TrackingId { get; init; } = "tracking_id";

    /// <summary>The number that was called, in the list of active calls.</summary>
    public string Callee { get; init; } = "callee_id callee.number callee.id callee";

    /// <summary>The agent's phone or extension, at a leg to an agent.</summary>
    public string Agent { get; init; } = "callee_id callee.number callee.id";
}
