using System.Text.Json;
using System.Text.RegularExpressions;
using Outdial.Cli.Cluster;
using Outdial.LocalServers;

namespace Outdial.Deploy.Tests;

public partial class ComposeTests
{
    [Fact]
    public void Every_program_runs_from_its_own_image_which_one_service_builds()
    {
        var built = ComposeFile.Ours.Where(service => !service.Value["build"].IsAbsent).ToList();
        Assert.Equal(Repository.Programs.Keys.Order(), built.Select(service => ComposeFile.ProgramOf(service.Value)).Order());
        Assert.All(built, service => Assert.Equal(ComposeFile.ProgramOf(service.Value), service.Value["build"]["target"].Text));
        Assert.Equal(
            Repository.Programs.Keys.Except(["cli"]).Order(),
            ComposeFile.Serving.Select(service => service.Key).Order());
    }

    [Fact]
    public void Every_database_has_a_job_that_migrates_it_and_its_service_waits_for_the_job()
    {
        foreach (var program in Repository.Migrating)
        {
            var job = ComposeFile.Services[$"{program}-migrate"];
            Assert.Equal(program, ComposeFile.ProgramOf(job));
            Assert.Equal(["migrate"], job["command"].Texts);
            Assert.Equal("no", job["restart"].Text);
            Assert.Equal("service_completed_successfully", ComposeFile.Services[program]["depends_on"][$"{program}-migrate"]["condition"].Text);
            Assert.Equal("false", ComposeFile.Services[program]["environment"]["Database__Migrate"].Text);
        }
    }

    [Fact]
    public void Jobs_own_the_database_and_services_may_only_use_its_rows()
    {
        foreach (var (name, service) in ComposeFile.Ours)
        {
            foreach (var (database, connection) in service["environment"].Map
                .Where(setting => setting.Value.Text.StartsWith("Host=", StringComparison.Ordinal)).Select(s => (s.Key.Split("__")[1], s.Value.Text)))
            {
                var isJob = name.EndsWith("-migrate", StringComparison.Ordinal);
                var role = isJob ? $"{database}_owner" : database;
                var password = $"OUTDIAL_{role.ToUpperInvariant()}_PASSWORD";
                Assert.StartsWith($"Host=postgres;Database={database};Username={role};Password=${{{password}:?", connection);
                Assert.Equal(isJob ? database : "", service["environment"]["Database__GrantTo"].Text);
                Assert.Contains($" {database} ", DatabasesOfTheScript);
                Assert.Equal($"${{{password}:?run ./outdial compose-env first}}", ComposeFile.Services["postgres"]["environment"][password].Text);
            }
        }
    }

    [Fact]
    public void Whoever_names_another_by_its_address_shares_a_network_with_it_and_waits_for_the_servers()
    {
        // Jobs talk to the servers alone, whatever else their settings name.
        foreach (var (name, service) in ComposeFile.Services)
        {
            var texts = service["environment"].Map.Values.Concat(service["entrypoint"].Items).Select(value => value.Text);
            foreach (var host in texts.SelectMany(text => Host().Matches(text)).Select(match => match.Groups["host"].Value).Distinct()
                .Where(host =>
                    ComposeFile.Services.ContainsKey(host) && (!name.EndsWith("-migrate", StringComparison.Ordinal) || host is "postgres" or "rabbitmq")))
            {
                Assert.True(
                    service["networks"].Texts.Intersect(ComposeFile.Services[host]["networks"].Texts).Any(), $"{name} names {host} and shares no network with it.");
                if (host is "postgres" or "rabbitmq")
                    Assert.Equal("service_healthy", service["depends_on"][host]["condition"].Text);
            }
        }
    }

    [Fact]
    public void Every_address_of_a_program_of_ours_has_the_port_that_it_listens_on()
    {
        var port = DockerStage.Of("runtime").Last("EXPOSE");
        var addresses = Host().Matches(ComposeFile.Text).Where(match => Repository.Programs.ContainsKey(match.Groups["host"].Value)).ToList();
        Assert.NotEmpty(addresses);
        Assert.All(addresses, match => Assert.Equal(port, match.Groups["port"].Value));
        Assert.All(ComposeFile.Ours.SelectMany(service => service.Value["ports"].Texts), published => Assert.EndsWith($":{port}", published));
    }

    [Fact]
    public void What_others_wait_for_to_be_healthy_has_a_health_check()
    {
        foreach (var (name, service) in ComposeFile.Services)
        {
            foreach (var (other, condition) in service["depends_on"].Map.Where(d => d.Value["condition"].Text == "service_healthy"))
                Assert.True(HasHealthCheck(ComposeFile.Services[other]), $"{name} waits for the health of {other}, which has no check.");
        }
        Assert.All(ComposeFile.Services.Where(service => service.Value["restart"].Text == "unless-stopped"), service =>
            Assert.True(HasHealthCheck(service.Value), service.Key));
    }

    [Fact]
    public void The_demo_waits_for_everything_that_it_is_played_on() => Assert.Equal(
        ComposeFile.Serving.Select(service => service.Key).Order(), ComposeFile.Services["demo"]["depends_on"].Map.Keys.Order());

    [Fact]
    public void Only_the_gateway_can_be_published_beyond_the_loopback()
    {
        foreach (var (name, service) in ComposeFile.Services)
        {
            Assert.All(service["ports"].Texts, port =>
                Assert.StartsWith(name == "gateway" ? "${OUTDIAL_BIND:-127.0.0.1}:" : "127.0.0.1:", port));
        }
        Assert.Equal(
            ["gateway", "grafana", "prometheus", "rabbitmq", "simulator"],
            ComposeFile.Services.Where(service => service.Value["ports"].Items.Count > 0).Select(service => service.Key).Order());
        Assert.Equal("true", ComposeFile.Root["networks"]["data"]["internal"].Text);
        Assert.Equal(["data"], ComposeFile.Services["postgres"]["networks"].Texts);
    }

