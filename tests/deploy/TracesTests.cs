using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>The collector of docker compose, and what is written of traces.</summary>
public partial class TracesTests
{
    private static readonly Node s_collector = new(ComposeFile.Load(Repository.Read("observability", "otel", "collector.yml")));
    private static readonly string s_page = Repository.Read("docs", "traces.md");

    [Fact]
    public void The_collector_runs_where_it_is_asked_for_on_the_services_network_with_the_file_that_is_here()
    {
        var service = ComposeFile.Services["otel-collector"];

        Assert.Equal("traces", Assert.Single(service["profiles"].Texts));
        Assert.Equal("services", Assert.Single(service["networks"].Texts));
        Assert.Equal("./observability/otel:/etc/otelcol:ro", Assert.Single(service["volumes"].Texts));
        Assert.Equal("--config=/etc/otelcol/collector.yml", Assert.Single(service["command"].Texts));
        Assert.Equal("true", service["read_only"].Text);
        Assert.Equal(["ALL"], service["cap_drop"].Texts);
        Assert.All(ComposeFile.Serving.Where(of => of.Key != "simulator"), of =>
        {
            Assert.Contains("services", of.Value["networks"].Texts);
            // Nowhere, unless somebody says where.
            Assert.Equal("${OUTDIAL_OTLP_ENDPOINT:-}", of.Value["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"].Text);
        });
    }

    [Fact]
    public void What_its_pipelines_name_is_defined_and_it_listens_where_the_services_are_told_to_send()
    {
        foreach (var (signal, pipeline) in s_collector["service"]["pipelines"].Map)
        {
            foreach (var part in new[] { "receivers", "processors", "exporters" })
            {
                Assert.All(pipeline[part].Texts, name =>
                    Assert.True(s_collector[part].Map.ContainsKey(Usual().Replace(name, "$1")), $"{signal}: {name} of {part} is not defined."));
            }
        }
        Assert.Equal(["metrics", "traces"], s_collector["service"]["pipelines"].Map.Keys.Order());
        Assert.Equal("0.0.0.0:4317", s_collector["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].Text);
        Assert.Contains("OUTDIAL_OTLP_ENDPOINT=http://otel-collector:4317", s_page);
        var read = Variable().Matches(Repository.Read("observability", "otel", "collector.yml")).Select(match => match.Groups[1].Value).Distinct();
        Assert.Equal(read.Order(), ComposeFile.Services["otel-collector"]["environment"].Map.Keys.Order());
    }

    [Fact]
    public void Every_span_and_attribute_of_ours_is_written_down_and_nothing_that_there_is_not()
    {
        var attributes = Attribute().Matches(Repository.Read("platform/Telemetry", "CallTrace.cs")).Select(match => match.Value);
        var written = Attribute().Matches(s_page).Select(match => match.Value).ToHashSet();
        Assert.Equal(attributes.Order(), written.Order());

        var sources = new[] { "services", "platform", "gateway" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText);
        var spans = sources.SelectMany(text => Begun().Matches(text)).Select(match => match.Groups[1].Value).Distinct().Order().ToList();
        Assert.Contains("pulse", spans);
        Assert.Equal(spans, Row().Matches(s_page[s_page.IndexOf("| span |", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value)
            .Where(name => name != "postgresql" && !name.Contains('…', StringComparison.Ordinal)).Order());
    }

    [GeneratedRegex(@"^\$\{env:\w+:-(.*)\}$")]
    private static partial Regex Usual();

    [GeneratedRegex(@"\$\{env:(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"outdial\.[a-z]+")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"Start(?:Of|Activity)\(\s*""([a-z ]+)""")]
    private static partial Regex Begun();

    [GeneratedRegex(@"(?m)^\| `([^`]+)` \|")]
    private static partial Regex Row();
}
