using Outdial.Cli.Views;

namespace Outdial.Cli.Verdicts;

/// <summary>
/// Compares the ledger with the provider's own record. Pure. The record is the truth: the ledger is never asked
/// whether the ledger is right.
/// </summary>
public static class Judge
{
    public static Verdict Of(Ledger ledger, ProviderRecord record)
    {
        var findings = new List<Finding>();
        var accounted = Account(ledger, findings);
        FindDoubleDials(ledger, record, findings);
        FindLostEvents(ledger, record, findings);
        if (record.PeakConnectsPerMinute > record.ConnectBudget)
        {
            findings.Add(new(FindingKinds.Budget, $"{record.PeakConnectsPerMinute}/{record.ConnectBudget}",
                $"{record.PeakConnectsPerMinute} connect requests in 60 s; the account allows {record.ConnectBudget}"));
        }
        return new(ledger.Imported, accounted, findings, Sources.LedgerAndRecord);
    }

    /// <summary>
    /// What the ledger alone can tell, for a provider whose record we cannot read: two open attempts at one time for
    /// one number, one provider call under two attempts, attempts that never ended or ended as Unknown.
    /// </summary>
    public static Verdict OfLedgerAlone(Ledger ledger)
    {
        var findings = new List<Finding>();
        var accounted = Account(ledger, findings);

        var dialed = ledger.Calls.Where(call => call.Dialed).ToList();
        FindOverlaps(dialed.Select(call => new Span(call.AttemptId.ToString(), call.Number, call.StartedAt, call.EndedAt)), findings);
        foreach (var shared in dialed.Where(call => call.ProviderCallId is not null).GroupBy(call => call.ProviderCallId)
            .Where(calls => calls.Count() > 1))
        {
            foreach (var call in shared.Skip(1))
                findings.Add(new(FindingKinds.DoubleDial, call.AttemptId.ToString(), "shares its provider call with another attempt"));
        }

        foreach (var call in ledger.Calls.Where(call => !call.HasEnded || call.Outcome == "Unknown"))
            findings.Add(new(FindingKinds.LostEvent, call.AttemptId.ToString(), $"is {call.State}, outcome {call.Outcome ?? "none"}"));

        return new(ledger.Imported, accounted, findings, Sources.Ledger);
    }

    /// <summary>How many leads are in exactly one final state.</summary>
    private static long Account(Ledger ledger, List<Finding> findings)
    {
        long accounted = 0;
        foreach (var lead in ledger.Leads.GroupBy(lead => lead.Id))
        {
            var states = lead.Select(row => row.State).ToList();
            if (states.Count == 1 && lead.First().IsFinal)
                accounted++;
            else
                findings.Add(new(FindingKinds.NotAccounted, lead.Key.ToString(), $"is {string.Join(" and ", states)}"));
        }

        var listed = accounted + findings.Count;
        if (listed != ledger.Imported)
        {
            findings.Add(new(FindingKinds.NotAccounted, $"{listed}-of-{ledger.Imported}",
                $"{Words.Count(ledger.Imported, "lead was", "leads were")} imported, and {Words.Count(listed, "is", "are")} listed"));
        }
        return accounted;
    }

    private static void FindDoubleDials(Ledger ledger, ProviderRecord record, List<Finding> findings)
    {
        var attempts = ledger.Calls.ToLookup(call => call.AttemptId);
        foreach (var call in record.Calls)
        {
            if (call.AttemptId is not { } attemptId || !attempts.Contains(attemptId))
                findings.Add(new(FindingKinds.DoubleDial, call.AttemptId?.ToString() ?? call.CallId, "was placed and the ledger knows no such attempt"));
            else if (attempts[attemptId].First().Number != call.Number)
                findings.Add(new(FindingKinds.DoubleDial, attemptId.ToString(), "rang another number than the ledger's"));
        }

        foreach (var repeated in record.Calls.Where(call => call.AttemptId is not null).GroupBy(call => call.AttemptId)
            .Where(calls => calls.Count() > 1))
            findings.Add(new(FindingKinds.DoubleDial, repeated.Key!.Value.ToString(), $"was placed {Words.Count(repeated.Count(), "time")}"));

        FindOverlaps(
            record.Calls.Select(call => new Span(call.AttemptId?.ToString() ?? call.CallId, call.Number, call.PlacedAt, call.EndedAt)), findings);

        var attemptsPerNumber = ledger.Calls.GroupBy(call => call.Number).ToDictionary(calls => calls.Key, calls => calls.Count());
        var leads = ledger.Leads.ToLookup(lead => lead.Number);
        foreach (var calls in record.Calls.GroupBy(call => call.Number))
        {
            var known = attemptsPerNumber.GetValueOrDefault(calls.Key);
            if (calls.Count() > known && leads[calls.Key].FirstOrDefault() is { } lead)
                findings.Add(new(FindingKinds.DoubleDial, lead.Id.ToString(), $"rang {Words.Count(calls.Count(), "time")} for {Words.Count(known, "attempt")}"));
        }
    }

    private static void FindOverlaps(IEnumerable<Span> calls, List<Finding> findings)
    {
        foreach (var number in calls.GroupBy(call => call.Number))
        {
            var busyUntil = DateTimeOffset.MinValue;
            foreach (var call in number.OrderBy(call => call.From))
            {
                if (call.From < busyUntil)
                    findings.Add(new(FindingKinds.DoubleDial, call.Id, "rang while another call to the same number lasted"));
                var end = call.To ?? DateTimeOffset.MaxValue;
                busyUntil = end > busyUntil ? end : busyUntil;
            }
        }
    }

    private static void FindLostEvents(Ledger ledger, ProviderRecord record, List<Finding> findings)
    {
        var attempts = ledger.Calls.ToLookup(call => call.AttemptId);
        foreach (var truth in record.Calls.Where(call => call.AttemptId is not null))
        {
            // An attempt that the ledger lacks is told of already.
            if (attempts[truth.AttemptId!.Value].FirstOrDefault() is not { } shown)
                continue;

            if (Lost(truth, shown) is { } text)
                findings.Add(new(FindingKinds.LostEvent, shown.AttemptId.ToString(), text));
        }

        var placed = record.Calls.Select(call => call.AttemptId).ToHashSet();
        foreach (var open in ledger.Calls.Where(call => !call.HasEnded && !placed.Contains(call.AttemptId)))
            findings.Add(new(FindingKinds.LostEvent, open.AttemptId.ToString(), $"was never placed and is still {open.State}"));
        foreach (var claimed in ledger.Calls.Where(call => call.HasEnded && call.ShowsAnswer && !placed.Contains(call.AttemptId)))
            findings.Add(new(FindingKinds.LostEvent, claimed.AttemptId.ToString(), $"was never placed and ended as {claimed.Outcome}"));
    }

    private static string? Lost(PlacedCall truth, LedgerCall shown)
    {
        if (truth.EndedAt is null)
            return "has not ended at the provider";
        if (!shown.HasEnded)
            return $"ended at the provider and is still {shown.State}";
        if (!truth.Outcomes.Contains(shown.Outcome!))
            return $"ended as {string.Join(" or ", truth.Outcomes)}; the ledger says {shown.Outcome}";
        if (truth.Answered is { } answered && answered != shown.ShowsAnswer)
            return answered ? "was answered; the ledger does not show it" : "was not answered; the ledger says it was";
        return shown.Dialed ? null : "rang; the ledger says that it was not dialed";
    }

    private readonly record struct Span(string Id, string Number, DateTimeOffset From, DateTimeOffset? To);
}
