using System.Text.Json.Nodes;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>One event of a call, as it was when it happened.</summary>
/// <param name="State">PortaSwitch's word.</param>
/// <param name="Ordinal">1, 2, 3 … within the call.</param>
/// <param name="Extension">The agent's, for an event of the agent's leg; null for the customer's.</param>
public sealed record CallEvent(string State, DateTimeOffset At, int Ordinal, string? Extension, JsonObject Info)
{
    /// <summary>As the record names it: an agent's leg is told apart.</summary>
    public string Name => Extension is null ? State : $"agent-{State}";

    /// <param name="reason">Of a <c>terminated</c>; null otherwise.</param>
    public static CallEvent Of(
        PortaCall call, string state, DateTimeOffset at, PortaSwitchOptions own, string? extension = null, (string Text, int Code)? reason = null)
    {
        // The agent's leg begins with the offer and is connected when the agent picks up.
        var (started, connected) = extension is null ? (call.CreatedAt, call.AnsweredAt) : (call.Offer?.At ?? at, call.ConnectedAt);
        var info = new JsonObject
        {
            ["tracking_id"] = call.TrackingId,
            ["previous_tracking_id"] = null,
            ["call"] = new JsonObject { ["id"] = call.Sid, ["tag"] = call.Tag },
            ["state"] = state,
            ["type"] = "outgoing",
            ["is_external_call"] = extension is null,
            ["caller"] = new JsonObject { ["id"] = extension is null ? own.AutoAttendantId : Digits(call.Person) },
            ["callee"] = new JsonObject { ["id"] = extension ?? Digits(call.Person) },
            ["start_time"] = PortaTime.Text(started + call.Clock),
            ["connect_time"] = PortaTime.Text(connected + call.Clock),
            ["update_time"] = PortaTime.Text(at + call.Clock),
            ["duration"] = connected is { } since ? (int)(at - since).TotalSeconds : 0,
        };
        if (state == "queued")
            info["queue_info"] = new JsonObject { ["i_c_queue"] = own.QueueId };
        if (reason is var (text, code))
            (info["reason"], info["reason_code"]) = (text, code);
        return new CallEvent(state, at, ++call.Told, extension, info);
    }

    /// <summary>A number as PortaSwitch writes it: E.164 without the plus.</summary>
    public static string Digits(string e164) => e164.TrimStart('+');
}
