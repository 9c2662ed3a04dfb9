using System.Runtime.CompilerServices;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Restore;

/// <summary>
/// What the ledger needs after it was restored from a dump. The dump knows nothing of the calls that were placed after it; the provider does,
/// as far as it keeps records, and where it keeps none, a person decides whether dialing goes on.
/// </summary>
internal sealed class AfterRestore(
    DoubtfulAttempts doubtful, LostCalls lost, HeldCampaigns held, RetoldFacts facts, ITelephonyProviders providers, AccountSettings accounts)
        : IAfterRestore
{
    public string Database => "pacer";

    public async IAsyncEnumerable<string> RunAsync(DateTimeOffset dumpedAt, [EnumeratorCancellation] CancellationToken cancel)
    {
        var withRecords = accounts.All.Select(a => a.Name).Where(name => providers.Get(name).HasCallDetails).ToArray();

        // First, so that nothing of what the dump holds as ordered is ordered again, whatever fails below.
        var (searched, unknown) = await doubtful.Doubt(withRecords, dumpedAt, cancel);
        yield return $"{Counted.Were(searched, "attempt")} ordered when the dump was made: looked for in the provider's records, never placed again.";
        yield return $"{Counted.Were(unknown, "attempt")} in the hopper, or at a provider without records: "
            + $"their outcome is {Contracts.Outcomes.Unknown}, and they count as tries.";

        foreach (var account in withRecords)
        {
            var (placed, nobodys) = await lost.TakeIn(account, dumpedAt, cancel);
            yield return $"account {account}: {Counted.Were(placed, "call")} placed after the dump, and in the ledger now; "
                + $"{(nobodys == 1 ? "1 is" : $"{nobodys} are")} no lead's of this database.";
        }

        await foreach (var campaign in held.Hold(withRecords, dumpedAt, cancel))
            yield return $"campaign {campaign} is paused: its provider cannot tell whom it called after the dump. Resume it when you know.";
        yield return $"{Counted.Are(await facts.Tell(dumpedAt, cancel), "attempt")} told to analytics again.";
    }
}
