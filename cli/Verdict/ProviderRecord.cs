namespace Outdial.Cli.Verdicts;

/// <summary>What the provider says it did: the calls it placed, and how hard it was asked.</summary>
/// <param name="Calls">Every call that was placed, in the order of placing.</param>
/// <param name="PeakConnectsPerMinute">The most connect requests in any 60 seconds, refused ones included.</param>
/// <param name="ConnectBudget">How many connect requests the account may make in 60 seconds.</param>
public sealed record ProviderRecord(IReadOnlyList<PlacedCall> Calls, int PeakConnectsPerMinute, int ConnectBudget)
{
    /// <summary>Without the calls of earlier campaigns, on a platform that goes on from run to run.</summary>
    public ProviderRecord Since(DateTimeOffset start) => this with { Calls = [.. Calls.Where(call => call.PlacedAt >= start)] };
}

/// <param name="CallId">The provider's id.</param>
/// <param name="AttemptId">What came in the request's custom field; null when it was no attempt id.</param>
/// <param name="Number">E.164.</param>
/// <param name="EndedAt">Null while the call lasts.</param>
/// <param name="Outcomes">
/// The outcomes that describe what truly happened, any of which the ledger may show; empty while the call lasts.
/// </param>
/// <param name="Answered">Whether the simulated person, or their machine, picked up; null when nothing told it to anybody.</param>
public sealed record PlacedCall(
    string CallId, Guid? AttemptId, string Number, DateTimeOffset PlacedAt, DateTimeOffset? EndedAt,
    IReadOnlyList<string> Outcomes, bool? Answered);
