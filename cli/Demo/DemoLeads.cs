using System.Globalization;
using System.Text;
using Outdial.Cli.Processes;
using Outdial.LocalServers;
using Spectre.Console;

namespace Outdial.Cli.Demo;

/// <summary>The list that is called.</summary>
public static class DemoLeads
{
    /// <exception cref="CommandFailure">There is no such file, it is no list of leads, or none was named for a real provider.</exception>
    public static FileInfo Find(DemoOptions options)
    {
        if (options.Leads is null && !options.Simulated)
            throw new CommandFailure("--provider exotel rings real phones: name the list of leads, as in: outdial demo --provider exotel leads.csv");

        return LeadFile.Checked(options.Leads ?? new FileInfo(Path.Combine(Workshop.Root, "samples", "leads-1000.csv")));
    }

    /// <summary>What of the list is uploaded.</summary>
    /// <param name="most">As in <see cref="OpenAsync"/>.</param>
    public static string Words(FileInfo file, int? most) => most is null
        ? file.Name
        : string.Create(CultureInfo.InvariantCulture, $"the first {most} rows of the sample {file.Name}; of a list of your own all are called");

    /// <summary>The list for the upload.</summary>
    /// <param name="most">Rows to take, from the top; null: all.</param>
    public static async Task<Stream> OpenAsync(FileInfo file, int? most, CancellationToken cancel)
    {
        if (most is null)
            return file.OpenRead();
        var lines = (await File.ReadAllLinesAsync(file.FullName, cancel)).Take(most.Value + 1);
        return new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }
}

/// <summary>The question before real phones ring.</summary>
public static class RealPhones
{
    private const string Agreed = "dial";

    /// <summary>What cannot be set by this program: where the provider's requests have to go.</summary>
    public static void TellFlowAddress(IAnsiConsole console, Uri host, Uri passthru)
    {
        console.MarkupLineInterpolated($"  Outdial serves {host}; the callback address has to lead there.");
        console.MarkupLine("  For answers, keys pressed and opt-outs let the flow's Passthru applets point to this address (it is a secret):");
        console.Profile.Out.Writer.WriteLine("  " + passthru);
    }

    /// <exception cref="CommandFailure">The answer was not yes, or nobody is there to answer.</exception>
    public static void Confirm(IAnsiConsole console, FileInfo leads, ExotelEnvironment exotel, DemoOptions options)
    {
        if (!console.Profile.Capabilities.Interactive)
            throw new CommandFailure("--provider exotel rings real phones. Without a terminal to ask at, say so with --yes.");

        console.MarkupLineInterpolated($"[yellow]This tells {exotel.BaseAddress} to ring the phone of every lead in {leads.Name}, and it may cost money.[/]");
        var numbers = options.CallerIds.Count > 0 ? string.Join(", ", options.CallerIds) : "the numbers that the provider lists for the account";
        console.MarkupLineInterpolated($"  They see {numbers}.");
        console.MarkupLineInterpolated($"  Phones ring {options.Window?.ToString() ?? "from 09:00 to 21:00 on their own clock, from Monday to Saturday"}.");
        if (console.Prompt(new TextPrompt<string>($"Type [bold]{Agreed}[/] to go on:").AllowEmpty()) != Agreed)
            throw new CommandFailure("Nothing was dialed.");
    }
}

/// <summary>Where a run keeps its data and logs, by default under the root of the checkout; nobody else does while it lives.</summary>
public sealed class DemoFolder : IDisposable
{
    private readonly FolderClaim _claim;

    private DemoFolder(string path, FolderClaim claim) => (Path, _claim) = (path, claim);

    public string Path { get; }

    /// <summary>Makes room: logs and data of the run before go.</summary>
    /// <exception cref="CommandFailure">The run before goes on.</exception>
    public static DemoFolder Prepare()
    {
        var folder = new DemoFolder(Usual, FolderClaim.Take(Usual, Refusal));
        Clear(System.IO.Path.Combine(Usual, "logs"));
        Clear(System.IO.Path.Combine(Usual, "data"));
        PrivateFiles.Way(Usual);
        return folder;
    }

    /// <summary>The data of the runs before stays: it is the ledger of real calls, by which people are not called too often.</summary>
    /// <param name="chosen">By the user, and so whatever else is there stays too; null: the usual one.</param>
    /// <exception cref="CommandFailure">A run goes on there.</exception>
    public static DemoFolder PrepareForRealCalls(DirectoryInfo? chosen)
    {
        var path = PrivateFiles.Way(chosen?.FullName ?? System.IO.Path.Combine(Workshop.Data, "demo-exotel"));
        var folder = new DemoFolder(path, FolderClaim.Take(System.IO.Path.Combine(path, "run"), Refusal));
        var logs = PrivateFiles.Folder(System.IO.Path.Combine(path, "logs"));
        File.Delete(System.IO.Path.Combine(logs, "host.log"));
        return folder;
    }

    public void Dispose() => _claim.Dispose();

    private static string Usual => System.IO.Path.Combine(Workshop.Data, "demo");

    /// <param name="holder">The process id of the run that goes on.</param>
    private static string Refusal(string holder) =>
        $"A demo runs here already (process {holder}), and a second one would take its data. End it first, with Ctrl-C where it runs, or with: kill {holder}";

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
