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

    [Theory]
    [InlineData("", "is empty; expected a header and a row for each lead")]
    [InlineData("phone,name\n", "has a header alone")]
    [InlineData("phone,name\nsoon,Asha\n12345,Ravi\n", "has no telephone number in any of its rows")]
    public async Task A_list_that_is_none_is_refused_before_anything_is_built(string content, string expected)
    {
        var list = Path.GetTempFileName();
        await File.WriteAllTextAsync(list, content);

        var (code, told, said) = await Run("demo", "--seed", "7", "--keep", list);

        Assert.Equal((1, ""), (code, told));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        File.Delete(list);
    }

    [Theory]
    [InlineData("504B0304")]
    [InlineData("D0CF11E0")]
    [InlineData("1F8B0800")]
    public async Task A_workbook_and_a_packed_list_are_left_to_the_upload(string start)
    {
        var list = Path.GetTempFileName();
        await File.WriteAllBytesAsync(list, Convert.FromHexString(start));

        var (code, told, said) = await Run(Tools("od", "tr", "grep", "sed", "dirname"), ["demo", "--on-up", list]);

        Assert.Equal((1, ""), (code, told));
        Assert.Contains("the .NET SDK 10 is missing", said, StringComparison.Ordinal);   // that is what comes next
        File.Delete(list);
    }

    [Fact]
    public async Task A_list_that_there_is_not_is_refused_before_anything_is_built()
    {
        var (code, told, said) = await Run("demo", "--mode", "power", "no-such-list.csv", "--faults=none");

        Assert.Equal((1, ""), (code, told));
        Assert.Contains("there is no file no-such-list.csv", said, StringComparison.Ordinal);
    }

    /// <summary>A folder with these programs and no others.</summary>
    private static string Tools(params IEnumerable<string> names)
    {
        var folder = Directory.CreateTempSubdirectory("outdial-tools-").FullName;
        foreach (var name in names)
            File.CreateSymbolicLink(Path.Combine(folder, name), new[] { "/usr/bin", "/bin" }.Select(at => Path.Combine(at, name)).First(File.Exists));
        return folder;
    }

    private static Task<(int Code, string Told, string Said)> Run(params string[] words) => Run(path: null, words);

    /// <param name="path">Where programs are looked for; null: as ever.</param>
    private static async Task<(int Code, string Told, string Said)> Run(string? path, string[] words)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Workshop.Root, "outdial"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null)
            (start.FileName, start.Environment["PATH"]) = ("/bin/bash", path);
        using var script = Process.Start(start)!;
        var said = await script.StandardError.ReadToEndAsync();
        var told = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        return (script.ExitCode, told, said);
    }

    [GeneratedRegex(@"^    ([a-z-]+(?: \| [a-z-]+)*)\)", RegexOptions.Multiline)]
    private static partial Regex Arm();
}
