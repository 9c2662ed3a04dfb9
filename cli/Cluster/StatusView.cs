using System.Globalization;
using Spectre.Console;

namespace Outdial.Cli.Cluster;

/// <summary>The table of processes.</summary>
public sealed class StatusView(IAnsiConsole console)
{
    /// <returns>Whether everything is ready.</returns>
    public async Task<bool> WriteAsync(ClusterState state, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var looks = await Task.WhenAll(state.Nodes.Select(async node => (Node: node, Ready: await ReadyAsync(client, node, cancel))));
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        foreach (var title in new[] { "process", "address", "pid", "state", "restarts", "memory" })
            table.AddColumn(new TableColumn(title) { NoWrap = true });
        foreach (var (node, ready) in looks)
        {
            table.AddRow(
                Markup.Escape(node.Name), Markup.Escape(node.Address.ToString()), node.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "–",
                ready == "ready" ? "[green]ready[/]" : $"[red]{Markup.Escape(ready)}[/]", (node.Starts - 1).ToString(CultureInfo.InvariantCulture), Memory(node.ProcessId));
        }
        console.Write(table);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap());
        grid.AddRow("[grey]public address[/]", state.Gateway.ToString());
        grid.AddRow("[grey]API key[/]", Markup.Escape(state.ApiKeyFile));
        grid.AddRow("[grey]simulator[/]", $"{state.Simulator}  [grey]{state.Mode}, {state.Dialect}, clock × {state.Speed.ToString(CultureInfo.InvariantCulture)}[/]");
        grid.AddRow("[grey]logs[/]", Markup.Escape(ClusterState.LogFolder));
        console.Write(grid);
        return looks.All(look => look.Ready == "ready");
    }

    private static async Task<string> ReadyAsync(HttpClient client, NodeState node, CancellationToken cancel)
    {
        if (node.ProcessId is null)
            return "ended";
        try
        {
            using var response = await client.GetAsync(new Uri(node.Address, "health/ready"), cancel);
            return response.IsSuccessStatusCode ? "ready" : "not ready";
        }
        catch (HttpRequestException)
        {
            return "starting";
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "does not answer";
        }
    }

    private static string Memory(int? id)
    {
        try
        {
            var line = id is null ? null : File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                ? string.Create(CultureInfo.InvariantCulture, $"{long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024} MB")
                : "–";
        }
        catch (IOException)
        {
            return "–";
        }
    }
}
