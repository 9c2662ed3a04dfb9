using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Placing;
using Outdial.Providers;

namespace Outdial.Pacer.Pulse;

/// <summary>Counts the agents, the queue and the drops of a power campaign. Always from rows: there is no counter that could drift.</summary>
internal sealed class PowerFloors(PacerDbContext db, AccountSettings accounts, IOptions<PacerOptions> options)
{
    /// <summary>How long a conversation takes where none was had yet, in seconds.</summary>
    private const double UsualTalk = 125;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public async Task<PowerFloor> Count(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var rules = campaign.Rules.Agents ?? new AgentRules();
        var keepsQueue = accounts.Find(campaign.Account)?.KeepsQueue ?? false;
        var agents = await Agents(campaign.CorrelationId, rules.Skill, keepsQueue, now, cancel);
        var calls = await Calls(campaign.CorrelationId, rules, now, cancel);
        var drops = await Drops(campaign, rules, now, cancel);
        var handle = (drops.MeanTalk ?? UsualTalk) + rules.WrapUp.TotalSeconds;
        return new()
        {
            Ratio = rules.Ratio,
            SignedIn = agents.SignedIn,
            Ready = agents.Ready,
            Ringing = agents.Ringing,
            ProviderQueue = keepsQueue,
            Connected = calls.Connected,
            Unnamed = calls.Unnamed,
            SharedReady = agents.SharedReady,
            OthersCalls = agents.OthersCalls,
            Answered = calls.Answered,
            Underway = calls.Underway,
            HandleSeconds = handle,
            Marks = QueueBrake.Marks(rules, agents.SignedIn, handle),
            Drops = new()
            {
                Answers = drops.Answers,
                Drops = drops.Dropped + calls.TooLong,
                StillWaiting = calls.TooLong,
                AnswersLately = drops.Lately,
                SecondsLeft = SecondsLeft(campaign, now),
                Limit = rules.DropLimit,
            },
        };
    }

    /// <summary>How many answered leads wait for an agent, by campaign mode.</summary>
    public async Task<Dictionary<string, int>> WaitingByMode(CancellationToken cancel)
    {
        var waiting = await db.Database.SqlQuery<WaitingInMode>(
            $"""
            select mode, count(*)::int as count from attempts
            where state in ('Answered', 'Queued') and mode = {CampaignModes.Power}
              and coalesce(answered_by, '') !~* {AnsweredBy.Machines} group by mode
            """).ToListAsync(cancel);
        return waiting.ToDictionary(w => w.Mode, w => w.Count);
    }

    /// <summary>The campaign's agents, and what other campaigns with the same agents may take of them.</summary>
    private Task<AgentFloor> Agents(Guid campaign, string? skill, bool keepsQueue, DateTimeOffset now, CancellationToken cancel)
    {
        var heardSince = now - options.Value.AgentSilence;
        return db.Database.SqlQuery<AgentFloor>(
            $"""
            with mine as (
              select state, campaigns from agents_present({campaign}, {AgentReach.Phone}, {skill}::text, {heardSince})),
            others as (
              select c.id from campaigns c
              where c.id in (select unnest(campaigns) from mine where state = {AgentStates.Ready}) and c.id <> {campaign}
                and c.mode = {CampaignModes.Power} and c.state in ({CampaignStates.Running}, {CampaignStates.Paused}))
            select
              (select count(*) from mine)::int as signed_in,
              (select count(*) from mine where state = {AgentStates.Ready})::int as ready,
              (select count(*) from mine where state = {AgentStates.Dialing})::int as ringing,
              (select count(*) from mine where state = {AgentStates.Ready} and campaigns && array(select id from others))::int as shared_ready,
              (select count(*) from attempts where campaign_id in (select id from others) and state <> 'Ended'
                 and (state <> 'Connected' or ({keepsQueue} and agent_id is null)))::int as others_calls
            """).SingleAsync(cancel);
    }

    private Task<CallFloor> Calls(Guid campaign, AgentRules rules, DateTimeOffset now, CancellationToken cancel)
    {
        var answeredBefore = now - rules.ConnectWithin;
        var wrapSince = now - rules.WrapUp;
        var recently = now - 4 * Hour;   // no call lasts longer
        return db.Database.SqlQuery<CallFloor>(
            $"""
            select
              count(*) filter (where waits)::int as answered,
              count(*) filter (where state = 'Connected')::int as connected,
              count(*) filter (where state not in ('Answered', 'Queued', 'Connected'))::int as underway,
              count(*) filter (where waits and answered_at < {answeredBefore})::int as too_long,
              (count(*) filter (where state = 'Connected' and agent_id is null) + (
                 select count(*) from attempts where campaign_id = {campaign} and mode = {CampaignModes.Power} and answered_at > {recently}
                   and state = 'Ended' and connected_at is not null and agent_id is null and ended_at > {wrapSince}))::int as unnamed
            from (
              select *, state in ('Answered', 'Queued') and coalesce(answered_by, '') !~* {AnsweredBy.Machines} as waits
              from attempts where campaign_id = {campaign} and state <> 'Ended') open
            """).SingleAsync(cancel);
    }

    /// <summary>The counterpart of <see cref="LawfulDrop"/> over the window; a test holds the two together.</summary>
    private Task<DropFloor> Drops(Campaign campaign, AgentRules rules, DateTimeOffset now, CancellationToken cancel)
    {
        var from = DropWindow.From(rules.DropWindow, now, campaign.StartedAt ?? campaign.CreatedAt, campaign.Rules.TimeZone);
        var lately = now - DropGuard.Lately;
        var hourAgo = now - Hour;
        return db.Database.SqlQuery<DropFloor>(
            $"""
            select
              count(*)::int as answers,
              count(*) filter (where dropped)::int as dropped,
              count(*) filter (where answered_at > {lately})::int as lately,
              (avg(extract(epoch from ended_at - connected_at)) filter (where answered_at > {hourAgo}
                and ended_at >= connected_at))::float8 as mean_talk
            from attempts
            where campaign_id = {campaign.CorrelationId} and mode = {CampaignModes.Power} and answered_at >= {from}
              and coalesce(answered_by, '') !~* {AnsweredBy.Machines} and coalesce(outcome, '') <> {Outcomes.MachineAnswered}
            """).SingleAsync(cancel);
    }

    private static double SecondsLeft(Campaign campaign, DateTimeOffset now) =>
        campaign.Rules.Window.ClosesAt(now, campaign.Rules.TimeZone) is { } closes && closes - now < Hour
            ? Math.Max(0, (closes - now).TotalSeconds)
            : Hour.TotalSeconds;

    private sealed record AgentFloor(int SignedIn, int Ready, int Ringing, int SharedReady, int OthersCalls);

    private sealed record CallFloor(int Answered, int Connected, int Underway, int TooLong, int Unnamed);

    private sealed record DropFloor(int Answers, int Dropped, int Lately, double? MeanTalk);

    private sealed record WaitingInMode(string Mode, int Count);
}
