using System.Text.Json;
using Outdial.Contracts;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Webhooks;

/// <summary>One event of one leg, in neutral words.</summary>
internal sealed class PortaEvent(WebhookRequest request, JsonElement leg, PortaSwitchFields fields, TimeZoneInfo zone, ISet<string> notes, int ordinal)
{
    public string? State { get; } = leg.Word(fields.State);

    public string? CallId { get; } = Short(leg.Text(fields.CallId) ?? leg.Text(fields.TrackingId));

    /// <returns>Null when the state says nothing about the customer's call.</returns>
    public IProviderEvent? Translate()
    {
        if (leg.Text(fields.Type) is null || leg.Flag(fields.External) is null)
            notes.Add("leg-not-told");
        var agentLeg = PortaStates.IsAgentLeg(leg, fields);
        switch (State)
        {
            case "trying":
                return null;   // the platform knows: it asked for it
            case "ringing" or "early":
                return agentLeg ? null : Ringing();
            case "connected":
                return agentLeg ? Connected() : Answered();
            case "queued":
                return Queued();
            case "dequeued":
                return Dequeued();
            case "held" or "holding" or "parked":
                return Held();
            case "transferred":
                return Transferred();
            case "terminated" when agentLeg:
                notes.Add("agent-leg-terminated");   // declined or done: the customer may wait on, or talk to somebody else
                return null;
            case "terminated":
                return Terminated();
            default:
                notes.Add("unknown-state");
                return null;
        }
    }

    private CallRinging Ringing() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallAnswered Answered() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Time(fields.ConnectTime) ?? Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallConnected Connected() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Time(fields.ConnectTime) ?? Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
        AgentNumber = Short(leg.Text(fields.Agent)),
    };

    private CallQueued Queued() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallDequeued Dequeued() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallHeld Held() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallTransferred Transferred() => new()
    {
        EventId = Id,
        AttemptId = Attempt,
        Account = request.Account,
        ProviderCallId = CallId,
        OccurredAt = Updated,
        ReceivedAt = request.ReceivedAt,
        RawStatus = State,
    };

    private CallTerminated Terminated()
    {
        var ended = Termination.Read(leg, fields, zone);
        if (!ended.Known)
            notes.Add("unknown-reason");
        return new CallTerminated
        {
            EventId = Id,
            AttemptId = Attempt,
            Account = request.Account,
            ProviderCallId = CallId,
            OccurredAt = Updated,
            ReceivedAt = request.ReceivedAt,
            RawStatus = State,
            Outcome = ended.Outcome,
            Cause = ended.Code,
            CauseName = Short(ended.Reason),
            Provisional = ended.Connected,
        };
    }

    private Guid Id => EventIds.Of(request.Id, ordinal);

    private Guid Attempt => request.AttemptId ?? Guid.Empty;

    private DateTimeOffset Updated => Time(fields.UpdateTime) ?? request.ReceivedAt;

    /// <summary>A time of the event, never later than its receipt: what we were told has happened.</summary>
    private DateTimeOffset? Time(string field) =>
        leg.Time(field, zone) is { } time ? time <= request.ReceivedAt ? time : request.ReceivedAt : null;

    private static string? Short(string? text) => text is { Length: > 128 } ? text[..128] : text;
}
