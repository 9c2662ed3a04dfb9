using System.Text.Json;
using Outdial.Cli.SupplyChain;

namespace Outdial.Deploy.Tests;

public sealed class SupplyChainTests : IDisposable
{
    private const string Digest = "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0";
    private readonly string _folder = Directory.CreateTempSubdirectory("outdial-supply-").FullName;

    [Fact]
    public async Task No_package_goes_out_that_the_notices_do_not_name_with_its_licence()
    {
        foreach (var project in ShippedPackage.Projects.Where(project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json"))))
            await RunAsync(0, "dotnet", "restore", project, "-v", "quiet");
        var packages = ShippedPackage.All();

        Assert.Contains(packages, package => package.Id == "Npgsql");
        var text = File.ReadAllText(ThirdPartyNotices.FilePath);
        // The feed in use may have another version of a package; its licence is the same, or somebody has to look at it.
        var missing = packages.Where(package => !Headings(text).Contains((package.Id, package.Licence))).Select(package => $"{package.Id} {package.Version} ({package.Licence})").ToList();
        Assert.True(missing.Count == 0, $"THIRD-PARTY-NOTICES lacks {string.Join(", ", missing)}. Write it anew with: ./outdial notices");
        Assert.All(packages.Select(ThirdPartyNotices.Taken).Distinct(), licence => Assert.Contains(ThirdPartyNotices.Texts[licence!], text));
    }

    [Fact]
    public void A_package_under_a_licence_that_nobody_has_looked_at_is_not_written_into_the_notices()
    {
        var unknown = new ShippedPackage("Some.Package", "1.0.0", "GPL-3.0-only", "Copyright Somebody", null, []);

        var refusal = Assert.Throws<Cli.Processes.CommandFailure>(() => ThirdPartyNotices.Write([unknown]));

        Assert.Contains("Some.Package is under 'GPL-3.0-only'", refusal.Message);
    }

    [Fact]
    public void The_tool_for_bills_of_materials_has_one_exact_version()
    {
        using var manifest = JsonDocument.Parse(Repository.Read(".config/dotnet-tools.json"));

        Assert.Matches(@"^\d+\.\d+\.\d+$", manifest.RootElement.GetProperty("tools").GetProperty("cyclonedx").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Each_program_has_a_bill_of_materials_that_names_every_package_in_it()
    {
        await RunAsync(0, "bash", Repository.At("deploy", "sbom", "sbom.sh"), _folder);

        var packages = new HashSet<string>();
        foreach (var project in Repository.Solution("deploy/Images.slnx"))
        {
            using var bill = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, Path.GetFileNameWithoutExtension(project), "sbom.cdx.json")));
            Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
            Assert.Equal(
                Path.GetFileNameWithoutExtension(project), bill.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString());
            foreach (var component in bill.RootElement.GetProperty("components").EnumerateArray())
                packages.Add($"{component.GetProperty("name").GetString()} {component.GetProperty("version").GetString()}");
        }
        Assert.All(ShippedPackage.All(), package => Assert.Contains($"{package.Id} {package.Version}", packages));
    }

    [Fact]
    public async Task Pinning_writes_the_digest_of_every_image_of_others_and_taking_it_out_again_gives_the_same_files()
    {
        var before = Copy();
        Registry($"echo {Digest}");

        await PinAsync(1, "--check");
        await PinAsync(0);
        await PinAsync(0, "--check");

        Assert.Contains($"FROM mcr.microsoft.com/dotnet/sdk:10.0@{Digest} AS build", Text("Dockerfile"));
        Assert.Contains($"FROM mcr.microsoft.com/dotnet/aspnet:10.0@{Digest} AS runtime", Text("Dockerfile"));
        Assert.Equal(5, Text("docker-compose.yml").Split(Digest).Length - 1);
        Assert.Matches(@"prom/prometheus:v[\d.]+@" + Digest + "}", Text("docker-compose.yml"));
        Assert.DoesNotContain("outdial/pacer:${OUTDIAL_TAG:-local}@", Text("docker-compose.yml"));
        await PinAsync(0, "--unpin");
        Assert.Equal(before, (Text("Dockerfile"), Text("docker-compose.yml")));
    }

    [Fact]
    public async Task A_digest_is_renewed_and_never_made_up()
    {
        var before = Copy();
        Registry($"echo {Digest}");
        await PinAsync(0);
        var newer = Digest.Replace("9834", "1111", StringComparison.Ordinal);
        Registry($"echo {newer}");
        await PinAsync(0);
        Assert.DoesNotContain(Digest, Text("Dockerfile") + Text("docker-compose.yml"));
        Assert.Contains(newer, Text("Dockerfile"));

        var pinned = (Text("Dockerfile"), Text("docker-compose.yml"));
        Registry("""case "$*" in *prometheus*) exit 1 ;; *pull*) exit 1 ;; *) echo """ + Digest + " ;; esac");
        Assert.Contains("no registry says what prom/prometheus", await PinAsync(1));

        Assert.Equal(pinned, (Text("Dockerfile"), Text("docker-compose.yml")));
        Assert.NotEqual(before, pinned);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A docker that answers as told.</summary>
    private void Registry(string answer)
    {
        var docker = Path.Combine(_folder, "docker");
        File.WriteAllText(docker, "#!/bin/sh\n" + answer + "\n");
        File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // As the repository has them, pinned or not.
    private (string, string) Copy()
    {
        foreach (var file in new[] { "Dockerfile", "docker-compose.yml" })
            File.WriteAllText(Path.Combine(_folder, file), System.Text.RegularExpressions.Regex.Replace(Repository.Read(file), "@sha256:[0-9a-f]{64}", ""));
        return (Text("Dockerfile"), Text("docker-compose.yml"));
    }

    private string Text(string file) => File.ReadAllText(Path.Combine(_folder, file));

    private Task<string> PinAsync(int code, params string[] words) => RunAsync(code, ["bash", Repository.At("deploy", "images", "pin.sh"), .. words]);

    private Task<string> RunAsync(int code, params string[] words) => Tool.RunAsync(
        code, new Dictionary<string, string> { ["OUTDIAL_PIN_ROOT"] = _folder, ["PATH"] = Tool.PathWith(_folder) }, words);

    private static HashSet<(string, string)> Headings(string text) =>
        [.. text.Split('\n').Zip(text.Split('\n').Skip(1)).Where(lines => lines.Second.StartsWith("  Licence: ", StringComparison.Ordinal))
            .Select(lines => (lines.First.Split(' ')[0], lines.Second["  Licence: ".Length..]))];
}
