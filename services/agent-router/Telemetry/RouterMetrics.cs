using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Telemetry;

/// <summary>What was counted from the rows of sessions and hopper, for the metrics.</summary>
/// <param name="Campaigns">Those that run or pause, the oldest first.</param>
/// <param name="Waiting">Leads in the hopper, by campaign.</param>
/// <param name="Agents">Open sessions, by campaign and state: one who serves several is in each.</param>
internal sealed record CountedFloor(
    IReadOnlyCollection<NamedThing> Campaigns, IReadOnlyCollection<CountedCampaign> Waiting, IReadOnlyCollection<CountedAgents> Agents,
    IReadOnlyCollection<CountedSessions> Sessions);

internal sealed record CountedCampaign(Guid Campaign, long Count);

internal sealed record CountedAgents(Guid Campaign, string State, long Count);

/// <param name="Overdue">Of those: past a deadline for long, which somebody should have looked at.</param>
/// <param name="Longest">How long the one who is in this state longest has been, in seconds.</param>
internal sealed record CountedSessions(string State, string Reach, long Count, long Overdue, double Longest);

/// <summary>The router's figures. Tags are few and bounded: no numbers, no ids; campaigns go by their names.</summary>
internal sealed class RouterMetrics : ICountsFromZero, IDisposable
{
    private const string HopperDepth = "outdial.hopper.depth", CampaignAgents = "outdial.campaign.agents";

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

    /// <summary>One count at a time, so that what was read earlier never takes the place of what was read later.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    private readonly PassingGauges _campaigns;
    private volatile IReadOnlyList<Measurement<long>> _sessions = [], _overdue = [];
    private volatile IReadOnlyList<Measurement<double>> _longest = [];

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
        meter.CreateObservableGauge(
            "outdial.agent.sessions", () => _sessions, "{session}",
            "Open sessions, by state and reach; counted from rows, the same at every replica");
        meter.CreateObservableGauge("outdial.agent.sessions.overdue", () => _overdue, "{session}",
            "Open sessions that are past a deadline by a minute and that nobody looked at, by state; counted from rows, the same at every replica");
        meter.CreateObservableGauge("outdial.agent.state.longest", () => _longest, "s",
            "How long the one who is in a state longest has been in it, by state; counted from rows, the same at every replica");
        _campaigns = new(
            meters, "Outdial.AgentRouter.Campaigns.Passing",
            (HopperDepth, "{lead}", "Leads that wait in the hopper, by campaign; counted from rows, the same at every replica"),
            (CampaignAgents, "{agent}", "Signed-in agents of a campaign, by state; counted from rows, the same at every replica"));
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

    /// <summary>It could not be counted: what was a while ago is not told as what is.</summary>
    public void Forget()
    {
        _campaigns.Keep(new Dictionary<string, IEnumerable<Measurement<double>>>());
        (_sessions, _overdue, _longest) = ([], [], []);
    }

    /// <summary>What was counted from the rows a moment ago.</summary>
    public void Counted(CountedFloor floor)
    {
        var labels = SeriesNames.Of(floor.Campaigns);
        var accounts = floor.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.Account);
        var waiting = floor.Waiting.Where(of => labels.ContainsKey(of.Campaign))
            .Select(of => Of(of.Campaign, of.Count)).DefaultIfEmpty(new(0));   // nothing waits anywhere
        _campaigns.Keep(new Dictionary<string, IEnumerable<Measurement<double>>>
        {
            [HopperDepth] = waiting,
            [CampaignAgents] = floor.Agents.Where(of => labels.ContainsKey(of.Campaign))
                .Select(of => Of(of.Campaign, of.Count, State(of.State))),
        });

        var open = floor.Sessions.ToDictionary(of => (of.State, of.Reach), of => of.Count);
        _sessions =
        [
            .. OpenStates.SelectMany(state => Reaches.Select(reach => (State: state, Reach: reach))).Union(open.Keys)
                .Select(kind => new Measurement<long>(
                open.GetValueOrDefault(kind), new("outdial.agent.state", kind.State), new("outdial.agent.reach", kind.Reach))),
        ];
        _overdue = [.. States(floor).Select(state => new Measurement<long>(
            floor.Sessions.Where(of => of.State == state).Sum(of => of.Overdue), State(state)))];
        _longest = [.. States(floor).Select(state => new Measurement<double>(
            floor.Sessions.Where(of => of.State == state).Select(of => of.Longest).DefaultIfEmpty().Max(), State(state)))];

        Measurement<double> Of(Guid campaign, long count, params IEnumerable<KeyValuePair<string, object?>> more) =>
            new(count, [new("outdial.account", accounts[campaign]), new("outdial.campaign", labels[campaign]), .. more]);
    }

    public void Dispose()
    {
        _campaigns.Dispose();
        Turn.Dispose();
    }

    private static IEnumerable<string> States(CountedFloor floor) => OpenStates.Union(floor.Sessions.Select(of => of.State));

    private static KeyValuePair<string, object?> State(string state) => new("outdial.agent.state", state);
}
