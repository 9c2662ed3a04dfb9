using System.Diagnostics;

namespace Outdial.Deploy.Tests;

/// <summary>What a checkout calls itself, wherever it lies.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outdial-version-").FullName;

    [Fact]
    public void A_checkout_has_the_version_of_its_last_tag_and_counts_the_commits_since()
    {
        Git("init", "--quiet");
        Commit();
        Git("tag", "v1.2.3");
        Assert.Equal("1.2.3", Version());

        Commit();
        Commit();
        Assert.Equal("1.2.4-alpha.0.2", Version());
    }

    [Fact]
    public void A_clone_without_its_history_builds_too()
    {
        Git("init", "--quiet");
        Commit();
        Git("tag", "v1.2.3");
        Commit();
        var clone = Path.Combine(_folder, "clone");
        Git("clone", "--quiet", "--depth", "1", "--no-tags", new Uri(_folder).ToString(), clone);

        Assert.Equal("0.0.0-alpha.0", Version(clone));
    }

    [Fact]
    public void A_folder_without_git_has_the_version_that_it_is_given_or_none()
    {
        Assert.Equal("0.0.0-alpha.0", Version());
        Assert.Equal("2.0.0-rc.1", Version(_folder, ("MINVERVERSIONOVERRIDE", "2.0.0-rc.1")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Commit() => Git("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "commit", "--quiet", "--allow-empty", "--message", "some work");

    private void Git(params string[] words) => Run(_folder, "git", words);

    private string Version(string? folder = null, params (string Name, string Value)[] environment)
    {
        folder ??= _folder;
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
            File.Copy(Repository.At(file), Path.Combine(folder, file), overwrite: true);
        Directory.CreateDirectory(Path.Combine(folder, "program"));
        var project = Path.Combine(folder, "program", "Program.csproj");
        File.WriteAllText(project, """<Project Sdk="Microsoft.NET.Sdk" />""");
        Run(folder, "dotnet", ["restore", project, "-v", "quiet", "-nodeReuse:false"], environment);
        return Run(folder, "dotnet", ["msbuild", project, "-t:MinVer", "-getProperty:MinVerVersion", "-nodeReuse:false"], environment);
    }

    private static string Run(string folder, string program, string[] words, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("MINVERVERSIONOVERRIDE");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)}: {said}{error.Result}");
        return said.Trim();
    }
}
