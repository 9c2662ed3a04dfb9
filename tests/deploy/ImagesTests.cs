namespace Outdial.Deploy.Tests;

/// <summary><c>./outdial images</c>, with a docker that writes down what it is told.</summary>
public sealed class ImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outdial-images-").FullName;
    private readonly string _tools = Directory.CreateTempSubdirectory("outdial-images-tools-").FullName;

    public ImagesTests()
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), Repository.Read("Dockerfile"));
        Engine("");
        Git("init", "--quiet");
        Git("add", ".");
        Git("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "commit", "--quiet", "--message", "some work");
        Git("tag", "v1.2.3");
    }

    [Fact]
    public async Task Every_program_is_built_under_its_name_and_the_version_of_the_tag_with_the_commit_in_its_label()
    {
        await RunAsync(0);

        var builds = Told().Where(line => line.StartsWith("build ", StringComparison.Ordinal)).ToList();
        Assert.Equal(DockerStage.Targets.Select(stage => stage.Name).Order(), builds.Select(line => After(line, "--target")).Order());
        Assert.All(builds, line => Assert.Equal($"outdial/{After(line, "--target")}:1.2.3", After(line, "--tag")));
        Assert.All(builds, line => Assert.Contains($" REVISION={Git("rev-parse", "HEAD")} ", line));
        Assert.All(builds, line => Assert.Matches(@" VERSION=1\.2\.3 .* CREATED=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", line));
        // Of one state, which is not the folder that somebody may go on editing.
        Assert.NotEqual(_folder, Assert.Single(builds.Select(line => line.Split(' ')[^1]).Distinct()));
        Assert.DoesNotContain(Told(), line => line.StartsWith("push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_are_pushed_once_all_of_them_are_built_to_the_registry_that_is_named()
    {
        await RunAsync(0, "--registry", "registry.example.org:5000/dialing", "--push", "--tag", "try", "gateway", "pacer");

        var acts = Told().Where(line => line.Split(' ')[0] is "build" or "push").Select(line => $"{line.Split(' ')[0]} {line.Split(' ')[^1].Split('/')[^1]}");
        Assert.Equal(["build", "build", "push", "push"], acts.Select(act => act.Split(' ')[0]));
        Assert.Equal("push --quiet registry.example.org:5000/dialing/outdial/pacer:try", Told().Last(line => line.StartsWith("push", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_no_commit_holds_needs_a_name_and_its_label_tells()
    {
        File.WriteAllText(Path.Combine(_folder, "new.txt"), "new");

        Assert.Contains("changes that no commit holds", await RunAsync(1));
        Assert.Empty(Told());
        await RunAsync(0, "--tag", "mine", "cli");
        Assert.Contains(Told(), line => line.Contains("-changed ", StringComparison.Ordinal) && After(line, "--tag") == "outdial/cli:mine");
    }

    [Theory]
    [InlineData("--push needs to know where to", "--push")]
    [InlineData("--registry is 'https://registry'; expected a host with a path", "--registry", "https://registry")]
    [InlineData("--tag is 'a b'; expected a version such as 1.2.3", "--tag=a b")]
    [InlineData("--tag needs a value", "--tag")]
    [InlineData("there is no program 'pager'. There are: pacer ingress", "pager")]
    [InlineData("images has no option '--pull'", "--pull")]
    public async Task What_cannot_work_is_refused_in_a_sentence_before_anything_is_built(string expected, params string[] words)
    {
        Assert.Contains(expected, await RunAsync(1, words), StringComparison.Ordinal);
        Assert.Empty(Told());
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_and_a_build_that_fails_are_said_and_nothing_is_pushed()
    {
        Engine("[ \"$1\" != version ] || exit 1");
        Assert.Contains("no Docker engine answers", await RunAsync(1));

        Engine("[ \"$1\" != build ] || case \"$*\" in *pacer*) exit 1 ;; esac");
        Assert.Contains("pacer could not be built", await RunAsync(1, "--registry", "registry.example.org", "--push", "gateway", "pacer"));
        Assert.DoesNotContain(Told(), line => line.StartsWith("push", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_the_same_in_all_services_is_moved_into_one_folder_and_nothing_else()
    {
        foreach (var program in new[] { "Outdial.Pacer", "Outdial.Gateway", "Outdial.Simulator" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "app", program));
            await File.WriteAllTextAsync(Path.Combine(_folder, "app", program, "Common.dll"), "the same");
            await File.WriteAllTextAsync(Path.Combine(_folder, "app", program, "Own.dll"), program);
        }

        await StartAsync(0, "bash", Repository.At("deploy", "images", "share.sh"), Path.Combine(_folder, "app"), Path.Combine(_folder, "shared"));

        var files = Directory.EnumerateFiles(_folder, "*.dll", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder, file));
        Assert.Equal(
            [
                "app/Outdial.Gateway/Own.dll", "app/Outdial.Pacer/Own.dll", "app/Outdial.Simulator/Common.dll", "app/Outdial.Simulator/Own.dll",
                "shared/Common.dll",
            ], files.Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_tools, recursive: true);
    }

    private void Engine(string first)
    {
        var docker = Path.Combine(_tools, "docker");
        File.WriteAllText(docker, $"#!/bin/sh\n{first}\n[ \"$1\" = version ] || echo \"$*\" >>'{_tools}/told'\n[ \"$1\" != image ] || echo 123000000\n");
        File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Told() => File.Exists(Path.Combine(_tools, "told")) ? File.ReadAllLines(Path.Combine(_tools, "told")) : [];

    private static string After(string line, string word) => line.Split(' ').SkipWhile(one => one != word).Skip(1).First();

    private string Git(params string[] words) => StartAsync(0, ["git", "-C", _folder, .. words]).GetAwaiter().GetResult().Trim();

    private Task<string> RunAsync(int code, params string[] words) => StartAsync(code, ["bash", Repository.At("deploy", "images", "images.sh"), .. words]);

    private Task<string> StartAsync(int code, params string[] words) => Tool.RunAsync(
        code, new Dictionary<string, string> { ["OUTDIAL_IMAGES_ROOT"] = _folder, ["PATH"] = Tool.PathWith(_tools) }, words);
}
