using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Telemetry;

/// <summary>What has not happened, and of what there is none, is 0 in a scrape: absent looks like broken.</summary>
public sealed class ZeroTests
{
    [Fact]
    public async Task A_process_that_has_just_started_tells_each_known_series_of_its_counters_and_gauges()
    {
        var said = new ConcurrentDictionary<(string Instrument, string Word), long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Outdial.Pacer")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Say(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Say(instrument, value, tags));
        listener.Start();
        await using var node = await PacerNode.Start();

        await Eventually.Async(() =>
        {
            listener.RecordObservableInstruments();
            return said.ContainsKey(("outdial.campaigns.paused", PauseReasons.ProviderDown)) && said.ContainsKey(("outdial.queue.depth", "power"));
        });

        Assert.All(Outcomes.All, outcome => Assert.Contains(("outdial.attempts.ended", outcome), said.Keys));
        Assert.All(LeadReasons.OfWaiting, reason => Assert.Contains(("outdial.leads.waiting", reason), said.Keys));
        Assert.All(LeadReasons.OfWaiting, reason => Assert.Contains(("outdial.leads.held", reason), said.Keys));
        Assert.Contains(("outdial.attempts.open", CallStates.Ringing), said.Keys);
        Assert.Contains(("outdial.attempts.corrected", Outcomes.MachineAnswered), said.Keys);
        Assert.Contains(("outdial.campaign.pauses", PauseReasons.QueueExcess), said.Keys);

        void Say(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (_, word) in tags)
                said.AddOrUpdate((instrument.Name, $"{word}"), value, (_, known) => known + value);
        }
    }

    [Fact]
    public void Every_reason_of_a_lead_that_waits_is_one_that_a_lead_can_have() =>
        Assert.Subset(LeadReasons.All.ToHashSet(), LeadReasons.OfWaiting.ToHashSet());
}
