using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>Healthy when the broker is there with all queues of the platform.</summary>
internal sealed class TopologyHealthCheck(BrokerWatch watch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(watch.WaitsFor is { } reason
            ? new HealthCheckResult(context.Registration.FailureStatus, $"The queues of the platform are not declared: {reason}")
            : HealthCheckResult.Healthy());
}
