using System.Text.RegularExpressions;
using Outdial.Testing;

namespace Outdial.Deploy.Tests;

/// <summary>The rules: Prometheus takes them, each fires when it should and is silent when it should, and leads to a runbook.</summary>
public sealed partial class AlertTests
{
    private const string Write = "OUTDIAL_WRITE";
    private static readonly string[] Blocks = ["**What it means**", "**How to look.**", "**What to do.**"];

    private static readonly IReadOnlyList<Node> Rules =
        [.. RuleFiles.SelectMany(file => Loaded(file)["groups"].Items).SelectMany(group => group["rules"].Items)];

    private static readonly IReadOnlyDictionary<string, Node> Alerts =
        Rules.Where(rule => !rule["alert"].IsAbsent).ToDictionary(rule => rule["alert"].Text);

    private static IEnumerable<string> RuleFiles => Files("rules");

    private static IEnumerable<string> TestFiles => Files("tests");

    private static IEnumerable<Node> Cases =>
        TestFiles.SelectMany(file => Loaded(file)["tests"].Items).SelectMany(test => test["alert_rule_test"].Items);

    [Fact]
    public async Task Prometheus_takes_its_configuration_with_all_rules()
    {
        var (code, said) = await Promtool.RunAsync(["check", "config", Repository.At("observability", "prometheus", "prometheus.yml")]);

        Assert.True(code == 0, said);
        Assert.Contains($"{RuleFiles.Count()} rule files found", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_alert_fires_and_is_silent_in_the_cases_that_are_written_down()
    {
        var (code, said) = await Promtool.RunAsync(["test", "rules", .. TestFiles]);

        Assert.True(code == 0, said);
    }

    [Fact]
    public void Each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not()
    {
        var fires = Cases.Where(one => one["exp_alerts"].Items.Count > 0).Select(one => one["alertname"].Text).ToHashSet();
        var silent = Cases.Where(one => one["exp_alerts"].Items.Count == 0).Select(one => one["alertname"].Text).ToHashSet();

        Assert.True(Alerts.Count > 20, $"{Alerts.Count} alerts");
        Assert.Equal(Alerts.Keys.Order(), fires.Order());
        Assert.Equal(Alerts.Keys.Order(), silent.Order());
    }

    [Fact]
    public void Each_alert_says_how_urgent_it_is_what_is_wrong_and_where_it_is_told_what_to_do() => Assert.All(Alerts, alert =>
    {
        var (labels, annotations) = (alert.Value["labels"], alert.Value["annotations"]);
        Assert.Contains(labels["severity"].Text, new[] { "page", "ticket" });
        Assert.NotEqual("", alert.Value["for"].Text);
        Assert.NotEqual("", annotations["summary"].Text);
        Assert.True(annotations["description"].Text.Length > annotations["summary"].Text.Length, alert.Key);
        Assert.Equal($"docs/runbooks.md#{alert.Key.ToLowerInvariant()}", annotations["runbook_url"].Text);
    });

    [Fact]
    public void An_alert_that_is_about_a_campaign_or_an_account_names_it() => Assert.All(Alerts.Values, alert =>
    {
        var by = Grouping().Match(alert["expr"].Text).Groups[1].Value + string.Join(' ', AskedMetrics.Labels(alert["expr"].Text));
        foreach (var label in new[] { "outdial_campaign", "outdial_account" }.Where(label => Regex.IsMatch(by, $@"\b{label}\b")))
            Assert.Contains($"$labels.{label} ", alert["annotations"]["description"].Text, StringComparison.Ordinal);
    });

    [Fact]
    public void Each_alert_has_its_section_in_the_runbooks_and_each_section_its_alert()
    {
        var sections = Section().Split(Repository.Read("docs", "runbooks.md")).Skip(1)
            .Select(text => (Name: text.Split('\n')[0].Trim(), Text: text)).ToList();

        Assert.Equal(Alerts.Keys.Order(), sections.Select(section => section.Name).Order());
        Assert.All(sections, section => Assert.All(Blocks, block => Assert.Contains(block, section.Text, StringComparison.Ordinal)));
        Assert.All(sections, section =>
            Assert.Contains($"** ({Alerts[section.Name]["labels"]["severity"].Text}).", section.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_rules_and_dashboards_take_from_recording_rules_is_recorded_and_what_is_recorded_is_taken()
    {
        var recorded = Rules.Where(rule => !rule["record"].IsAbsent).Select(rule => rule["record"].Text).ToHashSet();
        var taken = AskedMetrics.Expressions(Repository.At()).SelectMany(expression => Recorded().Matches(expression))
            .Select(match => match.Value).ToHashSet();

        Assert.Equal(recorded.Order(), taken.Order());
    }

    [Fact]
    public void The_example_of_Alertmanager_silences_and_routes_alerts_that_there_are()
    {
        var manager = Loaded(Repository.At("observability", "alertmanager", "alertmanager.yml"));
        var receivers = manager["receivers"].Items.Select(receiver => receiver["name"].Text).ToHashSet();
        var named = manager["inhibit_rules"].Items
            .SelectMany(rule => rule["source_matchers"].Texts.Concat(rule["target_matchers"].Texts))
            .SelectMany(matcher => matcher.Split('"')[1].Split('|')).ToList();

        Assert.Subset(receivers, manager["route"]["routes"].Items.Append(manager["route"]).Select(route => route["receiver"].Text).ToHashSet());
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Alerts.Keys));
        Assert.All(manager["inhibit_rules"].Items, rule => Assert.Contains("namespace", rule["equal"].Texts));
    }

    [Fact]
    public void The_rules_for_the_operator_are_the_same()
    {
        var file = Repository.At("observability", "prometheus", "operator", "prometheusrule.yaml");
        var text = OfOperator();
        if (Environment.GetEnvironmentVariable(Write) == "rules")
            File.WriteAllText(file, text);

        Assert.True(File.Exists(file) && File.ReadAllText(file) == text,
            "The rules have changed. They are written anew by: OUTDIAL_WRITE=rules ./outdial test deploy --filter AlertTests");
        Assert.Equal(Rules.Count, new Node(ComposeFile.Load(text))["spec"]["groups"].Items.Sum(group => group["rules"].Items.Count));
    }

    private static string OfOperator() => """
        # Written from observability/prometheus/rules by OUTDIAL_WRITE=rules ./outdial test deploy --filter AlertTests
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: outdial
          labels:
            app.kubernetes.io/part-of: outdial
        spec:
          groups:

        """ + string.Concat(RuleFiles.Select(file => string.Concat(File.ReadAllText(file).Split("groups:\n")[1].TrimEnd('\n').Split('\n')
            .Select(line => line.Length == 0 ? "\n" : $"  {line}\n"))));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Repository.At("observability", "prometheus", folder), "*.yml").Order(StringComparer.Ordinal);

    private static Node Loaded(string file) => new(ComposeFile.Load(File.ReadAllText(file)));

    [GeneratedRegex(@"^\s*(?:max|sum|min) by \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("outdial:[a-z0-9_:]+")]
    private static partial Regex Recorded();
}
