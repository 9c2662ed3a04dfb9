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

/// <summary>Where a run keeps its data and logs, by default under the root of the checkout.</summary>
public static class DemoFolder
{
    /// <summary>Makes room: logs and data of the run before go.</summary>
    public static string Prepare()
    {
        var folder = Path.Combine(Workshop.Data, "demo");
        Clear(Path.Combine(folder, "logs"));
        Clear(Path.Combine(folder, "data"));
        return PrivateFiles.Way(folder);
    }

    /// <summary>The data of the runs before stays: it is the ledger of real calls, by which people are not called too often.</summary>
    /// <param name="chosen">By the user, and so whatever else is there stays too; null: the usual one.</param>
    public static string PrepareForRealCalls(DirectoryInfo? chosen)
    {
        var folder = PrivateFiles.Way(chosen?.FullName ?? Path.Combine(Workshop.Data, "demo-exotel"));
        var logs = PrivateFiles.Folder(Path.Combine(folder, "logs"));
        File.Delete(Path.Combine(logs, "host.log"));
        return folder;
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
