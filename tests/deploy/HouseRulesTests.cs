using System.Text.RegularExpressions;
using Outdial.Cli.Processes;

namespace Outdial.Deploy.Tests;

/// <summary>
/// What the code of this repository keeps to and no analyzer looks at. What one does look at (clocks, culture, tokens, sealed classes) is in
/// <c>BannedSymbols.txt</c> and <c>.editorconfig</c>.
/// </summary>
public sealed partial class HouseRulesTests
{
    private const int Width = 150;

    /// <summary>Those who decide, hear or are asked: the statements that they need have a file of their own beside them.</summary>
    private static readonly string[] WriteNoSql =
        ["Consumer", "Endpoints", "StateMachine", "Steps", "Loop", "Listener", "Answers", "Changes", "Intake", "Sweeps", "Worker", "Verdict"];

    /// <summary>Types of a service that other projects need: what puts it together, and what goes over the wire.</summary>
    private static readonly string[] MayBePublic = ["WebhookReceived"];

    [Fact]
    public void No_line_is_wider_than_150_columns_counted_without_its_longest_text() =>
        Assert.Empty(Sources().SelectMany(file => File.ReadLines(file).Select((line, i) => (Line: line, Number: i + 1))
            .Where(each => each.Line.Length - LongestText(each.Line) > Width && !SentenceOfTest().IsMatch(each.Line))
            .Select(each => $"{Short(file)}:{each.Number} has {each.Line.Length} columns")));

    [Fact]
    public void Who_decides_writes_no_sql() =>
        Assert.Empty(Sources("services", "gateway")
            .Where(file => WriteNoSql.Any(end => Path.GetFileNameWithoutExtension(file).EndsWith(end, StringComparison.Ordinal))
                && Sql().IsMatch(File.ReadAllText(file)))
            .Select(file => $"{Short(file)}: move its statements to a file …Statements.cs of their subject"));

    [Fact]
    public void Sql_is_written_in_lower_case() =>
        Assert.Empty(Sources("services", "gateway", "platform")
            .SelectMany(file => LoudSql().Matches(File.ReadAllText(file)).Select(match => $"{Short(file)}: {match.Value}")));

    [Fact]
    public void A_type_of_a_service_is_public_only_where_another_project_needs_it() =>
        Assert.Empty(Sources("services").SelectMany(file => PublicType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)
            .Where(type => !MayBePublic.Contains(type) && !type.EndsWith("Service", StringComparison.Ordinal))
            .Select(type => $"{Short(file)}: {type} can be internal; its tests see it all the same")));

    /// <summary>Two that change places are noticed by nobody.</summary>
    [Fact]
    public void What_has_more_than_nine_fields_is_made_by_name() =>
        Assert.Empty(Sources("services", "gateway", "contracts").SelectMany(file => Positional(File.ReadAllText(file))
            .Where(record => record.Fields > 9).Select(record => $"{Short(file)}: {record.Name} has {record.Fields} positional fields")));

    /// <summary>What overrides or implements a method of a library is called as the library calls it.</summary>
    [Fact]
    public void No_method_of_the_pacer_and_the_agent_router_is_called_async() =>
        Assert.Empty(Sources("services/pacer", "services/agent-router").SelectMany(file => AsyncMethod().Matches(File.ReadAllText(file))
            .Where(match => !match.Value.Contains("override ", StringComparison.Ordinal) && !OfLibraries.Contains(match.Groups[1].Value))
            .Select(match => $"{Short(file)}: {match.Groups[1].Value}")));

    [Fact]
    public void The_file_that_puts_a_service_together_is_called_after_it() =>
        Assert.All(Directory.EnumerateDirectories(Repository.At("services")), folder => Assert.Single(Directory.EnumerateFiles(folder, "*Service.cs")));

    private static readonly string[] OfLibraries = ["StartAsync", "StopAsync", "StartingAsync", "StartedAsync", "StoppingAsync", "StoppedAsync", "RunAsync",
        "DisposeAsync", "ExecuteAsync"];

    private static IEnumerable<string> Sources(params string[] folders) =>
        (folders.Length > 0 ? folders : ["cli", "contracts", "gateway", "host", "local", "platform", "providers", "services", "simulator", "tests"])
        .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Short(string file) => Path.GetRelativePath(Workshop.Root, file);

    private static int LongestText(string line) => Text().Matches(line).Select(match => match.Length).DefaultIfEmpty().Max();

    private static IEnumerable<(string Name, int Fields)> Positional(string code)
    {
        foreach (Match record in Record().Matches(code))
        {
            var (depth, fields, i) = (1, 1, record.Index + record.Length);
            for (; depth > 0; i++)
            {
                depth += code[i] is '(' or '<' or '[' ? 1 : code[i] is ')' or '>' or ']' ? -1 : 0;
                fields += depth == 1 && code[i] == ',' ? 1 : 0;
            }
            yield return (record.Groups[1].Value, fields);
        }
    }

    [GeneratedRegex("\"\"\"+.*\"\"\"+|\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text();

    /// <summary>A test is called by what must be so, however long the sentence is.</summary>
    [GeneratedRegex(@"^    public (async )?\w+ \w+\(\)$")]
    private static partial Regex SentenceOfTest();

    [GeneratedRegex(@"\b(FromSql|ExecuteSql|SqlQuery|CommandText|CreateCommand)")]
    private static partial Regex Sql();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|DELETE FROM|CREATE (TABLE|INDEX|VIEW|FUNCTION)|ALTER TABLE|FOR UPDATE|WHERE|ORDER BY|ON CONFLICT|UPDATE \w+ SET)\b")]
    private static partial Regex LoudSql();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |partial |readonly )*(?:class|record|interface|enum|struct)(?: struct| class)? (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\brecord (?:struct )?(\w+)(?:<\w+>)?\(")]
    private static partial Regex Record();

    [GeneratedRegex(@"^[ ]+(?:[a-z]+ )+(?:Task|ValueTask|IAsyncEnumerable)(?:<[^\n]*>)? (\w+Async)\(", RegexOptions.Multiline)]
    private static partial Regex AsyncMethod();
}
