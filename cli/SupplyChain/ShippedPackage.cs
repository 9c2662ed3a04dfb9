using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Outdial.Cli.Processes;

namespace Outdial.Cli.SupplyChain;

/// <summary>A package of others with code that goes out with one of our programs.</summary>
/// <param name="Licence">An SPDX expression, or an address where the package names no more than that.</param>
/// <param name="Notices">The texts that the package itself brings along: its licence and what it says of its own sources.</param>
public sealed partial record ShippedPackage(string Id, string Version, string Licence, string? Copyright, string? Home, IReadOnlyList<string> Notices)
{
    /// <summary>All programs: those with an image, and the host.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. XDocument.Load(Path.Combine(Workshop.Root, "deploy", "Images.slnx")).Descendants("Project")
            .Select(project => Path.GetFullPath(project.Attribute("Path")!.Value, Path.Combine(Workshop.Root, "deploy"))),
        Path.Combine(Workshop.Root, "host", "Outdial.Host.csproj"),
    ];

    /// <summary>The packages of all programs, transitive ones included, by their names. What only builds, such as an analyzer, is none.</summary>
    /// <exception cref="CommandFailure">A project is not restored.</exception>
    public static IReadOnlyList<ShippedPackage> All() =>
    [
        .. Projects.SelectMany(OfProject).DistinctBy(folder => folder, StringComparer.OrdinalIgnoreCase).Select(Read)
            .OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ThenBy(package => package.Version, StringComparer.Ordinal),
    ];

    /// <returns>Folders of the packages, as they were restored.</returns>
    private static IEnumerable<string> OfProject(string project)
    {
        var assets = Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json");
        if (!File.Exists(assets))
            throw new CommandFailure($"{project} is not restored: there is no {assets}. Restore it with: dotnet restore Outdial.slnx");
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        var root = json.RootElement;
        var places = root.GetProperty("packageFolders").EnumerateObject().Select(place => place.Name).ToList();
        var shipped = root.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(library => library.Value.GetProperty("type").GetString() == "package" && HasCode(library.Value))
            .Select(library => library.Name).Distinct();
        foreach (var name in shipped)
        {
            var path = root.GetProperty("libraries").GetProperty(name).GetProperty("path").GetString()!;
            yield return places.Select(place => Path.Combine(place, path)).FirstOrDefault(Directory.Exists)
                ?? throw new CommandFailure($"The package {name} of {project} is not in {string.Join(", ", places)}. Restore it with: dotnet restore Outdial.slnx");
        }
    }

    private static bool HasCode(JsonElement library) =>
        new[] { "runtime", "runtimeTargets", "native" }.Any(kind =>
            library.TryGetProperty(kind, out var files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("_._", StringComparison.Ordinal)));

    private static ShippedPackage Read(string folder)
    {
        var about = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var licence = about.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        return new(
            Value("id")!, Value("version")!,
            licence?.Attribute("type")?.Value == "expression" ? licence.Value : Value("licenseUrl") ?? "see its own text",
            Value("copyright") is { } copyright && copyright.Contains("opyright", StringComparison.Ordinal)
                ? copyright
                : $"Copyright {Value("copyright") ?? Value("authors")}",
            Value("projectUrl"),
            [
                .. Directory.GetFiles(folder).Where(file => Notice().IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal)
                    .Select(file => File.ReadAllText(file).ReplaceLineEndings("\n").Trim()),
            ]);

        string? Value(string name) =>
            about.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } value ? value : null;
    }

    [GeneratedRegex("licen[cs]e|notice", RegexOptions.IgnoreCase)]
    private static partial Regex Notice();
}
