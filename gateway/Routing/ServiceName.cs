namespace Outdial.Gateway.Routing;

/// <summary>The services behind the gateway, by the word in <c>Gateway:Services</c>.</summary>
public static class ServiceName
{
    public const string Ingress = "ingress", Pacer = "pacer", Enrichment = "enrichment", AgentRouter = "agent-router", Analytics = "analytics",
        Console = "console";

    public static IReadOnlyList<string> All { get; } = [Ingress, Pacer, Enrichment, AgentRouter, Analytics, Console];

    /// <summary>
    /// Names as configuration has them. Shells drop environment variables with a hyphen in their name, so an underscore stands for one.
    /// </summary>
    public static IEqualityComparer<string> Comparer { get; } =
        EqualityComparer<string>.Create((x, y) => string.Equals(Plain(x), Plain(y), StringComparison.OrdinalIgnoreCase), name =>
            Plain(name)!.GetHashCode(StringComparison.OrdinalIgnoreCase));

    private static string? Plain(string? name) => name?.Replace('_', '-');
}
