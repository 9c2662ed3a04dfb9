using System.Runtime.InteropServices;
using System.Text;

namespace Outdial.LocalServers;

/// <summary>
/// Files and folders for their owner alone: what is kept here are keys, passwords and phone numbers. As root, servers run as users of their own and
/// have to get to their folders: the folders on the way there are root's, and others may pass through them (0711) but not look into them.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Passage = OwnFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const uint ForOthers = 0b000_111_111;

    /// <summary>What others may do in a folder on the way to a server's.</summary>
    internal static UnixFileMode WayMode => Environment.IsPrivilegedProcess ? Passage : OwnFolder;

    /// <summary>From now on whatever this process and those that it starts make is closed to others, unless it is opened.</summary>
    public static void CloseToOthers() => _ = Umask(ForOthers);

    /// <summary>Makes a folder, and what is missing above it; one that is there already is closed to others.</summary>
    /// <returns>The folder.</returns>
    public static string Folder(string path) => Make(path, OwnFolder);

    /// <summary>The same for a folder in which a server's folder lies, however deep.</summary>
    /// <returns>The folder.</returns>
    public static string Way(string path) => Make(path, WayMode);

    /// <summary>Writes a file that nobody else can read, not even for the moment between making and filling it.</summary>
    public static void Write(string file, string text)
    {
        using var stream = File.Open(
            file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = OwnFile });
        // One that was there before may have been open to all.
        File.SetUnixFileMode(stream.SafeFileHandle, OwnFile);
        stream.SetLength(0);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The same in one step: whoever reads it meanwhile finds all of the old text or all of the new one.</summary>
    public static void Replace(string file, string text)
    {
        Write(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Make(string path, UnixFileMode mode)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
            return Close(path, mode);
        if (Path.GetDirectoryName(path) is { } above && !Directory.Exists(above))
            Make(above, mode);
        Directory.CreateDirectory(path, mode);
        // The mode of the making is less what the process forbids.
        File.SetUnixFileMode(path, mode);
        return path;
    }

    // What all may write to is shared on purpose, such as /tmp; what is somebody else's is not ours to close.
    private static string Close(string path, UnixFileMode mode)
    {
        var known = File.GetUnixFileMode(path);
        if (known == mode || (known & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) != UnixFileMode.None)
            return path;
        try
        {
            File.SetUnixFileMode(path, mode);
        }
        catch (UnauthorizedAccessException)
        {
            // As said.
        }
        return path;
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern uint Umask(uint forbidden);
}
