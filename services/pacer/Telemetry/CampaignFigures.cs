using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Waiting;
using Outdial.Platform;

namespace Outdial.Pacer.Telemetry;

/// <summary>What is known of one campaign that runs or pauses.</summary>
/// <param name="Pulse">Null: it is not looked at, and has to be.</param>
/// <param name="Decision">The last about it; null: none yet.</param>
internal sealed record CampaignFigure(
    Campaign Campaign, CampaignPulseRow? Pulse, DecisionRow? Decision, StandingCalls Calls, IReadOnlyCollection<WaitingOfCampaign> Waiting)
{
    /// <summary>Why it stands: its pause's reason, or the code of what bounds it.</summary>
    public string Reason => Campaign.State == CampaignStates.Paused
        ? Campaign.PauseReason ?? PauseReasons.Person : Pulse?.LastCode ?? "NotLookedAt";

    /// <summary>
    /// Nothing that the platform knows of speaks against a call now: it runs, the hours are on, leads are due, the account is not blocked and not
    /// used up by others, and where agents take the calls, one could.
    /// </summary>
    public bool MayDial(DateTimeOffset now) =>
        Campaign.State == CampaignStates.Running && Decision?.Snapshot is { OpenZones: > 0, LeadsDue: > 0 } last
        && !(last.BlockedUntil > now) && !(Decision is { Calls: <= 0, Code: "Budget" or "Concurrency" })
        && (last.Power is null or { Free: > 0, IsExcess: false })
        && (last.Hopper is null or { AtWork: > 0 })
        // Agents may talk for long, for another campaign too: where they take the calls, the last decision has to want one.
        && (last is { Power: null, Hopper: null } || Decision is { Calls: > 0 });

    /// <summary>How long ago it should have been looked at; zero: it is looked at in time.</summary>
    public TimeSpan LookOverdue(DateTimeOffset now) =>
        Pulse is null ? now - (Campaign.StartedAt ?? Campaign.CreatedAt)
        : Pulse.NextAt is { } at ? (at < now ? now - at : TimeSpan.Zero)
        // A person's pause waits for a person.
        : Campaign.State == CampaignStates.Running ? now - (Pulse.LastAt ?? Campaign.CreatedAt) : TimeSpan.Zero;

    /// <summary>Since it last called somebody, or began.</summary>
    public TimeSpan SinceCall(DateTimeOffset now) =>
        (Calls.LastCall ?? Campaign.StartedAt ?? Campaign.CreatedAt) is var at && at < now ? now - at : TimeSpan.Zero;
}

/// <summary>
/// The gauges of campaigns, by account and name. Counted from rows a moment ago, the same at every replica: take the maximum, not the sum. What is
/// over has no series.
/// </summary>
internal sealed class CampaignFigures(IMeterFactory meters) : IDisposable
{
    /// <summary>One count at a time, so that what was read earlier never takes the place of what was read later.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    private readonly PassingGauges _gauges = new(meters, "Outdial.Pacer.Campaigns.Passing", All);

    private static IEnumerable<(string Name, string? Unit, string Description)> All { get; } =
    [
        ("outdial.campaign.info", null, "1 for each campaign that runs or pauses, with its mode, state, and why it pauses or what bounds it."),
        ("outdial.campaign.may_dial", null, "1 where nothing that the platform knows of speaks against a call now, else 0."),
        ("outdial.campaign.look.overdue", "s", "How long ago the campaign should have been looked at; 0: it is in time."),
        ("outdial.campaign.call.age", "s", "Since the campaign last called somebody, or began."),
        ("outdial.campaign.calls.open", "{call}", "Calls that are not over."),
        ("outdial.campaign.calls.last_minute", "{call}", "Calls that were placed in the minute before the last look."),
        ("outdial.campaign.leads.due", "{lead}", "Leads that could be dialed at the last look, counted up to a bound."),
        ("outdial.campaign.leads.waiting", "{lead}", "Leads that wait, by what they wait for; of all campaigns up to 100000."),
        ("outdial.campaign.queue.depth", "{call}", "Answered leads that wait for an agent."),
        ("outdial.campaign.queue.mark", "{call}",
            "How many more waiting leads than free agents pause the campaign (high), and with how few it goes on (low)."),
        ("outdial.campaign.agents.signed_in", "{agent}", "Agents of the campaign at the last look, by whether a lead would reach them."),
        ("outdial.campaign.drop", "1", "Answered calls that were dropped, as a share of the answered ones of the drop window."),
        ("outdial.campaign.drop.limit", "1", "The largest such share that is allowed."),
        ("outdial.campaign.drop.answers", "{call}", "Answered calls of the drop window."),
        ("outdial.campaign.completion", "1", "Completed calls as a share of the last ones that ended."),
        ("outdial.campaign.completion.floor", "1", "The share below which the campaign is slowed or paused."),
    ];

