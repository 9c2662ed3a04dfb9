using k8s.Models;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>Pod Security "restricted", and what Outdial adds to it.</summary>
public class PodSecurityTests
{
    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory, MemberData(nameof(Overlays))]
    public void The_namespace_takes_restricted_pods_alone(string overlay) => Assert.Equal(
        ["restricted", "restricted", "restricted"],
        Manifests.Overlay(overlay).Kind<V1Namespace>().Single().Metadata.Labels
            .Where(label => label.Key.StartsWith("pod-security.kubernetes.io/", StringComparison.Ordinal)).Select(label => label.Value));

    [Theory, MemberData(nameof(Overlays))]
    public void Every_pod_is_restricted(string overlay)
    {
        foreach (var workload in Manifests.Overlay(overlay).Workloads)
        {
            var (pod, container) = (workload.Pod, workload.Container);
            Assert.True(pod.HostNetwork is null && pod.HostPID is null && pod.HostIPC is null, workload.Name);
            Assert.Null(pod.InitContainers);
            Assert.True(pod.SecurityContext.RunAsNonRoot, workload.Name);
            Assert.True(pod.SecurityContext.RunAsUser > 0, workload.Name);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation ?? true, workload.Name);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Null(container.SecurityContext.Capabilities.Add);
            Assert.Null(container.SecurityContext.Privileged);
            Assert.All(container.Ports ?? [], port => Assert.Null(port.HostPort));
            Assert.All(pod.Volumes ?? [], volume => Assert.True(
                volume.ConfigMap is not null || volume.Secret is not null || volume.EmptyDir is not null || volume.Projected is not null
                || volume.PersistentVolumeClaim is not null, $"{workload.Name} has the volume {volume.Name} of a kind that is not allowed."));
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void No_pod_writes_to_its_image_and_what_it_may_write_to_is_bounded(string overlay)
    {
        foreach (var workload in Manifests.Overlay(overlay).Workloads)
        {
            Assert.True(workload.Container.SecurityContext.ReadOnlyRootFilesystem, workload.Name);
            Assert.All((workload.Pod.Volumes ?? []).Where(volume => volume.EmptyDir is not null), volume =>
                Assert.NotNull(volume.EmptyDir.SizeLimit));
            if (workload.Program is not null)
                Assert.Contains(workload.Container.VolumeMounts, mount => mount.MountPath == "/tmp");
        }
    }

    [Fact]
    public void Only_the_job_that_makes_secrets_has_a_token_and_it_may_do_nothing_else()
    {
        foreach (var made in new[] { Manifests.Demo, Manifests.Production })
        {
            Assert.All(made.Kind<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken ?? true, account.Metadata.Name));
            foreach (var workload in made.Workloads)
            {
                Assert.False(workload.Pod.AutomountServiceAccountToken ?? true, workload.Name);
                Assert.Equal(workload.Labels["app.kubernetes.io/component"] == "secrets", (workload.Pod.Volumes ?? [])
                    .Any(volume => volume.Projected?.Sources.Any(source => source.ServiceAccountToken is not null) == true));
            }
        }
        var rule = Manifests.Demo.Kind<V1Role>().Single().Rules;
        Assert.All(rule, each => Assert.Equal(["secrets"], each.Resources));
        Assert.Equal(["create", "get"], rule.SelectMany(each => each.Verbs));
        Assert.Equal(["outdial-root"], rule.Single(each => each.Verbs.Contains("get")).ResourceNames);
        Assert.Empty(Manifests.Production.Kind<V1Role>());
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Each_service_is_somebody_of_its_own(string overlay) => Assert.All(
        Manifests.Overlay(overlay).Services, service => Assert.Equal(service.Name, service.Pod.ServiceAccountName));

    [Theory, MemberData(nameof(Overlays))]
    public void Every_container_asks_for_what_it_needs_and_its_memory_is_limited(string overlay) => Assert.All(
        Manifests.Overlay(overlay).Workloads, workload =>
        {
            var resources = workload.Container.Resources;
            Assert.True(resources.Requests["cpu"].ToDouble() > 0, workload.Name);
            Assert.InRange(resources.Requests["memory"].ToDouble(), 1, resources.Limits["memory"].ToDouble());
        });

    [Fact]
    public void Our_images_run_as_the_user_that_the_pods_are_given() => Assert.All(
        Manifests.Demo.Workloads.Where(workload => workload.Program is not null),
        workload => Assert.Equal((1654L, 1654L), (workload.Pod.SecurityContext.RunAsUser, workload.Pod.SecurityContext.RunAsGroup)));

    [Fact]
    public void The_spool_lies_on_the_pods_own_volume_exactly_where_the_image_keeps_it()
    {
        var ingress = Manifests.Production.Named("ingress");
        // Elsewhere, an image's VOLUME would be a folder that goes with the container.
        Assert.Equal(
            DockerStage.Of("ingress").Environment["Ingress__SpoolFolder"], ingress.Container.VolumeMounts.Single(mount => mount.Name == "spool").MountPath);
        var set = (V1StatefulSet)ingress.Source;
        Assert.Equal(
            ("Retain", "Retain"), (set.Spec.PersistentVolumeClaimRetentionPolicy.WhenDeleted, set.Spec.PersistentVolumeClaimRetentionPolicy.WhenScaled));
        Assert.Equal("spool", Assert.Single(set.Spec.VolumeClaimTemplates).Metadata.Name);
        Assert.Equal(ingress.Pod.SecurityContext.RunAsGroup, ingress.Pod.SecurityContext.FsGroup);
    }
}
