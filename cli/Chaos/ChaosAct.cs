namespace Outdial.Cli.Chaos;

/// <summary>The kinds of what is done to a running platform.</summary>
public static class ChaosKinds
{
    /// <summary>SIGKILL to one process, which is started again at once.</summary>
    public const string Kill = "kill";

    /// <summary>SIGSTOP to one process, past every lease it holds, then SIGCONT: it goes on with what it believed before.</summary>
    public const string Freeze = "freeze";

    /// <summary>One process cannot reach the broker for a while.</summary>
    public const string CutBroker = "cut-broker";

    /// <summary>One process can reach neither broker nor database for a while.</summary>
    public const string CutAll = "cut-all";

    /// <summary>RabbitMQ is stopped in order and started again.</summary>
    public const string RestartBroker = "restart-broker";

    /// <summary>RabbitMQ is killed and started again.</summary>
    public const string KillBroker = "kill-broker";

    /// <summary>PostgreSQL is stopped in order and started again.</summary>
    public const string RestartDatabase = "restart-database";

    /// <summary>PostgreSQL ends without a checkpoint and recovers from its log.</summary>
    public const string KillDatabase = "kill-database";

    /// <summary>The broker stays away until webhooks have gathered in the ingress's spool.</summary>
    public const string FillSpool = "fill-spool";

    /// <summary>One process is started again with a clock that is wrong.</summary>
    public const string SkewClock = "skew-clock";

    /// <summary>Every replica of a service is replaced, one after the other, as a rolling update does.</summary>
    public const string Roll = "roll";
}

/// <summary>One thing that is done to the platform.</summary>
/// <param name="Kind">One of <see cref="ChaosKinds"/>.</param>
/// <param name="Service">Which service it strikes; null for the servers.</param>
/// <param name="Pick">Chooses the replica; any number.</param>
/// <param name="Length">How long the state lasts, in real time; zero where it has none.</param>
/// <param name="Pause">What follows before the next act, in real time.</param>
public sealed record ChaosAct(string Kind, string? Service, int Pick, TimeSpan Length, TimeSpan Pause)
{
    public override string ToString() => Service is null ? Kind : $"{Kind} {Service}";
}
