using k8s.Models;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>What no schema sees: whether the parts of an installation find each other.</summary>
public class ManifestTests
{
    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Fact]
    public void The_base_each_component_and_each_overlay_is_made_without_a_word_of_warning()
    {
        Assert.NotEmpty(Manifests.Of("base").All);
        foreach (var component in Directory.EnumerateDirectories(Repository.At("k8s", "components")).Select(path => Path.GetFileName(path)))
        {
            Assert.True(Manifests.With(["base"], component).Text.Length > Manifests.Of("base").Text.Length, component);
            // Its line in the overlay for production as it is, or as if it were no comment, or in the place of the other autoscaler.
            Assert.NotEmpty(Manifests.Switched("production", component).All);
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Everything_has_a_name_of_its_own_lies_in_one_namespace_and_says_what_it_belongs_to(string overlay)
    {
        var all = Manifests.Overlay(overlay).All;
        var space = all.OfType<V1Namespace>().Single().Metadata.Name;

        Assert.Equal(all.Count, all.Select(one => (one.Kind, one.Metadata.Name)).Distinct().Count());
        Assert.All(all.Where(one => one is not V1Namespace), one => Assert.Equal(space, one.Metadata.NamespaceProperty));
        Assert.All(all, one => Assert.Equal("outdial", one.Metadata.Labels["app.kubernetes.io/part-of"]));
        Assert.All(Manifests.Overlay(overlay).Workloads, workload => Assert.Equal("outdial", workload.Labels["app.kubernetes.io/part-of"]));
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Selectors_choose_the_pods_that_are_meant_and_no_others(string overlay)
    {
        var made = Manifests.Overlay(overlay);
        foreach (var workload in made.Workloads.Where(workload => !workload.IsJob))
        {
            var selector = workload.Source switch
            {
                V1Deployment deployment => deployment.Spec.Selector.MatchLabels,
                var other => ((V1StatefulSet)other).Spec.Selector.MatchLabels,
            };
            Assert.Equal([workload.Name], Chosen(made, selector));
            Assert.Equal(workload.Name, workload.Labels["app.kubernetes.io/name"]);
        }
        foreach (var service in made.Kind<V1Service>())
        {
            var behind = Assert.Single(Chosen(made, service.Spec.Selector));
            Assert.True(behind == service.Metadata.Name || service.Metadata.Name == behind + "-pods", service.Metadata.Name);
            Assert.All(service.Spec.Ports, port =>
                Assert.Contains(port.TargetPort.Value, made.Named(behind).Container.Ports.Select(each => each.Name)));
        }
        foreach (var budget in made.Kind<V1PodDisruptionBudget>())
            Assert.Equal([budget.Metadata.Name], Chosen(made, budget.Spec.Selector.MatchLabels));
        foreach (var spread in made.Workloads.SelectMany(workload =>
            (workload.Pod.TopologySpreadConstraints ?? []).Select(spread => (workload.Name, spread))))
            Assert.Equal([spread.Name], Chosen(made, spread.spread.LabelSelector.MatchLabels));
        foreach (var set in made.Kind<V1StatefulSet>())
            Assert.Contains(made.Kind<V1Service>(), service => service.Metadata.Name == set.Spec.ServiceName && service.Spec.ClusterIP == "None");
    }

    [Theory, MemberData(nameof(Overlays))]
    public void What_pods_refer_to_is_there(string overlay)
    {
        var made = Manifests.Overlay(overlay);
        var maps = made.Kind<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);
        var accounts = made.Kind<V1ServiceAccount>().Select(account => account.Metadata.Name).ToHashSet();
        foreach (var workload in made.Workloads)
        {
            Assert.Contains(workload.Pod.ServiceAccountName, accounts);
            foreach (var from in workload.Container.EnvFrom ?? [])
            {
                if (from.ConfigMapRef is { } map)
                    Assert.Contains(map.Name, maps.Keys);
                if (from.SecretRef is { } secret)
                    Assert.Contains(secret.Name, InstallationSecretsOf(overlay).Keys);
            }
            foreach (var key in (workload.Container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
                Assert.Contains(key.Key, InstallationSecretsOf(overlay)[key.Name].Keys);
            var volumes = (workload.Pod.Volumes ?? []).ToDictionary(volume => volume.Name);
            foreach (var volume in volumes.Values)
            {
                if (volume.ConfigMap is { } map)
                    Assert.Contains(map.Name, maps.Keys);
                if (volume.PersistentVolumeClaim is { } claim)
                    Assert.Contains(claim.ClaimName, made.Kind<V1PersistentVolumeClaim>().Select(each => each.Metadata.Name));
                if (volume.Secret is { } secret)
                    Assert.Contains(secret.SecretName, InstallationSecretsOf(overlay).Keys);
            }
            var claims = (workload.Source as V1StatefulSet)?.Spec.VolumeClaimTemplates?.Select(claim => claim.Metadata.Name) ?? [];
            foreach (var mount in workload.Container.VolumeMounts ?? [])
            {
                Assert.Contains(mount.Name, volumes.Keys.Concat(claims));
                if (mount.SubPath is { } file)
                    Assert.Contains(file, maps[volumes[mount.Name].ConfigMap.Name].Data.Keys);
            }
            foreach (var probe in Probes(workload))
            {
                if ((probe.HttpGet?.Port ?? probe.TcpSocket?.Port)?.Value is { } port)
                    Assert.Contains(port, workload.Container.Ports.Select(each => each.Name));
            }
        }
        // And nothing lies there that nobody asks for.
        var used = made.Workloads.SelectMany(workload => (workload.Container.EnvFrom ?? []).Select(from => from.ConfigMapRef?.Name)
            .Concat((workload.Pod.Volumes ?? []).Select(volume => volume.ConfigMap?.Name))).ToHashSet();
        Assert.All(maps.Keys.Where(name => !name.StartsWith("dashboards", StringComparison.Ordinal)), name => Assert.Contains(name, used));
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Probes_ask_what_the_programs_serve_where_they_serve_it(string overlay)
    {
        foreach (var workload in Manifests.Overlay(overlay).Workloads.Where(workload => workload.Program is not null && !workload.IsJob))
        {
            var code = string.Join('\n', Repository.CodeOf(Repository.Programs[workload.Program!]));
            foreach (var probe in Probes(workload))
            {
                // "/health/live", or "/clock" in the group "/simulator".
                var path = probe.HttpGet.Path;
                var (group, rest) = (path[..path.LastIndexOf('/')], path[path.LastIndexOf('/')..]);
                Assert.True(
                    code.Contains($"\"{path}\"", StringComparison.Ordinal)
                    || (code.Contains($"MapGroup(\"{group}\")", StringComparison.Ordinal) && code.Contains($"\"{rest}\"", StringComparison.Ordinal)),
                    $"{workload.Name} serves no {path}.");
            }
            Assert.NotNull(workload.Container.StartupProbe);
            Assert.NotNull(workload.Container.ReadinessProbe);
            Assert.NotNull(workload.Container.LivenessProbe);
            if (workload.Program == "simulator")
                continue;
            Assert.Equal(
                ("/health/live", "/health/ready", "/health/live"),
                (workload.Container.StartupProbe.HttpGet.Path, workload.Container.ReadinessProbe.HttpGet.Path,
                    workload.Container.LivenessProbe.HttpGet.Path));
            // Strangers reach the gateway's port, so its health is at the other one.
            Assert.All(Probes(workload), probe => Assert.Equal(workload.Name == "gateway" ? "metrics" : "http", probe.HttpGet.Port.Value));
            Assert.Equal(8080, workload.PortOf("http"));
            Assert.Equal(Settings.Of(Manifests.Overlay(overlay), workload)["Metrics__Url"], $"http://*:{workload.PortOf("metrics")}");
        }
        Assert.Equal("8080", DockerStage.Of("runtime").Last("EXPOSE"));
    }

    [Fact]
    public void A_change_of_version_is_one_line_and_reaches_every_image_and_the_name_of_every_job()
    {
        foreach (var made in new[] { Manifests.Demo, Manifests.Production })
        {
            var tag = File.ReadLines(Repository.At("k8s", "version", "version.env")).Single(line => line.StartsWith("tag=", StringComparison.Ordinal))[4..];
            Assert.All(made.Workloads.Where(workload => workload.Program is not null), workload => Assert.EndsWith(":" + tag, workload.Container.Image));
            Assert.All(made.Kind<V1Job>(), job => Assert.EndsWith("." + tag, job.Metadata.Name));
            Assert.Matches("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", tag);   // a job's name is a DNS name
            Assert.DoesNotContain(made.Kind<V1ConfigMap>(), map => map.Metadata.Name == "outdial-version");
        }
    }

    [Fact]
    public void Production_has_nothing_of_the_demo_and_both_have_every_service()
    {
        Assert.Equal(Repository.Programs.Keys.Except(["cli", "simulator"]).Order(), Manifests.Production.Services.Select(service => service.Name).Order());
        Assert.Equal(
            Manifests.Production.Services.Select(service => service.Name).Order(), Manifests.Demo.Services.Select(service => service.Name).Order());
        Assert.All(Manifests.Production.Workloads, workload => Assert.Contains(
            workload.Labels["app.kubernetes.io/component"], new[] { "service", "migration" }));
        Assert.DoesNotContain("simulator", Manifests.Production.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Images_of_others_are_those_of_compose() => Assert.All(
        Manifests.Demo.Workloads.Where(workload => workload.Program is null),
        workload => Assert.Equal(ComposeFile.ImageOf(ComposeFile.Services[workload.IsJob ? "postgres" : workload.Name]), workload.Container.Image));

    internal static IEnumerable<V1Probe> Probes(Workload workload) =>
        new[] { workload.Container.StartupProbe, workload.Container.ReadinessProbe, workload.Container.LivenessProbe }.OfType<V1Probe>();

    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> InstallationSecretsOf(string overlay) => overlay == "demo"
        ? Settings.Secrets.Demo()
        : Settings.Secrets.Platform(("key", "token"));

    private static IReadOnlyList<string> Chosen(Manifests made, IDictionary<string, string> selector) => [.. made.Workloads
        .Where(workload => selector.All(pair => workload.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value))
        .Select(workload => workload.Name)];
}
