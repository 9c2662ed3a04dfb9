namespace Outdial.Simulator;

/// <summary>Counts over the calls that run through configured flows.</summary>
/// <param name="Lines">Agents' lines that were answered, and <paramref name="OpenLines"/> of them that go on.</param>
/// <param name="Customers">Customers' calls into such a flow, answered or not.</param>
/// <param name="Inbound">Calls to own numbers.</param>
/// <param name="Legs">Phones that the flows dialed.</param>
/// <param name="LegsByStatus">Legs that are over, by Exotel's word.</param>
/// <param name="PeakTalking">The most legs in conversation at one moment.</param>
/// <param name="Overlapping">Agents called while their phone was in use; must be empty.</param>
public sealed record AgentCounts(
    int Lines, int OpenLines, int Customers, int Inbound, int Legs, IReadOnlyDictionary<string, int> LegsByStatus, int PeakTalking,
    IReadOnlyList<Overlap> Overlapping, DialWhomCounts DialWhom, StayCounts Stays)
{
    public static AgentCounts Of(IReadOnlyList<IRecordedCall> calls, IReadOnlyList<Contact> contacts, DateTimeOffset now)
    {
        var flows = calls.OfType<FlowCall>().ToList();
        var lines = flows.Where(c => c.IsLine && now >= c.AnsweredAt).ToList();
        var legs = flows.SelectMany(c => c.Legs).ToList();
        var asked = flows.SelectMany(Steering).ToList();
        int Understood(string kind, string word) => asked.Count(a => a.Kind == kind && a.Understood == word);
        return new AgentCounts(
            lines.Count, lines.Count(l => now < l.EndedAt), flows.Count(c => c.Whose == FlowCallKind.Customer),
            flows.Count(c => c.Whose == FlowCallKind.Inbound),
            legs.Count, legs.Where(l => l.Status is not null).CountBy(l => l.Status!).ToDictionary(), Peak(legs),
            [.. Contact.Overlaps(contacts.Where(c => c.IsAgent))],
            new DialWhomCounts(
                asked.Count(a => a.Kind == "dialwhom"), asked.Count(a => a is { Kind: "dialwhom", Event: "fallback" }),
                Understood("dialwhom", "numbers"), Understood("dialwhom", "nobody"), Understood("dialwhom", "invalid"), Understood("dialwhom", "failed"),
                Understood("dialwhom", "late")),
            new StayCounts(Understood("stay", "stay"), Understood("stay", "hang-up")));
    }

    private static List<(string Kind, string Event, string? Understood)> Steering(FlowCall call)
    {
        lock (call.Callbacks)
            return [.. call.Callbacks.Where(c => c is { Copy: 1, Kind: "dialwhom" or "stay" }).Select(c => (c.Kind, c.Event, c.Understood))];
    }

    private static int Peak(IEnumerable<Leg> legs)
    {
        var (open, peak) = (0, 0);
        foreach (var (_, change) in legs.Where(l => l.AnsweredAt is not null)
            .SelectMany(l => new[] { (l.AnsweredAt!.Value, 1), (l.EndedAt ?? SimulatedCall.NotYet, -1) }).OrderBy(e => e.Item1).ThenBy(e => e.Item2))
            peak = Math.Max(peak, open += change);
        return peak;
    }
}

/// <summary>How often Connect asked whom to dial, and what came back. Second copies made by a fault are not counted.</summary>
/// <param name="Requests">Questions, <paramref name="Fallbacks"/> to the fallback URL included.</param>
/// <param name="Numbers">Answered with somebody to dial.</param>
/// <param name="Nobody">Answered that there is nobody.</param>
/// <param name="Invalid">Answered 200 with what cannot be read.</param>
/// <param name="Failed">Answered with another status.</param>
/// <param name="Late">Not answered in time, or lost or held back by a fault.</param>
public sealed record DialWhomCounts(int Requests, int Fallbacks, int Numbers, int Nobody, int Invalid, int Failed, int Late);

/// <summary>What the branch "we didn't dial anyone" was told.</summary>
public sealed record StayCounts(int Waited, int HungUp);
