using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Outdial.Cli.Parsing;

namespace Outdial.Cli.Cluster;

/// <summary>Reads how many processes of which services are wanted.</summary>
internal static class Replicas
{
    public const int Most = 20;

    /// <summary>A number for all, or <c>pacer=3</c>.</summary>
    public static Option<IReadOnlyDictionary<string, int>> Option(string description) => new("--replicas")
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        HelpName = "N|SERVICE=N",
        DefaultValueFactory = _ => new Dictionary<string, int>(),
        CustomParser = result => Read(result, every: true),
    };

    /// <summary>Of the services behind the gateway alone, each by its name: <c>pacer=3</c>.</summary>
    public static Argument<IReadOnlyDictionary<string, int>> Argument(string description) => new("SERVICE=N")
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Read(result, every: false),
    };

    private static Dictionary<string, int> Read(ArgumentResult result, bool every)
    {
        var replicas = new Dictionary<string, int>();
        var named = every ? ServiceKind.All : ServiceKind.Services;
        foreach (var word in result.Tokens.Select(token => token.Value))
        {
            var parts = word.Split('=');
            var kinds = parts.Length == 1 && every ? ServiceKind.Services : [.. named.Where(kind => parts.Length == 2 && kind.Name == parts[0])];
            var isCount = int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Most;
            if (kinds.Count == 0 || !isCount)
            {
                var what = every ? $"a number from 1 to {Most}, or one for a service" : $"a service and a number from 1 to {Most}";
                var expected = what + ", such as pacer=3";
                return Asked.Refused(result, word, $"{expected}; the services are {string.Join(", ", named.Select(kind => kind.Name))}", replicas);
            }
            foreach (var kind in kinds)
                replicas[kind.Name] = count;
        }
        return replicas;
    }
}
