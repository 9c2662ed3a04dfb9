namespace Outdial.Cli.Api;

public sealed record ExplainedTrunk(string Name);

/// <param name="Place">1, 2, 3 … in which they would be rung; null: would not be.</param>
public sealed record ExplainedCandidate(int? Place, string Name, string Reason);

/// <summary>What the router says of a call from one number to another.</summary>
public sealed record Explanation(
    string From, string To, ExplainedTrunk? Trunk, string? Direction, string? Mode, string? Flow, IReadOnlyList<ExplainedCandidate> Candidates,
    IReadOnlyList<string> Steps, IReadOnlyList<string> Problems);
