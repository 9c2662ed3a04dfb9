using System.Text.Json;
using k8s.Models;
using Outdial.Cli.Cluster;
using Outdial.Cli.Kubernetes;

namespace Outdial.Deploy.Tests.Kubernetes;

public class KubernetesSettingsTests
{
    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory, MemberData(nameof(Overlays))]
    public void Every_setting_is_read_by_the_program_that_is_given_it(string overlay)
    {
        var made = Manifests.Overlay(overlay);
        foreach (var workload in made.Workloads.Where(workload => workload.Program is not null))
        {
            Assert.All(Settings.Of(made, workload).Keys, setting =>
                Assert.True(SettingsTests.IsRead(workload.Program!, setting), $"No code of {workload.Program} reads {setting}."));
        }
    }

    /// <summary>Compose was run; what it gives a program, a pod has too, by the same name.</summary>
    [Fact]
    public void A_pod_is_given_what_the_same_container_of_compose_is_given()
    {
        foreach (var workload in Manifests.Demo.Workloads.Where(workload => workload.Program is not (null or "cli")))
        {
            var name = workload.Name.Split('.')[0];
            var compose = ComposeFile.Services[name]["environment"].Map.Keys
                .Except(["OTEL_EXPORTER_OTLP_ENDPOINT", "Ingress__SpoolFolder"])   // the image has the second
                .Where(key => !workload.IsJob || !key.StartsWith("Gateway__Services__", StringComparison.Ordinal)).ToList();
            Assert.Empty(compose.Except(Settings.Of(Manifests.Demo, workload).Keys));
        }
    }

    /// <summary>The same one under the same name must do after any change of a setting: Kubernetes refuses to change it.</summary>
    [Theory, MemberData(nameof(Overlays))]
    public void No_job_depends_on_a_setting_that_may_change(string overlay) => Assert.All(Manifests.Overlay(overlay).Kind<V1Job>(), job =>
    {
        Assert.DoesNotContain(job.Spec.Template.Spec.Containers.Single().EnvFrom ?? [], from => from.ConfigMapRef is not null);
        Assert.DoesNotContain(job.Spec.Template.Spec.Volumes ?? [], volume => volume.ConfigMap is not null);
    });

    [Fact]
    public void The_gateway_knows_every_service_by_the_name_and_port_of_its_pods()
    {
        foreach (var made in new[] { Manifests.Demo, Manifests.Production })
        {
            var settings = Settings.Of(made, made.Named("gateway"));
            var known = settings.Where(setting => setting.Key.StartsWith("Gateway__Services__", StringComparison.Ordinal)).ToList();
            Assert.Equal(
                made.Services.Select(service => service.Name).Except(["gateway"]).Order(), known.Select(setting => setting.Key.Split("__")[2]).Order());
            foreach (var (key, value) in known)
            {
                var service = made.Kind<V1Service>().Single(service => service.Metadata.Name == key.Split("__")[2]);
                Assert.Equal("None", service.Spec.ClusterIP);   // each pod, not one address before them all
                Assert.Equal($"http://{service.Metadata.Name}:{service.Spec.Ports.Single().Port}", value);
                Assert.Equal(made.Named(service.Metadata.Name).PortOf("http"), service.Spec.Ports.Single().Port);
            }
        }
    }

    [Fact]
    public void Jobs_own_the_database_and_services_may_only_use_its_rows()
    {
        foreach (var workload in Manifests.Demo.Workloads.Where(workload => Repository.Migrating.Contains(workload.Program!)))
        {
            var settings = Settings.Of(Manifests.Demo, workload);
            var (database, connection) = settings.Where(setting => setting.Value.StartsWith("Host=", StringComparison.Ordinal))
                .Select(setting => (setting.Key.Split("__")[1], setting.Value)).Single();
            Assert.Contains($"Username={database}{(workload.IsJob ? "_owner" : "")};", connection);
            Assert.Equal(workload.IsJob ? database : null, settings.GetValueOrDefault("Database__GrantTo"));
            Assert.Equal(workload.IsJob ? null : "false", settings.GetValueOrDefault("Database__Migrate"));
            Assert.Equal(workload.IsJob ? ["migrate"] : null, workload.Container.Args);
            if (settings.TryGetValue("ConnectionStrings__rabbitmq", out var broker))
                Assert.StartsWith(workload.IsJob ? "amqp://outdial:" : $"amqp://{workload.Name}:", broker);
            else
                Assert.Equal("gateway", workload.Program);
        }
        Assert.Equal(
            Repository.Migrating.Order(),
            Manifests.Demo.Workloads.Where(workload => workload.Labels["app.kubernetes.io/component"] == "migration").Select(job => job.Program!).Order());
    }

    [Fact]
    public void No_secret_stands_in_a_configmap_or_in_a_manifest()
    {
        foreach (var made in new[] { Manifests.Demo, Manifests.Production, Manifests.Of("base") })
        {
            Assert.DoesNotContain("\nkind: Secret\n", made.Text, StringComparison.Ordinal);
            Assert.All(made.Kind<V1ConfigMap>().SelectMany(map => map.Data.Keys), key => Assert.False(Deploy.Tests.Secrets.IsNameOfOne(key), key));
            Assert.All(made.Workloads.SelectMany(workload => workload.Container.Env ?? []).Where(variable => variable.Value is not null), variable =>
                Assert.False(Deploy.Tests.Secrets.IsNameOfOne(variable.Name), variable.Name));
        }
    }

    [Fact]
    public void What_an_installation_has_to_say_itself_is_a_placeholder_that_its_services_refuse()
    {
        Assert.Contains("Text = \"REPLACE-ME\"", Repository.Read("platform", "Hosting", "Placeholders.cs"));
        var production = Manifests.Production.Kind<V1ConfigMap>().SelectMany(map => map.Data).Where(setting => setting.Value.Contains("REPLACE-ME"))
            .Select(setting => setting.Key);
        Assert.Equal(
            ["Accounts__default__AccountSid", "Accounts__default__AgentFlow", "Accounts__default__BaseAddress", "Accounts__default__CallbackBaseAddress", "Accounts__default__Flow"],
            production.Distinct().Order());
        Assert.DoesNotContain("REPLACE-ME", Manifests.Demo.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_secrets_follow_from_the_root_alone_and_each_is_another()
    {
        var (first, again, other) =
            (Settings.Secrets.Demo(), Settings.Secrets.Demo(), new InstallationSecrets([1, .. new byte[31]], ServerPlaces.Demo).Demo());

        foreach (var (name, values) in first.Where(secret => secret.Key is not ("outdial-rabbitmq" or "outdial-backup")))   // salted hashes; the first of the roles
        {
            Assert.Equal(values, again[name]);
            Assert.All(values, value => Assert.NotEqual(value.Value, other[name][value.Key]));
            Assert.All(values, value => Assert.Matches("[0-9a-f]{64}", value.Value));
        }
        // What one service is given no other one is, but what they share: the keys that sign, and the provider's account.
        var own = Manifests.Demo.Services.SelectMany(service => first[$"outdial-{service.Name}"].Values).ToList();
        Assert.Equal(own.Count, own.Distinct().Count());
    }

    [Fact]
    public void The_brokers_users_are_those_of_the_services_with_their_rights_and_the_databases_roles_those_of_the_script()
    {
        using var definitions = JsonDocument.Parse(Settings.Secrets.Demo()["outdial-rabbitmq"]["definitions.json"]);
        Assert.Equal(
            ["outdial", .. BrokerRights.Services],
            definitions.RootElement.GetProperty("permissions").EnumerateArray().Select(one => one.GetProperty("user").GetString()!));
        var definitionsAt = Manifests.Demo.Named("rabbitmq").Container.VolumeMounts.Single(mount => mount.Name == "definitions").MountPath;
        var settings = Manifests.Demo.Kind<V1ConfigMap>().Single(map => map.Metadata.Name.StartsWith("rabbitmq-settings", StringComparison.Ordinal));
        Assert.Contains(
            $"load_definitions = {definitionsAt}/definitions.json",
            settings.Data.Values.Single(), StringComparison.Ordinal);
        Assert.Equal(ComposeFile.Services["postgres"]["environment"].Map.Keys.Order(), Settings.Secrets.Demo()["outdial-postgres"].Keys.Order());
        var roles = Settings.Secrets.Roles();
        foreach (var workload in Manifests.Demo.Workloads.Where(workload => Repository.Migrating.Contains(workload.Program!)))
        {
            var connection = Settings.Of(Manifests.Demo, workload).Values.Single(value => value.StartsWith("Host=", StringComparison.Ordinal))
                .Split(';').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
            Assert.Contains($"create role \"{connection["Username"]}\" login password '{connection["Password"]}';", roles);
            Assert.Equal(
                connection["Password"],
                Settings.Secrets.Demo()["outdial-postgres"][$"OUTDIAL_{connection["Username"].ToUpperInvariant()}_PASSWORD"]);
        }
    }
}
