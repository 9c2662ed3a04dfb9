using Outdial.Contracts;
using Outdial.Enrichment.Budgets;
using Outdial.Providers;

namespace Outdial.Enrichment.Details;

/// <summary>What follows from one reading of a call's record.</summary>
/// <param name="DueAt">When to read again; null when it is over.</param>
/// <param name="Result">How it ended, in the words of <see cref="DetailRequest.Result"/>; null while it goes on.</param>
internal sealed record DetailStep(DateTimeOffset? DueAt, string? Result);

/// <summary>When a call's record is read, and when enough is known. Pure.</summary>
internal static class DetailRule
{
    /// <summary>Whether a price is to be expected: providers bill calls that were picked up.</summary>
    public static bool WasAnswered(AttemptEnded ended) =>
        ended.AnsweredAt is not null || ended.Outcome is Outcomes.Completed or Outcomes.MachineAnswered or Outcomes.Abandoned;

    /// <summary>Duration and, for an answered call, price are there: providers fill them in minutes after the end.</summary>
    public static bool IsComplete(CallRecord record, bool answered) =>
        record.Outcome is not null && record.Duration is not null && (record.Price is not null || !answered);

    /// <summary>Two people talked, and the recording, which is made ready after the call, is not there yet.</summary>
    public static bool LacksRecording(CallRecord record) => record.TalkTime > TimeSpan.Zero && record.RecordingUrl is null;

    /// <summary>The record was read.</summary>
    /// <param name="expectsRecording">A conversation of this call has a recording that nobody has named yet.</param>
    public static DetailStep Read(
        CallRecord? record, bool answered, DateTimeOffset endedAt, DateTimeOffset now, EnrichmentOptions options, bool expectsRecording = false)
    {
        if (record is not null && IsComplete(record, answered) && !(expectsRecording && LacksRecording(record)))
            return new DetailStep(null, "complete");

        // Whoever comes late, say after an outage, goes on with the next appointment that is still ahead.
        var next = options.DetailTimes.Where(after => endedAt + after > now).Select(after => (DateTimeOffset?)(endedAt + after)).FirstOrDefault();
        return next is null ? new DetailStep(null, record is null ? "missing" : "incomplete") : new DetailStep(next, null);
    }

    /// <summary>The provider could not be asked.</summary>
    /// <param name="tries">Requests made so far, from 1.</param>
    /// <param name="blocks">How long it wants to be left alone.</param>
    public static DetailStep Failed(int tries, TimeSpan? blocks, DateTimeOffset endedAt, DateTimeOffset now, EnrichmentOptions options) =>
        tries > 1 && now - endedAt >= options.DetailsGiveUpAfter
            ? new DetailStep(null, "missing")
            : new DetailStep(now + (blocks ?? Backoff.After(tries, options.RetryAfter)), null);
}
