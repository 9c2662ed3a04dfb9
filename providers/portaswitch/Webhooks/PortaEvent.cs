using System.Text.Json;
using Outdial.Contracts;
using Outdial.Providers.PortaSwitch.Words;
using static Outdial.Providers.CallEventHead;

namespace Outdial.Providers.PortaSwitch.Webhooks;

/// <summary>One event of one leg, in neutral words.</summary>
internal sealed class PortaEvent(
    WebhookRequest request, JsonElement leg, PortaSwitchFields fields, TimeZoneInfo zone, ISet<string> notes, int ordinal)
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
                return agentLeg ? null : Head().Ringing();
            case "connected":
                return agentLeg ? Head(Time(fields.ConnectTime)).Connected() with { AgentNumber = Short(leg.Text(fields.Agent)) }
                    : Head(Time(fields.ConnectTime)).Answered();
            case "queued":
                return Head().Queued();
            case "dequeued":
                return Head().Dequeued();
            case "held" or "holding" or "parked":
                return Head().Held();
            case "transferred":
                return Head().Transferred();
            case "terminated" when agentLeg:
                notes.Add("agent-leg-terminated");   // declined or done: the customer may wait on, or talk to somebody else
                return Talked();
            case "terminated":
                return Terminated();
            default:
                notes.Add("unknown-state");
                return null;
        }
    }

    /// <summary>
    /// The agent's leg had been connected: then the two talked, whether the event of it came or not. The agent is not named, because they do not talk
    /// any more.
    /// </summary>
    private CallConnected? Talked()
    {
        var talk = leg.Seconds(fields.Duration);
        var since = Time(fields.ConnectTime);
        if (since is null && !(talk > TimeSpan.Zero))
            return null;
        var head = Head(since ?? (Time(fields.UpdateTime) ?? request.ReceivedAt) - talk!.Value);
        return head.Connected() with { TalkTime = talk > TimeSpan.Zero ? talk : null };
    }

    private CallTerminated Terminated()
    {
        var ended = Termination.Read(leg, fields, zone);
        if (!ended.Known)
            notes.Add("unknown-reason");
        return Head().Terminated(ended.Outcome) with { Cause = ended.Code, CauseName = Short(ended.Reason), Provisional = ended.Connected };
    }

    /// <param name="at">Null: when the leg was updated.</param>
    private CallEventHead Head(DateTimeOffset? at = null) => new(
        EventIds.Of(request.Id, ordinal), request.AttemptId ?? Guid.Empty, request.Account, CallId,
        at ?? Time(fields.UpdateTime) ?? request.ReceivedAt, request.ReceivedAt, State);

    /// <summary>A time of the event, never later than its receipt: what we were told has happened.</summary>
    private DateTimeOffset? Time(string field)
    {
        if (leg.Time(field, zone) is not { } time)
            return null;
        var held = ForeignClock.Held(time, null, request.ReceivedAt);
        if (held.Oddity is { } oddity)
            notes.Add(oddity);
        if (held.Behind is not null)
            notes.Add(ForeignClock.OtherZone);
        return held.At;
    }
}
