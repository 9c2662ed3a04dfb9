using System.Runtime.CompilerServices;
using Outdial.Platform;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Outdial.Gateway.Forwarding;

/// <summary>
/// Takes a replica out when it was not ready twice in a row, and at once when it says that it was told to stop: it goes on serving for a moment
/// only (<c>Shutdown:Notice</c>). One good answer brings it back.
/// </summary>
internal sealed class ReadinessPolicy(IDestinationHealthUpdater health) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "Readiness";
    private const int Patience = 2;

    private readonly ConditionalWeakTable<DestinationState, StrongBox<int>> _failures = [];

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults) => health.SetActive(
        cluster, [.. probingResults.Select(probed => new NewActiveDestinationHealth(probed.Destination, Judge(probed)))]);

    private DestinationHealth Judge(DestinationProbingResult probed)
    {
        var failures = _failures.GetValue(probed.Destination, static _ => new());
        if (probed.Response?.IsSuccessStatusCode == true)
            failures.Value = 0;
        else
            failures.Value = IsStopping(probed.Response) ? Patience : Math.Min(failures.Value + 1, Patience);
        return failures.Value < Patience ? DestinationHealth.Healthy : DestinationHealth.Unhealthy;
    }

    private static bool IsStopping(HttpResponseMessage? answer) =>
        answer?.Headers.TryGetValues(HealthState.Header, out var said) == true && said.Contains(HealthState.Stopping, StringComparer.Ordinal);
}
