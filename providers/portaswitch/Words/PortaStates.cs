using System.Text.Json;
using Outdial.Contracts;

namespace Outdial.Providers.PortaSwitch.Words;

/// <summary>PortaSwitch's state words. <c>connected</c> is said of a leg: which leg decides what it means.</summary>
internal static class PortaStates
{
    /// <summary>Where a call stands of which a leg has this state; null for a word that is not known.</summary>
    public static string? Stage(string? state, bool agentLeg) => state switch
    {
        "trying" => CallStates.Dialing,
        "ringing" or "early" => agentLeg ? CallStates.Queued : CallStates.Ringing,
        "connected" => agentLeg ? CallStates.Connected : CallStates.Answered,
        "queued" => CallStates.Queued,
        "dequeued" or "held" or "holding" or "parked" or "transferred" => CallStates.Connected,
        _ => null,
    };

    /// <summary>
    /// A leg inside the switch, to an agent: dialed by PortaSwitch, and not to the outside. A leg that does not tell is the
    /// customer's, because that is the one that every call has.
    /// </summary>
    public static bool IsAgentLeg(JsonElement leg, PortaSwitchFields fields) =>
        leg.Word(fields.Type) == fields.OutgoingType.ToLowerInvariant() && leg.Flag(fields.External) == false;
}
