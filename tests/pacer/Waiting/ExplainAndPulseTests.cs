using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Waiting;

namespace Outdial.Pacer.Tests.Waiting;

/// <summary>
/// What is told of waiting leads is what the next look at them does: over random campaigns, hours, zones, lists and histories each lead is asked why
/// it waits, then the pulse runs at the same instant, with a budget and agents for all of them, and each lead is looked at again.
/// </summary>
public sealed class ExplainAndPulseTests
{
    private const int WorldsPerMode = 16, LeadsPerWorld = 24, Agents = 60;

    /// <summary>Hours that the law of India begins with in an hour, and that of Sri Lanka, which has its clock, has begun with.</summary>
    private static readonly Dictionary<string, string> Lawful = new() { ["IN-promotional"] = "13:00-20:00" };

    private static readonly Dictionary<string, string?> Plenty = new()
    {
        ["Pacer:LawfulHours:IN-promotional"] = Lawful["IN-promotional"],
        ["Accounts:default:CallsPerMinute"] = "100000",
        ["Accounts:default:MaxConcurrentCalls"] = "100000",
    };

    private sealed record Told(Guid Lead, string Reason, string Text, DateTimeOffset? Until);

    private sealed record Listing(string Reason, DateTimeOffset? NextTryAt);

    private static readonly string[] OfTheLookAlone =
    [
        LeadReasons.AwaitingMetadata, LeadReasons.DndUnknown, LeadReasons.Dnd, LeadReasons.NotCallable, LeadReasons.DailyCap, LeadReasons.MinimumGap,
        LeadReasons.CoolDown, LeadReasons.PersonBusy, LeadReasons.NoCallerId, LeadReasons.AwaitingAgent,
        // Redials may have hours of their own, and the law that of the number's country.
        LeadReasons.OutsideWindow, LeadReasons.LawfulHours, LeadReasons.ZoneUnknown,
    ];

    private static readonly string[] OfAll =
    [
        LeadReasons.InQueue, LeadReasons.OutsideWindow, LeadReasons.LawfulHours, LeadReasons.AwaitingMetadata, LeadReasons.DndUnknown,
        LeadReasons.Dnd, LeadReasons.OptedOut, LeadReasons.NotCallable, LeadReasons.Withdrawn, LeadReasons.DailyCap, LeadReasons.MinimumGap,
        LeadReasons.CoolDown, LeadReasons.PersonBusy, LeadReasons.NoCallerId, LeadReasons.RedialDelay, LeadReasons.TriesUsed,
    ];

    /// <summary>Single calls have neither an end nor agents, and their door takes no number of which the zone cannot be told.</summary>
    private static readonly string[] OfLists = [LeadReasons.ZoneUnknown, LeadReasons.CallBack, LeadReasons.CampaignEnded];

    private static readonly string[] OfAgents = [LeadReasons.AwaitingAgent, LeadReasons.Skipped];

