namespace Outdial.Analytics.Campaigns;

/// <summary>A stretch in which a campaign did not dial.</summary>
/// <param name="To">Null while it lasts.</param>
/// <param name="Duration">Up to <paramref name="To"/>, or up to now.</param>
internal sealed record Pause(
    string Reason, string? Explanation, bool Automatic, DateTimeOffset From, DateTimeOffset? To, TimeSpan Duration);

internal static class Pauses
{
    /// <summary>
    /// The pauses that these events tell of, oldest first. Pure. A pause ends with the next event of any kind: a second
    /// pause on top of the first takes its place with its own reason.
    /// </summary>
    public static IReadOnlyList<Pause> Of(IEnumerable<CampaignEvent> events, DateTimeOffset now)
    {
        var inOrder = events.OrderBy(e => e.OccurredAt).ThenBy(e => e.EventId).ToList();
        return
        [
            .. from index in Enumerable.Range(0, inOrder.Count)
               let start = inOrder[index]
               where start.Kind == "Paused"
               let end = index + 1 < inOrder.Count ? inOrder[index + 1].OccurredAt : (DateTimeOffset?)null
               select new Pause(start.Reason ?? "", start.Explanation, start.Automatic, start.OccurredAt, end, (end ?? now) - start.OccurredAt),
        ];
    }
}
