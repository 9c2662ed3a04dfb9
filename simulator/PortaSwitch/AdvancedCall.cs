using System.Text.Json.Nodes;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>A valid <c>originate_advanced_call</c>.</summary>
/// <param name="Callee">The customer, E.164.</param>
/// <param name="Callback">Where events go; null: nowhere.</param>
/// <param name="Events">The states that are told.</param>
public sealed record AdvancedCall(string Callee, Uri? Callback, IReadOnlySet<string> Events)
{
    public const string Method = "originate_advanced_call";

    /// <summary>All states that can be asked for.</summary>
    public static readonly IReadOnlySet<string> KnownEvents = new HashSet<string>(
        ["trying", "ringing", "early", "connected", "held", "holding", "queued", "dequeued", "transferred", "parked", "terminated"], StringComparer.Ordinal);

    /// <summary>Insists on what the vendor's page on auto-dialers demands.</summary>
    /// <returns>The call, or null and the fault.</returns>
    public static (AdvancedCall? Call, PortaFault? Fault) Read(PortaBody body, PortaSwitchOptions own)
    {
        if (body.Text("callee_id") is not { } callee)
            return Fault("callee_id_missing", "callee_id is required: the called party's number.");
        if (!PhoneNumbers.TryRead(callee, out var number))
            return Fault("invalid_callee_id", "callee_id is not a phone number.");
        foreach (var name in (string[])["bill_id", "caller_id"])
            if (body.Text(name) != own.AutoAttendantId)
                return Fault($"invalid_{name}", $"{name} must be the ID of the auto-attendant account.");
        if (body.Params["caller_leg_receive_actions"] is not JsonObject actions || PortaBody.Text(actions, "voicemail") != "allow")
            return Fault("invalid_caller_leg_receive_actions", "caller_leg_receive_actions must be {\"voicemail\": \"allow\"}.");

        Uri? callback = null;
        if (body.Text("state_info_callback") is { } address
            && (!Uri.TryCreate(address, UriKind.Absolute, out callback) || callback.Scheme is not ("http" or "https")))
            return Fault("invalid_state_info_callback", "state_info_callback is not a URL.");
        if (body.Params["state_info_events"] is not { } asked)
            return (new AdvancedCall(number, callback, KnownEvents), null);
        var events = (asked as JsonArray)?.Select(e => e?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        return events is null || !events.IsSubsetOf(KnownEvents)
            ? Fault("invalid_state_info_events", $"state_info_events must be a list of {string.Join(", ", KnownEvents)}.")
            : (new AdvancedCall(number, callback, events), null);
    }

    private static (AdvancedCall?, PortaFault?) Fault(string reason, string text) => (null, PortaFault.Of(Method, reason, text));
}
