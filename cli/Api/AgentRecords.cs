using System.Text.Json;

namespace Outdial.Cli.Api;

public sealed record AgentReason(string Reason);

/// <param name="State">One of the agent states, such as <c>Ready</c>.</param>
/// <param name="Deadline">Nobody stays in this state past it; null for those that have none.</param>
public sealed record AgentSession(
    Guid Id, Guid AgentId, string AgentName, string State, string? Reason, DateTimeOffset Since, DateTimeOffset? Deadline, Guid? AttemptId);

public sealed record DialWhomAddresses(Uri DialWhom, Uri Stay);

/// <summary>One thing an agent's screen is told.</summary>
/// <param name="Kind">Such as <c>snapshot</c>, <c>state</c>, <c>lead</c> or <c>call</c>.</param>
public sealed record ScreenEvent(string Kind, DateTimeOffset At, JsonElement Body);

/// <param name="Personal">The call-back is this agent's own.</param>
public sealed record DispositionOfACall(Guid AttemptId, string? Code, string? Note = null, DateTimeOffset? CallBackAt = null, bool Personal = false);

/// <param name="Count">Leads that wait in the hopper.</param>
/// <param name="Target">How many should.</param>
/// <param name="Text">Why it holds what it holds, in words.</param>
public sealed record HopperStatus(int Count, int Target, string? Text);
