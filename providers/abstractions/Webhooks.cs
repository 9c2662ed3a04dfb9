using Outdial.Contracts;

namespace Outdial.Providers;

/// <summary>A provider's HTTP request to us, as it came.</summary>
/// <param name="Id">Made at receipt; a replay keeps it, so that the events it yields keep their ids.</param>
/// <param name="Kind">
/// Which endpoint received it. Exotel: <c>status</c>, <c>passthru</c>, <c>popup</c>, <c>dialed</c> (Passthru behind a Connect in the agents' or the
/// inbound flow),
/// <c>line</c> (status of an agent's line) or <c>heartbeat</c>. PortaSwitch: <c>events</c>.
/// </param>
/// <param name="AttemptId">
/// From the signed token: the attempt, or for <c>line</c> the agent's line; null where the URL is the account's and not one attempt's.
/// </param>
public sealed record WebhookRequest(
    Guid Id, string Account, string Kind, Guid? AttemptId, string Method, string Query, string? ContentType, byte[] Body, DateTimeOffset ReceivedAt);

/// <summary>What a webhook means. Never throws for bad input: it is quarantined with a reason.</summary>
public interface IWebhookTranslator
{
    /// <summary>The provider's name in our configuration, such as <c>exotel</c>.</summary>
    string Provider { get; }

    /// <summary>The kinds of webhook that this provider has; one of any other kind is quarantined.</summary>
    IReadOnlySet<string> Kinds { get; }

    /// <summary>False: legs of one call may be reported under ids of their own.</summary>
    bool HasOneIdPerCall => true;

    Translation Translate(WebhookRequest request);
}

/// <param name="Events">Neutral events, complete but for an attempt that only <paramref name="UnmatchedCallId"/> names.</param>
/// <param name="Quarantine">Why it could not be understood; null when it was.</param>
/// <param name="UnmatchedCallId">The request names no attempt, only this call id of the provider: to be matched by it.</param>
/// <param name="Notes">Oddities that were tolerated (unknown status word, literal null), for the counters; bounded words.</param>
public sealed record Translation(
    IReadOnlyList<IProviderEvent> Events, string? Quarantine = null, string? UnmatchedCallId = null, IReadOnlyList<string>? Notes = null);