    [Theory, InlineData("notification"), InlineData("progressive"), InlineData("power"), InlineData("triggered")]
    public async Task The_pulse_does_with_each_lead_what_explain_says_of_it_and_the_campaign_counts_the_same(string mode)
    {
        await using var node = await PacerNode.Start(settings: Plenty);
        var now = node.Clock.GetUtcNow();
        HashSet<string> seen = [];
        for (var seed = 1; seed <= WorldsPerMode; seed++)
        {
            var (campaign, hours) = await World(node, mode, new Random(seed), seed, now);
            var before = await Waiting(node, campaign);
            List<Told> told = [];
            foreach (var lead in before)
                told.Add(await Explain(node, lead.Id));
            var counted = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}/waiting");
            var listed = await List(node, $"campaigns/{campaign}/leads?state=Waiting&limit=1000");
            Dictionary<string, ICollection<Guid>> filtered = [];
            foreach (var reason in told.Select(t => t.Reason).Concat(listed.Values.Select(l => l.Reason)).Distinct())
                filtered[reason] = (await List(node, $"leads?campaign={campaign}&state=Waiting&reason={reason}&limit=1000")).Keys;
            var measured = await Measured(node, campaign, now);

            await Pulse(node, campaign, now);

            var after = await node.Ask(db => db.Leads.AsNoTracking().Where(l => l.CampaignId == campaign).ToDictionaryAsync(l => l.Id));
            var decided = await node.Ask(db => db.Pulses.Where(p => p.CampaignId == campaign).Select(p => p.LastReason).SingleAsync());
            foreach (var (lead, why) in before.Zip(told))
            {
                Held($"world {seed}, {decided}", lead, why, after[lead.Id], hours, now);
                seen.Add(why.Reason);
            }
            var groups = counted.GetProperty("groups").EnumerateArray()
                .GroupBy(g => g.GetProperty("reason").GetString()!, g => g.GetProperty("count").GetInt32())
                .ToDictionary(g => g.Key, g => g.Sum());
            Assert.Equal(told.CountBy(t => t.Reason).OrderBy(t => t.Key, StringComparer.Ordinal),
                groups.OrderBy(g => g.Key, StringComparer.Ordinal));
            Assert.Equal(before.Count, counted.GetProperty("waiting").GetInt32());
            Listed($"world {seed}", told, listed, filtered, now);
            Assert.Equal(listed.Values.CountBy(l => l.Reason).OrderBy(l => l.Key, StringComparer.Ordinal),
                measured.OrderBy(m => m.Key, StringComparer.Ordinal));
        }

