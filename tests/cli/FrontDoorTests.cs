using System.CommandLine.Help;
using System.Diagnostics;
using System.Globalization;
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

        var (code, told, said) = await RunAsync(
            Path.Combine(Workshop.Root, "outdial"), ["demo", "--on-up", list], Tools("od", "tr", "grep", "sed", "dirname"));

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

    /// <summary>Of the script's help.</summary>
    public static TheoryData<string> Verbs =>
        [.. Told().Matches(s_script).Select(line => line.Groups[1].Value).Where(name => name != "help" && name[0] != '-')];

    [Theory, MemberData(nameof(Verbs))]
    public async Task Help_is_all_that_a_command_does_that_is_asked_for_it(string name)
    {
        using var checkout = new Checkout();
        foreach (var word in new[] { "--help", "-h" })
        {
            var (code, told, said) = await checkout.Run(name, word);

            Assert.Equal((0, ""), (code, said));
            Assert.Contains($"./outdial {name}", told, StringComparison.Ordinal);
        }
        Assert.Equal(["bin", "deploy", "outdial"], checkout.Content());
    }

    [Theory]
    [InlineData("demo", "--sped", "3"), InlineData("up", "--replica", "2"), InlineData("chaos", "--minute=3"), InlineData("test", "--filtre", "a")]
    [InlineData("clean", "--dry-run"), InlineData("clean", "everything"), InlineData("build", "--fast"), InlineData("audit", "now"), InlineData("sbom", "-o")]
    [InlineData("servers", "--port"), InlineData("notices", "--check"), InlineData("down", "--purg"), InlineData("redrive", "--lst")]
    public async Task A_word_that_a_command_does_not_know_is_refused_before_anything_is_built_or_done(string name, params string[] words)
    {
        using var checkout = new Checkout();

        var (code, told, said) = await checkout.Run([name, .. words]);

        Assert.Equal((1, ""), (code, told));
        Assert.Contains($"'{words[0].Split('=')[0]}'", said, StringComparison.Ordinal);
        Assert.Equal(["bin", "deploy", "outdial"], checkout.Content());
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_script_knows_the_options_that_the_program_knows_and_which_of_them_take_a_value(string name)
    {
        using var checkout = new Checkout();
        var functions = s_script[..s_script.IndexOf("\ncase ", StringComparison.Ordinal)];
        checkout.Write("outdial", functions + "\noptions_of \"$1\"\n");

        var (_, told, _) = await checkout.Run(name);

        Assert.Equal(
            Commands.Create().Subcommands.Single(command => command.Name == name).Options.Where(option => option is not HelpOption)
                .Select(option => option.Name + (option.ValueType == typeof(bool) ? "" : "=")).Order(StringComparer.Ordinal),
            told.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_demo_is_refused_before_it_builds_and_nothing_is_cleaned_under_the_first_while_it_lives()
    {
        using var checkout = new Checkout();
        // As a demo that runs, to those who look at processes.
        using var running = Process.Start(new ProcessStartInfo("sh", ["-c", "read -r line", "Outdial.Cli.dll", "demo"]) { RedirectStandardInput = true })!;
        checkout.Write(".outdial/demo.pid", running.Id.ToString(CultureInfo.InvariantCulture));
        checkout.Write(".outdial/demo/data/rows", "kept");

        var (second, _, whose) = await checkout.Run("demo", "--seed", "7");
        var (cleaned, _, why) = await checkout.Run("clean");
        var kept = checkout.Has(".outdial/demo/data/rows");
        running.StandardInput.Close();
        await running.WaitForExitAsync();
        var (after, told, _) = await checkout.Run("clean");

        Assert.Equal((1, 1, true), (second, cleaned, kept));
        Assert.Contains($"A demo runs here already (process {running.Id})", whose, StringComparison.Ordinal);
        Assert.Contains($"demo still runs here (process {running.Id})", why, StringComparison.Ordinal);
        Assert.Equal((0, "Clean.\n"), (after, told));
        Assert.Equal(["deploy", "outdial"], checkout.Content());
    }

    private static Task<(int Code, string Told, string Said)> Run(params string[] words) => RunAsync(Path.Combine(Workshop.Root, "outdial"), words);

    /// <param name="programs">Where programs are looked for; null: as ever.</param>
    private static async Task<(int Code, string Told, string Said)> RunAsync(string script, string[] words, string? programs = null)
    {
        var start = new ProcessStartInfo("bash", [script, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (programs is not null)
            (start.FileName, start.Environment["PATH"]) = ("/bin/bash", programs);
        using var running = Process.Start(start)!;
        var said = await running.StandardError.ReadToEndAsync();
        var told = await running.StandardOutput.ReadToEndAsync();
        await running.WaitForExitAsync();
        return (running.ExitCode, told, said);
    }

    [GeneratedRegex(@"^    ([a-z-]+(?: \| [a-z-]+)*)\)", RegexOptions.Multiline)]
    private static partial Regex Arm();

    [GeneratedRegex(@"^  ([a-z-]+)(?: |$)", RegexOptions.Multiline)]
    private static partial Regex Told();

    /// <summary>The script in a folder where nothing is built, with something that a command might remove.</summary>
    private sealed class Checkout : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("outdial-checkout-");

        public Checkout()
        {
            Write("outdial", s_script);
            Write("bin/kept", "");
            foreach (var script in new[] { "deploy/images/images.sh", "deploy/images/pin.sh", "deploy/compose/env.sh" })
                Write(script, File.ReadAllText(Path.Combine(Workshop.Root, script)));
        }

        public void Write(string path, string text)
        {
            var file = new FileInfo(Path.Combine(_folder.FullName, path));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, text);
        }

        public bool Has(string path) => File.Exists(Path.Combine(_folder.FullName, path));

        public IEnumerable<string> Content() => _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

        public Task<(int Code, string Told, string Said)> Run(params string[] words) => RunAsync(Path.Combine(_folder.FullName, "outdial"), words);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
