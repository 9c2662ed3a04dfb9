using System.Diagnostics;
using System.Globalization;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Processes;

public sealed class FolderClaimTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("outdial-claim-");

    private string Folder => Path.Combine(_temporary.FullName, "demo");

    [Fact]
    public void A_second_claim_is_refused_by_the_process_that_has_the_first_until_that_ends()
    {
        var first = FolderClaim.Take(Folder, Refusal);

        var refused = Assert.Throws<CommandFailure>(() => FolderClaim.Take(Folder, Refusal));
        first.Dispose();
        using var next = FolderClaim.Take(Folder, Refusal);

        Assert.Equal($"process {Environment.ProcessId}", refused.Message);
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(Folder + ".pid"));
    }

    [Fact]
    public async Task A_claim_ends_with_its_process_however_that_ends()
    {
        // Alone with the lock: what it runs has not inherited it.
        using var other = Process.Start(new ProcessStartInfo("flock", ["--close", Folder + ".lock", "sh", "-c", "echo held; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await other.StandardOutput.ReadLineAsync();
        await File.WriteAllTextAsync(Folder + ".pid", other.Id.ToString(CultureInfo.InvariantCulture));
        var refused = Assert.Throws<CommandFailure>(() => FolderClaim.Take(Folder, Refusal));

        other.Kill(entireProcessTree: true);
        await other.WaitForExitAsync();
        using var claim = FolderClaim.Take(Folder, Refusal);

        Assert.Equal($"process {other.Id}", refused.Message);
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private static string Refusal(string holder) => $"process {holder}";
}
