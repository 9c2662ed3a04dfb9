using System.Globalization;
using Outdial.Cli.Demo;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Outdial.Cli.Views;

/// <summary>A campaign in progress, as a supervisor wants to see it: one picture for terminals, one line for logs.</summary>
public static class ProgressView
{
    /// <summary>The zone of the sample, and of all that is shown.</summary>
    internal static readonly TimeSpan India = TimeSpan.FromHours(5.5);

    /// <summary>The picture.</summary>
    public static IRenderable Render(ProgressSnapshot now, int width)
    {
        var room = width - 17;   // what border and labels leave
        var rows = new Grid().AddColumn(new GridColumn().NoWrap().Width(11).PadLeft(0)).AddColumn(new GridColumn().PadRight(0));
        Add(rows, "leads", LeadBar(now, Math.Clamp(room - 7, 20, 90)));
        Add(rows, "", new Markup(Words.Flow(now.ByState.Select(s => $"[{LeadColor(s.State)}]■[/] {Words.Of(s.State)} [bold]{s.Leads}[/]"), room)));
        Add(rows, "attempts", new Markup(Attempts(now)));
        Add(rows, "calls/min", new Markup(Pace(now)));
        Add(rows, "completed", new Markup(Completion(now)));
        Add(rows, "pauses", new Markup(Pauses(now)));
        if (now.Floor is { } floor)
            AddFloor(rows, floor, room);
        if (now.Faults.Count > 0)
            Add(rows, "faults", new Markup(Faults(now, room)));
        Add(rows, "pacing", new Markup($"[grey]{Markup.Escape(Words.Cut(Words.InIndia(now.Campaign.LastDecision?.Reason ?? "no decision yet"), Math.Max(40, room * 2)))}[/]"));
        if (now.Advice is { } advice)
            Add(rows, "", new Markup($"[grey]{Markup.Escape(advice)}[/]"));
        if (now.Waits is { } waits)
            Add(rows, "waits", new Markup($"[grey]{Markup.Escape(Words.Cut(waits, Math.Max(40, room * 2)))}[/]"));

        return new Panel(rows)
            .Header($" [bold]{Markup.Escape(now.Campaign.Name)}[/] · [{StateColor(now)}]{now.Campaign.State}[/] · {Clock(now)} ")
            .RoundedBorder().BorderColor(Color.Grey).Expand();
    }

