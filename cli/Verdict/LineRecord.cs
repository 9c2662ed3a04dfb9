using Outdial.Cli.Api;

namespace Outdial.Cli.Verdicts;

/// <summary>
/// Turns the record of agents' lines into the truth that a ledger is judged by. All leads of a line share its call, so the
/// provider cannot say which attempt a dialing was: it belongs to the newest attempt of that number over that line that the ledger
/// shows to have begun by then, and to none when an earlier dialing was that attempt already. Pure.
/// </summary>
public static class LineRecord
{
    /// <summary>A word that comes later after the end of a dialing, itself or its copy, may find it settled by other words.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(30);

    /// <summary>Two processes read the same clock, one of them a moment later.</summary>
    private static readonly TimeSpan OneClock = TimeSpan.FromSeconds(1);

    public static ProviderRecord Read(IReadOnlyList<SimulatorLine> lines, Ledger ledger, int budget)
    {
        var attempts = ledger.Calls.Where(call => call.Dialed && call.ProviderCallId is not null)
            .ToLookup(call => (call.ProviderCallId!, call.Number));
        var placed = new List<PlacedCall>();
        foreach (var call in lines.Select(line => line.Call).OfType<SimulatorCall>())
        {
            foreach (var legs in call.Legs.Select((leg, index) => (Leg: leg, Index: index)).GroupBy(entry => entry.Leg.Number))
            {
                var known = attempts[(call.Sid, legs.Key)].OrderBy(attempt => attempt.StartedAt).ToList();
                var taken = new HashSet<Guid>();
                foreach (var (leg, index) in legs.OrderBy(entry => entry.Leg.DialedAt))
                {
                    var attempt = known.FindLast(begun => begun.StartedAt <= leg.DialedAt + OneClock)?.AttemptId;
                    placed.Add(Placed(call, leg, index, attempt is { } id && taken.Add(id) ? attempt : null));
                }
            }
        }
        var all = SimulatorRecord.Read(lines, budget);
        var isLine = lines.Select(line => line.Call).OfType<SimulatorCall>().Where(call => call.Kind == "line").Select(call => call.Sid).ToHashSet();
        return all with { Calls = [.. all.Calls.Where(call => !isLine.Contains(call.CallId)), .. placed.OrderBy(call => call.PlacedAt)] };
    }

    private static PlacedCall Placed(SimulatorCall line, SimulatorLeg leg, int index, Guid? attempt)
    {
        var told = line.Callbacks.Where(callback => callback.Leg == index && callback.Delivered && callback.DueAt <= leg.EndedAt + InTime).ToList();
        var end = told.Exists(callback => callback.Kind == "dialed");
        var answer = told.Exists(callback => callback is { Kind: "popup", Event: "answered" });
        IReadOnlyList<string> truth = Truth(leg);

        // What was never told, or too late, nobody can know: then the popups that did come settle it, or nothing does.
        if (leg.Status is not null && !end && !answer)
            truth = [.. truth, "NoAnswer", "Unknown"];
        var answered = leg.AnsweredAt is not null;
        return new PlacedCall($"{line.Sid}/{index}", attempt, leg.Number, leg.DialedAt, leg.EndedAt, truth, end || answer || !answered ? answered : null);
    }

    private static IReadOnlyList<string> Truth(SimulatorLeg leg) => (leg.Status, leg.Cause) switch
    {
        (null, _) => [],
        ("completed", _) => ["Completed"],
        ("busy", _) => ["Busy", "Rejected"],
        ("no-answer", _) => ["NoAnswer"],
        // The agent hung up while it rang.
        ("canceled", _) => ["Canceled", "NoAnswer"],
        (_, "UNALLOCATED_NUMBER") => ["InvalidNumber", "Unreachable"],
        _ => ["Unreachable"],
    };
}
