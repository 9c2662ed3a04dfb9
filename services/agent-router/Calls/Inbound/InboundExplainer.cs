using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <param name="Place">1, 2, 3 … in which they would be rung; null: would not be.</param>
/// <param name="Reason">Why there, or why not.</param>
internal sealed record CandidateView(int? Place, Guid AgentId, string Name, string Reason);

/// <summary>How a call from one number to another would be routed now.</summary>
internal sealed record InboundExplanation
{
    public required string From { get; init; }
    public required string To { get; init; }
    public required DidView? Did { get; init; }
    public required TrunkView? Trunk { get; init; }
    public required string? Direction { get; init; }
    public required string? Mode { get; init; }
    public required string? Flow { get; init; }
    public required IReadOnlyList<CandidateView> Candidates { get; init; }

    /// <summary>What happens, one sentence after the other.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What is wrong, with what to change; empty when nothing is.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>Reads what <see cref="InboundAnswers"/> would do, and touches nobody.</summary>
internal sealed class InboundExplainer(RouterDbContext db, LastAgents lastAgents, TimeProvider clock)
{
    public async Task<InboundExplanation> Explain(string from, string to, CancellationToken cancel)
    {
        List<string> steps = [], problems = [];
        var did = await db.Dids.AsNoTracking().SingleOrDefaultAsync(d => d.Number == to, cancel);
        if (did is null)
        {
            problems.Add($"{to} is not configured as a number of ours: set it with PUT /api/v1/dids/{to}. Until then its calls are answered with nobody.");
            return new()
            {
                From = from,
                To = to,
                Did = null,
                Trunk = null,
                Direction = null,
                Mode = null,
                Flow = null,
                Candidates = [],
                Steps = steps,
                Problems = problems,
            };
        }
        var trunk = did.Trunk is null ? null : await db.Trunks.AsNoTracking().SingleAsync(t => t.Name == did.Trunk, cancel);
        Configuration(did, trunk, steps, problems);
        var campaign = await Campaign(did, steps, problems, cancel);
        var candidates = trunk is null || Directions.TakesInbound(trunk.Direction) ? await Candidates(from, did, cancel) : [];
        if (candidates.Count > 0 || trunk is null || Directions.TakesInbound(trunk.Direction))
            Conclude(did, campaign, candidates, steps, problems);
        return new()
        {
            From = from,
            To = to,
            Did = DidView.Of(did),
            Trunk = trunk is null ? null : TrunkView.Of(trunk, [to]),
            Direction = trunk?.Direction ?? Directions.Inbound,
            Mode = did.Mode,
            Flow = did.Flow,
            Candidates = candidates,
            Steps = steps,
            Problems = problems,
        };
    }

    private static void Configuration(Did did, Trunk? trunk, List<string> steps, List<string> problems)
    {
        steps.Add(trunk is null
            ? $"{did.Number} is a number of account '{did.Account}' on no trunk: its flow dials phones."
            : $"{did.Number} is a number of account '{did.Account}' on trunk '{trunk.Name}' ({trunk.Direction}).");
        if (trunk is not null)
        {
            problems.AddRange(TrunkRequest.Check(trunk.Name, trunk.Sid, trunk.Direction, trunk.Acl, trunk.DestinationUris)
                .Select(p => $"Trunk '{trunk.Name}': '{p.Field}' should be {p.Expected}."));
        }
        problems.AddRange(DidRequest.Check(trunk, did.Mode, did.Applet, did.Flow).Select(p => $"Number {did.Number}: '{p.Field}' should be {p.Expected}."));
        if (trunk is not null && !Directions.TakesInbound(trunk.Direction))
            problems.Add($"Trunk '{trunk.Name}' is outbound: nobody can call in over it. Make it bidirectional.");
        else if (did.Applet == Applets.None)
            problems.Add($"Number {did.Number} is only shown to those who are called (applet none): nothing takes a call to it. Set applet and flow.");

        steps.Add(did.Mode == RoutingModes.Flow
            ? $"Mode flow: flow {did.Flow ?? "(none)"} runs and stays in control ({did.Applet})."
            : $"Mode pstn: flow {did.Flow ?? "(none)"} leads on with its Connect applet.");
        if (did.Applet is Applets.Voicebot or Applets.Others)
            steps.Add("Agents are rung only if the flow comes to a Connect applet with our DialWhom address.");
    }

