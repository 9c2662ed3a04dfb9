using System.CommandLine;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Testing;

/// <summary><c>outdial servers</c>: the servers of the tests, for those who run single tests from an editor.</summary>
public static class ServersCommand
{
    public static Command Create()
    {
        var command = new Command(
            "servers",
            "Starts PostgreSQL and RabbitMQ (in containers where a Docker engine answers), prints how tests find them, and runs until Ctrl-C.");
        command.SetAction((_, cancel) => CommandFailure.ReportAsync(async () =>
        {
            await using var servers = await TestServers.StartAsync(cancel);
            Console.WriteLine();
            foreach (var (name, value) in servers.Environment)
                Console.WriteLine($"export {name}='{value}'");
            Console.WriteLine();
            Console.WriteLine("Running. Ctrl-C stops both servers and removes their data.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return 0;
        }));
        return command;
    }
}
