using System.Runtime.InteropServices;

namespace Outdial.LocalServers;

/// <summary>Whom a private server runs as: the server's own system user when we are root, ourselves otherwise.</summary>
internal sealed class UnprivilegedUser
{
    private readonly string? _name;   // null: ourselves

    private UnprivilegedUser(string? name) => _name = name;

    /// <exception cref="LocalServerException">We are root and the user is missing; says which package brings it.</exception>
    public static UnprivilegedUser For(string name, string package)
    {
        if (GetEffectiveUserId() != 0)
            return new UnprivilegedUser(null);
        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal)))
            throw new LocalServerException($"Servers do not run as root, and the user '{name}' is missing. Install it with: apt-get install {package}");
        return new UnprivilegedUser(name);
    }

    /// <summary>Words to put before a command so that it runs as this user; the process id stays the same.</summary>
    public IReadOnlyList<string> Prefix => _name is null
        ? []
        : ["setpriv", $"--reuid={_name}", $"--regid={_name}", "--clear-groups", "--"];

    /// <summary>
    /// The folder, when this user can reach it; else one for the same purpose under <c>/var/tmp</c>. Somebody who is
    /// root keeps the project under <c>/root</c>, where no other user may look.
    /// </summary>
    public async Task<string> ReachableAsync(string folder, CancellationToken cancel)
    {
        folder = Path.GetFullPath(folder);
        if (_name is null)
            return folder;
        var existing = folder;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        if (await Command.SucceedsAsync([.. Prefix, "test", "-x", existing], cancel))
            return folder;
        return await OursAsync(Path.Combine("/var/tmp", "outdial" + folder.Replace('/', '-')), cancel);
    }

    /// <summary>Hands a file, or a folder with all that is in it, to this user and closes it to all others.</summary>
    public async Task OwnAsync(string path, CancellationToken cancel)
    {
        await Command.RunAsync(["chmod", "-R", "go=", path], cancel);
        if (_name is not null)
            await Command.RunAsync(["chown", "-R", $"{_name}:", path], cancel);
    }

    // Where everybody may make folders, somebody else may have been first: root must not keep passwords in a stranger's.
    private static async Task<string> OursAsync(string folder, CancellationToken cancel)
    {
        PrivateFiles.Way(folder);
        if ((await Command.RunAsync(["stat", "-c", "%u %F", folder], cancel)).Trim() != "0 directory")
            throw new LocalServerException($"{folder} is not ours: somebody else made it, or it leads elsewhere. Look at it, remove it and run this again.");
        return folder;
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();
}
