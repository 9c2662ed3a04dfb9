using System.CommandLine;
using Outdial.Cli.Cluster;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;
using RabbitMQ.Client.Exceptions;
using Spectre.Console;

namespace Outdial.Cli.Redrive;

/// <summary><c>outdial redrive</c>: what failed for good, and the way back for it.</summary>
public static class RedriveCommand
{
    public static Command Create()
    {
        var queue = new Option<string?>("--queue") { Description = "One queue alone, by its own name or that of its error queue." };
        var list = Asked.Flag("--list", "Only show what failed.");
        var limit = Asked.Whole("--limit", 1, int.MaxValue, 1_000, "At most so many of each queue, the oldest first.");
        var broker = Asked.Of<string?>("--rabbitmq", "amqp:// address of the broker. Default: that of the running './outdial up'.",
            "an address such as amqp://user:password@host:5672/", IsBroker, null, WithoutLogin);

        var command = new Command("redrive", "Shows messages that failed for good and sends them back to where they failed.") { queue, list, limit, broker };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var address = parsed.GetValue(broker) ?? (ClusterState.TryRead() is { IsAlive: true } running ? running.RabbitMq.ToString() : null)
                ?? throw new CommandFailure("Which broker? Give --rabbitmq amqp://user:password@host:5672/, or start the platform with ./outdial up.");
            try
            {
                return await RunAsync(address, parsed.GetValue(queue), parsed.GetValue(list), parsed.GetValue(limit), cancel);
            }
            catch (BrokerUnreachableException e)
            {
                // Without the address, which carries the password.
                throw new CommandFailure($"The broker does not answer, or refuses the login: {e.InnerException?.Message ?? e.Message}");
            }
        }));
        return command;
    }

    private static bool IsBroker(string text, out string? address)
    {
        address = text;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0;
    }

    /// <summary>What stands before the host may be a password.</summary>
    private static string WithoutLogin(string text) => text.LastIndexOf('@') is > 0 and var at ? "…" + text[at..] : text;

    /// <returns>The exit code: 1 when something could not be sent back.</returns>
    private static async Task<int> RunAsync(string address, string? queue, bool listOnly, int limit, CancellationToken cancel)
    {
        await using var errors = await ErrorQueues.ConnectAsync(address, cancel);
        var stuck = 0;
        var found = 0L;
        foreach (var name in queue is null ? PlatformQueues.Names : [PlatformQueues.WithoutSuffix(queue)])
        {
            var count = await errors.CountAsync(name, cancel);
            if (count is null && queue is not null)
                throw new CommandFailure($"There is no queue {ErrorQueues.NameOf(name)} in this virtual host.");
            if (count is null or 0)
                continue;
            found += count.Value;
            RedriveView.Write(Terminal.Console, name, count.Value, await errors.LookAsync(name, limit, cancel), TimeProvider.System.GetUtcNow());
            if (listOnly)
                continue;
            var (sent, failure) = await errors.RedriveAsync(name, limit, cancel);
            RedriveView.WriteSent(Terminal.Console, name, sent, failure);
            stuck += failure is null ? 0 : 1;
        }
        if (found == 0)
            Terminal.Console.MarkupLine("No message has failed.");
        return stuck == 0 ? 0 : 1;
    }
}
