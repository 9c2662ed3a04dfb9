namespace Outdial.Gateway.Routing;

/// <summary>The services behind the gateway, by the word in <c>Gateway:Services</c>.</summary>
public static class ServiceName
{
    public const string Ingress = "ingress", Pacer = "pacer", Enrichment = "enrichment", AgentRouter = "agent-router", Analytics = "analytics",
        Console = "console";

    public static IReadOnlyList<string> All { get; } = [Ingress, Pacer, Enrichment, AgentRouter, Analytics, Console];
}
