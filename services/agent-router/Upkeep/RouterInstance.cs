namespace Outdial.AgentRouter.Upkeep;

/// <summary>This router among its siblings.</summary>
internal sealed class RouterInstance
{
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Shutting down: no sign of life any more.</summary>
    public bool IsStopping { get; set; }

    /// <summary>The last router is shutting down and gives back what comes.</summary>
    public bool IsDraining { get; set; }
}
