using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Outdial.Deploy.Tests.Kubernetes;

/// <summary>Who may talk to whom: what the settings of the pods lead to, what the architecture's picture shows, and nothing else.</summary>
public partial class NetworkTests
{
    [Fact]
    public void Pods_of_the_demo_may_open_the_connections_that_they_make_and_no_others()
    {
        var made = Manifests.Demo;
        var policies = made.Kind<V1NetworkPolicy>().ToList();
        var allowed = made.Workloads.SelectMany(from => made.Workloads.Where(to => to != from).SelectMany(to => (to.Container.Ports ?? [])
            .Where(port => May(policies, from, to, port)).Select(port => $"{Short(from)} → {Short(to)}:{port.ContainerPort}")));

        Assert.Equal(Made(made).Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pod_that_no_policy_names_reaches_nobody_and_is_reached_by_nobody()
    {
        var stranger = new Workload("Job", "stranger", new Dictionary<string, string> { ["app"] = "stranger" },
            new() { Containers = [new() { Ports = [new() { ContainerPort = 80, Name = "http" }] }] }, null!);
        foreach (var made in new[] { Manifests.Demo, Manifests.Production })
        {
            var policies = made.Kind<V1NetworkPolicy>().ToList();
            foreach (var other in made.Workloads)
            {
                Assert.DoesNotContain(other.Container.Ports ?? [], port => May(policies, stranger, other, port));
                Assert.False(May(policies, other, stranger, stranger.Container.Ports[0]), other.Name);
            }
        }
    }

    [Fact]
    public void From_outside_the_namespace_there_is_a_way_to_the_gateway_and_for_those_who_watch_one_to_the_metrics()
    {
        foreach (var made in new[] { Manifests.Demo, Manifests.Production })
        {
            foreach (var policy in made.Kind<V1NetworkPolicy>())
            {
                foreach (var rule in policy.Spec.Ingress ?? [])
                {
                    var fromAnywhere = rule.FromProperty is null or { Count: 0 };
                    Assert.Equal(policy.Metadata.Name == "gateway" && made == Manifests.Demo, fromAnywhere);   // in production from the ingress controller
                    if (policy.Metadata.Name == "gateway")
                        Assert.Equal(["8080"], rule.Ports.Select(port => port.Port.Value));
                    foreach (var peer in (rule.FromProperty ?? []).Where(peer => peer.NamespaceSelector is not null))
                    {
                        var (space, port) = policy.Metadata.Name == "gateway" ? ("ingress-nginx", "8080") : ("monitoring", "9464");
                        Assert.Equal(space, peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]);
                        Assert.Equal([port], rule.Ports.Select(each => each.Port.Value));
                    }
                    Assert.All(rule.FromProperty ?? [], peer => Assert.Null(peer.IpBlock));
                }
            }
        }
    }

    [Fact]
    public void In_production_the_provider_is_outside_and_only_those_who_call_it_get_out()
    {
        var made = Manifests.Production;
        var policies = made.Kind<V1NetworkPolicy>().ToList();
        foreach (var service in made.Workloads)
        {
            var name = Short(service);
            var calls = Repository.CodeOf(Repository.Programs[service.Program!]).Any(code => Regex.IsMatch(code, @"\bITelephonyProviders providers\b"));
            Assert.Equal(
                (name, !service.IsJob && calls),
                (name, Blocks(policies, service, 443).Contains("0.0.0.0/0")));
            Assert.NotEmpty(Blocks(policies, service, 5432));
            Assert.Equal((name, service.Program != "gateway"), (name, Blocks(policies, service, 5671).Count > 0));
        }
        // A provider's address that leads into our own network leads nowhere.
        var outside = policies.Single(policy => policy.Metadata.Name == "to-provider").Spec.Egress.Single().To.Single().IpBlock;
        Assert.Equal(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"], outside.Except);
    }

    [Fact]
    public void Everybody_may_ask_for_names_and_traces_have_a_way_where_they_are_switched_on()
    {
        var policies = Manifests.With(["overlays", "production"], "traces").Kind<V1NetworkPolicy>().ToList();
        var names = policies.Single(policy => policy.Metadata.Name == "names");
        Assert.Empty(names.Spec.PodSelector.MatchLabels ?? new Dictionary<string, string>());
        Assert.Equal(["53", "53"], names.Spec.Egress.Single().Ports.Select(port => port.Port.Value));
        var settings = Settings.Of(
            Manifests.With(["overlays", "production"], "traces"), Manifests.With(["overlays", "production"], "traces").Named("pacer"));
        var collector = new Uri(settings["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var way = policies.Single(policy => policy.Metadata.Name == "traces").Spec.Egress.Single();
        Assert.Contains(collector.Port.ToString(CultureInfo.InvariantCulture), way.Ports.Select(port => port.Port.Value));
        Assert.Equal(collector.Host.Split('.')[1], way.To.Single().NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]);
    }

    /// <summary>What the pods are told to talk to, and who watches them.</summary>
    private static IEnumerable<string> Made(Manifests made)
    {
        foreach (var workload in made.Workloads.Where(workload => workload.Program is not (null or "cli")))
        {
            var settings = Settings.Of(made, workload);
            // A job prepares the servers and talks to nobody else, whatever else its settings name.
            foreach (var (key, value) in settings.Where(setting => setting.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || !workload.IsJob))
            {
                // Addresses of accounts are given to all who know the account; those who call it are known by their code.
                if (key == "Accounts__default__CallbackBaseAddress" || (key == "Accounts__default__BaseAddress" && workload.Name is not ("pacer" or "enrichment")))
                    continue;
                foreach (Match found in Host().Matches(value))
                {
                    if (made.Workloads.SingleOrDefault(other => other.Name == found.Groups["host"].Value) is not { } to)
                        continue;
                    var port = found.Groups["port"] is { Success: true, Value: var text } ? text
                        : to.Container.Ports[0].ContainerPort.ToString(CultureInfo.InvariantCulture);
                    yield return $"{Short(workload)} → {to.Name}:{port}";
                }
            }
            if (!workload.IsJob && workload.Program != "simulator")
                yield return $"prometheus → {workload.Name}:9464";
        }
        yield return "prometheus → rabbitmq:15692";
        foreach (var job in new[] { "backup", "restore" })
            yield return $"{job} → {Settings.Secrets.Demo()["outdial-backup"]["PGHOST"]}:5432";
        foreach (var address in made.Named("campaign").Container.Args.Where(argument => argument.Contains("://", StringComparison.Ordinal)))
            yield return $"campaign → {new Uri(address).Host}:8080";
        // It calls back where each request told it to.
        Assert.Equal("http://gateway/", Settings.Of(made, made.Named("pacer"))["Accounts__default__CallbackBaseAddress"]);
        yield return "simulator → gateway:8080";
    }

    private static bool May(IReadOnlyList<V1NetworkPolicy> policies, Workload from, Workload to, V1ContainerPort port)
    {
        bool Port(IList<V1NetworkPolicyPort>? ports) =>
            ports is null or { Count: 0 } || ports.Any(each => each.Port.Value == port.ContainerPort.ToString(CultureInfo.InvariantCulture));
        bool Peers(IList<V1NetworkPolicyPeer>? peers, Workload who) =>
            peers is null or { Count: 0 }
                || peers.Any(peer => peer.PodSelector is not null && peer.NamespaceSelector is null && Chooses(peer.PodSelector, who));
        var into = policies.Where(policy => policy.Spec.PolicyTypes.Contains("Ingress") && Chooses(policy.Spec.PodSelector, to)).ToList();
        var outOf = policies.Where(policy => policy.Spec.PolicyTypes.Contains("Egress") && Chooses(policy.Spec.PodSelector, from)).ToList();
        return (into.Count == 0 || into.Any(policy => (policy.Spec.Ingress ?? []).Any(rule => Port(rule.Ports) && Peers(rule.FromProperty, from))))
            && (outOf.Count == 0 || outOf.Any(policy => (policy.Spec.Egress ?? []).Any(rule => Port(rule.Ports) && Peers(rule.To, to))));
    }

    private static List<string> Blocks(IEnumerable<V1NetworkPolicy> policies, Workload from, int port) => [.. policies
        .Where(policy => policy.Spec.PolicyTypes.Contains("Egress") && Chooses(policy.Spec.PodSelector, from))
        .SelectMany(policy => policy.Spec.Egress ?? [])
        .Where(rule => rule.Ports.Any(each => each.Port.Value == port.ToString(CultureInfo.InvariantCulture)))
        .SelectMany(rule => rule.To ?? []).Select(peer => peer.IpBlock?.Cidr).OfType<string>()];

    private static bool Chooses(V1LabelSelector selector, Workload workload) =>
        (selector.MatchLabels ?? new Dictionary<string, string>())
            .All(pair => workload.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value)
        && (selector.MatchExpressions ?? []).All(each =>
        {
            Assert.Equal("In", each.OperatorProperty);
            return workload.Labels.TryGetValue(each.Key, out var value) && each.Values.Contains(value);
        });

    private static string Short(Workload workload) => workload.Name.Split('.')[0];

    [GeneratedRegex(@"(?:Host=|://(?:[^@/\s]*@)?)(?<host>[a-z][a-z-]*)(?::(?<port>\d+))?(?=[;/:]|$)")]
    private static partial Regex Host();
}
