namespace Outdial.Testing;

/// <summary>Looks for what others than its owner may do with files and folders.</summary>
public static class OpenToOthers
{
    /// <summary>Any right of others.</summary>
    public const UnixFileMode Any = (UnixFileMode)0b111_111;

    /// <summary>The rights to read and change.</summary>
    public const UnixFileMode Content = (UnixFileMode)0b110_110;

    /// <summary>
    /// Fails when others may do anything with anything in the folder, or with the folder itself. One exception: where servers run as users of their
    /// own, others may pass through the folders on the way, which are root's, without seeing what is in them.
    /// </summary>
    public static void AssertNothingIn(string folder)
    {
        var open = new DirectoryInfo(folder)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Append(new DirectoryInfo(folder))
            .Where(entry => entry.LinkTarget is null)   // a link has no rights of its own
            .Select(entry => (Path: entry.FullName, Rights: Rights(entry)))
            .Where(entry => entry.Rights is not null && entry.Rights != UnixFileMode.None)
            .Select(entry => $"{entry.Path}: {entry.Rights}")
            .ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"Others than the owner may use {open.Count} files and folders, such as:\n{string.Join('\n', open.Take(20))}");
    }

    private static UnixFileMode? Rights(FileSystemInfo entry)
    {
        try
        {
            var mode = File.GetUnixFileMode(entry.FullName) & Any;
            return entry is DirectoryInfo && Environment.IsPrivilegedProcess ? mode & Content : mode;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;   // gone meanwhile: servers come and go with their files
        }
    }
}
