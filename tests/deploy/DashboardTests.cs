using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Outdial.Testing;

namespace Outdial.Deploy.Tests;

/// <summary>The dashboards: what they ask can be asked, and whoever looks at a panel is told what it shows.</summary>
public sealed partial class DashboardTests
{
    private const int Columns = 24;

    private static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Repository.At("observability", "grafana", "dashboards"), "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    public static TheoryData<string> Files => [.. Names];

    [Fact]
    public void There_is_one_for_each_of_three_readers() => Assert.Equal(["floor", "pipeline", "providers"], Names);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task All_that_it_asks_can_be_asked(string name)
    {
        var rules = new StringBuilder("groups:\n  - name: asked\n    rules:\n");
        var asked = Panels(name).SelectMany(Targets).Select(target => target.GetProperty("expr").GetString()!).ToList();
        foreach (var (expression, place) in asked.Select((expression, place) => (expression, place)))
            rules.Append(CultureInfo.InvariantCulture, $"      - record: asked:{place}\n        expr: >-\n          {Filled(expression)}\n");
        var file = Path.Combine(Directory.CreateTempSubdirectory("outdial-dashboards").FullName, "asked.yml");
        await File.WriteAllTextAsync(file, rules.ToString());

        var (code, said) = await Promtool.RunAsync(["check", "rules", file]);

        Assert.NotEmpty(asked);
        Assert.True(code == 0, said);
        Assert.All(asked, expression => Assert.DoesNotContain("$", Filled(expression), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_panel_has_a_title_a_description_a_unit_and_legends_that_are_names(string name) => Assert.All(Panels(name), panel =>
    {
        Assert.NotEqual("", panel.GetProperty("title").GetString());
        Assert.EndsWith(".", panel.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
        Assert.NotEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("thresholds").GetProperty("steps").EnumerateArray());
        Assert.NotEmpty(Targets(panel));
        Assert.All(Targets(panel), target =>
        {
            var legend = target.GetProperty("legendFormat").GetString()!;
            Assert.NotEqual("", legend);
            Assert.DoesNotContain("_id}}", legend, StringComparison.Ordinal);
            var grouped = LabelsOf(target.GetProperty("expr").GetString()!).Concat(["job", "instance"]).ToHashSet();
            Assert.All(Legend().Matches(legend), label => Assert.Contains(label.Groups[1].Value, grouped));
        });
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_panel_asks_by_the_variables_of_its_dashboard(string name)
    {
        var variables = Loaded(name).GetProperty("templating").GetProperty("list").EnumerateArray().ToList();
        var names = variables.Select(variable => variable.GetProperty("name").GetString()!).ToHashSet();

        Assert.Contains("namespace", names);
        // ".*" is also a series without the label, as where there are no namespaces.
        Assert.All(variables, variable => Assert.Equal(".*", variable.GetProperty("allValue").GetString()));
        Assert.All(Panels(name).SelectMany(Targets), target =>
        {
            var expression = target.GetProperty("expr").GetString()!;
            Assert.Contains("namespace=~\"$namespace\"", expression, StringComparison.Ordinal);
            Assert.Empty(Variable().Matches(expression).Select(match => match.Groups[1].Value).Except([.. names, "__rate_interval"]));
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_panel_lies_over_another_or_beyond_the_edge(string name)
    {
        var taken = new Dictionary<(int, int), string>();

        Assert.All(Loaded(name).GetProperty("panels").EnumerateArray(), panel =>
        {
            var (title, at) = (panel.GetProperty("title").GetString()!, panel.GetProperty("gridPos"));
            int Of(string side) => at.GetProperty(side).GetInt32();
            Assert.InRange(Of("x") + Of("w"), 1, Columns);
            for (var x = Of("x"); x < Of("x") + Of("w"); x++)
            {
                for (var y = Of("y"); y < Of("y") + Of("h"); y++)
                    Assert.True(taken.TryAdd((x, y), title), $"{title} lies over {taken[(x, y)]}");
            }
        });
        var ids = Loaded(name).GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Each_has_an_address_of_its_own_and_all_are_linked()
    {
        var all = Names.Select(Loaded).ToList();

        Assert.Equal(all.Count, all.Select(dashboard => dashboard.GetProperty("uid").GetString()).Distinct().Count());
        Assert.All(all, dashboard => Assert.Contains("outdial", dashboard.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString())));
        Assert.All(all, dashboard => Assert.NotEmpty(dashboard.GetProperty("links").EnumerateArray()));
    }

    [Fact]
    public void Each_is_a_ConfigMap_by_which_Grafana_finds_it()
    {
        var maps = new Node(ComposeFile.Load(Repository.Read("observability", "grafana", "kustomization.yaml")))["configMapGenerator"].Items;

        Assert.Equal(Names.Select(file => $"dashboards/{file}.json"), maps.SelectMany(map => map["files"].Texts).Order());
        Assert.All(maps, map => Assert.Equal("1", map["options"]["labels"]["grafana_dashboard"].Text));
    }

    [Fact]
    public void All_rules_are_in_the_ConfigMap_of_rules()
    {
        var maps = new Node(ComposeFile.Load(Repository.Read("observability", "prometheus", "kustomization.yaml")))["configMapGenerator"].Items;

        Assert.Equal(
            Directory.EnumerateFiles(Repository.At("observability", "prometheus", "rules")).Select(file => $"rules/{Path.GetFileName(file)}").Order(),
            maps.Single()["files"].Texts.Order());
    }

    /// <summary>Those by which it groups or selects, and those of the rules whose records it takes.</summary>
    private static IEnumerable<string> LabelsOf(string expression) => AskedMetrics.Labels(expression).Concat(
        Recorded.Where(rule => expression.Contains(rule.Key, StringComparison.Ordinal)).SelectMany(rule => AskedMetrics.Labels(rule.Value)));

    private static IReadOnlyDictionary<string, string> Recorded { get; } =
        new Node(ComposeFile.Load(Repository.Read("observability", "prometheus", "rules", "recording.yml")))["groups"].Items
            .SelectMany(group => group["rules"].Items).ToDictionary(rule => rule["record"].Text, rule => rule["expr"].Text);

    private static JsonElement Loaded(string name) =>
        JsonDocument.Parse(Repository.Read("observability", "grafana", "dashboards", $"{name}.json")).RootElement;

    private static IEnumerable<JsonElement> Panels(string name) =>
        Loaded(name).GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row");

    private static List<JsonElement> Targets(JsonElement panel) => [.. panel.GetProperty("targets").EnumerateArray()];

    private static string Filled(string expression) =>
        expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$namespace", ".*", StringComparison.Ordinal)
            .Replace("$account", ".*", StringComparison.Ordinal).Replace("$campaign", ".*", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{([a-z_]+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"\$([a-z_]+)")]
    private static partial Regex Variable();
}
