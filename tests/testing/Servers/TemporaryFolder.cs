using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>Folders that last as long as a test.</summary>
public static class TemporaryFolder
{
    /// <summary>A new folder that the servers' own users can reach.</summary>
    public static string Make(string purpose)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"outdial-{purpose}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        return PrivateFiles.Way(folder);
    }

    /// <summary>Removes the folder and what is in it; absent is fine.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
