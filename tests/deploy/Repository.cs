using System.Xml.Linq;
using Outdial.Cli.Processes;

namespace Outdial.Deploy.Tests;

/// <summary>The checkout that the tests look at.</summary>
internal static class Repository
{
    /// <summary>Every project that is a program of an installation or of its demo, as image name and project file.</summary>
    public static IReadOnlyDictionary<string, string> Programs { get; } = Solution("Outdial.slnx")
        .Where(project => project.StartsWith("services/", StringComparison.Ordinal) || project.Split('/')[0] is "gateway" or "simulator" or "cli")
        .ToDictionary(project => Path.GetFileName(Path.GetDirectoryName(project)!));

    /// <summary>Programs with a database, hence with a job that migrates it.</summary>
    public static IReadOnlyList<string> Migrating { get; } =
        [.. Programs.Where(program => Directory.Exists(At(Path.GetDirectoryName(program.Value)!, "Data", "Migrations"))).Select(program => program.Key)];

    public static string At(params string[] path) => Path.Combine([Workshop.Root, .. path]);

    public static string Read(params string[] path) => File.ReadAllText(At(path));

    /// <summary>All code that goes into a program: its own and that of the projects it refers to.</summary>
    public static IEnumerable<string> CodeOf(string project) => Closure(project)
        .SelectMany(file => Directory.EnumerateFiles(Path.GetDirectoryName(At(file))!, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    /// <summary>A project and all that it refers to, as paths from the root.</summary>
    public static IReadOnlyList<string> Closure(string project)
    {
        var all = new List<string> { project };
        for (var i = 0; i < all.Count; i++)
        {
            var folder = Path.GetDirectoryName(At(all[i]))!;
            all.AddRange(XDocument.Load(At(all[i])).Descendants("ProjectReference")
                .Select(reference => Path.GetRelativePath(Workshop.Root, Path.GetFullPath(reference.Attribute("Include")!.Value, folder)))
                .Except(all));
        }
        return all;
    }

    /// <summary>The projects of a solution, as paths from the root.</summary>
    public static IReadOnlyList<string> Solution(string file) =>
        [.. XDocument.Load(At(file)).Descendants("Project")
            .Select(project => Path.GetRelativePath(Workshop.Root, Path.GetFullPath(project.Attribute("Path")!.Value, Path.GetDirectoryName(At(file))!)))];
}
