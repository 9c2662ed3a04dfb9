using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Verdicts;
using Spectre.Console;

namespace Outdial.Cli.Views;

/// <summary>What a campaign came to, for the terminal.</summary>
public sealed class ReportView(IAnsiConsole console)
{
    private const int BarWidth = 24;

    /// <param name="remarks">What is worth telling besides, a sentence each.</param>
    public void Write(
        CampaignReport report, AgentReport agents, Ledger ledger, IReadOnlyList<string> remarks, IReadOnlyDictionary<string, int> faults)
    {
        console.WriteLine();
        console.Write(new Rule("[bold]Report[/]").LeftJustified().RuleStyle("grey"));
        Leads(ledger);
        Outcomes(report);
        AgentsView.WriteQueue(console, report.Queue);
        AgentsView.WriteTimes(console, agents);
        Circles(report);
        ByAttempt(report);
        Pauses(report);
        Remarks(remarks);
        Faults(faults);
    }

    /// <summary>What is wrong, and the one line that closes the run.</summary>
    public void Write(Verdict verdict)
    {
        const int shown = 12;
        console.WriteLine();
        foreach (var finding in verdict.Findings.Take(shown))
            console.MarkupLineInterpolated($"[red]{finding.Kind}[/] {finding.Id} {finding.Text}");
        if (verdict.Findings.Count > shown)
            console.MarkupLineInterpolated($"[red]… and {Words.Count(verdict.Findings.Count - shown, "more finding")}[/]");

        // The line is for programs too: as it is, whatever the width of the terminal.
        console.Profile.Out.Writer.WriteLine(verdict.Line());
    }

    private void Leads(Ledger ledger)
    {
        var states = ledger.Leads.GroupBy(lead => lead.State).OrderBy(state => Order(state.Key)).ToList();
        console.MarkupLine("\n[bold]Leads[/]  " + string.Join("[grey] · [/]",
            states.Select(state => $"[{ProgressView.LeadColor(state.Key)}]■[/] {Words.Of(state.Key)} [bold]{state.Count()}[/]")));

        static int Order(string state) => ProgressSnapshot.LeadStates.ToList().IndexOf(state);
    }

    private void Outcomes(CampaignReport report)
    {
        var table = Table("Outcome", "Attempts", "Share", "");
        foreach (var outcome in report.Outcomes.OrderByDescending(o => o.Attempts))
        {
            table.AddRow(
                outcome.Dialed ? Words.Of(outcome.Outcome) : $"{Words.Of(outcome.Outcome)} [grey](did not ring)[/]",
                Number(outcome.Attempts), Words.Percent(outcome.Attempts, report.Totals.Attempts - report.Totals.Open),
                Bar(outcome.Share, outcome.Outcome == "Completed" ? "green" : "grey"));
        }
        console.Write(table);
        console.MarkupLineInterpolated(
            $"{Words.Count(report.Totals.Attempts, "attempt")}, {report.Totals.Dialed} rang, {report.Totals.Completed} completed ([bold]{Words.Percent(report.Totals.Completed, report.Totals.Dialed)}[/] of those that rang); {Words.Duration(report.Totals.TalkTime)} of talk, {Cost(report.Totals)}");
        if (report.Totals.TalkSeen > 0)
            console.MarkupLineInterpolated($"[grey]talk of {Words.Count(report.Totals.TalkSeen, "conversation")} is measured from connection to end: the provider tells none[/]");
        if (report.Totals.TalkUnknown > 0)
            console.MarkupLineInterpolated($"[grey]talk of {Words.Count(report.Totals.TalkUnknown, "conversation")} is not known: nobody told when it ended[/]");
    }

    /// <summary>What the provider billed, as far as it tells: of calls without a price nobody knows what they cost.</summary>
    internal static string Cost(ReportSums totals) => totals switch
    {
        { Cost: null } => "cost not told by the provider",
        { WithoutPrice: > 0 } => string.Create(
            CultureInfo.InvariantCulture, $"cost {totals.Cost:0.00} without {Words.Count(totals.WithoutPrice, "call")} whose price the provider has not told"),
        _ => string.Create(CultureInfo.InvariantCulture, $"cost {totals.Cost:0.00}"),
    };

