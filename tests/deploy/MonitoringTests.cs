using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

public partial class MonitoringTests
{
    private static readonly Node Prometheus = new(ComposeFile.Load(Repository.Read("observability", "prometheus", "prometheus.yml")));

    [Fact]
    public void Prometheus_looks_at_every_service_and_at_the_broker_on_a_network_that_it_shares_with_them()
    {
        var jobs = Prometheus["scrape_configs"].Items;
        var ours = jobs.Single(job => job["job_name"].Text == "outdial")["dns_sd_configs"].Items.Single();
        Assert.Equal(ComposeFile.Serving.Select(service => service.Key).Except(["simulator"]).Order(), ours["names"].Texts.Order());
        Assert.All(ours["names"].Texts, name =>
            Assert.Equal($"http://*:{ours["port"].Text}", ComposeFile.Services[name]["environment"]["Metrics__Url"].Text));

        var networks = ComposeFile.Services["prometheus"]["networks"].Texts;
        Assert.All(ours["names"].Texts.Append("rabbitmq"), name => Assert.NotEmpty(networks.Intersect(ComposeFile.Services[name]["networks"].Texts)));
        Assert.Contains("rabbitmq:15692", jobs.Single(job => job["job_name"].Text == "rabbitmq")["static_configs"].Items.Single()["targets"].Texts);
    }

    [Fact]
    public void Prometheus_finds_the_rules_beside_its_configuration_and_the_depth_of_each_queue()
    {
        var queues = Prometheus["scrape_configs"].Items.Single(job => job["job_name"].Text == "rabbitmq-queues");

        Assert.Equal(["rules/*.yml"], Prometheus["rule_files"].Texts);
        Assert.Contains("./observability/prometheus:/etc/prometheus:ro", ComposeFile.Services["prometheus"]["volumes"].Texts);
        Assert.Equal(("/metrics/detailed", "queue_coarse_metrics"), (queues["metrics_path"].Text, queues["params"]["family"].Texts.Single()));
    }

    [Fact]
    public void Metrics_are_on_a_port_that_is_neither_published_nor_the_one_that_serves()
    {
        var port = Prometheus["scrape_configs"].Items.Single(job => job["job_name"].Text == "outdial")["dns_sd_configs"].Items.Single()["port"].Text;

        Assert.NotEqual(DockerStage.Of("runtime").Last("EXPOSE"), port);
        Assert.All(ComposeFile.Ours.SelectMany(service => service.Value["ports"].Texts), published =>
            Assert.False(published.EndsWith($":{port}", StringComparison.Ordinal), published));
    }

    [Fact]
    public void Dashboards_ask_the_provisioned_data_source_only()
    {
        var source = new Node(
            ComposeFile.Load(Repository.Read("observability", "grafana", "provisioning", "datasources", "prometheus.yml")))["datasources"].Items.Single();
        Assert.Equal("http://prometheus:9090", source["url"].Text);
        Assert.All(Dashboards, text => Assert.All(DataSource().Matches(text), match => Assert.Equal(source["uid"].Text, match.Groups[1].Value)));
    }

    [Fact]
    public void Dashboards_are_mounted_where_they_are_looked_for()
    {
        var provider = new Node(
            ComposeFile.Load(Repository.Read("observability", "grafana", "provisioning", "dashboards", "outdial.yml")))["providers"].Items.Single();
        Assert.Contains($"./observability/grafana/dashboards:{provider["options"]["path"].Text}:ro", ComposeFile.Services["grafana"]["volumes"].Texts);
    }

    private static IEnumerable<string> Dashboards =>
        Directory.EnumerateFiles(Repository.At("observability", "grafana", "dashboards"), "*.json").Select(File.ReadAllText);

    [GeneratedRegex("\"type\": \"prometheus\",\\s*\"uid\": \"([^\"]*)\"")]
    private static partial Regex DataSource();
}
