using System.Security.Cryptography;

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
        PrivateFiles.Write(file, secret);
        return secret;
    }
}
