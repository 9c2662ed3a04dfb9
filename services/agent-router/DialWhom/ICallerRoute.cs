namespace Outdial.AgentRouter.DialWhom;

/// <summary>
/// Answers for calls that are not an agent's line: a customer who called one of our numbers, a customer we called and who
/// answered. Asked in the order of registration, each on a scope of its own request.
/// </summary>
public interface ICallerRoute
{
    /// <summary>Whom to dial; null: this call is not known here. Opens, saves and commits its own transaction.</summary>
    Task<DialWhomAnswer?> AnswerAsync(DialWhomRequest request, CancellationToken cancel);

    /// <summary>After nobody was dialed: true to wait and ask again, false to hang up; null: this call is not known here.</summary>
    Task<bool?> StaysAsync(DialWhomRequest request, CancellationToken cancel);
}
