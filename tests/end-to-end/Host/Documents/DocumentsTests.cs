using System.Text.RegularExpressions;
using Outdial.Cli;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Documents;

/// <summary>
/// The commands that the documents show, as somebody tries them who reads from top to bottom: each curl is sent, with ids of the answers before, and
/// each is answered well; each <c>./outdial</c> is run, or stands here with the reason why not and is one that there is.
/// </summary>
[Collection(SharedHost.Name)]
public sealed partial class DocumentsTests(SharedHost shared)
{
    private const string Door = "./outdial";

    /// <summary>What is not run here, by its beginning, and why.</summary>
    private static readonly Dictionary<string, string> s_notRun = new()
    {
        ["./outdial demo"] = "starts a platform of its own for minutes, or rings real phones: the tests beside this one play its scenarios",
        ["./outdial test"] = "is how this test is run",
        ["./outdial build"] = "builds what is running",
        ["./outdial servers"] = "serves until it is stopped; every test runs on what it starts",
        ["./outdial compose-env"] = "is for Docker: tests/deploy",
        ["./outdial up"] = "starts every service as a process: tests/chaos",
        ["./outdial status"] = "is about what up has started: tests/chaos",
        ["./outdial down"] = "is about what up has started: tests/chaos",
        ["./outdial chaos"] = "takes minutes: tests/chaos",
        ["./outdial redrive"] = "needs a broker, which one process does without: tests/operations",
        ["./outdial audit"] = "asks a package feed",
        ["./outdial sbom"] = "writes a file for each program: tests/deploy",
        ["./outdial notices"] = "writes the notices anew: tests/cli",
        ["./outdial images"] = "is for Docker: tests/deploy",
        ["./outdial scale"] = "is about what up has started: tests/chaos",
        ["./outdial pin-images"] = "asks registries: tests/deploy",
    };

    [Fact]
    public async Task Every_curl_of_the_documents_is_answered_well_and_every_command_that_is_not_run_is_one_that_there_is()
    {
        var commands = Commands().ToList();
        var folder = TemporaryFolder.Make("documents");
        await using var reader = await Reader.OpenAsync(shared, folder);
        var help = (await reader.Shell.RunAsync($"{Checkout.At("outdial")} help")).Output;
        HashSet<string> left = [];

        foreach (var command in commands)
        {
            if (command.Program is "curl" || command.Text.StartsWith($"{Door} explain-inbound", StringComparison.Ordinal))
                await reader.TryAsync(command);
            else if (command.Text.StartsWith("A=", StringComparison.Ordinal))
                reader.Set(command);
            else if (s_notRun.Keys.FirstOrDefault(start => (command.Text + " ").StartsWith(start + " ", StringComparison.Ordinal)) is { } known)
                AssertThereIs(command, help, left, known);
            else
                Assert.Fail($"{command} is not run, and nothing here says why.");
        }

        Assert.Equal(Documents().Sum(document => Curl().Count(document.Text)), reader.Asked);
        Assert.Equal(s_notRun.Keys.Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));   // no reason is kept for nothing
        TemporaryFolder.Remove(folder);
    }

    [Theory]
    [InlineData("curl -d '{\n\"a\": 1}' $A   # both lines\ncurl $B", "curl -d '{\n\"a\": 1}' $A", "curl $B")]
    [InlineData("curl -d 'it'\"'\"'s' \"$A?a=#b\"", "curl -d 'it'\"'\"'s' \"$A?a=#b\"")]
    [InlineData("# nothing\n\n./outdial help", "./outdial help")]
    public void A_command_ends_with_its_line_unless_a_quote_is_open(string block, params string[] expected) =>
        Assert.Equal(expected, ShellBlocks.Read("", $"Text\n```\n{block}\n```\n").Select(command => command.Text));

    private static IEnumerable<(string Path, string Text)> Documents() =>
        from folder in new[] { "", "docs", "docs/decisions", "clients/csharp" }
        from file in Directory.EnumerateFiles(Checkout.At(folder), "*.md").Order(StringComparer.Ordinal)
        select (Path.GetRelativePath(Checkout.At(), file), File.ReadAllText(file));

    private static IEnumerable<ShownCommand> Commands() =>
        from document in Documents()
        from command in ShellBlocks.Read(document.Path, document.Text)
        where command.Text.StartsWith("A=", StringComparison.Ordinal) || Command().IsMatch(command.Text)
        select command;

    /// <summary>The program takes these words, or the script knows the command.</summary>
    private static void AssertThereIs(ShownCommand command, string help, HashSet<string> left, string known)
    {
        left.Add(known);
        var words = Word().Matches(command.Text).Select(word => word.Value.Trim('"')).Skip(1).ToArray();
        var program = Cli.Commands.Create();
        if (program.Subcommands.Any(verb => verb.Name == words[0]))
            Assert.Empty(program.Parse(words).Errors.Select(error => $"{command}: {error.Message}"));
        else
            Assert.Matches($@"(?m)^  {words[0]}\b", help);
    }

    [GeneratedRegex(@"(^|\s)(curl|\./outdial)\s")]
    private static partial Regex Command();

    [GeneratedRegex("^curl ", RegexOptions.Multiline)]
    private static partial Regex Curl();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
