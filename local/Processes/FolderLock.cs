namespace Outdial.LocalServers;

/// <summary>One process per data folder. The kernel drops the lock with the process, so a crash leaves nothing to clean.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="LocalServerException">Another living process uses the folder.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            return new FolderLock(File.Open(Path.Combine(folder, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException e) when (Directory.Exists(folder))
        {
            throw new LocalServerException($"The data folder {folder} is in use by another running Outdial. Stop that one first, or choose another folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
