using System.Diagnostics;
using Outdial.Cli.Processes;

namespace Outdial.Deploy.Tests;

/// <summary>What the scripts refuse, before any server is asked. That they work is shown by <c>tests/chaos</c>.</summary>
public sealed class BackupScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outdial-backup-").FullName;

    [Fact]
    public void A_dump_is_never_mixed_with_what_lies_in_the_folder()
    {
        File.WriteAllText(Path.Combine(_folder, "pacer.dump"), "of yesterday");

        var (code, said) = Run("backup.sh", _folder);

        Assert.Equal(1, code);
        Assert.Contains("is not empty", said);
        Assert.Equal("of yesterday", File.ReadAllText(Path.Combine(_folder, "pacer.dump")));
    }

    [Fact]
    public void A_dump_that_was_not_finished_is_not_restored()
    {
        File.WriteAllText(Path.Combine(_folder, "pacer.dump"), "half");

        var (code, said) = Run("restore.sh", _folder);

        Assert.Equal(1, code);
        Assert.Contains("no complete dump", said);
    }

    [Theory]
    [InlineData("backup.sh")]
    [InlineData("restore.sh")]
    [InlineData("backup.sh", "--all")]
    [InlineData("restore.sh", "one", "two")]
    public void Without_one_folder_they_say_how_they_are_used(string script, params string[] words)
    {
        var (code, said) = Run(script, words);

        Assert.NotEqual(0, code);
        Assert.Contains($"Usage: deploy/backup/{script} FOLDER", said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Said) Run(string script, params string[] words)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Workshop.Root, "deploy", "backup", script), words)
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
