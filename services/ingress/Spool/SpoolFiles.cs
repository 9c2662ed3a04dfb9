namespace Outdial.Ingress.Spool;

/// <summary>Makes the spool's folder and files for the process's user alone: webhooks carry phone numbers.</summary>
internal static class SpoolFiles
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    /// <summary>A folder that is there already is closed to others, unless it belongs to somebody else, who gave it to us as it is.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, OwnFolder);
        try
        {
            File.SetUnixFileMode(folder, OwnFolder);
        }
        catch (UnauthorizedAccessException)
        {
            // A volume may belong to root and be open to our group. The files in it are ours.
        }
    }

    /// <summary>Unbuffered.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnFile;
        return new FileStream(path, options);
    }
}
