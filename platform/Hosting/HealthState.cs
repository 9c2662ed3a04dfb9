namespace Outdial.Platform;

/// <summary>What <c>/health/ready</c> says in a header, for those who send requests to several replicas.</summary>
public static class HealthState
{
    public const string Header = "X-Outdial-State";

    /// <summary>The process was told to stop, and will not be ready again.</summary>
    public const string Stopping = "stopping";
}
