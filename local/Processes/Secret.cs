using System.Security.Cryptography;
using System.Text;

namespace Outdial.LocalServers;

/// <summary>Random passwords, kept in a file that only its owner can read.</summary>
public static class Secret
{
    /// <summary>The password in the file; made on first use.</summary>
    public static string Keep(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } known)
            return known;
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Write(file, secret);
        return secret;
    }

    /// <summary>Writes a file that nobody else can read, not even for the moment between making and filling it.</summary>
    public static void Write(string file, string text)
    {
        using var stream = File.Open(file, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
