using System.Globalization;

namespace Outdial.LocalServers;

/// <summary>Where the machine keeps <c>postgres</c> and <c>initdb</c>; distributions hide them from the path.</summary>
internal static class PostgresPrograms
{
    /// <summary>The folder with the programs: of the wanted major version, or of the newest.</summary>
    /// <exception cref="LocalServerException">None is installed; says how to install it.</exception>
    public static string Folder(string? majorVersion)
    {
        var found = Candidates().Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"))).ToArray();
        if (found.Length == 0)
            throw new LocalServerException("PostgreSQL is not installed on this machine. Install it with: sudo apt-get install postgresql");
        if (majorVersion is null)
            return found[0];
        return found.FirstOrDefault(folder => folder.Split('/').Any(part => part == majorVersion || part == "pgsql-" + majorVersion))
            ?? throw new LocalServerException($"The data was written by PostgreSQL {majorVersion}, which is not installed here ({string.Join(", ", found)}). Install it with: sudo apt-get install postgresql-{majorVersion}");
    }

    private static IEnumerable<string> Candidates()
    {
        var versioned = new[] { "/usr/lib/postgresql", "/usr" }
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Where(folder => folder.StartsWith("/usr/lib/postgresql/", StringComparison.Ordinal) || folder.StartsWith("/usr/pgsql-", StringComparison.Ordinal))
            .OrderByDescending(folder =>
                int.TryParse(Path.GetFileName(folder).Replace("pgsql-", ""), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"));
        return versioned.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
    }
}
