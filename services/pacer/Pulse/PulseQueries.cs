using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallerIds;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Placing;
using Outdial.Providers;

namespace Outdial.Pacer.Pulse;

/// <summary>What the ledger knows of one number at one instant.</summary>
internal sealed record NumberFacts
{
    public required string Number { get; init; }
    public required bool MetadataKnown { get; init; }

    /// <summary>Asked for a short while ago and not answered, or asked for at the next look, where it tells which number of ours is seen.</summary>
    public required bool AwaitsCircle { get; init; }

    public string? Circle { get; init; }
    public bool? Dnd { get; init; }
    public DateTimeOffset? AsOf { get; init; }
    public required bool Suppressed { get; init; }
    public required bool PersonBusy { get; init; }

    /// <summary>When the person's last call was over, or when that was heard if it was later.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>The same of the last call that reached no agent.</summary>
    public DateTimeOffset? LastAbandoned { get; init; }

    public required DateTimeOffset[] Tries { get; init; }

    /// <summary>Those of them in which the phone is known to have rung.</summary>
    public DateTimeOffset[] Rings { get; init; } = [];

    /// <param name="law">Of the countries where it may be.</param>
    /// <param name="triesBefore">Tries before it was put back, which count no more.</param>
    /// <param name="circleWait">How long its circle is waited for where it is.</param>
    public LeadFacts ForLead(Lead lead, IReadOnlyList<CountryHours> law, int triesBefore, TimeSpan circleWait) =>
        new()
        {
            TimeZone = lead.TimeZone,
            Law = law,
            Settled = lead.Settled,
            Withdrawal = lead.Withdrawal,
            NotCallable = PhoneNumber.WhyNotCalled(lead.Number),
            Tries = lead.Tries - triesBefore,
            LastOutcome = lead.LastOutcome,
            Suppressed = Suppressed,
            MetadataKnown = MetadataKnown,
            AwaitsCircle = AwaitsCircle ? circleWait : null,
            Dnd = Dnd,
            MetadataAsOf = AsOf,
            PersonBusy = PersonBusy,
            PersonTries = Tries,
            PersonRings = Rings,
            PersonLastCallEnded = LastEnded,
            CallBack = lead.CallBackAt is not null,
            PersonLastAbandoned = LastAbandoned,
            CallBackWithinCaps = lead.CallBackWithinCaps,
        };
}