    /// <summary>The line.</summary>
    /// <param name="before">The snapshot of the line before; null: it is the first.</param>
    public static string Line(ProgressSnapshot now, ProgressSnapshot? before = null)
    {
        var totals = now.Report.Totals;
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{now.At.ToOffset(India):HH:mm:ss} IST  {now.Campaign.State.ToLowerInvariant(),-9}  {now.Done,4}/{now.Imported} leads done  "
            + $"{now.Campaign.Progress?.OpenAttempts ?? 0,3} open  {now.PaceSince(before),3}/min  "
            + $"{Words.Percent(totals.Completed, totals.Dialed),6} completed{(now.Floor is { } floor ? $"  {Floor(floor)}" : "")}");
        return Doing(now) is { } doing ? $"{line}  {doing}" : line;
    }

    /// <summary>Why it is paused, or what it waits for while it dials nobody; null while it dials.</summary>
    private static string? Doing(ProgressSnapshot now) =>
        now.Campaign.PauseReason is not { } reason ? now.Waits
        : now.OpensAt is { } opens ? $"paused: {Words.Of(reason)} until {Words.Clock(opens, now.At)}" : $"paused: {Words.Of(reason)}";

    private static string Floor(FloorSnapshot floor)
    {
        var waiting = floor.Hopper is { } leads ? $", {leads} in the hopper" : floor.Waiting is { } people ? $", {people} waiting" : "";
        return $"{floor.AgentsByState.GetValueOrDefault("OnCall"),2} talk, {floor.AgentsByState.GetValueOrDefault("Ready"),2} ready{waiting}";
    }

    private static void AddFloor(Grid rows, FloorSnapshot floor, int room)
    {
        Add(rows, "agents", new Markup(Words.Flow(floor.ByState.Select(s => $"[{AgentColor(s.State)}]{new string('●', Math.Min(s.Agents, 20))}[/] {Words.Of(s.State)} [bold]{s.Agents}[/]"), room)));
        Add(rows, "talking", new Markup($"[bold]{floor.AgentsByState.GetValueOrDefault("OnCall")}[/]{(floor.Waiting is { } waiting ? $" · waiting for an agent [bold]{waiting}[/]" : "")}"));
        if (floor.Hopper is { } leads)
            Add(rows, "hopper", new Markup($"[bold]{leads}[/] of {floor.HopperTarget} [grey]{Markup.Escape(Words.Cut(floor.HopperReason ?? "", Math.Max(20, room - 10)))}[/]"));
    }

    private static string AgentColor(string state) => state switch
    {
        "OnCall" => "green",
        "Dialing" or "Previewing" => "deepskyblue1",
        "WrapUp" => "orange3",
        "Paused" => "purple_2",
        _ => "grey",
    };

    private static void Add(Grid grid, string label, IRenderable value) => grid.AddRow(new Markup($"[grey]{label}[/]"), value);

    private static Markup LeadBar(ProgressSnapshot now, int width)
    {
        var total = Math.Max(1, now.Imported);
        var bar = new List<string>();
        long leads = 0;
        var drawn = 0;
        foreach (var (state, count) in now.ByState)
        {
            // Ends are rounded, not lengths, so that the parts always fill the bar exactly.
            leads += count;
            var end = (int)Math.Round((double)leads * width / total);
            if (end > drawn)
                bar.Add($"[{LeadColor(state)}]{new string(state == "Waiting" ? '░' : '█', end - drawn)}[/]");
            drawn = Math.Max(drawn, end);
        }
        return new Markup($"{string.Concat(bar)} [bold]{100 * now.Done / total} %[/]");
    }

    private static string Attempts(ProgressSnapshot now)
    {
        var totals = now.Report.Totals;
        return $"[bold]{totals.Attempts}[/] made · {totals.Open} open · {totals.Dialed} rang · {Words.Count(now.Report.Retries.Attempts, "redial")}";
    }

    private static string Pace(ProgressSnapshot now)
    {
        var rate = (now.Campaign.Progress?.CallsLastMinute ?? 0).ToString(CultureInfo.InvariantCulture);
        return now.CallBudget is { } budget ? $"[bold]{rate}[/] [grey]of {budget} that the account allows[/]" : $"[bold]{rate}[/]";
    }

    private static string Completion(ProgressSnapshot now)
    {
        var best = now.Report.ByCircle.Where(c => c.Dialed >= 20).OrderByDescending(c => c.CompletionRate).FirstOrDefault();
        var overall = $"[bold]{Words.Percent(now.Report.Totals.Completed, now.Report.Totals.Dialed)}[/] of calls";
        return best is null ? overall : $"{overall} [grey]· best circle {Markup.Escape(best.Key)} {Words.Percent(best.Completed, best.Dialed)}[/]";
    }

    private static string Pauses(ProgressSnapshot now)
    {
        if (now.Campaign.State == "Paused")
            return $"[yellow]{Words.Of(now.Campaign.PauseReason ?? "paused")}[/] [grey]{Markup.Escape(Words.InIndia(now.Campaign.PauseExplanation ?? ""))}[/]";
        return now.Report.Pauses.Count == 0
            ? "[grey]none[/]"
            : string.Join(" · ", now.Report.Pauses.GroupBy(p => p.Reason).Select(p => $"{Words.Of(p.Key)} [bold]{p.Count()}[/]"));
    }

    private static string Faults(ProgressSnapshot now, int room)
    {
        var struck = now.Faults.Where(f => f.Value > 0).ToList();
        return struck.Count == 0
            ? "[grey]none yet[/]"
            : Words.Flow(struck.Select(f => $"{Words.Of(f.Key)} [bold]{f.Value}[/]"), room);
    }

    private static string Clock(ProgressSnapshot now)
    {
        var clock = now.At.ToOffset(India).ToString("ddd HH:mm:ss", CultureInfo.InvariantCulture) + " IST";
        return now.Speed == 1 ? clock : $"{clock} [grey](×{now.Speed.ToString("0.#", CultureInfo.InvariantCulture)}, {now.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s)[/]";
    }

    private static string StateColor(ProgressSnapshot now) => now.Campaign.State switch
    {
        "Running" => "green",
        "Paused" => "yellow",
        _ => "blue",
    };

    /// <summary>The colour of a lead state, here and in the report.</summary>
    public static string LeadColor(string state) => state switch
    {
        "Completed" => "green",
        "Exhausted" => "orange3",
        "Barred" or "OptedOut" => "purple_2",
        "Invalid" => "red",
        "Canceled" => "grey50",
        "Dialing" => "deepskyblue1",
        _ => "grey",
    };
}
