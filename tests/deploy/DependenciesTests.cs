using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Outdial.Deploy.Tests;

/// <summary>What <c>docs/dependencies.md</c> says, against what the projects name and what the packages say of themselves.</summary>
public sealed partial class DependenciesTests
{
    private static readonly string s_text = Repository.Read("docs", "dependencies.md");

    [Fact]
    public void Every_package_that_a_project_names_is_in_the_document_and_no_other_is()
    {
        var named = Projects().SelectMany(Named).Concat(Tools().Keys).Distinct().Order(StringComparer.OrdinalIgnoreCase).ToList();

        Assert.Contains("Npgsql", named);
        Assert.Contains("xunit", named);
        var told = Told().Select(row => row.Id).ToList();
        Assert.Equal(told.Distinct(), told);
        AssertNone(named.Except(told), "docs/dependencies.md lacks a row (what for, licence, who keeps it, what without it) for");
        AssertNone(told.Except(named), "no project names any more, but docs/dependencies.md has a row for");
    }

    [Fact]
    public void A_package_that_was_not_taken_is_named_by_no_project() =>
        Assert.Empty(NotTaken().Intersect(Projects().SelectMany(Named), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void No_version_is_kept_of_a_package_that_no_project_names()
    {
        var named = Projects().SelectMany(Named).ToHashSet(StringComparer.OrdinalIgnoreCase);

        AssertNone(Versions().Keys.Where(id => !named.Contains(id)), "Directory.Packages.props has a version that no project asks for, of");
    }

    [Fact]
    public async Task The_licence_in_the_document_is_the_one_in_the_package()
    {
        var versions = Versions().Concat(Tools()).ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var project in Projects().Where(project => project.EndsWith(".csproj", StringComparison.Ordinal)))
            if (Named(project).Any(id => About(id, versions[id]) is null))
                await DotnetAsync("restore", project, "-v", "quiet");
        if (Tools().Any(tool => About(tool.Key, tool.Value) is null))
            await DotnetAsync("tool", "restore");

        var named = Projects().SelectMany(Named).Concat(Tools().Keys).ToHashSet();
        AssertNone(
            Told().Where(row => named.Contains(row.Id) && Licence(row.Id, versions[row.Id]) != row.Licence)
                .Select(row => $"{row.Id} ({Licence(row.Id, versions[row.Id]) ?? "none that is named"}, not {row.Licence})"),
            "docs/dependencies.md has the wrong licence for");
    }

    [Fact]
    public void Every_row_says_all_there_is_to_say() =>
        Assert.All(Told(), row => Assert.All(row.Cells, cell => Assert.NotEqual("", cell)));

    private static void AssertNone(IEnumerable<string> found, string sentence)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{sentence} {string.Join(", ", all)}.");
    }

    private static async Task DotnetAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, WorkingDirectory = Repository.At() };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', words)} ended with {process.ExitCode}: {said}");
    }

    /// <summary>All files in which a package may be named.</summary>
    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Repository.At(), "*.*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets"
                && !Path.GetRelativePath(Repository.At(), file).Split('/').Any(part => part is "obj" or "bin" || part[0] == '.'));

    private static IEnumerable<string> Named(string project) => XDocument.Load(project).Descendants()
        .Where(element => element.Name.LocalName is "PackageReference" or "GlobalPackageReference")
        .Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private static Dictionary<string, string> Versions() => XDocument.Load(Repository.At("Directory.Packages.props")).Descendants()
        .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
        .ToDictionary(
            element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>By the name that the package has, which the file has in small letters.</summary>
    private static Dictionary<string, string> Tools()
    {
        var told = Told().Select(row => row.Id).ToList();
        using var manifest = JsonDocument.Parse(Repository.Read(".config", "dotnet-tools.json"));
        return manifest.RootElement.GetProperty("tools").EnumerateObject().ToDictionary(
            tool => told.Find(id => id.Equals(tool.Name, StringComparison.OrdinalIgnoreCase)) ?? tool.Name,
            tool => tool.Value.GetProperty("version").GetString()!);
    }

    /// <returns>null when it is not restored.</returns>
    private static string? About(string id, string version)
    {
        var all = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } own
            ? own
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = Path.Combine(all, id.ToLowerInvariant(), version);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.nuspec").SingleOrDefault() : null;   // a tool's keeps its capitals
    }

    private static string? Licence(string id, string version) => XDocument.Load(About(id, version)!).Descendants()
        .FirstOrDefault(element => element.Name.LocalName == "license" && element.Attribute("type")?.Value == "expression")?.Value;

    private static IEnumerable<Row> Told() =>
        from line in Part(0).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells.Length == 5
        from id in Quoted().Matches(cells[0])
        select new Row(id.Groups[1].Value, cells[2], cells);

    private static IEnumerable<string> NotTaken() =>
        Part(1).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1])).Select(match => match.Groups[1].Value);

    private static string Part(int at) => s_text.Split("\n## Looked at, not taken yet\n")[at];

    private sealed record Row(string Id, string Licence, string[] Cells);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
