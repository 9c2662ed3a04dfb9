using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>Counts over the record; the witness's short statement.</summary>
/// <param name="Requests">By family of the API.</param>
/// <param name="Faults">How often each fault was injected.</param>
/// <param name="Agents">Of the configured flows.</param>
public sealed record SummaryView(
    DateTimeOffset Now, long Seed, ConnectCounts Connects, CallCounts Calls, NumberCounts Numbers, CallbackCounts Callbacks,
    IReadOnlyDictionary<string, FamilyCounts> Requests, IReadOnlyDictionary<string, double> FaultRates, IReadOnlyDictionary<string, int> Faults,
    AgentCounts Agents);

/// <param name="RefusedByStatus">HTTP status → requests.</param>
public sealed record ConnectCounts(int Received, int Accepted, int Refused, IReadOnlyDictionary<string, int> RefusedByStatus);

/// <param name="PeakConcurrent">The most calls that existed at one moment.</param>
/// <param name="ByOutcome">Ended calls by Exotel's word.</param>
public sealed record CallCounts(
    int Placed, int Open, int Ended, int PeakConcurrent, IReadOnlyDictionary<string, int> ByOutcome, ShareCount LocalCaller, ShareCount OtherCaller);

/// <summary>Ended calls, and how many of them were answered.</summary>
public sealed record ShareCount(int Ended, int Answered);

/// <param name="Called">People who had a call, or were dialed by a flow. Agents are not counted here.</param>
/// <param name="Overlapping">People who had two calls at the same time, legs of flows included; must be empty.</param>
/// <param name="RepeatedCustomFields">
/// A <c>CustomField</c> (or address for events) that more than one placed call carries: one attempt dialed twice; must be empty.
/// </param>
/// <param name="CalledWithDnd">Calls to numbers whose look-up says <c>DND: Yes</c>.</param>
/// <param name="MostLookupsOfOne">The most number look-ups for one number.</param>
public sealed record NumberCounts(
    int Called, int CalledWithDnd, int LookedUp, int MostLookupsOfOne, IReadOnlyList<Overlap> Overlapping,
    IReadOnlyList<RepeatedField> RepeatedCustomFields);

public sealed record Overlap(string Number, string FirstSid, string SecondSid);
public sealed record RepeatedField(string CustomField, IReadOnlyList<string> Sids);

/// <param name="Due">Planned, duplicates included.</param>
/// <param name="Pending">Neither delivered, dropped nor given up yet.</param>
public sealed record CallbackCounts(int Due, int Delivered, int Dropped, int GivenUp, int Pending, int Duplicates, int Tries, int FailedTries);

/// <summary>Computes the summary from the calls themselves each time; nothing is counted twice or forgotten.</summary>
public sealed class Summary(
    TimeProvider clock, IOptions<SimulatorOptions> options, CallBook book, RateWindows windows, FaultPlan faults, LookupCounter lookups,
    NumberDirectory numbers)
{
    public SummaryView Now()
    {
        var now = clock.GetUtcNow();
        var (connects, _) = book.Page(0, int.MaxValue);
        var calls = connects.Select(c => c.Call).OfType<IRecordedCall>().ToList();
        var contacts = calls.SelectMany(Contact.Of).ToList();
        return new SummaryView(
            now, options.Value.Seed, Connects(connects), Calls(calls, now), Numbers(calls, contacts), Callbacks(calls),
            windows.Counts, faults.Rates.ByName, faults.Injected, AgentCounts.Of(calls, contacts, now));
    }

    private static ConnectCounts Connects(IReadOnlyList<ConnectRecord> connects) => new(
        connects.Count, connects.Count(c => c.Accepted), connects.Count(c => !c.Accepted),
        connects.Where(c => !c.Accepted).CountBy(c => c.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToDictionary());

    private static CallCounts Calls(IReadOnlyList<IRecordedCall> calls, DateTimeOffset now)
    {
        var ended = calls.Where(c => now >= c.EndsAt).ToList();
        static ShareCount Share(IEnumerable<IRecordedCall> some) => new(some.Count(), some.Count(c => c.IsAnswered));
        return new CallCounts(
            calls.Count, calls.Count - ended.Count, ended.Count, PeakConcurrent(calls), ended.CountBy(c => c.FinalStatus).ToDictionary(),
            Share(ended.Where(c => c.IsLocal)), Share(ended.Where(c => !c.IsLocal)));
    }

    /// <summary>A call whose end nobody knows yet goes on for ever, as far as others can tell.</summary>
    private static DateTimeOffset End(IRecordedCall call) => call.EndsAt ?? DateTimeOffset.MaxValue;

    private static int PeakConcurrent(IReadOnlyList<IRecordedCall> calls)
    {
        var (open, peak) = (0, 0);
        // At the same instant the end comes before the beginning: back to back is not at once.
        foreach (var (_, change) in calls.SelectMany(c => new[] { (c.CreatedAt, 1), (End(c), -1) }).OrderBy(e => e.Item1).ThenBy(e => e.Item2))
            peak = Math.Max(peak, open += change);
        return peak;
    }

    private NumberCounts Numbers(IReadOnlyList<IRecordedCall> calls, IReadOnlyList<Contact> contacts)
    {
        var customers = contacts.Where(c => !c.IsAgent).ToList();
        var (lookedUp, most) = lookups.Totals;
        return new NumberCounts(
            customers.Select(c => c.Number).Distinct().Count(), customers.Count(c => !c.CalledUs && numbers.Find(c.Number)?.Dnd == "Yes"), lookedUp, most,
            [.. Contact.Overlaps(customers)],
            [.. calls.Where(c => c.Mark is not null).GroupBy(c => c.Mark!).Where(g => g.Count() > 1)
                .Select(g => new RepeatedField(g.Key, [.. g.Select(c => c.Sid)]))]);
    }

    private static CallbackCounts Callbacks(IReadOnlyList<IRecordedCall> calls)
    {
        var views = calls.SelectMany(CallbackView.Of).ToList();
        var tries = views.SelectMany(v => v.Tries).ToList();
        return new CallbackCounts(
            views.Count, views.Count(v => v.Delivered), views.Count(v => v.Dropped), views.Count(v => v.GivenUp),
            views.Count(v => v is { Delivered: false, Dropped: false, GivenUp: false }), views.Count(v => v.Copy > 1),
            tries.Count, tries.Count(t => t.Status is not (>= 200 and < 300)));
    }
}
