using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls;

/// <summary>
/// One kind of call that our Connect applets ask about and the provider tells of: an agent's line, a customer we called first, one who called in.
/// Each method answers null or false for a call of another kind, which is then asked of the next.
/// </summary>
internal interface ICalls
{
    /// <summary>Whom to dial; null: no call of this kind. Opens, saves and commits its own transaction.</summary>
    Task<DialWhomAnswer?> Answer(DialWhomRequest request, CancellationToken cancel);

    /// <summary>
    /// After nobody was dialed: true to wait and ask again, false to hang up; null: no call of this kind. Commits its own transaction.
    /// </summary>
    Task<bool?> Stays(DialWhomRequest request, CancellationToken cancel);

    /// <summary>
    /// What the provider tells of the phones that a call dials. Inside the consumer's transaction (inbox and outbox included): changes rows through
    /// the scoped context and publishes through the outbox; the consumer saves.
    /// </summary>
    /// <returns>True when it is about a call of this kind.</returns>
    Task<bool> Heard(DialPopup popup, CancellationToken cancel);

    /// <inheritdoc cref="Heard(DialPopup, CancellationToken)"/>
    Task<bool> Heard(DialEnded ended, CancellationToken cancel);

    /// <summary>The conversation that an attempt came to, for screens and dispositions; null: no attempt of this kind.</summary>
    Task<Talk?> Find(Guid attemptId, CancellationToken cancel);
}