    [Fact]
    public void Our_programs_write_nowhere_but_on_volumes_and_have_no_privileges()
    {
        foreach (var (name, service) in ComposeFile.Ours)
        {
            Assert.True(service["read_only"].Text == "true", $"{name} may write to its root file system.");
            Assert.Equal(["ALL"], service["cap_drop"].Texts);
            Assert.Equal(["no-new-privileges:true"], service["security_opt"].Texts);
            Assert.True(service["user"].IsAbsent && service["privileged"].IsAbsent && service["cap_add"].IsAbsent, $"{name} is given more than its image has.");
        }
        var spool = ComposeFile.Services["ingress"]["environment"]["Ingress__SpoolFolder"].Text;
        Assert.Equal(spool, DockerStage.Of("ingress").Environment["Ingress__SpoolFolder"]);
        Assert.Contains($"spool:{spool}", ComposeFile.Services["ingress"]["volumes"].Texts);
    }

    [Fact]
    public void All_processes_of_a_simulation_share_one_clock() =>
        Assert.All(ComposeFile.Ours, service => Assert.Equal(".outdial/compose/clock.env", Assert.Single(service.Value["env_file"].Items)["path"].Text));

    [Fact]
    public void Images_of_others_are_the_official_ones() => Assert.Equal(
        ["grafana/grafana", "otel/opentelemetry-collector", "postgres", "prom/prometheus", "rabbitmq"],
        ComposeFile.Services.Values.Except(ComposeFile.Ours.Select(service => service.Value))
            .Select(service => ComposeFile.ImageOf(service).Split(':')[0]).Order());

    [Fact]
    public void Each_service_on_the_bus_has_a_user_of_its_own_with_the_rights_of_its_queues_alone()
    {
        var text = ComposeFile.Root["configs"]["broker-definitions"]["content"].Text;
        Assert.Contains(
            "load_definitions = " + ComposeFile.Services["rabbitmq"]["configs"].Items.Single(config => config["source"].Text == "broker-definitions")["target"].Text,
            ComposeFile.Root["configs"]["broker-settings"]["content"].Text);
        using var definitions = JsonDocument.Parse(text.Replace("$$", "$", StringComparison.Ordinal));
        var permissions = definitions.RootElement.GetProperty("permissions").EnumerateArray().ToDictionary(one => one.GetProperty("user").GetString()!);

        Assert.Equal(["outdial", .. BrokerRights.Services], permissions.Keys);
        foreach (var service in BrokerRights.Services)
        {
            var given = permissions[service];
            var (configure, write, read) = BrokerRights.Of(service);
            foreach (var (right, pattern) in new[] { ("configure", configure), ("write", write), ("read", read) })
            {
                var line = $"\"{right}\": \"{pattern.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
                Assert.True(
                    given.GetProperty(right).GetString() == pattern, $"docker-compose.yml has other rights for {service}. They have to be:\n{line}");
            }
            var password = definitions.RootElement.GetProperty("users").EnumerateArray().Single(user => user.GetProperty("name").GetString() == service)
                .GetProperty("password").GetString();
            var environment = ComposeFile.Services[service]["environment"];
            Assert.Equal(($"amqp://{service}:{password}@rabbitmq:5672/", "true"), (environment["ConnectionStrings__rabbitmq"].Text, environment["Messaging__AwaitTopology"].Text));
            Assert.StartsWith("amqp://outdial:", ComposeFile.Services[$"{service}-migrate"]["environment"]["ConnectionStrings__rabbitmq"].Text);
        }
        Assert.Equal(BrokerRights.Services.Count, definitions.RootElement.GetProperty("users").EnumerateArray().Skip(1)
            .Select(user => user.GetProperty("password").GetString()).Distinct().Count());
    }

    [Fact]
    public void No_image_of_others_is_whatever_is_the_latest_today() => Assert.All(
        ComposeFile.Services.Values.Except(ComposeFile.Ours.Select(service => service.Value)),
        service => Assert.Matches("^[a-z/-]+:v?[0-9][0-9a-z.-]*(@sha256:[0-9a-f]{64})?$", ComposeFile.ImageOf(service)));

    [Fact]
    public void The_databases_log_is_as_quiet_as_that_of_a_private_server()
    {
        var settings = ComposeFile.Services["postgres"]["command"].Texts;

        Assert.All(PrivatePostgres.QuietLog, setting => Assert.Contains(("-c", setting), settings.Zip(settings.Skip(1))));
    }

    [Fact]
    public void Every_service_may_take_longer_to_stop_than_a_process_needs() => Assert.All(
        ComposeFile.Serving, service => Assert.True(int.Parse(service.Value["stop_grace_period"].Text.TrimEnd('s')) > 20, service.Key));

    private static bool HasHealthCheck(Node service) =>
        service["healthcheck"]["test"].Items.Count > 0
        || (service["image"].Text.StartsWith("outdial/", StringComparison.Ordinal)
            && DockerStage.Of(ComposeFile.ProgramOf(service)).Last("HEALTHCHECK") is not (null or "NONE"));

    private static string DatabasesOfTheScript => Loop().Match(Repository.Read("deploy", "postgres", "10-databases.sh")).Groups[1].Value + " ";

    [GeneratedRegex(@"(?:Host=|://(?:[a-z-]+:\$\{[^}]*\}@|[^@/\s]*@)?)(?<host>[a-z][a-z-]*)(?::(?<port>\d+))?")]
    private static partial Regex Host();

    [GeneratedRegex("for service in(.*);")]
    private static partial Regex Loop();
}
