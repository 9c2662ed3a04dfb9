using System.Globalization;
using System.Text.Json;
using k8s.Models;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>A rollout, a drain and a change of size lose nothing and wait for nobody for ever.</summary>
public class RolloutTests
{
    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory, MemberData(nameof(Overlays))]
    public void A_pod_goes_only_when_its_successor_is_ready(string overlay)
    {
        foreach (var service in Manifests.Overlay(overlay).Services)
        {
            if (service.Source is V1Deployment { Spec.Strategy: var strategy })
                Assert.Equal(("RollingUpdate", "0", "1"), (strategy.Type, strategy.RollingUpdate.MaxUnavailable.Value, strategy.RollingUpdate.MaxSurge.Value));
            else
                Assert.Equal("RollingUpdate", ((V1StatefulSet)service.Source).Spec.UpdateStrategy.Type);
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void A_pod_is_given_the_time_that_it_needs_to_stop(string overlay)
    {
        var made = Manifests.Overlay(overlay);
        var gateway = Settings.Of(made, made.Named("gateway"));
        var (asked, lookedUp) = (Span(gateway["Gateway__Health__Interval"]), Span(gateway["Gateway__Health__LookUp"]));
        foreach (var service in made.Services)
        {
            var pause = Assert.IsType<List<string>>(service.Container.Lifecycle.PreStop.Exec.Command);
            Assert.Equal("sleep", pause[0]);
            var seconds = int.Parse(pause[1], CultureInfo.InvariantCulture);
            Assert.True(service.Pod.TerminationGracePeriodSeconds >= seconds + 20 + 5, service.Name);   // 20: what a process may take
            // A process says that it stops for longer than the gateway needs to ask once more and hear of it.
            Assert.True(asked < Span(Settings.Of(made, service)["Shutdown__Notice"]), service.Name);
            // Names may be kept for 30 s on their way: a new pod is known to the gateway before the next old one goes.
            var ready = service.Source is V1Deployment deployment
                ? deployment.Spec.MinReadySeconds : ((V1StatefulSet)service.Source).Spec.MinReadySeconds;
            Assert.True(service.Name == "gateway" || TimeSpan.FromSeconds(ready ?? 0) > TimeSpan.FromSeconds(30) + lookedUp, service.Name);
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Every_service_has_a_budget_of_disruption_that_holds_up_no_drain(string overlay)
    {
        var made = Manifests.Overlay(overlay);
        Assert.Equal(
            made.Services.Select(service => service.Name).Order(), made.Kind<V1PodDisruptionBudget>().Select(budget => budget.Metadata.Name).Order());
        Assert.All(made.Kind<V1PodDisruptionBudget>(), budget =>
        {
            Assert.Equal(("1", null), (budget.Spec.MaxUnavailable.Value, budget.Spec.MinAvailable?.Value));
            Assert.Equal("AlwaysAllow", budget.Spec.UnhealthyPodEvictionPolicy);
        });
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Pods_of_a_service_keep_apart_where_there_is_room(string overlay) => Assert.All(
        Manifests.Overlay(overlay).Services, service =>
        {
            Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], service.Pod.TopologySpreadConstraints.Select(spread => spread.TopologyKey));
            Assert.All(service.Pod.TopologySpreadConstraints, spread => Assert.Equal("ScheduleAnyway", spread.WhenUnsatisfiable));
        });

    [Fact]
    public void Ingress_is_found_while_its_broker_is_away_since_it_keeps_webhooks_all_the_same()
    {
        foreach (var service in Manifests.Production.Kind<V1Service>())
            Assert.Equal(service.Metadata.Name == "ingress", service.Spec.PublishNotReadyAddresses ?? false);
        Assert.IsType<V1StatefulSet>(Manifests.Production.Named("ingress").Source);
        Assert.All(Manifests.Production.Services.Where(service => service.Name != "ingress"), service => Assert.IsType<V1Deployment>(service.Source));
    }

    [Fact]
    public void Every_service_is_scaled_by_its_own_load_and_does_not_flap()
    {
        var made = Manifests.Production;
        Assert.Equal(made.Services.Select(service => service.Name).Order(), made.Kind<V2HorizontalPodAutoscaler>()
            .Select(scaler => scaler.Metadata.Name).Order());
        foreach (var scaler in made.Kind<V2HorizontalPodAutoscaler>())
        {
            var target = made.Named(scaler.Spec.ScaleTargetRef.Name);
            Assert.Equal(
                (scaler.Metadata.Name, target.Kind, "apps/v1"), (target.Name, scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.ApiVersion));
            Assert.InRange(scaler.Spec.MinReplicas ?? 0, 2, scaler.Spec.MaxReplicas);
            Assert.Contains("cpu", target.Container.Resources.Requests.Keys);   // of which the utilisation is a share
            Assert.True(scaler.Metadata.Name == "ingress" || scaler.Spec.Behavior.ScaleDown.StabilizationWindowSeconds >= 300, scaler.Metadata.Name);
            // Who applies the manifests again does not set the number back.
            Assert.Null(target.Source is V1Deployment deployment ? deployment.Spec.Replicas : ((V1StatefulSet)target.Source).Spec.Replicas);
        }
        Assert.Equal(
            ["agent-router", "gateway", "ingress", "pacer"],
            made.Kind<V2HorizontalPodAutoscaler>().Where(scaler => scaler.Spec.MinReplicas == 3).Select(scaler => scaler.Metadata.Name).Order());
    }

    [Fact]
    public void By_their_queues_are_scaled_those_who_read_them_by_queues_that_there_are()
    {
        var made = Manifests.With(["base"], "autoscaling-keda");
        var reads = JsonDocument.Parse(Repository.Read("platform", "Messaging", "Topology", "services.json")).RootElement;
        var scaled = made.Others.Where(one => one["kind"].Text == "ScaledObject").ToList();
        Assert.Equal(["agent-router", "analytics", "enrichment", "pacer"], scaled.Select(one => one["metadata"]["name"].Text).Order());
        foreach (var one in scaled)
        {
            var name = one["metadata"]["name"].Text;
            Assert.Equal((name, "Deployment"), (one["spec"]["scaleTargetRef"]["name"].Text, one["spec"]["scaleTargetRef"]["kind"].Text));
            var queues = one["spec"]["triggers"].Items.Where(trigger => trigger["type"].Text == "rabbitmq").ToList();
            Assert.NotEmpty(queues);
            foreach (var trigger in queues)
            {
                Assert.Contains(
                    trigger["metadata"]["queueName"].Text, reads.GetProperty(name).GetProperty("reads").EnumerateArray().Select(queue => queue.GetString()));
                var login = made.Others.Single(other =>
                    other["kind"].Text == "TriggerAuthentication"
                        && other["metadata"]["name"].Text == trigger["authenticationRef"]["name"].Text)["spec"]["secretTargetRef"].Items.Single();
                Assert.Contains(login["key"].Text, Settings.Secrets.Demo()[login["name"].Text].Keys);
            }
        }
        Assert.All(scaled.Concat(made.Others), Known);
        // KEDA makes those of the four itself.
        Assert.Equal(["gateway", "ingress"], made.Kind<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Metadata.Name).Order());
    }

    [Fact]
    public void No_ingress_is_taken_away_by_itself_since_webhooks_may_wait_on_its_volume() => Assert.All(
        new[] { Manifests.Production, Manifests.With(["base"], "autoscaling-keda") }, made => Assert.Equal(
            "Disabled", made.Kind<V2HorizontalPodAutoscaler>().Single(scaler => scaler.Metadata.Name == "ingress").Spec.Behavior.ScaleDown.SelectPolicy));

    [Fact]
    public void From_outside_there_is_the_gateways_own_port_and_neither_its_metrics_nor_its_health()
    {
        var made = Manifests.Production;
        var ingress = made.Kind<V1Ingress>().Single();
        var behind = ingress.Spec.Rules.Single().Http.Paths.Single().Backend.Service;
        Assert.Equal(("gateway", "http"), (behind.Name, behind.Port.Name));
        Assert.Equal(ingress.Spec.Rules.Single().Host, Assert.Single(ingress.Spec.Tls.Single().Hosts));
        Assert.Equal(["http"], made.Kind<V1Service>().Single(service => service.Metadata.Name == "gateway").Spec.Ports.Select(port => port.TargetPort.Value));
        Assert.Equal("true", Settings.Of(made, made.Named("gateway"))["Metrics__HealthThereOnly"]);
        Assert.All(made.Kind<V1Service>(), service => Assert.True(service.Spec.Type is null or "ClusterIP", service.Metadata.Name));
    }

    /// <summary>KEDA's kinds are in no schema here: at least every name in them is one of KEDA's.</summary>
    private static void Known(Node one)
    {
        string[] names = one["kind"].Text == "ScaledObject"
            ? ["scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod", "fallback", "advanced", "triggers"]
            : ["secretTargetRef"];
        Assert.Empty(one["spec"].Map.Keys.Except(names));
        Assert.Empty(one["spec"]["scaleTargetRef"].Map.Keys.Except(["apiVersion", "kind", "name"]));
        Assert.Empty(one["spec"]["fallback"].Map.Keys.Except(["failureThreshold", "replicas", "behavior"]));
        Assert.Empty(one["spec"]["advanced"].Map.Keys.Except(["horizontalPodAutoscalerConfig", "restoreToOriginalReplicaCount"]));
        foreach (var trigger in one["spec"]["triggers"].Items)
        {
            Assert.Empty(trigger.Map.Keys.Except(["type", "metricType", "metadata", "authenticationRef", "name"]));
            Assert.Empty(trigger["metadata"].Map.Keys.Except(trigger["type"].Text == "cpu" ? ["value"] : ["protocol", "queueName", "mode", "value"]));
        }
    }

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
