using System.Diagnostics;
using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Telemetry;

/// <summary>The pacer's figures. Tags are few and bounded: no ids, no numbers.</summary>
internal sealed class PacerMetrics : ICountsFromZero
{
    public static readonly ActivitySource Activity = new("Outdial.Pacer");

    private readonly Counter<long> _ended;
    private readonly Counter<long> _corrected;
    private readonly Counter<long> _originated;
    private readonly Histogram<double> _originateDuration;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _pauses;
    private readonly Counter<long> _unmatched;
    private readonly Counter<long> _reconciled;
    private readonly Counter<long> _held;
    private readonly Counter<long> _offered;
    private readonly Counter<long> _returned;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _odd;
    private volatile IReadOnlyDictionary<string, int> _waiting = new Dictionary<string, int>();
    private readonly Counter<long> _calls;
    private readonly AccountSettings _accounts;
    private volatile IReadOnlyList<Measurement<int>> _paused = [], _open = [], _stuck = [], _leads = [];

    private static readonly string[] OriginateResults = ["accepted", "refused", "throttled", "failed", "uncertain"];

    private static readonly string[] ReconciliationResults =
    [
        "found", "ended", "still-going", "not-yet", "unknown", "gone", "never-placed", "expired", "unreachable", "asked-router", "held-by-router",
    ];

    private static readonly string[] PauseWords =
    [
        PauseReasons.Person, PauseReasons.LowCompletionRate, PauseReasons.ProviderDown, PauseReasons.OutsideWindow, PauseReasons.QueueExcess,
        PauseReasons.NoAgents, PauseReasons.Restored,
    ];

    private static readonly string[] OpenStates =
    [
        CallStates.Offered, CallStates.Requested, Attempt.Submitting, CallStates.Submitted, CallStates.Ringing, CallStates.Answered,
        CallStates.Queued, CallStates.Connected,
    ];