        Assert.Empty(
            OfAll.Concat(mode == "triggered" ? [] : OfLists).Concat(mode is "progressive" or "power" ? OfAgents : [])
                .Except(seen));   // or the worlds are too few to say anything of it
    }

    /// <summary>
    /// Lists say the same as explain, but for what it takes a look at the person, the number and the agents: such a lead is in the queue to them. The
    /// filter finds those that say so, and a next try is never past.
    /// </summary>
    private static void Listed(
        string world, List<Told> told, Dictionary<Guid, Listing> listed, Dictionary<string, ICollection<Guid>> filtered, DateTimeOffset now)
    {
        Assert.Equal(told.Select(t => t.Lead).Order(), listed.Keys.Order());
        foreach (var one in told)
        {
            var row = listed[one.Lead];
            var context = $"{world}: explain says {one.Reason} ({one.Text}) until {one.Until:u}, "
                + $"the list {row.Reason} with a next try {row.NextTryAt:u}";
            Assert.True(row.Reason == one.Reason || (row.Reason == LeadReasons.InQueue && OfTheLookAlone.Contains(one.Reason)), context);
            Assert.True(row.NextTryAt is null || row.NextTryAt >= now, context);
            Assert.True(row.Reason != one.Reason || one.Until is null || row.NextTryAt == one.Until, context);
        }
        foreach (var (reason, found) in filtered)
            Assert.Equal(listed.Where(l => l.Value.Reason == reason).Select(l => l.Key).Order(), found.Order());
    }

    private static async Task<Dictionary<Guid, Listing>> List(PacerNode node, string path)
    {
        var rows = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/{path}");
        return rows.EnumerateArray().ToDictionary(l => l.GetProperty("id").GetGuid(), l => new Listing(
            l.GetProperty("reason").GetString()!,
            l.GetProperty("nextTryAt") is { ValueKind: JsonValueKind.String } next ? next.GetDateTimeOffset() : null));
    }

    private static async Task<Dictionary<string, int>> Measured(PacerNode node, Guid campaign, DateTimeOffset now)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var standing = scope.ServiceProvider.GetRequiredService<StandingLeads>();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        var counted = await db.CountStandingLeads(await standing.Zones(campaign, now, default), now, default);
        return counted.ToDictionary(c => c.Reason, c => c.Count);
    }

    private static void Held(string world, Lead before, Told told, Lead after, CampaignHours hours, DateTimeOffset now)
    {
        var own = hours.Of(before.TimeZone, before.Number);
        var context = $"{world}, lead {before.Number}: told {told.Reason} ({told.Text}) until {told.Until:u}; "
            + $"now {after.State}, {after.Reason} ({after.ReasonText}), due {after.DueAt:u}";
        // A look-up may have begun meanwhile, which the row then says.
        var untouched = after.State == before.State && after.DueAt == before.DueAt
            && (after.Reason == before.Reason || after.Reason == LeadReasons.AwaitingMetadata);
        var comes = before.DueAt <= now && hours.IsOpen(now, before.TimeZone);
        var holds = told.Reason switch
        {
            _ when told.Reason == LeadReasons.CampaignEnded => after is { State: LeadStates.Canceled, Reason: LeadReasons.CampaignEnded },
            _ when before.DueAt > now => untouched && told.Until == own.NextOpen(before.DueAt, before.TimeZone),
            LeadReasons.InQueue => after.State == LeadStates.Dialing,
            LeadReasons.OptedOut => untouched || after.State == LeadStates.OptedOut,
            LeadReasons.TriesUsed => untouched || after is { State: LeadStates.Exhausted, Reason: LeadReasons.TriesUsed },
            // The pulse does not come to a lead before its number is looked up.
            LeadReasons.Withdrawn => untouched || after is { State: LeadStates.Canceled, Reason: LeadReasons.Withdrawn },
            LeadReasons.NotCallable => untouched || after is { State: LeadStates.Barred, Reason: LeadReasons.NotCallable },
            LeadReasons.LawfulHours when untouched => told.Until == own.NextOpen(now, before.TimeZone),
            LeadReasons.Dnd => after is { State: LeadStates.Barred, Reason: LeadReasons.Dnd },
            LeadReasons.AwaitingMetadata => after.State == LeadStates.Waiting && after.DueAt == before.DueAt,
            LeadReasons.OutsideWindow when !comes => untouched && told.Until == own.FirstOpen(now, before.TimeZone),
            LeadReasons.ZoneUnknown when !comes => untouched && own.FirstOpen(now, before.TimeZone) is null,
            _ => after.State == LeadStates.Waiting && after.Reason == told.Reason && after.DueAt == told.Until,
        };
        Assert.True(holds, context);
        Assert.True(told.Reason == LeadReasons.InQueue && before.DueAt <= now || after.State != LeadStates.Dialing, context);
    }

    private static async Task<List<Lead>> Waiting(PacerNode node, Guid campaign) => await node.Ask(db =>
        db.Leads.AsNoTracking().Where(l => l.CampaignId == campaign && l.State == LeadStates.Waiting).OrderBy(l => l.Id).ToListAsync());

    private static async Task<Told> Explain(PacerNode node, Guid lead)
    {
        var told = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{lead}/explain");
        return new(lead, told.GetProperty("reason").GetString()!, told.GetProperty("text").GetString()!,
            told.GetProperty("until").ValueKind == JsonValueKind.Null ? null : told.GetProperty("until").GetDateTimeOffset());
    }

    /// <summary>One look at this campaign, by the pulse itself.</summary>
    private static async Task Pulse(PacerNode node, Guid campaign, DateTimeOffset now)
    {
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"update campaign_pulses set next_at = case when campaign_id = {campaign} then {now} end, last_at = {now.AddSeconds(-15)}"));
        await using var scope = node.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<CampaignPulse>().Turn(default));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update campaign_pulses set next_at = null"));
    }

    private static async Task<(Guid Campaign, CampaignHours Hours)> World(PacerNode node, string mode, Random random, int seed, DateTimeOffset now)
    {
        T One<T>(params T[] some) => some[random.Next(some.Length)];
        bool Chance(double share) => random.NextDouble() < share;

        var (withAgents, isList) = (mode is "progressive" or "power", mode != "triggered");
        // In few worlds each reason comes only where nothing else hides it: some have a trait of their own, the others none.
        var purpose = seed switch { 3 or 5 => Purposes.Promotional, 6 => Purposes.Collections, _ => Purposes.Service };
        var rules = new CampaignRules
        {
            Window = seed switch
            {
                4 => Window(8, 19),
                5 => CallingWindow.Always,
                6 => Window(5, 7),
                7 => Window(13, 20),
                _ => CallingWindow.Default,
            },
            EndsAt = isList && seed == WorldsPerMode ? now.AddMinutes(-1) : null,
            Dnd = seed is 3 or 6 ? "consented" : "respect",
            DndUnknown = seed % 2 == 0 ? "hold" : "dial",
            MaxAttempts = 3,
            MaxAttemptsPerDay = seed % 3 == 1 ? 1 : 2,
            CallerIds = seed is 2 or 8 ? ["+918040000003"] : null,   // one that had all its calls
            Redial = CampaignRules.DefaultRedial.ToDictionary(r => r.Key, r => r.Key == Outcomes.NoAnswer && seed % 2 == 0
                ? r.Value with { Within = new(new(17, 0), new(20, 0), Enum.GetValues<DayOfWeek>(), []) } : r.Value),
            Agents = withAgents ? new() { HopperPerAgent = 50, Ratio = 2, DropLimit = 1 } : null,
        };
        Guid campaign = Guid.CreateVersion7(now), other = Guid.CreateVersion7(now), agent = Guid.NewGuid();
        await node.Ask(async db =>
        {
            await db.Database.ExecuteSqlAsync($"delete from caller_ids");
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into caller_ids (number, account, circle, is_default, purposes, max_per_day) values
                  ('+918040000002', 'default', null, true, {Purposes.All.ToArray()}, null),
                  ('+917940000001', 'default', 'GJ', false, {Purposes.All.ToArray()}, null),
                  ('+918040000003', 'default', null, false, {Purposes.All.ToArray()}, 1)
                """);
            // Of single calls there is one campaign for each account and purpose.
            await db.Database.ExecuteSqlAsync($"update campaigns set account = 'world ' || id, state = 'Stopped' where mode = 'triggered'");
            foreach (var (id, of, what) in new[] { (campaign, mode, rules), (other, "notification", new()) })
            {
                var json = JsonSerializer.Serialize(what, JsonSerializerOptions.Web);
                await db.Database.ExecuteSqlAsync(
                    $"""
                    insert into campaigns (id, name, mode, purpose, account, state, rules, created_at, created_by, started_at)
                    values ({id}, 'a world', {of}, {purpose}, 'default', {(id == campaign ? "Running" : "Paused")}, {json}::jsonb,
                      {now.AddDays(-3)}, 'tests', {now.AddDays(-2)})
                    """);
                await db.Database.ExecuteSqlAsync($"insert into campaign_pulses (campaign_id) values ({id})");
            }
            if (withAgents)
            {
                var agents = Enumerable.Range(0, Agents).Select(i => i == 0 ? agent : Guid.NewGuid()).ToArray();
                await db.Database.ExecuteSqlAsync(
                    $"""
                    insert into agent_sessions (session_id, agent_id, sequence, state, reach, campaigns, seen_at)
                    select gen_random_uuid(), id, 1, 'Ready', {(mode == "power" ? "phone" : "line")}, {new[] { campaign }}, {now} from unnest({agents}) id
                    """);
            }
            // Used up for today.
            await Attempt(db, other, await Lead(db, other, "+919825000000", "Asia/Kolkata", now, "Waiting", LeadReasons.InQueue), "+919825000000",
                "+918040000003", now.AddMinutes(-30), Outcomes.Completed, seed);
            for (var i = 0; i < LeadsPerWorld; i++)
                await RandomLead(db, i);
            return 0;
        });
        return (campaign, new(rules.Window, purpose, Lawful));

        async Task RandomLead(PacerDbContext db, int i)
        {
            var number = (Chance(0.7) ? "+9198251" : One("+447400", "+614120", "+120855", "+121255")) + $"{seed:00}{i:000}";
            if (Chance(0.08))
                number = $"+9114000{seed:00}{i:000}";
            var zone = isList && Chance(0.1) ? "Europe/Moscow, Pacific/Honolulu" : CallingZones.Of(number, Chance(0.3) ? "Asia/Colombo" : null);
            var (reason, due) = One(
                (LeadReasons.InQueue, now.AddMinutes(-3)), (LeadReasons.InQueue, now.AddMinutes(-2)), (LeadReasons.InQueue, now.AddMinutes(-1)),
                (LeadReasons.InQueue, now.AddMinutes(-4)), (LeadReasons.RedialDelay, now.AddMinutes(-1)),
                (LeadReasons.RedialDelay, now.AddMinutes(9)),
                (LeadReasons.Skipped, now.AddMinutes(1)), (LeadReasons.CallBack, now.AddMinutes(-1)), (LeadReasons.CallBack, now.AddHours(1)));
            if (!isList && reason is LeadReasons.Skipped or LeadReasons.CallBack)
                reason = LeadReasons.RedialDelay;
            var lead = await Lead(db, campaign, number, zone, due, "Waiting", reason);
            var callBack = reason == LeadReasons.CallBack ? due : (DateTimeOffset?)null;
            var promisedBy = withAgents && callBack is not null && Chance(0.6) ? One(agent, Guid.NewGuid()) : (Guid?)null;
            var tries = One(0, 0, 1, 2, 3);
            var outcome = tries == 0 ? null : One(Outcomes.Busy, Outcomes.NoAnswer);
            await db.Database.ExecuteSqlAsync(
                $"""
                update leads set tries = {tries}, last_outcome = {outcome}, call_back_at = {callBack}, call_back_agent_id = {promisedBy},
                  call_back_within_caps = {Chance(0.3)}, withdrawal = {(Chance(0.05) ? "Withdrawn by tests." : null)},
                  idempotency_key = {(isList ? null : $"{lead}")}, key_owner = {(isList ? null : "tests")}
                where id = {lead}
                """);
            if (Chance(0.1))
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    insert into suppressions (id, number, scope, reason, source, created_at, created_by)
                    values ({Guid.NewGuid()}, {number}, {One("all", purpose, "other")}, 'tests', 'api', {now}, 'tests')
                    """);
            }
            if (Chance(0.85))
            {
                var known = Chance(0.9);
                await db.Database.ExecuteSqlAsync(
                    $"""
                    insert into numbers (number, status, circle, dnd, as_of, expires_at, requested_at)
                    values ({number}, {(known ? "Found" : null)}, {One("GJ", null, "KA")}, {One<bool?>(false, false, false, true, null)},
                      {now.AddHours(-1)}, {(Chance(0.9) ? now.AddDays(1) : now.AddDays(-1))}, {now.AddSeconds(-One(3, 60))})
                    """);
            }
            if (Chance(0.5))
            {
                var (at, ended) = One<(double, string?)>(
                    (2, Outcomes.Busy), (90, Outcomes.NoAnswer), (200, Outcomes.Completed), (30, Outcomes.Abandoned), (1, null));
                var elsewhere = await Lead(db, other, number, zone, now, "Waiting", LeadReasons.InQueue);
                await Attempt(db, other, elsewhere, number, "+918040000002", now.AddMinutes(-at), ended, seed);
            }
        }
    }

    private static CallingWindow Window(int from, int to) => new(new(from, 0), new(to, 0), Enum.GetValues<DayOfWeek>(), []);

    private static async Task<Guid> Lead(
        PacerDbContext db, Guid campaign, string number, string zone, DateTimeOffset due, string state, string reason)
    {
        var id = Guid.CreateVersion7();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into leads (id, campaign_id, number, time_zone, state, reason, due_at, reason_at, imported_at)
            values ({id}, {campaign}, {number}, {zone}, {state}, {reason}, {due}, {due}, {due.AddDays(-1)})
            """);
        return id;
    }

    private static Task Attempt(
        PacerDbContext db, Guid campaign, Guid lead, string number, string callerId, DateTimeOffset at, string? outcome, int seed) =>
        db.Database.ExecuteSqlAsync(
            $"""
            insert into attempts (id, campaign_id, lead_id, attempt_number, account, mode, number, caller_id, time_zone, flow, ring_timeout, state,
              requested_at, expires_at, deadline_at, outcome, ended_at, end_heard_at, dialed, counts_as_try)
            values ({Guid.NewGuid()}, {campaign}, {lead}, {seed}, 'default', 'notification', {number}, {callerId}, 'Asia/Kolkata', '926', '00:00:30',
              {(outcome is null ? "Submitted" : "Ended")}, {at}, {at}, {at.AddDays(1)}, {outcome}, {(outcome is null ? null : at)},
              {(outcome is null ? null : at)}, true, true)
            """);
}
