using System.Text.RegularExpressions;
using Outdial.Cli.Cluster;

namespace Outdial.Deploy.Tests;

/// <summary>The front door installs servers for the test projects that say that they need some, whether or not there is a Docker engine.</summary>
public sealed partial class PrivateServersTests
{
    [Fact]
    public void A_test_project_that_starts_private_servers_says_so_and_no_other_does()
    {
        var projects = Directory.EnumerateFiles(Repository.At("tests"), "*.Tests.csproj", SearchOption.AllDirectories).ToList();

        var starting = projects.Where(project => SourcesOf(project).Any(source => Start().IsMatch(File.ReadAllText(source))));
        var saying = projects.Where(project => File.ReadAllText(project).Contains("<PrivateServers>true</PrivateServers>", StringComparison.Ordinal));

        Assert.NotEmpty(saying);
        Assert.Equal(starting.Select(Path.GetFileName).Order(), saying.Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_test_project_refers_to_the_programs_that_it_starts_so_that_it_can_be_built_by_itself()
    {
        foreach (var project in Directory.EnumerateFiles(Repository.At("tests"), "*.Tests.csproj", SearchOption.AllDirectories))
        {
            var sources = SourcesOf(project).Select(File.ReadAllText).ToList();
            var started = sources.SelectMany(source => Program().Matches(source)).Select(match => match.Groups[1].Value).Distinct().ToList();
            if (sources.Exists(source => Cluster().IsMatch(source)))
                started.AddRange(ServiceKind.All.Select(kind => kind.Folder).Append("simulator"));

            Assert.Empty(started.Except(Repository.Closure(Path.GetRelativePath(Repository.At(), project)).Select(Path.GetDirectoryName)));
        }
    }

    private static IEnumerable<string> SourcesOf(string project) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"""([a-z/-]+)"", ""Outdial\.[A-Z]\w+""")]
    private static partial Regex Program();

    [GeneratedRegex(@"\bLocalCluster\b|\bChaosRun\b")]
    private static partial Regex Cluster();

    // By themselves, or within the platform that they start.
    [GeneratedRegex(@"\bStartOwnAsync\(|\bPrivate(Postgres|RabbitMq)\.StartAsync\(|\bLocalCluster\b|""Outdial\.Host""|\bDataFolder\.")]
    private static partial Regex Start();
}
