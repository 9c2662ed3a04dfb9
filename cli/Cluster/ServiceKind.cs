namespace Outdial.Cli.Cluster;

/// <summary>One of the programs that the platform consists of.</summary>
/// <param name="Name">As operators call it, such as <c>agent-router</c>.</param>
/// <param name="Folder">The project's folder.</param>
/// <param name="Assembly">What is built from it.</param>
/// <param name="Database">Name of its database and of the connection string; null: it has none.</param>
public sealed record ServiceKind(string Name, string Folder, string Assembly, string? Database)
{
    public static readonly ServiceKind Ingress = new("ingress", "services/ingress", "Outdial.Ingress", "ingress");
    public static readonly ServiceKind Pacer = new("pacer", "services/pacer", "Outdial.Pacer", "pacer");
    public static readonly ServiceKind Enrichment = new("enrichment", "services/enrichment", "Outdial.Enrichment", "enrichment");
    public static readonly ServiceKind AgentRouter = new("agent-router", "services/agent-router", "Outdial.AgentRouter", "router");
    public static readonly ServiceKind Analytics = new("analytics", "services/analytics", "Outdial.Analytics", "analytics");
    public static readonly ServiceKind Gateway = new("gateway", "gateway", "Outdial.Gateway", "gateway");

    /// <summary>Those behind the gateway.</summary>
    public static IReadOnlyList<ServiceKind> Services { get; } = [Ingress, Pacer, Enrichment, AgentRouter, Analytics];

    /// <summary>All, the gateway last.</summary>
    public static IReadOnlyList<ServiceKind> All { get; } = [.. Services, Gateway];

    /// <exception cref="Processes.CommandFailure">There is none of that name; lists those that there are.</exception>
    public static ServiceKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new Processes.CommandFailure($"There is no service '{name}'. There are: {string.Join(", ", All.Select(kind => kind.Name))}.");
}
