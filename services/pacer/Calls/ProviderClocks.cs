using Outdial.Contracts;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>Notes what is odd about the providers' clocks: counted each time, and logged now and then for each account.</summary>
internal sealed class ProviderClocks(PacerMetrics metrics, TimeProvider clock, ILogger<ProviderClocks> log)
{
    private readonly Seldom _seldom = new(clock, TimeSpan.FromMinutes(10));

    /// <returns>What a person is told of it.</returns>
    public string Odd(string account, HeldInstant held, object said)
    {
        metrics.OddInstant(account, held.Oddity!, held.Behind is not null);
        var sentence = ForeignClock.Sentence(held, said is IProviderEvent e ? e.OccurredAt : ((CallOriginated)said).OccurredAt, account);
        if (_seldom.May(account))
            log.OddInstant(account, sentence);
        return sentence;
    }
}
