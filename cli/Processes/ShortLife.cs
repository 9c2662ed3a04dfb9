namespace Outdial.Cli.Processes;

/// <summary>How .NET runs the programs that are started here: many of them on one machine, most for minutes.</summary>
public static class ShortLife
{
    /// <summary>Environment variables of the runtime.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        // To watch itself run and compile again what runs often pays where a process lives for long: here later and less often (hexadecimal).
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountThreshold"] = "300",
        ["DOTNET_TC_CallCountingDelayMs"] = "1000",
        // A thread without work sleeps at once. The moment for which it would stay awake is another process's.
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
    };
}
