using Spectre.Console;

namespace Outdial.Cli.Demo;

/// <summary>After the report: where everything is, until Ctrl-C.</summary>
internal static class KeepServing
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public static void Describe(IAnsiConsole console, DemoServers servers, Guid campaign)
    {
        var api = servers.HostAddress.ToString().TrimEnd('/');
        console.WriteLine();
        console.Write(new Rule("[bold]Still serving[/]").LeftJustified().RuleStyle("grey"));
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        grid.AddRow("[grey]Outdial[/]", $"{api}  [grey]API under /api/v1, metrics under /metrics[/]");
        if (servers.SimulatorAddress is { } simulator)
            grid.AddRow("[grey]Simulator[/]", simulator.ToString());
        grid.AddRow("[grey]API key[/]", Markup.Escape(servers.KeySource));
        console.Write(grid);

        // Written past the console's line breaking: these are for copying.
        var lines = console.Profile.Out.Writer;
        lines.WriteLine();
        lines.WriteLine($"  key={servers.KeySource}");
        lines.WriteLine($"  curl -s -H \"X-Api-Key: $key\" {api}/api/v1/campaigns/{campaign}");
        lines.WriteLine($"  curl -s -H \"X-Api-Key: $key\" {api}/api/v1/campaigns/{campaign}/report.csv");
        lines.WriteLine($"  curl -s -H \"X-Api-Key: $key\" '{api}/api/v1/campaigns/{campaign}/leads?state=Exhausted&limit=3'");
        lines.WriteLine($"  curl -s -H \"X-Api-Key: $key\" '{api}/api/v1/calls?campaign={campaign}&limit=3'");
        lines.WriteLine();
        console.MarkupLine("[grey]Ctrl-C stops everything.[/]");
    }

    /// <exception cref="Processes.CommandFailure">A process ended by itself.</exception>
    public static async Task UntilCanceledAsync(DemoServers servers, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                servers.ThrowIfOneEnded();
                await Task.Delay(BetweenLooks, time, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how this ends; the verdict decides the exit code.
        }
    }
}
