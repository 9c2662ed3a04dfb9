using System.Net;
using Outdial.Cli.Views;
using Outdial.LocalServers;
using Spectre.Console;

namespace Outdial.Cli.Processes;

/// <summary>A command cannot go on; the message is for the person at the terminal.</summary>
public sealed class CommandFailure(string message) : Exception(message)
{
    /// <summary>What another program answered, where the failure is its refusal.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The exit code of a command that was interrupted, by the shells' convention.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs a command and turns the failures that it can explain into a sentence and an exit code.</summary>
    public static async Task<int> ReportAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            Terminal.Console.MarkupLine("[grey]Stopped.[/]");
            return Interrupted;
        }
        catch (Exception e) when (e is CommandFailure or LocalServerException or HttpRequestException)
        {
            // Not through the console, which would break log lines and paths to its width.
            await Console.Error.WriteLineAsync("\n" + e.Message);
            return 1;
        }
    }
}