    /// <summary>They could not be counted: what was a while ago is not told as what is.</summary>
    public void Forget() => _gauges.Keep(new Dictionary<string, IEnumerable<Measurement<double>>>());

    /// <summary>What was counted.</summary>
    /// <param name="campaigns">The oldest first.</param>
    public void Keep(IReadOnlyList<CampaignFigure> campaigns, DateTimeOffset now)
    {
        var names = SeriesNames.Of([.. campaigns.Select(each =>
            new NamedThing(each.Campaign.CorrelationId, each.Campaign.Account, each.Campaign.Name))]);
        var values = All.ToDictionary(gauge => gauge.Name, _ => new List<Measurement<double>>());
        foreach (var each in campaigns)
        {
            var campaign = each.Campaign;
            Tell("info", 1, new("outdial.campaign.mode", campaign.Mode), new("outdial.campaign.state", campaign.State),
                new("outdial.campaign.reason", each.Reason));
            Tell("may_dial", each.MayDial(now) ? 1 : 0);
            Tell("look.overdue", each.LookOverdue(now).TotalSeconds);
            Tell("call.age", each.SinceCall(now).TotalSeconds);
            Tell("calls.open", each.Calls.Open);
            Tell("queue.depth", each.Calls.Waiting);
            foreach (var waiting in each.Waiting)
                Tell("leads.waiting", waiting.Count, new KeyValuePair<string, object?>("outdial.lead.reason", waiting.Reason));
            if (campaign.CompletionRate is { } rate)
                Tell("completion", rate);
            if (campaign.Rules.Completion.Floor is { } floor)
                Tell("completion.floor", floor);
            if (each.Decision?.Snapshot is not { } last)
                continue;
            Tell("calls.last_minute", last.CampaignLastMinute);
            Tell("leads.due", last.LeadsDue);
            if (last.Hopper is { } hopper)
                Agents(hopper.AtWork, hopper.SignedIn);
            if (last.Power is { } power)
            {
                Agents(power.Free, power.SignedIn);
                Tell("queue.mark", power.Marks.High, new KeyValuePair<string, object?>("outdial.mark", "high"));
                Tell("queue.mark", power.Marks.Low, new KeyValuePair<string, object?>("outdial.mark", "low"));
                Tell("drop", power.Drops.Rate);
                Tell("drop.limit", power.Drops.Limit);
                Tell("drop.answers", power.Drops.Answers);
            }

            void Agents(int free, int signedIn)
            {
                Tell("agents.signed_in", free, new KeyValuePair<string, object?>("outdial.agent.free", "yes"));
                Tell("agents.signed_in", signedIn - free, new KeyValuePair<string, object?>("outdial.agent.free", "no"));
            }

            void Tell(string gauge, double value, params IEnumerable<KeyValuePair<string, object?>> more) =>
                values[$"outdial.campaign.{gauge}"].Add(new(value, [
                    new("outdial.account", campaign.Account), new("outdial.campaign", names[campaign.CorrelationId]), .. more,
                ]));
        }
        _gauges.Keep(values.ToDictionary(gauge => gauge.Key, gauge => gauge.Value.AsEnumerable()));
    }

    public void Dispose()
    {
        _gauges.Dispose();
        Turn.Dispose();
    }
}
