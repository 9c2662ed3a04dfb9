using Outdial.Contracts;

namespace Outdial.AgentRouter.Loop;

/// <summary>
/// Hears what the provider tells of Connect applets in calls that are not an agent's line. Called inside the consumer's
/// transaction (inbox and outbox included): change rows through the scoped context, publish through the outbox, and save.
/// </summary>
public interface IDialListener
{
    /// <summary>True when the event was about a call that is known here.</summary>
    Task<bool> HeardAsync(DialPopup popup, CancellationToken cancel);

    /// <inheritdoc cref="HeardAsync(DialPopup, CancellationToken)"/>
    Task<bool> HeardAsync(DialEnded ended, CancellationToken cancel);
}