/// <summary>The statements of a pulse. All run in the pulse's transaction.</summary>
internal sealed class PulseQueries(
    PacerDbContext db, AgentSessions agents, AgentLines lines, PowerFloors floors, ITelephonyProviders providers, IOptions<PacerOptions> options)
{
    private int Ahead => options.Value.EnrichAhead;

    /// <summary>
    /// The instant since which a number must have been asked for to be waited for still: where consent is held and several numbers of ours could be
    /// shown, its circle tells which. The end of time: none is.
    /// </summary>
    public async Task<DateTimeOffset> AskedSince(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (campaign.Rules.Dnd != "consented")
            return DateTimeOffset.MaxValue;
        var numbers = await db.CallerIds.AsNoTracking().Where(c => c.Account == campaign.Account).ToListAsync(cancel);
        var circles = numbers.Where(c => CallerIdChooser.IsAllowed(c, campaign.Purpose, campaign.Rules.CallerIds)).Select(c => c.Circle).ToHashSet();
        return circles.Count > 1 ? now - options.Value.CircleWait : DateTimeOffset.MaxValue;
    }

    public async Task<PacingSnapshot> Snapshot(
        Campaign campaign, CampaignPulseRow pulse, AccountSetting account, int zones, string[] openZones, DateTimeOffset askedSince,
        DateTimeOffset now, CancellationToken cancel)
    {
        // Pulses of one account take turns here.
        var health = await db.LockAccount(account.Name, cancel);
        var isBlocked = health.BlockedUntil > now;
        var minuteAgo = now - TimeSpan.FromMinutes(1);
        var counts = await db.Database.SqlQuery<Counts>(
            $"""
            select
              (select count(*) from ready_leads(
                {campaign.CorrelationId}, {openZones}, {now}, {Ahead}, {campaign.Rules.Dnd == "consented"}, {askedSince}))::int as leads_due,
              (select count(*) from attempts where account = {account.Name} and campaign_id = {campaign.CorrelationId}
                and state not in ('Ended', 'Offered'))::int as campaign_open,
              (select count(*) from attempts where account = {account.Name} and state not in ('Ended', 'Offered'))::int as account_open,
              (select count(*) from attempts where account = {account.Name} and state = 'Requested')::int as unpermitted,
              (select count(*) from originate_permits where account = {account.Name} and at > {minuteAgo})::int as permits,
              (select count(*) from attempts where campaign_id = {campaign.CorrelationId} and requested_at > {minuteAgo}
                and was_call(offered_at, dialed))::int as last_minute
            """).SingleAsync(cancel);
        var others = await db.OtherClaims(campaign, minuteAgo, cancel);
        return new()
        {
            Mode = campaign.Mode,
            At = now,
            SecondsSinceLast = pulse.LastAt is { } last ? (now - last).TotalSeconds : 1,
            LeadsDue = counts.LeadsDue,
            HasLeads = zones > 0 || await db.Leads.AnyAsync(l => l.CampaignId == campaign.CorrelationId, cancel),
            Zones = zones,
            OpenZones = openZones.Length,
            CampaignOpen = counts.CampaignOpen,
            AccountOpen = counts.AccountOpen + await lines.Open(account.Name, now, cancel),
            AccountMaxOpen = account.MaxConcurrentCalls,
            AccountPerMinute = account.CallsPerMinute,
            AccountTokens = account.CallsPerMinute - counts.Permits - counts.Unpermitted,
            CampaignsSharing = others.Count + 1,
            Claim = BudgetClaims.Of(campaign),
            Others = BudgetClaims.Bounded(others),
            CampaignPerMinute = campaign.Rules.CallsPerMinute,
            CampaignLastMinute = counts.LastMinute,
            RateFactor = campaign.RateFactor,
            CompletionRate = campaign.CompletionRate,
            CompletionFloor = campaign.Rules.Completion.Floor,
            BlockedUntil = isBlocked ? health.BlockedUntil : null,
            BlockedCode = isBlocked ? health.BlockedCode : null,
            BlockedReason = isBlocked ? health.BlockedReason : null,
            Power = campaign.Mode == CampaignModes.Power ? await floors.Count(campaign, now, cancel) : null,
        };
    }

    /// <param name="askedSince">As <see cref="AskedSince"/> says.</param>
    public async Task<Dictionary<string, NumberFacts>> Facts(
        IReadOnlyCollection<Lead> leads, string purpose, DateTimeOffset askedSince, DateTimeOffset now, CancellationToken cancel)
    {
        var numbers = leads.Select(l => l.Number).Distinct().ToArray();
        var dayAgo = now - TimeSpan.FromHours(25);
        var stale = now - options.Value.EnrichAgainAfter;
        var facts = await db.Database.SqlQuery<NumberFacts>(
            $"""
            select asked.number, (n.status is not null and n.expires_at > {now}) is true as metadata_known,
              ({askedSince < now} and n.status is null
                and coalesce(n.requested_at > {askedSince} or n.requested_at < {stale}, true)) as awaits_circle, n.circle, n.dnd, n.as_of,
              exists (select from suppressions s where s.number = asked.number and s.scope in ('all', {purpose})) as suppressed,
              exists (select from attempts a where a.number = asked.number and a.state <> 'Ended') as person_busy,
              (select max(greatest(a.ended_at, a.end_heard_at)) from attempts a
               where a.number = asked.number and (a.counts_as_try or a.dialed) and a.state = 'Ended') as last_ended,
              (select max(greatest(a.ended_at, a.end_heard_at)) from attempts a
               where a.number = asked.number and a.outcome = 'Abandoned') as last_abandoned,
              array(select a.requested_at from attempts a where a.number = asked.number and (a.counts_as_try or a.dialed)
                and a.requested_at > {dayAgo}) as tries,
              array(select a.requested_at from attempts a where a.number = asked.number and (a.counts_as_try or a.dialed)
                and a.requested_at > {dayAgo} and (a.ringing_at is not null or a.answered_at is not null or a.connected_at is not null
                  or a.outcome in ('Completed', 'Abandoned', 'NoAnswer', 'MachineAnswered', 'Rejected'))) as rings
            from unnest({numbers}) as asked(number) left join numbers n on n.number = asked.number
            """).ToListAsync(cancel);
        return facts.ToDictionary(f => f.Number);
    }

    /// <summary>Of leads that were put back the tries before that; the others are not named.</summary>
    public async Task<Dictionary<Guid, int>> TriesBefore(IReadOnlyCollection<Lead> leads, CancellationToken cancel)
    {
        var ids = leads.Where(l => l.Tries > 0).Select(l => l.Id).ToArray();
        return ids.Length == 0 ? []
            : await db.Recycled.Where(r => ids.Contains(r.LeadId)).ToDictionaryAsync(r => r.LeadId, r => r.TriesBefore, cancel);
    }

    /// <summary>What leads of the campaign are looked at by, at this instant.</summary>
    public async Task<LeadLooks> Looks(Campaign campaign, DateTimeOffset now, CancellationToken cancel) =>
        new(campaign.Rules, Hours(campaign), await CallerIds(campaign, now, cancel), await agents.ForCallBacks(campaign, now, cancel),
            options.Value.CircleWait, now);

    /// <summary>When leads of the campaign may be called.</summary>
    public CampaignHours Hours(Campaign campaign) => CampaignHours.Of(campaign, options.Value);

    private async Task<CallerIdChooser> CallerIds(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var numbers = await db.CallerIds.AsNoTracking().Where(c => c.Account == campaign.Account).ToListAsync(cancel);
        var today = LocalDay.Of(now, campaign.Rules.TimeZone).Start;
        var use = await db.Database.SqlQuery<Use>(
            $"""
            select c.number,
              (select count(*) from attempts a where a.caller_id = c.number and a.requested_at >= {today}
                and (was_call(a.offered_at, a.dialed) or a.state = 'Offered'))::int as today,
              (select count(*) from attempts a where a.caller_id = c.number and a.account = c.account and a.state <> 'Ended')::int as open
            from caller_ids c where c.account = {campaign.Account}
            """).ToListAsync(cancel);
        return new(numbers, use.ToDictionary(u => u.Number, u => new CallerIdUse(u.Today, u.Open)), campaign.Purpose, campaign.Rules.CallerIds);
    }

    /// <summary>What a decision about the hopper looks at.</summary>
    public async Task<HopperFacts> Hopper(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var rules = campaign.Rules.Agents ?? new AgentRules();
        var at = await agents.Count(campaign.CorrelationId, AgentReach.Line, rules.Skill, now, cancel);
        var offered = await db.Attempts.CountAsync(a => a.CampaignId == campaign.CorrelationId && a.State == CallStates.Offered, cancel);
        return new(at.AtWork, at.SignedIn, rules.HopperPerAgent, offered)
        {
            Share = await agents.Share(campaign.CorrelationId, rules.Skill, now, cancel),
        };
    }

    /// <summary>
    /// Until when an agent may still be writing up a conversation of the campaign, and promise a call-back in it; null: nobody is.
    /// </summary>
    public async Task<DateTimeOffset?> WrappingUpUntil(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        if (campaign.Rules.Agents is not { } rules)
            return null;
        var last = await db.Attempts.Where(a => a.CampaignId == campaign.CorrelationId && a.AgentId != null && a.Dialed)
            .MaxAsync(a => a.EndHeardAt > a.EndedAt ? a.EndHeardAt : a.EndedAt, cancel);
        return last + rules.WrapUp + options.Value.IdlePulse is { } until && until > now ? until : null;
    }

    /// <summary>
    /// Until when the records of completed calls may tell that a lead was not reached after all, and is to be dialed again; null: none may.
    /// </summary>
    public async Task<DateTimeOffset?> RecordsAwaitedUntil(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var (wait, rules) = (options.Value.RecordsWait, campaign.Rules);
        if (wait == TimeSpan.Zero || CampaignModes.HasAgents(campaign.Mode) || rules.MaxAttempts == 1
            || !providers.Get(campaign.Account).HasCallDetails
            || !(Redials(Outcomes.MachineAnswered) || (rules.ReachedAfter > TimeSpan.Zero && Redials(Outcomes.Abandoned))))
            return null;
        var last = await db.Attempts
            .Where(a => a.CampaignId == campaign.CorrelationId && a.State == CallStates.Ended && a.Outcome == Outcomes.Completed && a.Duration == null
                && a.EndHeardAt > now - wait)
            .MaxAsync(a => a.EndHeardAt, cancel);
        return last + wait;

        bool Redials(string outcome) => rules.Redial.GetValueOrDefault(outcome) is { Times: > 0 };
    }

    public Task<bool> HasOpenLeads(Guid campaign, CancellationToken cancel) =>
        db.Leads.AnyAsync(l => l.CampaignId == campaign && (l.State == LeadStates.Waiting || l.State == LeadStates.Dialing), cancel);

    public Task<bool> HasRunningImport(Guid campaign, CancellationToken cancel) => db.HasRunningImport(campaign, cancel);

    /// <summary>When the next waiting lead is due, but not after <paramref name="latest"/>.</summary>
    public async Task<DateTimeOffset> NextDue(Guid campaign, DateTimeOffset now, DateTimeOffset latest, CancellationToken cancel)
    {
        var due = await db.Leads.Where(l => l.CampaignId == campaign && l.State == LeadStates.Waiting && l.DueAt > now && l.DueAt < latest)
            .MinAsync(l => (DateTimeOffset?)l.DueAt, cancel);
        return due ?? latest;
    }

    private sealed record Counts(
        int LeadsDue, int CampaignOpen, int AccountOpen, int Unpermitted, int Permits, int LastMinute);

    private sealed record Use(string Number, int Today, int Open);
}
