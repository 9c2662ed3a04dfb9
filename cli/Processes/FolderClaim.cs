using System.Globalization;
using Outdial.LocalServers;

namespace Outdial.Cli.Processes;

/// <summary>
/// That one process alone works in a folder, for as long as it lives: however it ends, its claim ends with it, and what it left behind may be
/// cleared.
/// </summary>
public sealed class FolderClaim : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _holder;

    private FolderClaim(FileStream held, string holder) => (_lock, _holder) = (held, holder);

    /// <summary>Claims a folder, which may be cleared or removed then: what says so lies beside it.</summary>
    /// <param name="folder">Need not be there yet.</param>
    /// <param name="refusal">What is said when another process works there, of its id.</param>
    /// <exception cref="CommandFailure">Another process works there.</exception>
    public static FolderClaim Take(string folder, Func<string, string> refusal)
    {
        var name = folder.TrimEnd(Path.DirectorySeparatorChar);
        PrivateFiles.Way(Path.GetDirectoryName(Path.GetFullPath(name))!);
        // The script reads whose it is, before it builds anything.
        var holder = name + ".pid";
        FileStream held;
        try
        {
            // Held by the kernel for the process: not another one gets it, and nobody has to clear it away.
            held = new FileStream(name + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandFailure(refusal(HolderOf(holder)));
        }
        PrivateFiles.Write(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new(held, holder);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _lock.Dispose();
    }

    private static string HolderOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "unknown";   // it has just begun
        }
    }
}
