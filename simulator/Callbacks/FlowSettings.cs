using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What a person would set in the provider's dashboard: where the flow's Passthru and the heartbeat point. Changeable at run time.</summary>
public sealed class FlowSettings(IOptions<SimulatorOptions> options)
{
    public string? PassthruUrl { get; set; } = options.Value.PassthruUrl;
    public string? HeartbeatUrl { get; set; } = options.Value.HeartbeatUrl;
}
