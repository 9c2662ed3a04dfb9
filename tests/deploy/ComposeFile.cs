using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Outdial.Deploy.Tests;

/// <summary>docker-compose.yml, with its merges done and its variables left as they stand.</summary>
internal static partial class ComposeFile
{
    public static string Text { get; } = Repository.Read("docker-compose.yml");

    public static Node Root { get; } = new(Load(Text));

    public static IReadOnlyDictionary<string, Node> Services { get; } = Root["services"].Map;

    /// <summary>Services that run one of our own images, jobs included.</summary>
    public static IEnumerable<KeyValuePair<string, Node>> Ours =>
        Services.Where(service => service.Value["image"].Text.StartsWith("outdial/", StringComparison.Ordinal));

    /// <summary>Ours that serve: neither jobs nor commands.</summary>
    public static IEnumerable<KeyValuePair<string, Node>> Serving => Ours.Where(service => service.Value["restart"].Text != "no");

    /// <summary>Which program an image of ours holds: <c>outdial/pacer:…</c> is <c>pacer</c>.</summary>
    public static string ProgramOf(Node service) => service["image"].Text.Split('/', ':')[1];

    /// <summary>The image of others that a service runs, unless a variable names another.</summary>
    public static string ImageOf(Node service) => DefaultOfVariable().Replace(service["image"].Text, "$1");

    /// <summary>The variables that stop compose when they are missing.</summary>
    public static IReadOnlySet<string> Required { get; } = RequiredVariable().Matches(Text).Select(match => match.Groups[1].Value).ToHashSet();

    /// <summary>Any YAML file as plain dictionaries, lists and strings.</summary>
    public static object? Load(string yaml) =>
        new DeserializerBuilder().Build().Deserialize<object?>(new MergingParser(new Parser(new StringReader(yaml))));

    [GeneratedRegex(@"^\$\{[A-Z_]+:-(.*)\}$")]
    private static partial Regex DefaultOfVariable();

    [GeneratedRegex(@"\$\{(\w+):\?")]
    private static partial Regex RequiredVariable();
}

/// <summary>A place in a YAML document; what is absent is empty.</summary>
internal readonly record struct Node(object? Value)
{
    public Node this[string key] => new((Value as IDictionary<object, object>)?.TryGetValue(key, out var value) == true ? value : null);

    public string Text => Value as string ?? "";

    public bool IsAbsent => Value is null;

    public IReadOnlyList<Node> Items => Value is IList<object> list ? [.. list.Select(item => new Node(item))] : [];

    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text)];

    public IReadOnlyDictionary<string, Node> Map =>
        (Value as IDictionary<object, object>)?.ToDictionary(pair => (string)pair.Key, pair => new Node(pair.Value)) ?? [];
}
