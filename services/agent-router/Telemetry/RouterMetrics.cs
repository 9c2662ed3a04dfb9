using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Telemetry;

/// <summary>The router's figures. Tags are few and bounded: no numbers, and of ids only that of a campaign with agents.</summary>
internal sealed class RouterMetrics : ICountsFromZero
{
    private readonly Histogram<double> _dialWhom;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _strangers;
    private readonly Counter<long> _inboundRefused;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _notAnswering;
    private static readonly string[] Reaches = [AgentReach.Line, AgentReach.Phone];

    private static readonly string[] OpenStates =
    [
        AgentStates.CallingAgent, AgentStates.Ready, AgentStates.Previewing, AgentStates.Dialing, AgentStates.OnCall, AgentStates.WrapUp,
        AgentStates.Resting, AgentStates.Paused,
    ];

    private volatile IReadOnlyList<Measurement<long>> _hopper = [];
    private volatile IReadOnlyList<Measurement<long>> _sessions = [];

    public RouterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Outdial.AgentRouter");
        _dialWhom = meter.CreateHistogram<double>("outdial.dialwhom.duration", "s", "From a Connect applet's question to our answer, real time");
        _settled = meter.CreateCounter<long>("outdial.hopper.outcomes", "{lead}", "Leads that were dialed over an agent's line, by outcome and by who told it");
        _unknown = meter.CreateCounter<long>("outdial.router.unknown_calls", "{event}", "Events of calls that nobody here knows");
        _strangers = meter.CreateCounter<long>(
            "outdial.router.strangers", "{call}", "Calls that claimed to be a line or customer of ours whose call is another, by what they claimed to be");
        _inboundRefused = meter.CreateCounter<long>("outdial.inbound.refused", "{call}", "Calls that came in beyond a limit, by the limit");
        _misses = meter.CreateCounter<long>(
            "outdial.agent.misses", "{ring}", "Rings of agents' phones that were declined or not picked up, by reach");
        _notAnswering = meter.CreateCounter<long>(
            "outdial.agent.not_answering", "{session}", "Agents who were put on a break for not picking up, by reach");
        meter.CreateObservableGauge("outdial.hopper.depth", () => _hopper, "{lead}", "Leads that wait in the hopper, by campaign");
        meter.CreateObservableGauge("outdial.agent.sessions", () => _sessions, "{session}", "Open sessions, by state and reach");
    }

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var outcome in Outcomes.All)
        {
            foreach (var source in new[] { "passthru", "settled" })
                _settled.Add(0, new("outdial.call.outcome", outcome), new("outdial.source", source));
        }
        foreach (var claimed in new[] { "line", "line-end", "customer" })
            _strangers.Add(0, new KeyValuePair<string, object?>("outdial.claimed", claimed));
        foreach (var limit in new[] { "caller", "account" })
            _inboundRefused.Add(0, new KeyValuePair<string, object?>("outdial.limit", limit));
        foreach (var reach in Reaches)
        {
            _misses.Add(0, new KeyValuePair<string, object?>("outdial.agent.reach", reach));
            _notAnswering.Add(0, new KeyValuePair<string, object?>("outdial.agent.reach", reach));
        }
    }

    public void DialWhom(string result, TimeSpan took) => _dialWhom.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outdial.dialwhom.result", result));

    /// <param name="source"><c>passthru</c> or <c>settled</c>.</param>
    public void Ended(string outcome, string source) => _settled.Add(1, new("outdial.call.outcome", outcome), new("outdial.source", source));

    public void UnknownCall(string type) => _unknown.Add(1, new KeyValuePair<string, object?>("outdial.event.type", type));

    /// <param name="claimed"><c>line</c>, <c>line-end</c> or <c>customer</c>.</param>
    public void Stranger(string claimed) => _strangers.Add(1, new KeyValuePair<string, object?>("outdial.claimed", claimed));

    /// <param name="limit"><c>caller</c> or <c>account</c>.</param>
    public void InboundRefused(string limit) => _inboundRefused.Add(1, new KeyValuePair<string, object?>("outdial.limit", limit));

    public void Missed(string reach) => _misses.Add(1, new KeyValuePair<string, object?>("outdial.agent.reach", reach));

    public void NotAnswering(string reach) => _notAnswering.Add(1, new KeyValuePair<string, object?>("outdial.agent.reach", reach));

    /// <summary>What was counted from the rows a moment ago.</summary>
    public void Counted(IEnumerable<(Guid Campaign, long Leads)> hopper, IEnumerable<(string State, string Reach, long Sessions)> sessions)
    {
        var depths = hopper.Select(h => new Measurement<long>(h.Leads, new KeyValuePair<string, object?>("outdial.campaign.id", h.Campaign.ToString())))
            .ToList();
        _hopper = depths.Count > 0 ? depths : [new Measurement<long>(0)];   // nothing waits anywhere
        var open = sessions.ToDictionary(s => (s.State, s.Reach), s => s.Sessions);
        _sessions =
        [
            .. OpenStates.SelectMany(state => Reaches.Select(reach => (State: state, Reach: reach))).Union(open.Keys)
                .Select(kind => new Measurement<long>(
                open.GetValueOrDefault(kind), new("outdial.agent.state", kind.State), new("outdial.agent.reach", kind.Reach))),
        ];
    }
}
