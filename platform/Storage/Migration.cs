using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Outdial.Platform.Storage;

/// <summary>One SQL script that a schema is built from.</summary>
/// <param name="Id">What the history calls it, for example <c>pacer/0001-campaigns.sql</c>.</param>
/// <param name="Sql">Its text; may hold several statements, run in one transaction.</param>
public sealed partial record Migration(string Id, string Sql)
{
    /// <summary>SHA-256 of the text, hexadecimal. Line ends do not count: a checkout may change them.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The scripts of a database in the order in which they apply: the platform's own, then the service's, by number.</summary>
    /// <exception cref="InvalidOperationException">Two scripts of one origin carry the same number.</exception>
    public static IReadOnlyList<Migration> Of(string service, Assembly assembly) =>
        [.. Embedded("platform", typeof(Migration).Assembly, ".Storage.Migrations."), .. Embedded(service, assembly, ".Data.Migrations.")];

    private static List<Migration> Embedded(string origin, Assembly assembly, string folder)
    {
        var found = assembly.GetManifestResourceNames()
            .Select(resource => (Resource: resource, At: resource.IndexOf(folder, StringComparison.Ordinal)))
            .Where(x => x.At >= 0 && x.Resource.EndsWith(".sql", StringComparison.Ordinal))
            .Select(x => (x.Resource, Script: x.Resource[(x.At + folder.Length)..]))
            .OrderBy(x => x.Script, StringComparer.Ordinal)
            .ToList();

        foreach (var (resource, script) in found)
            if (!ScriptName().IsMatch(script))
                throw new InvalidOperationException($"The migration {script} of {origin} must be named like 0001-campaigns.sql.");
        if (found.GroupBy(x => x.Script[..4]).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException(
                $"Two migrations of {origin} carry the number {twice.Key}: {string.Join(" and ", twice.Select(x => x.Script))}. Renumber the newer one.");

        return found.ConvertAll(x => new Migration($"{origin}/{x.Script}", Text(assembly, x.Resource)));
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.sql$")]
    private static partial Regex ScriptName();
}
