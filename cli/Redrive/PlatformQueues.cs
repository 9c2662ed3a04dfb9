using System.Text.Json;

namespace Outdial.Cli.Redrive;

/// <summary>The queues of the platform, by the same file that its services declare.</summary>
public static class PlatformQueues
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = Read();

    /// <summary>People copy the name of the error queue as well as that of the queue.</summary>
    public static string WithoutSuffix(string name) => name.EndsWith("_error", StringComparison.Ordinal) ? name[..^"_error".Length] : name;

    private static string[] Read()
    {
        using var file = typeof(PlatformQueues).Assembly.GetManifestResourceStream("topology.json")!;
        return [.. JsonSerializer.Deserialize<Dictionary<string, string[]>>(file)!.Keys.Order(StringComparer.Ordinal)];
    }
}
