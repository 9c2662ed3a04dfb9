namespace Outdial.Platform;

/// <summary>What a service's program is asked to do: its first word, unless that is a setting such as <c>--urls</c> or <c>Key=value</c>.</summary>
internal static class ServiceVerb
{
    public const string Serve = "", Migrate = "migrate", HealthCheck = "healthcheck", Restored = "restored", Drain = "drain";

    public const string Usage =
        "migrate (prepare database and broker, then end), healthcheck [live|ready] (ask the process that serves here), "
        + "restored TIME (after a database was restored from a dump of that time), drain (hand over what another process left on disk, then end), "
        + "--version, or nothing (serve)";

    /// <summary>One of the verbs, or whatever else stands in its place.</summary>
    public static string Of(IReadOnlyList<string> args) =>
        args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/') && !first.Contains('=') ? first : Serve;
}

/// <summary>How a service's process ends, by the numbers of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Ok = 0, Failed = 1, Usage = 64, ServerAway = 75, BadConfiguration = 78;
}