    private async Task<CampaignRow?> Campaign(Did did, List<string> steps, List<string> problems, CancellationToken cancel)
    {
        var skill = did.Skill is null ? "" : $" with skill '{did.Skill}'";
        if (did.CampaignId is not { } id)
        {
            steps.Add($"Any agent{skill} may answer. Whom they miss nobody calls back, because the number has no campaign.");
            return null;
        }
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancel);
        if (campaign is null)
            problems.Add($"Campaign {id} of this number is not known here: it does not exist, or has no agents.");
        else
            steps.Add($"Agents of campaign '{campaign.Name}'{skill} answer; it calls back whom they miss.");
        if (campaign is { IsRunning: false })
            problems.Add($"Campaign '{campaign.Name}' is {campaign.State}: who is missed waits to be called back until it runs.");
        return campaign;
    }

    private async Task<List<CandidateView>> Candidates(string from, Did did, CancellationToken cancel)
    {
        var agents = await db.Agents.AsNoTracking().Where(a => a.RemovedAt == null).OrderBy(a => a.Name).ToListAsync(cancel);
        var sessions = await db.Sessions.AsNoTracking().Where(s => s.State != AgentStates.Ended).ToDictionaryAsync(s => s.AgentId, cancel);
        var last = await lastAgents.Find(from, cancel);
        var most = did.Strategy == Strategies.Parallel ? InboundAnswers.MostParallel : InboundAnswers.MostInOrder;
        var all = agents.ConvertAll(a =>
            (Agent: a, Session: sessions.GetValueOrDefault(a.Id), WhyNot: WhyNot(sessions.GetValueOrDefault(a.Id), did)));
        var free = all.Where(x => x.WhyNot is null).OrderBy(x => x.Session!.Misses > 0).ThenByDescending(x => x.Agent.Id == last)
            .ThenBy(x => x.Session!.StateSince).ThenBy(x => x.Session!.Id);
        return
        [
            .. free.Select((x, i) => new CandidateView(i < most ? i + 1 : null, x.Agent.Id, x.Agent.Name,
                (x.Agent.Id == last ? "talked to this number last" : $"idle for {(int)(clock.GetUtcNow() - x.Session!.StateSince).TotalSeconds} s")
                + (x.Session!.Misses > 0 ? ", and did not pick up the last time" : "")
                + (i < most ? "" : $"; free, but no more than {most} are rung"))),
            .. all.Where(x => x.WhyNot is not null).Select(x => new CandidateView(null, x.Agent.Id, x.Agent.Name, x.WhyNot!)),
        ];
    }

    private static string? WhyNot(Session? session, Did did) => session switch
    {
        null => "not signed in",
        _ when session.Account != did.Account => $"is called over account '{session.Account}'",
        { Reach: AgentReach.Line } => "is reached over a line for outbound calls; callers need agents signed in with reach 'phone'",
        _ when did.CampaignId is { } campaign && !session.Campaigns.Contains(campaign) => "does not work for the number's campaign",
        _ when did.Skill is { } skill && !session.Skills.Contains(skill) => $"lacks the skill '{skill}'",
        { State: AgentStates.Resting, DeadlineAt: { } until } => $"did not pick up a moment ago, and is not rung before {until:HH:mm:ss} UTC",
        { State: not AgentStates.Ready } => $"is not free ({session.State}{(session.Reason is { } why ? $": {why}" : "")})",
        _ => null,
    };

    private static void Conclude(Did did, CampaignRow? campaign, List<CandidateView> candidates, List<string> steps, List<string> problems)
    {
        var rung = candidates.Where(c => c.Place is not null).ToList();
        if (rung.Count > 0)
        {
            var names = string.Join(", ", rung.Select(c => c.Name));
            steps.Add(did.Strategy == Strategies.Parallel ? $"Rung at the same time, for {did.RingSeconds} s: {names}." : $"Rung one after the other, for {did.RingSeconds} s each: {names}.");
            if (campaign is null or { AnswerForm: "text" })
                steps.Add("Unless the applet asks for JSON, it is answered as text, and only the first of them is rung.");
        }
        else if (did.FallbackNumber is { } fallback)
        {
            steps.Add($"No agent is free: {fallback} is dialed.");
        }
        else
        {
            problems.Add("No agent is free, and the number has no fallback: the caller waits if the flow does, and is missed otherwise.");
        }
    }
}
