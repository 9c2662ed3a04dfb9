using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Outdial.Testing;

/// <summary>What rules and dashboards ask Prometheus for: each expression, with the metrics and labels that it names.</summary>
public static partial class AskedMetrics
{
    /// <summary>Labels that Prometheus gives, whoever is scraped.</summary>
    private static readonly string[] OfTheScrape = ["job", "instance", "namespace", "pod", "le"];

    /// <summary>All expressions below <c>observability/</c>.</summary>
    /// <param name="root">The checkout.</param>
    public static IReadOnlyList<string> Expressions(string root)
    {
        var yaml = new DeserializerBuilder().IgnoreUnmatchedProperties().Build();
        var rules = Directory.EnumerateFiles(Path.Combine(root, "observability", "prometheus", "rules"), "*.yml")
            .SelectMany(file => yaml.Deserialize<RuleFile>(File.ReadAllText(file)).groups).SelectMany(group => group.rules).Select(rule => rule.expr);
        var dashboards = Directory.EnumerateFiles(Path.Combine(root, "observability", "grafana", "dashboards"), "*.json")
            .Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement).ToList();
        var panels = dashboards.SelectMany(dashboard => dashboard.GetProperty("panels").EnumerateArray())
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);
        var variables = dashboards.SelectMany(dashboard => dashboard.GetProperty("templating").GetProperty("list").EnumerateArray())
            .Select(variable => LabelValues().Match(variable.GetProperty("definition").GetString()!).Groups[1].Value);
        return [.. rules, .. panels, .. variables];
    }

    /// <summary>The metrics that an expression names, without what rules record.</summary>
    public static IEnumerable<string> Names(string expression) => Name().Matches(NoName().Replace(Text().Replace(expression, " "), " "))
        .Select(match => match.Value).Where(name => !name.Contains(':', StringComparison.Ordinal));

    /// <summary>The labels that an expression groups or selects by, without those of the scrape itself.</summary>
    public static IEnumerable<string> Labels(string expression) => Grouping().Matches(expression)
        .SelectMany(by => by.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
        .Concat(Matcher().Matches(expression).Select(matcher => matcher.Groups[1].Value)).Except(OfTheScrape);

    /// <summary>The names of the series of a scrape, and all labels in it.</summary>
    public static (HashSet<string> Names, HashSet<string> Labels) Said(string scrape)
    {
        var lines = scrape.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();
        return (
            [.. lines.Select(line => line[..line.IndexOfAny(['{', ' '])])],
            [.. lines.SelectMany(line => Label().Matches(line)).Select(m => m.Groups[1].Value)]);
    }

#pragma warning disable IDE1006 // as they are called in the file
    private sealed class RuleFile
    {
        public List<Group> groups { get; set; } = [];
    }

    private sealed class Group
    {
        public List<Rule> rules { get; set; } = [];
    }

    private sealed class Rule
    {
        public string expr { get; set; } = "";
    }
#pragma warning restore IDE1006

    [GeneratedRegex(@"label_values\((.*), [a-z_]+\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex(
        @"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\b[a-z_0-9]+(?=\s*\()|(?<![a-z_0-9.:])[0-9.]+(?![a-z_:])|\b(?:sum|max|min|avg|count|group)(?=\s+by\b)|\b(?:or|and|unless|bool)\b")]
    private static partial Regex NoName();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:by|on)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"[{,]\s*([a-z_]+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matcher();

    [GeneratedRegex("""[{,]([A-Za-z_][A-Za-z0-9_]*)=""")]
    private static partial Regex Label();
}
