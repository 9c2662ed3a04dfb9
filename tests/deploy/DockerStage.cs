using System.Text.Json;
using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>One stage of the Dockerfile.</summary>
/// <param name="Name">As a target.</param>
/// <param name="From">An image, or an earlier stage.</param>
/// <param name="Lines">Its instructions, each on one line.</param>
internal sealed partial record DockerStage(string Name, string From, IReadOnlyList<(string Word, string Value)> Lines)
{
    public static IReadOnlyList<DockerStage> All { get; } = Parse(Repository.Read("Dockerfile"));

    /// <summary>Those that become images of their own.</summary>
    public static IEnumerable<DockerStage> Targets => All.Where(stage => stage.Name is not ("build" or "runtime" or "service"));

    public static DockerStage Of(string name) => All.Single(stage => stage.Name == name);

    /// <summary>The instructions of this stage and of those that it is made from, oldest first.</summary>
    public IEnumerable<(string Word, string Value)> Inherited =>
        [.. All.Where(stage => stage.Name == From).SelectMany(stage => stage.Inherited), .. Lines];

    public string? Last(string word) => Inherited.LastOrDefault(line => line.Word == word).Value;

    /// <summary>The words of an instruction in its exec form, such as of ENTRYPOINT.</summary>
    public IReadOnlyList<string> Words(string instruction)
    {
        var rest = Last(instruction) ?? "[]";
        return JsonSerializer.Deserialize<string[]>(rest[rest.IndexOf('[')..])!;
    }

    /// <summary>What <c>ENV</c> sets.</summary>
    public IReadOnlyDictionary<string, string> Environment => Inherited.Where(line => line.Word == "ENV")
        .SelectMany(line => line.Value.Split(' ')).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static List<DockerStage> Parse(string text)
    {
        var stages = new List<DockerStage>();
        var lines = text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        foreach (var line in lines)
        {
            var (word, rest) = (line[..line.IndexOf(' ')], Spaces().Replace(line[line.IndexOf(' ')..], " ").Trim());
            if (word == "FROM" && rest.Split(' ') is [var from, "AS", var name])
                stages.Add(new DockerStage(name, from, new List<(string, string)>()));
            else
                ((List<(string, string)>)stages[^1].Lines).Add((word, rest));
        }
        return stages;
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
