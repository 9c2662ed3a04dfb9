using System.Text.Json;
using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>What <c>docs/architecture.md</c> says, against the folders and the queues.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string s_text = Repository.Read("docs", "architecture.md");
    private static readonly string[] s_code = ["cli", "clients", "contracts", "gateway", "host", "local", "platform", "providers", "services", "simulator"];

    [Fact]
    public void Every_folder_of_the_code_has_its_room_in_the_document_and_no_room_is_without_a_folder()
    {
        var rooms = Rooms();
        var folders = s_code.SelectMany(Folders).ToList();

        Assert.Contains("services/pacer/Leads/Import", folders);
        AssertNone(folders.Except(rooms), "docs/architecture.md, \"The rooms\", has no row for");
        AssertNone(
            rooms.Where(room => !Directory.Exists(Repository.At(room))), "docs/architecture.md, \"The rooms\", has a row for what is no folder:");
    }

    [Fact]
    public void Every_file_that_the_document_names_is_there()
    {
        var files = s_code.SelectMany(root => Directory.EnumerateFileSystemEntries(Repository.At(root), "*", SearchOption.AllDirectories))
            .Select(file => Path.ChangeExtension(file, null)).ToList();

        Assert.NotEmpty(FileName().Matches(s_text));
        AssertNone(
            FileName().Matches(s_text).Select(name => name.Groups[1].Value)
                .Where(name => !files.Exists(file => file.EndsWith("/" + name, StringComparison.Ordinal))),
            "docs/architecture.md names what is not there:");
    }

    [Fact]
    public void The_diagram_has_every_message_that_one_service_tells_another_and_no_other()
    {
        var drawn =
            from arrow in Arrow().Matches(s_text)
            let ends = (From: Name(arrow, "from"), To: Name(arrow, "to"))
            where Rights().ContainsKey(ends.From) && Rights().ContainsKey(ends.To)
            from word in Message().Matches(arrow.Groups["label"].Value.Replace("<br/>", " ", StringComparison.Ordinal))
            select $"{ends.From} → {ends.To}: {word.Value}";
        var told = Told().ToList();

        Assert.NotEmpty(told);
        AssertNone(told.Except(drawn), "the diagram of docs/architecture.md lacks");
        AssertNone(drawn.Except(told), "the diagram of docs/architecture.md has what is not told:");
    }

    /// <summary>The folders named in the first column of the tables below "The rooms"; a heading that is a folder stands in front of them.</summary>
    private static List<string> Rooms()
    {
        var rooms = new List<string>();
        var place = "";
        foreach (var line in Between("\n## The rooms\n", "\n## ").Split('\n'))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                place = Directory.Exists(Repository.At(line[4..])) ? line[4..] + "/" : "";
            else if (line.StartsWith("| ", StringComparison.Ordinal))
                rooms.AddRange(Room().Matches(line.Split('|')[1]).Select(room => place + room.Groups[1].Value));
        }
        return rooms;
    }

    private static IEnumerable<string> Folders(string root) =>
        Directory.EnumerateDirectories(Repository.At(root), "*", SearchOption.AllDirectories)
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any())
            .Select(folder => Path.GetRelativePath(Repository.At(), folder))
            .Where(folder => !folder.Split('/').Any(part => part is "bin" or "obj") && !File.Exists(Repository.At(folder, "Program.cs")));

    private static IEnumerable<string> Told()
    {
        var queues = JsonSerializer.Deserialize<Dictionary<string, string[]>>(Repository.Read("platform", "Messaging", "Topology", "topology.json"))!;
        foreach (var (teller, told) in Rights())
            foreach (var (reader, read) in Rights().Where(other => other.Key != teller))
                foreach (var message in told["publishes"].Intersect(read["reads"].SelectMany(queue => queues.GetValueOrDefault(queue, []))))
                    yield return $"{teller} → {reader}: {message.Split(':')[1]}";
    }

    private static Dictionary<string, Dictionary<string, string[]>> Rights() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(
            Repository.Read("platform", "Messaging", "Topology", "services.json"))!;

    private static string Name(Match arrow, string end) => arrow.Groups[end].Value is "router" ? "agent-router" : arrow.Groups[end].Value;

    private static string Between(string first, string next)
    {
        var start = s_text.IndexOf(first, StringComparison.Ordinal) + first.Length;
        return s_text[start..s_text.IndexOf(next, start, StringComparison.Ordinal)];
    }

    private static void AssertNone(IEnumerable<string> found, string sentence)
    {
        var all = found.Distinct().ToList();
        Assert.True(all.Count == 0, $"{sentence} {string.Join(", ", all)}.");
    }

    [GeneratedRegex(@"`([A-Z]\w+(?:/[A-Z]\w+)+)`")]
    private static partial Regex FileName();

    [GeneratedRegex("`([^`]+)/`")]
    private static partial Regex Room();

    [GeneratedRegex("""^ +(?<from>\w+) -->\|"?(?<label>[^|"]+)"?\| (?<to>\w+)$""", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Message();
}
