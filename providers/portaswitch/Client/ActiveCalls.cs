using System.Text.Json;
using Outdial.Contracts;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>
/// The entries of get_sip_calls_list as calls. Only calls that go on are listed, and several legs may be entries of their own: a
/// call stands where its furthest leg does.
/// </summary>
internal static class ActiveCalls
{
    private static readonly string[] Order =
        [CallStates.Dialing, CallStates.Ringing, CallStates.Answered, CallStates.Queued, CallStates.Connected];

    /// <returns>Null when the answer has no list.</returns>
    public static IReadOnlyList<CallRecord>? Read(PortaReply reply, PortaSwitchAccount account)
    {
        if (reply.Body is not { } body || !body.TryGetProperty("calls_list", out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        var fields = account.Fields;
        return [.. list.EnumerateArray()
            .Select(entry => Paths.Find(entry, fields.Wrapper) is { ValueKind: JsonValueKind.Object } inner ? inner : entry)
            .Select(leg => (Id: leg.Text(fields.CallId) ?? leg.Text(fields.TrackingId), Leg: leg))
            .Where(leg => leg.Id is not null)
            .GroupBy(leg => leg.Id!, leg => leg.Leg, StringComparer.Ordinal)
            .Select(call => Record(call.Key, [.. call], account))];
    }

    /// <summary>A call that is not listed any more.</summary>
    public static CallRecord Over(string callId) => new(
        callId, "not listed", null, null, null, null, null, null, null, null, null, null, null, OutcomeFromLedger: true);

    private static CallRecord Record(string id, List<JsonElement> legs, PortaSwitchAccount account)
    {
        var fields = account.Fields;
        var customer = legs.FirstOrDefault(leg => !PortaStates.IsAgentLeg(leg, fields), legs[0]);
        var furthest = legs
            .Select(leg => (Stage: Stage(leg), State: leg.Word(fields.State) ?? "active"))
            .MaxBy(leg => Array.IndexOf(Order, leg.Stage));
        return new CallRecord(
            id, furthest.State, null, PortaNumbers.Read(customer.Text(fields.Callee)), account.AutoAttendantId,
            customer.Time(fields.StartTime, account.Zone), customer.Time(fields.ConnectTime, account.Zone), null, null, null, null, null, null,
            Stage: furthest.Stage);

        // An entry in a call queue waits, whatever its word is.
        string? Stage(JsonElement leg) =>
            leg.Word(fields.State) is "connected" && !PortaStates.IsAgentLeg(leg, fields) && leg.Text("queue_info.i_c_queue") is not null
                ? CallStates.Queued
                : PortaStates.Stage(leg.Word(fields.State), PortaStates.IsAgentLeg(leg, fields));
    }
}