    private void Circles(CampaignReport report)
    {
        console.MarkupLine("\n[bold]Completion rate by circle[/] [grey]with our number of the lead's own circle, and with another[/]");
        var table = Table("Circle", "Calls", "Rate", "Own circle", "Other", "Difference");
        foreach (var circle in report.ByCircle.OrderByDescending(c => c.Dialed))
        {
            var own = Sum(report.ByCircleMatch.Where(m => m.Circle == circle.Key && m.Match == "yes"));
            var other = Sum(report.ByCircleMatch.Where(m => m.Circle == circle.Key && m.Match != "yes"));
            table.AddRow(Markup.Escape(circle.Key), Number(circle.Dialed), Words.Percent(circle.Completed, circle.Dialed), Share(own), Share(other),
                Difference(own, other));
        }
        var matched = Sum(report.ByCircleMatch.Where(m => m.Match == "yes"));
        var unmatched = Sum(report.ByCircleMatch.Where(m => m.Match != "yes"));
        table.AddEmptyRow();
        table.AddRow(
            "[bold]all[/]", Number(report.Totals.Dialed), Words.Percent(report.Totals.Completed, report.Totals.Dialed), Share(matched), Share(unmatched),
            Difference(matched, unmatched));
        console.Write(table);
    }

    private void ByAttempt(CampaignReport report)
    {
        console.MarkupLineInterpolated(
            $"\n[bold]Redials[/] {Words.Count(report.Retries.Attempts, "attempt")} after the first, of which {report.Retries.Completed} completed");
        var table = Table("Attempt", "Calls", "Rate", "");
        foreach (var attempt in report.ByAttempt.OrderBy(a =>
            int.TryParse(a.Key, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue))
            table.AddRow(
                Markup.Escape(attempt.Key), Number(attempt.Dialed), Words.Percent(attempt.Completed, attempt.Dialed),
                Bar(attempt.CompletionRate ?? 0, "green"));
        console.Write(table);
    }

    private void Pauses(CampaignReport report)
    {
        console.MarkupLineInterpolated($"\n[bold]Pauses[/] {report.Pauses.Count}, together {Words.Duration(report.PausedTime)}");
        if (report.Pauses.Count == 0)
            return;
        var table = Table("From (IST)", "Length").AddColumn("Reason");
        foreach (var pause in report.Pauses)
        {
            var from = pause.From.ToOffset(ProgressView.India);
            var length = pause.To is { } to ? Words.Duration(to - pause.From) : "not ended";
            table.AddRow(
                from.ToString("HH:mm:ss", CultureInfo.InvariantCulture), length, $"{Words.Of(pause.Reason)} [grey]{Markup.Escape(Words.InIndia(pause.Explanation ?? ""))}[/]");
        }
        console.Write(table);
    }

    private void Remarks(IReadOnlyList<string> remarks)
    {
        if (remarks.Count > 0)
            console.MarkupLine("\n[bold]Besides[/]");
        foreach (var remark in remarks)
            console.MarkupLineInterpolated($"  {remark}");
    }

    private void Faults(IReadOnlyDictionary<string, int> faults)
    {
        if (faults.Count == 0)
            return;
        var struck = faults.Where(fault => fault.Value > 0).Select(fault => $"{Words.Of(fault.Key)} {fault.Value}").ToList();
        console.MarkupLine($"\n[bold]Faults injected[/] {(struck.Count == 0 ? "none" : "\n" + Words.Flow(struck, console.Profile.Width))}");
    }

    private static Table Table(string first, params string[] others)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey).AddColumn(first);
        foreach (var header in others)
            table.AddColumn(header.Length == 0 ? new TableColumn("") : new TableColumn(header).RightAligned());
        return table;
    }

    private static (long Dialed, long Completed) Sum(IEnumerable<ReportMatch> groups) =>
        groups.Aggregate((Dialed: 0L, Completed: 0L), (sum, group) => (sum.Dialed + group.Dialed, sum.Completed + group.Completed));

    private static double? Rate((long Dialed, long Completed) sum) => sum.Dialed == 0 ? null : (double)sum.Completed / sum.Dialed;

    private static string Share((long Dialed, long Completed) sum) =>
        sum.Dialed == 0 ? "[grey]–[/]" : $"{Words.Percent(Rate(sum))} [grey]of {sum.Dialed}[/]";

    private static string Difference((long Dialed, long Completed) own, (long Dialed, long Completed) other)
    {
        if (Rate(own) is not { } with || Rate(other) is not { } without)
            return "";
        var points = (with - without) * 100;
        return $"[{(points >= 0 ? "green" : "red")}]{points.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)}[/]";
    }

    private static string Bar(double share, string color) => $"[{color}]{new string('█', (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth))}[/]";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
