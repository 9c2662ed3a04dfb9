using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Outdial.Cli.Processes;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Telemetry;

/// <summary>What the dashboards ask for is what a scrape says, to the letter: an empty panel looks like a quiet night.</summary>
public sealed partial class DashboardTests : IAsyncLifetime
{
    private readonly Meter _meter = new($"Outdial.Test.{Guid.NewGuid():N}");
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none");
    private ServiceUnderTest _service = null!;
    private string[] _scrape = [];

    public async Task InitializeAsync()
    {
        _service = await ServiceUnderTest.Start();
        foreach (Match instrument in Instrument().Matches(Code))
            Measure(instrument.Groups["kind"].Value, instrument.Groups["name"].Value, instrument.Groups["unit"].Value);
        await _service.Client.GetAsync("/api/v1/broken");
        _scrape = (await _service.Client.GetStringAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
    }

    [Fact]
    public void Every_metric_in_a_dashboard_is_in_a_scrape_under_that_name()
    {
        var said = _scrape.Select(line => line[..line.IndexOf('{')]).ToHashSet();

        Assert.True(Expressions.Count > 10, $"{Expressions.Count} expressions");
        Assert.All(Expressions, expression => Assert.All(Metrics(expression), name => Assert.Contains(name, said)));
    }

    [Fact]
    public void Every_label_in_a_dashboard_is_one_of_its_metric_or_of_the_scrape()
    {
        // Those that Prometheus itself gives. Ours are texts in the code.
        var known = _scrape.SelectMany(line => Label().Matches(line)).Select(label => label.Groups[1].Value)
            .Concat(Tag().Matches(Code).Select(tag => tag.Groups[1].Value.Replace('.', '_'))).Append("job").Append("instance").ToHashSet();

        Assert.All(Expressions, expression => Assert.All(Labels(expression), label => Assert.Contains(label, known)));
    }

    public async Task DisposeAsync()
    {
        _meter.Dispose();
        await _database.DisposeAsync();
        await _service.DisposeAsync();
    }

    private static IReadOnlyList<string> Expressions { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Workshop.Root, "observability", "grafana", "dashboards"), "*.json")
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray())
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!),
    ];

    private static string Code { get; } = string.Join('\n', new[] { "platform", "services", "gateway", "providers" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Workshop.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText));

    /// <summary>Names without labels, functions and durations around them; the broker's and Prometheus' own are not ours to check.</summary>
    private static IEnumerable<string> Metrics(string expression) => Name().Matches(NoName().Replace(expression, " ")).Select(match => match.Value)
        .Where(name => name != "up" && !name.StartsWith("rabbitmq_", StringComparison.Ordinal));

    private static IEnumerable<string> Labels(string expression) => Grouping().Matches(expression)
        .SelectMany(by => by.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
        .Concat(Matcher().Matches(expression).Select(matcher => matcher.Groups[1].Value));

    private void Measure(string kind, string name, string unit)
    {
        switch (kind)
        {
            case "Counter":
                _meter.CreateCounter<long>(name, unit).Add(1);
                break;
            case "Histogram":
                _meter.CreateHistogram<double>(name, unit).Record(1);
                break;
            case "ObservableGauge":
                _meter.CreateObservableGauge(name, () => 1L, unit);
                break;
            default:
                Assert.Fail($"{name} is a {kind}, which this test does not know how to measure.");
                break;
        }
    }

    [GeneratedRegex("""Create(?<kind>[A-Z][A-Za-z]+?)(?:<[a-z]+>)?\(\s*"(?<name>outdial\.[a-z_.]+)",.*?"(?<unit>\{[a-z_]+\}|s|By|1)"[,)]""", RegexOptions.Singleline)]
    private static partial Regex Instrument();

    [GeneratedRegex("""[{,]([A-Za-z_][A-Za-z0-9_]*)=""")]
    private static partial Regex Label();

    [GeneratedRegex("\"([a-z][a-z_.]*)\"")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring)\s*\([^)]*\)|\b[a-z_0-9]+(?=\s*\()|(?<![a-z_0-9.])[0-9.]+|\b(?:sum|max|min|avg|count)(?=\s+by\b)")]
    private static partial Regex NoName();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bby\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"[{,]\s*([a-z_]+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matcher();
}
