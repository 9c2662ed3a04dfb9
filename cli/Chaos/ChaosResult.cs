using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;

namespace Outdial.Cli.Chaos;

/// <summary>What came of a run.</summary>
/// <param name="Acts">What was done to the platform, by kind.</param>
/// <param name="DeepestSpool">Webhooks that lay on disk at one moment.</param>
/// <param name="Witness">The simulator's counts.</param>
/// <param name="Attempts">In the ledger.</param>
/// <param name="Traces">What the protections had to do.</param>
/// <param name="Taken">Real time, start and rest included.</param>
public sealed record ChaosResult(
    Verdict Verdict, IReadOnlyDictionary<string, int> Acts, int DeepestSpool, SimulatorSummary Witness, int Attempts, ChaosTraces Traces,
    TimeSpan Taken)
{
    /// <summary>The figures, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"done to the platform: {Counts(Acts)}";
        yield return $"done by the provider: {Counts(Witness.Faults)}";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"calls: {Words.Count(Attempts, "attempt")}, {Witness.Calls.Placed} placed at the provider, at most {Witness.Calls.PeakConcurrent} at once");
        var (tries, copies, kept) = (Words.Count(Witness.Callbacks.Tries, "try", "tries"), Words.Count(Witness.Callbacks.Duplicates, "copy", "copies"),
            Words.Count(Traces.Webhooks, "webhook"));
        yield return string.Create(CultureInfo.InvariantCulture,
            $"callbacks: {Witness.Callbacks.Delivered} delivered in {tries} ({Witness.Callbacks.FailedTries} failed), {copies}, {Witness.Callbacks.Dropped} dropped, {Witness.Callbacks.GivenUp} given up; {kept} kept, at most {DeepestSpool} in the spool");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"mended: {Words.Count(Traces.LookedUp, "attempt")} looked up in the provider's records, {Traces.Uncertain} of them after a request without an answer; {Traces.Canceled} withdrawn undialed");
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Where(count => count.Value > 0).OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}"));
}
