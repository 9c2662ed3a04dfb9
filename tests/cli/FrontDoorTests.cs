using System.Diagnostics;
using System.Text.RegularExpressions;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests;

/// <summary>The script that people call, against the program that it hands over to.</summary>
public partial class FrontDoorTests
{
    private static readonly string s_script = File.ReadAllText(Path.Combine(Workshop.Root, "outdial"));

    public static TheoryData<string> Names => [.. Commands.Create().Subcommands.Select(command => command.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_command_of_the_program_is_let_in_and_told_of(string name)
    {
        var letIn = Arm().Matches(s_script[s_script.IndexOf("\ncase ", StringComparison.Ordinal)..])
            .SelectMany(arm => arm.Groups[1].Value.Split('|', StringSplitOptions.TrimEntries));

        Assert.Contains(name, letIn);
        Assert.Matches($"(?m)^  {name}( |$)", s_script);
    }

    [Fact]
    public async Task A_test_project_that_there_is_not_is_refused_before_anything_is_built_and_those_that_there_are_are_named()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Workshop.Root, "outdial"), "test", "cli", "--filter", "pager", "pager"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        var said = await script.StandardError.ReadToEndAsync();
        var told = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.Equal((1, ""), (script.ExitCode, told));
        Assert.Contains("there is no test project 'pager'", said, StringComparison.Ordinal);
        Assert.Matches(@"\bagent-router\b.*\bcli\b.*\bpacer\b", said);
    }

    [GeneratedRegex(@"^    ([a-z-]+(?: \| [a-z-]+)*)\)", RegexOptions.Multiline)]
    private static partial Regex Arm();
}
