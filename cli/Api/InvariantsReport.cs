namespace Outdial.Cli.Api;

/// <summary>What the platform's own monitors see.</summary>
/// <param name="Ok">No violation anywhere, and every service answered.</param>
/// <param name="Unanswered">The services that did not answer.</param>
public sealed record InvariantsReport(bool Ok, IReadOnlyList<string> Unanswered, IReadOnlyList<InvariantState> Invariants);

/// <param name="Description">What is wrong where there is a violation.</param>
/// <param name="Examples">Ids of the first rows.</param>
public sealed record InvariantState(string Service, string Name, string Description, long Violations, IReadOnlyList<string> Examples);