    public PacerMetrics(IMeterFactory meters, AccountSettings accounts)
    {
        _accounts = accounts;
        var meter = meters.Create("Outdial.Pacer");
        _corrected = meter.CreateCounter<long>("outdial.attempts.corrected", "{attempt}",
            "Attempts whose outcome had been a guess until the provider's word came");
        _ended = meter.CreateCounter<long>("outdial.attempts.ended", "{attempt}", "Attempts that reached their outcome");
        _originated = meter.CreateCounter<long>(
            "outdial.originate.requests", "{request}", "Requests for a call, by account and the provider's answer");
        _originateDuration = meter.CreateHistogram<double>("outdial.originate.duration", "s",
            "From asking the provider for a call to its answer, real time");
        _calls = meter.CreateCounter<long>("outdial.account.calls", "{call}",
            "Calls that the provider took and that are over, by account and by whether somebody picked up");
        _decisions = meter.CreateCounter<long>("outdial.pacing.decisions", "{decision}", "Pacing decisions, by reason code");
        _pauses = meter.CreateCounter<long>("outdial.campaign.pauses", "{pause}", "Pauses of campaigns, by reason");
        _unmatched = meter.CreateCounter<long>("outdial.events.unmatched", "{event}", "Events that name no attempt of this ledger");
        _reconciled = meter.CreateCounter<long>("outdial.reconciliations", "{look_up}", "Look-ups of silent and uncertain calls, by result");
        _held = meter.CreateCounter<long>("outdial.leads.held", "{lead}", "Leads that the last look held back, by reason");
        _offered = meter.CreateCounter<long>("outdial.hopper.offered", "{lead}", "Leads offered to the agents' hopper");
        _returned = meter.CreateCounter<long>("outdial.hopper.returned", "{lead}", "Leads that came back from the hopper undialed");
        _dropped = meter.CreateCounter<long>("outdial.attempts.dropped", "{attempt}",
            "Attempts that the law calls abandoned, by the campaign's mode");
        _missed = meter.CreateCounter<long>("outdial.missed_calls", "{call}", "Customers who reached nobody, by what was decided on their call-back");
        _odd = meter.CreateCounter<long>(
            "outdial.provider.instants.odd", "{instant}",
            "Instants of providers' clocks that could not be true, by what was odd, and whether another time zone explains it");
        meter.CreateObservableGauge(
            "outdial.queue.depth", () =>
                _waiting.Select(w => new Measurement<int>(w.Value, new KeyValuePair<string, object?>("outdial.campaign.mode", w.Key))),
            "{call}", "Answered leads that wait for an agent, by the campaign's mode; counted from rows, the same at every replica");
        meter.CreateObservableGauge(
            "outdial.campaigns.paused", () => _paused, "{campaign}", "Paused campaigns, by reason; counted from rows, the same at every replica");
        meter.CreateObservableGauge(
            "outdial.attempts.open", () => _open, "{attempt}", "Attempts that are not over, by state; counted from rows, the same at every replica");
        meter.CreateObservableGauge(
            "outdial.attempts.stuck", () => _stuck, "{attempt}",
            "Attempts that should have been looked into long ago, or are open for longer than a call can be, by state; counted from rows, the "
            + "same at every replica");
        meter.CreateObservableGauge(
            "outdial.leads.waiting", () => _leads, "{lead}",
            "Leads of running and paused campaigns that wait, by what they wait for, up to 100000; counted from rows, the same at every replica");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var outcome in Outcomes.All)
        {
            foreach (var source in new[] { "webhook", FinalWord.Reconciliation, "platform", EndSources.Inferred })
                _ended.Add(0, new("outdial.call.outcome", outcome), new("outdial.source", source));
            if (outcome != Outcomes.Completed)
                _corrected.Add(0, new("outdial.call.guess", Outcomes.Completed), new("outdial.call.outcome", outcome));
            if (outcome != Outcomes.Unknown)
                _corrected.Add(0, new("outdial.call.guess", Outcomes.Unknown), new("outdial.call.outcome", outcome));
        }
        foreach (var reason in PauseWords)
            _pauses.Add(0, new KeyValuePair<string, object?>("outdial.pause.reason", reason));
        foreach (var reason in LeadReasons.OfWaiting)
            _held.Add(0, new KeyValuePair<string, object?>("outdial.lead.reason", reason));
        foreach (var account in _accounts.All)
        {
            foreach (var result in OriginateResults)
                _originated.Add(0, new("outdial.account", account.Name), new("outdial.originate.result", result));
            foreach (var answered in new[] { "yes", "no" })
                _calls.Add(0, new("outdial.account", account.Name), new("outdial.answered", answered));
        }
        foreach (var result in ReconciliationResults)
            _reconciled.Add(0, new KeyValuePair<string, object?>("outdial.reconciliation.result", result));
        foreach (var mode in new[] { CampaignModes.Progressive, CampaignModes.Preview, CampaignModes.Power })
            _dropped.Add(0, new KeyValuePair<string, object?>("outdial.campaign.mode", mode));
        foreach (var skipped in new[] { false, true })
            _returned.Add(0, new KeyValuePair<string, object?>("outdial.hopper.skipped", skipped));
        _offered.Add(0);
    }

    public void Ended(string outcome, string source) =>
        _ended.Add(1, new("outdial.call.outcome", outcome), new("outdial.source", source));

    public void Corrected(string guess, string outcome) =>
        _corrected.Add(1, new("outdial.call.guess", guess), new("outdial.call.outcome", outcome));

    public void Originated(string account, OriginateResult result, TimeSpan took)
    {
        KeyValuePair<string, object?> of = new("outdial.account", account), answer = new("outdial.originate.result", Word(result));
        _originated.Add(1, of, answer);
        _originateDuration.Record(took.TotalSeconds, of, answer);
    }

    /// <summary>Refused is the one call, failed the account or the provider.</summary>
    private static string Word(OriginateResult result) => result switch
    {
        OriginateResult.Accepted => "accepted",
        OriginateResult.Refused { StatusCode: 429, AccountTrouble: false } => "throttled",
        OriginateResult.Refused { AccountTrouble: true } or OriginateResult.Refused { LeadKeepsTry: true } => "failed",
        OriginateResult.Refused => "refused",
        _ => "uncertain",
    };

    /// <summary>A call that the provider took is over.</summary>
    public void Called(string account, bool isAnswered) =>
        _calls.Add(1, new("outdial.account", account), new("outdial.answered", isAnswered ? "yes" : "no"));

    public void Decided(string code) => _decisions.Add(1, new KeyValuePair<string, object?>("outdial.decision.code", code));

    public void Paused(string reason) => _pauses.Add(1, new KeyValuePair<string, object?>("outdial.pause.reason", reason));

    public void Unmatched(string type) => _unmatched.Add(1, new KeyValuePair<string, object?>("outdial.event.type", type));

    public void Reconciled(string result) => _reconciled.Add(1, new KeyValuePair<string, object?>("outdial.reconciliation.result", result));

    public void Offered(int leads) => _offered.Add(leads);

    public void Returned(bool skipped) => _returned.Add(1, new KeyValuePair<string, object?>("outdial.hopper.skipped", skipped));

    public void Held(string reason) => _held.Add(1, new KeyValuePair<string, object?>("outdial.lead.reason", reason));

    public void Dropped(string mode) => _dropped.Add(1, new KeyValuePair<string, object?>("outdial.campaign.mode", mode));

    /// <param name="decision"><c>promised</c>, or a bounded word for why not.</param>
    public void MissedCall(string decision) => _missed.Add(1, new KeyValuePair<string, object?>("outdial.decision", decision));

    /// <param name="oddity">A bounded word.</param>
    public void OddInstant(string account, string oddity, bool isZone) =>
        _odd.Add(1, new("outdial.account", account), new("oddity", oddity), new("outdial.other_zone", isZone));

    /// <param name="byMode">How many wait, by campaign mode.</param>
    public void Waiting(IReadOnlyDictionary<string, int> byMode) =>
        _waiting = new Dictionary<string, int>(byMode) { [CampaignModes.Power] = byMode.GetValueOrDefault(CampaignModes.Power) };

    /// <summary>It could not be counted: what was a while ago is not told as what is.</summary>
    public void Forget() => (_paused, _open, _stuck, _leads) = ([], [], [], []);

    /// <summary>What was counted from the rows a moment ago; of a known kind of which there are none, 0.</summary>
    public void Stand(IReadOnlyCollection<Standing> paused, IReadOnlyCollection<Standing> open, IReadOnlyCollection<Standing> stuck)
    {
        _paused = Measured("outdial.pause.reason", PauseWords, paused);
        _open = Measured("outdial.call.state", OpenStates, open);
        _stuck = Measured("outdial.call.state", OpenStates, stuck);
    }

    /// <summary>The same of what leads wait for; not known: nothing is told.</summary>
    public void Wait(IReadOnlyCollection<Standing> leads, bool isKnown) =>
        _leads = isKnown ? Measured("outdial.lead.reason", LeadReasons.OfWaiting, leads) : [];

    private static IReadOnlyList<Measurement<int>> Measured(string label, IReadOnlyList<string> known, IReadOnlyCollection<Standing> counted)
    {
        var counts = counted.ToDictionary(standing => standing.Word, standing => standing.Count);
        return [.. known.Union(counts.Keys)
            .Select(word => new Measurement<int>(counts.GetValueOrDefault(word), new KeyValuePair<string, object?>(label, word)))];
    }
}
