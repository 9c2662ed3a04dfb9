using System.Globalization;
using Outdial.Cli.Api;
using Spectre.Console;

namespace Outdial.Cli.Views;

/// <summary>The agents' part of the report, for the terminal.</summary>
internal static class AgentsView
{
    /// <summary>One row for each agent; nothing without agents.</summary>
    public static void WriteTimes(IAnsiConsole console, AgentReport report)
    {
        if (report.Agents.Count == 0)
            return;
        console.MarkupLineInterpolated(
            $"\n[bold]Agents[/] {report.Agents.Count}, occupancy [bold]{Words.Percent(Occupancy(report.Totals))}[/] [grey](talk + wrap-up) / signed-in time; calling: the agent's own phone was rung[/]");
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey).AddColumn("Agent");
        foreach (var header in new[] { "Calls", "Talk", "Idle", "Dialing", "Wrap-up", "Paused", "Calling", "Signed in", "Handle", "Occupancy" })
            table.AddColumn(new TableColumn(header).RightAligned().NoWrap());
        foreach (var agent in report.Agents)
            table.AddRow([Markup.Escape(agent.Name), .. Cells(agent)]);
        table.AddEmptyRow();
        table.AddRow(["[bold]all[/]", .. Cells(report.Totals)]);
        console.Write(table);
        if (report.CallsWithoutAgent > 0)
            console.MarkupLineInterpolated($"[grey]{Words.Count(report.CallsWithoutAgent, "more conversation")}: nobody told with whom[/]");
    }

    private static double? Occupancy(AgentTimes t) => t.SignedIn == TimeSpan.Zero ? null : (t.Talk + t.WrapUp) / t.SignedIn;

    /// <summary>Answered calls and how long people waited; nothing for campaigns without agents.</summary>
    public static void WriteQueue(IAnsiConsole console, AnsweredCalls? queue)
    {
        if (queue is null)
            return;
        console.MarkupLineInterpolated(
            $"\n[bold]Answered[/] {queue.Answered}, of which {queue.Connected} reached an agent and {queue.NotConnected} ({Words.Percent(queue.NotConnected, queue.Answered)}) did not; {queue.Dropped} abandoned by the law's definition ({Words.Percent(queue.Dropped, queue.Answered - queue.Machines)} of the people who answered)");
        foreach (var (who, wait) in new[] { ("reached an agent", queue.WaitOfConnected), ("gave up", queue.WaitOfAbandoned) })
        {
            if (wait.Calls > 0)
                console.MarkupLineInterpolated(
                    $"  {wait.Calls} waited and {who}: average {Seconds(wait.Average)}, median {Seconds(wait.P50)}, 95 % within {Seconds(wait.P95)}, longest {Seconds(wait.Longest)}");
        }
        if (queue.WaitOfConnected.Calls + queue.WaitOfAbandoned.Calls == 0)
            console.MarkupLine("  [grey]nobody waited in a queue[/]");
    }

    private static string[] Cells(AgentTimes t) =>
    [
        t.Calls.ToString(CultureInfo.InvariantCulture), Clock(t.Talk), Clock(t.Idle), Clock(t.Dialing + t.Previewing), Clock(t.WrapUp),
        Clock(t.Paused), Clock(t.Calling), Clock(t.SignedIn), t.AverageHandleTime is { } handle ? Clock(handle) : "–", Words.Percent(Occupancy(t)),
    ];

    private static string Clock(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");

    private static string Seconds(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time?.TotalSeconds ?? 0:0.0} s");
}
