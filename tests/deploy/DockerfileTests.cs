using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

public partial class DockerfileTests
{
    [Fact]
    public void Every_program_of_the_solution_is_published_once_and_has_an_image_of_its_own()
    {
        Assert.Equal(Repository.Programs.Keys.Order(), DockerStage.Targets.Select(stage => stage.Name).Order());
        Assert.Equal(Repository.Programs.Values.Order(), Repository.Solution("deploy/Images.slnx").Order());
    }

    [Fact]
    public void An_image_holds_the_files_of_its_own_program_and_runs_its_assembly()
    {
        foreach (var (name, project) in Repository.Programs)
        {
            var stage = DockerStage.Of(name);
            var published = Assert.Single(stage.Lines, line => line.Word == "COPY" && line.Value.StartsWith("--from=build", StringComparison.Ordinal)).Value;
            Assert.StartsWith($"--from=build /app/{Path.GetFileNameWithoutExtension(project)} ", published);
            Assert.Equal(["dotnet", published.Split(' ')[^1] is "." ? Assembly(project) : $"{published.Split(' ')[^1]}/{Assembly(project)}"], stage.Words("ENTRYPOINT"));
        }
    }

    [Fact]
    public void Only_the_official_images_are_built_upon_and_no_frontend_is_fetched()
    {
        Assert.Equal(
            ["mcr.microsoft.com/dotnet/aspnet:10.0", "mcr.microsoft.com/dotnet/sdk:10.0"],
            DockerStage.All.Select(stage => stage.From).Except(DockerStage.All.Select(stage => stage.Name)).Select(image => image.Split('@')[0])
                .Distinct().Order());
        Assert.DoesNotContain("# syntax", Repository.Read("Dockerfile"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_image_holds_its_bill_of_materials_and_the_licences_of_what_it_is_made_of()
    {
        var build = DockerStage.Of("build").Lines.Single(line => line.Word == "RUN").Value;

        Assert.Contains("bash deploy/sbom/sbom.sh /app", build);
        Assert.Contains("for program in /app/*/; do cp LICENSE THIRD-PARTY-NOTICES \"$program\"; done", build);
    }

    [Fact]
    public void Images_are_given_their_version_where_git_cannot_be_asked_for_it()
    {
        var build = DockerStage.Of("build").Lines.Select(line => $"{line.Word} {line.Value}").ToList();

        Assert.True(build.IndexOf("ARG VERSION") is var given and >= 0 && build.IndexOf("ENV MINVERVERSIONOVERRIDE=$VERSION") > given);
        var runtime = DockerStage.Of("runtime").Lines.Select(line => $"{line.Word} {line.Value}").ToList();
        var label = runtime.FindIndex(line => line.StartsWith("LABEL ", StringComparison.Ordinal) && line.Contains(
            "org.opencontainers.image.version=${VERSION:-0.0.0-alpha.0}", StringComparison.Ordinal));
        Assert.True(runtime.IndexOf("ARG VERSION") is var known and >= 0 && label > known);
        Assert.DoesNotContain("!.git", Repository.Read(".dockerignore").Split('\n'));
        Assert.All(ComposeFile.Ours.Where(service => service.Value["build"].Map.Count > 0), service =>
            Assert.Equal("${OUTDIAL_VERSION:-}", service.Value["build"]["args"]["VERSION"].Text));
    }

    [Fact]
    public void Every_image_runs_as_the_user_of_the_base_image_that_is_not_root_named_by_a_number_that_Kubernetes_can_judge() =>
        Assert.All(DockerStage.Targets, stage => Assert.Equal("1654", stage.Last("USER")));

    [Fact]
    public void Every_image_says_what_it_is_in_the_labels_that_registries_read()
    {
        foreach (var stage in DockerStage.Targets)
        {
            var labels = stage.Inherited.Where(line => line.Word == "LABEL").SelectMany(line => Label().Matches(line.Value))
                .ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value.Trim('"'));

            Assert.Equal(
                ["base.name", "created", "description", "licenses", "revision", "source", "title", "vendor", "version"], labels.Keys.Order());
            Assert.Equal($"outdial-{stage.Name}", labels["title"]);
            Assert.Equal(("$REVISION", "$CREATED", "$SOURCE"), (labels["revision"], labels["created"], labels["source"]));
            Assert.Equal(DockerStage.Of("runtime").From.Split('@')[0], labels["base.name"]);
        }
        var said = DockerStage.Targets.Select(stage => stage.Lines.First(line => line.Word == "LABEL").Value).ToList();
        Assert.Equal(said.Count, said.Distinct().Count());
    }

    [Fact]
    public void What_all_services_hold_is_one_layer_that_comes_before_their_own_and_the_others_have_none_of_it()
    {
        var services = Repository.Programs.Keys.Except(["cli", "simulator"]).Order();

        Assert.Equal(services, DockerStage.Targets.Where(stage => stage.From == "service").Select(stage => stage.Name).Order());
        Assert.Equal("--from=build /shared .", DockerStage.Of("service").Lines.Single().Value);
        Assert.EndsWith("&& bash deploy/images/share.sh /app /shared", DockerStage.Of("build").Lines.Single(line => line.Word == "RUN").Value);
        Assert.Equal("READY_TO_RUN=true", DockerStage.Of("build").Lines.First(line => line.Word == "ARG").Value);
    }

    [GeneratedRegex("""org\.opencontainers\.image\.([a-z.]+)=("[^"]*"|\S+)""")]
    private static partial Regex Label();

    [Fact]
    public void Every_program_is_asked_for_its_health_on_its_port_at_an_address_that_it_has()
    {
        foreach (var stage in DockerStage.Targets.Where(stage => stage.Name != "cli"))
        {
            var check = stage.Words("HEALTHCHECK")[^1];
            var (address, code) = stage.Name == "simulator" ? ("/simulator/clock", "MapGet(\"/clock\"") : ("/health/ready", "Ready = \"/health/ready\"");
            Assert.Contains($"/127.0.0.1/{stage.Last("EXPOSE")} ", check);
            Assert.Contains($"GET {address} ", check);
            Assert.Contains(Repository.CodeOf(Repository.Programs[stage.Name]), text => text.Contains(code, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_service_knows_the_verb_that_its_job_uses()
    {
        Assert.All(Repository.Migrating, name => Assert.Contains("RunProgramAsync(args", Repository.Read(Path.GetDirectoryName(Repository.Programs[name])!, "Program.cs")));
        Assert.Contains("app.RunServiceAsync(args", Whole);
    }

    [Fact]
    public void A_service_answers_for_its_health_before_it_builds_anything() =>
        Assert.InRange(Whole.IndexOf("TryHealthCheckAsync(args)", StringComparison.Ordinal), 0, Whole.IndexOf("add(builder)", StringComparison.Ordinal));

    /// <summary>What a service's program does, from its arguments to its exit code.</summary>
    private static string Whole
    {
        get
        {
            var source = Repository.Read("platform/Hosting", "ServiceRun.cs");
            return source[source.IndexOf("Task<int> RunProgramAsync(", StringComparison.Ordinal)..];
        }
    }

    [Fact]
    public void All_listen_on_the_port_that_is_exposed() =>
        Assert.All(DockerStage.Targets, stage => Assert.Equal(stage.Environment["ASPNETCORE_HTTP_PORTS"], stage.Last("EXPOSE")));

    [Fact]
    public void Every_project_of_an_image_and_every_copied_file_reaches_the_builder_and_secrets_do_not()
    {
        var rules = Repository.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("*", rules.First(rule => rule[0] != '#'));
        var sent = rules.Where(rule => rule[0] == '!').Select(rule => rule[1..]).ToList();

        Assert.All(sent, path => Assert.True(Path.Exists(Repository.At(path)), $".dockerignore names {path}, which does not exist."));
        var needed = Repository.Solution("deploy/Images.slnx").SelectMany(Repository.Closure).Distinct().Append("deploy/Images.slnx")
            .Concat(DockerStage.Targets.SelectMany(stage => stage.Lines)
                .Where(line => line.Word == "COPY" && !line.Value.StartsWith("--from", StringComparison.Ordinal)).Select(line => line.Value.Split(' ')[0]));
        Assert.All(needed, path => Assert.Contains(sent, rule => path == rule || path.StartsWith(rule + "/", StringComparison.Ordinal)));
        Assert.DoesNotContain(".env", sent);
    }

    [Fact]
    public void No_image_is_given_a_secret() =>
        Assert.All(DockerStage.All, stage => Assert.DoesNotContain(stage.Lines, line =>
            line.Word is "ENV" or "ARG" && Secrets.IsNameOfOne(line.Value.Split('=')[0])));

    private static string Assembly(string project) => Path.GetFileNameWithoutExtension(project) + ".dll";
}
