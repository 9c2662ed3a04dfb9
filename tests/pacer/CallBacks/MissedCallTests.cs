using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.CallBacks;

/// <summary>Who is called back for a missed call, and who is not, whatever somebody claims.</summary>
public sealed class MissedCallTests
{
    private const string Caller = "+919825077777", Did = "+918040000002";

    private static readonly object Rules = new
    {
        name = "agents",
        purpose = "service",
        dnd = "consented",
        mode = "progressive",
        maxAttempts = 1,
        maxAttemptsPerDay = 2,
        minimumGap = "04:00:00",
    };

    private static async Task<(PacerNode Node, Guid Campaign, Guid Agent)> ACampaign(params (string Key, string? Value)[] settings)
    {
        var node = await PacerNode.Start(
            settings: PacerNode.AgentsStay.Concat(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).ToDictionary());
        var campaign = await node.ACampaign(Rules);
        await node.WithLeads(campaign, 1);
        var agent = (await node.WithAgents(campaign, 1)).Single();
        await node.Started(campaign);
        return (node, campaign, agent);
    }

    private static InboundCallMissed Missed(PacerNode node, Guid? campaign, string call = "in-1", string number = Caller) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = call,
        Number = number,
        Did = Did,
        CampaignId = campaign,
        OccurredAt = node.Clock.GetUtcNow(),
    };

    /// <summary>The provider's records have this call, as one that came in.</summary>
    private static void Recorded(
        PacerNode node, string call = "in-1", string number = Caller, string did = Did, bool inbound = true, TimeSpan age = default,
        TimeSpan? talk = null) =>
        node.Provider.Records[call] = new(
            call, "completed", Outcomes.Completed, number, did, node.Clock.GetUtcNow() - age, null, node.Clock.GetUtcNow(), null, talk, null, null, null,
            Caller: number, Called: did, Inbound: inbound);

    private static async Task<MissedCall> Decided(PacerNode node, string call = "in-1")
    {
        await node.Until(db =>
            db.MissedCalls.AnyAsync(m => m.ProviderCallId == call && m.State != MissedCallStates.Waiting), "it is decided", TimeSpan.FromSeconds(5));
        return await node.Ask(db => db.MissedCalls.AsNoTracking().SingleAsync(m => m.ProviderCallId == call));
    }

    [Theory, InlineData(40, MissedCallStates.Refused), InlineData(0, MissedCallStates.Promised)]
    public async Task Law_11_a_caller_for_whom_a_flow_goes_on_is_not_called_back_before_it_is_known_that_the_call_was_missed(
        int talk, string decision)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node);
        var over = node.Provider.Records["in-1"];
        node.Provider.Records["in-1"] = over with { RawStatus = "in-progress", Outcome = null, EndedAt = null };

        await node.Publish(Missed(node, campaign));
        await node.Until(db => db.MissedCalls.AnyAsync(m => m.Looks >= 4), "it was looked up again and again", TimeSpan.FromSeconds(20));
        Assert.Equal(MissedCallStates.Waiting, await node.Ask(db => db.MissedCalls.Select(m => m.State).SingleAsync()));
        node.Provider.Records["in-1"] = over with { TalkTime = TimeSpan.FromSeconds(talk) };

        Assert.Equal(decision, (await Decided(node)).State);
    }

    private static InboundCallReached Reached(PacerNode node, Guid? campaign, string call = "in-1") => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = call,
        Number = Caller,
        Did = Did,
        CampaignId = campaign,
        OccurredAt = node.Clock.GetUtcNow(),
    };

    [Theory, InlineData(true), InlineData(false)]
    public async Task Law_11_a_caller_who_reached_somebody_after_all_is_not_called_back_in_whatever_order_it_is_told(bool missedFirst)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node);
        node.Provider.Records["in-1"] = node.Provider.Records["in-1"] with { RawStatus = "in-progress", Outcome = null, EndedAt = null };
        if (missedFirst)
        {
            await node.Publish(Missed(node, campaign));
            await node.Until(db => db.MissedCalls.AnyAsync(m => m.Looks > 0), "it was looked up", TimeSpan.FromSeconds(1));
        }

        await node.Publish(Reached(node, campaign));
        await Eventually.Async(() => node.Ask(db => db.MissedCalls.AnyAsync(m => m.State == MissedCallStates.Refused)), what: "it is refused");
        if (!missedFirst)
        {
            await node.Publish(Missed(node, campaign));
            await node.Publish(Missed(node, campaign, "in-2"));
            await Eventually.Async(() => node.Ask(db => db.MissedCalls.AnyAsync(m => m.ProviderCallId == "in-2")), what: "both are heard");
        }

        var missed = await node.Ask(db => db.MissedCalls.AsNoTracking().SingleAsync(m => m.ProviderCallId == "in-1"));
        Assert.Equal((MissedCallStates.Refused, MissedCallCodes.NotMissed, Caller), (missed.State, missed.Code, missed.Number));
        Assert.Equal(0, await LeadsOf(node));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Law_11_a_call_back_that_waits_is_not_made_when_the_caller_reached_somebody_after_all(bool isListed)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        var before = DateTimeOffset.MinValue;
        if (isListed)
        {
            var now = node.Clock.GetUtcNow();
            await node.Ask(db => db.Database.ExecuteSqlAsync(
                $"""
                insert into leads (id, campaign_id, number, time_zone, own_zone, due_at, imported_at, state, reason, finished_at)
                values ({Guid.NewGuid()}, {campaign}, {Caller}, 'Asia/Kolkata', '', {now}, {now}, 'Exhausted', 'NoAnswer', {now})
                """));
            before = await node.Ask(db => db.Leads.Where(l => l.Number == Caller).Select(l => l.FinishedAt!.Value).SingleAsync());
        }
        (await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/pause", new { })).EnsureSuccessStatusCode();
        Recorded(node);
        await node.Publish(Missed(node, campaign));
        Assert.Equal(MissedCallStates.Promised, (await Decided(node)).State);
        Assert.Equal(LeadStates.Waiting, await node.Ask(db => db.Leads.Where(l => l.Number == Caller).Select(l => l.State).SingleAsync()));

        await node.Publish(Reached(node, campaign));

        await Eventually.Async(() => node.Ask(db => db.MissedCalls.AnyAsync(m => m.State == MissedCallStates.Refused)), what: "the promise is void");
        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync(l => l.Number == Caller));
        Assert.Equal(
            isListed ? (LeadStates.Exhausted, "NoAnswer", null) : (LeadStates.Canceled, LeadReasons.CalledIn, (DateTimeOffset?)null),
            (lead.State, lead.Reason, lead.CallBackAt));
        Assert.True(!isListed || lead.FinishedAt == before);
    }

    private static Task<int> LeadsOf(PacerNode node, string number = Caller) => node.Ask(db => db.Leads.CountAsync(l => l.Number == number));

    [Fact]
    public async Task A_missed_call_that_the_providers_records_show_is_called_back_once_also_when_the_number_was_in_no_list()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var _ = node;
        Recorded(node);
        var missed = Missed(node, campaign);

        await node.Publish(missed);
        await node.Publish(missed);
        await node.Until(__ => Task.FromResult(node.Router.Offered.Any(l => l.Number == Caller)), "it is offered", TimeSpan.FromSeconds(1));
        var lead = node.Router.Offered.Single(l => l.Number == Caller);
        await node.Publish(node.Router.Dials(lead, campaign, agent));
        await node.Publish(lead.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.Id == lead.LeadId && l.State == LeadStates.Completed), "it is reached");
        await node.Publish(missed with { ProviderCallId = "in-2" });   // another word of the same time, after the call
        Recorded(node, "in-2");
        var again = await Decided(node, "in-2");

        Assert.Equal((MissedCallStates.Promised, "The person was called since."), (again.State, again.Reason));
        Assert.Equal((LeadStates.Completed, 1), await node.Ask(async db =>
            (await db.Leads.Where(l => l.Id == lead.LeadId).Select(l => l.State)
                .SingleAsync(), await db.Trail.CountAsync(t => t.LeadId == lead.LeadId && t.Kind == "missed"))));
    }

    [Fact]
    public async Task A_flood_of_forged_callers_becomes_no_lead_and_each_has_its_reason()
    {
        var (node, campaign, _) = await ACampaign(("Pacer:MissedCallLooksPerMinute", "1000"));
        await using var __ = node;

        foreach (var n in Enumerable.Range(0, 20))
            await node.Publish(Missed(node, campaign, $"forged-{n}", $"+91982507{n:0000}"));
        await node.Until(async db => await db.MissedCalls.CountAsync(m => m.State == MissedCallStates.Refused) == 20, "all are decided", TimeSpan.FromMinutes(1));

        Assert.Equal(1, await node.Ask(db => db.Leads.CountAsync()));   // the one that was uploaded
        Assert.Equal(["The provider's records do not show the call."], await node.Ask(db => db.MissedCalls.Select(m => m.Reason).Distinct().ToListAsync()));
        var shown = await node.Http.GetFromJsonAsync<JsonElement>("/api/v1/missed-calls?state=Refused&limit=5");
        Assert.Equal(5, shown.GetArrayLength());
        Assert.All(shown.EnumerateArray(), each => Assert.Equal("Refused", each.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Only_so_many_calls_are_looked_up_in_a_minute()
    {
        var (node, campaign, _) = await ACampaign(("Pacer:MissedCallLooksPerMinute", "3"));
        await using var __ = node;
        foreach (var n in Enumerable.Range(0, 20))
            await node.Publish(Missed(node, campaign, $"forged-{n}", $"+91982507{n:0000}"));
        await Eventually.Async(() => node.Ask(async db => await db.MissedCalls.CountAsync() == 20), what: "all are noted");

        await node.Until(async db => await db.MissedCalls.CountAsync(m => m.LookedAt != null) == 3, "three are looked up", TimeSpan.FromSeconds(1));
        var first = await node.Ask(db => db.MissedCalls.MinAsync(m => m.LookedAt));   // whose minute is over first
        await node.Until(async db => await db.MissedCalls.SumAsync(m => m.Looks) > 3, "more are", TimeSpan.FromSeconds(1));

        Assert.True(await node.Ask(db => db.MissedCalls.MaxAsync(m => m.LookedAt)) - first >= TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("+919825088888", Did, true), InlineData(Caller, "+917940000001", true), InlineData(Caller, Did, false)]
    public async Task A_call_that_the_records_show_otherwise_is_not_believed(string number, string did, bool inbound)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node, number: number, did: did, inbound: inbound);

        await node.Publish(Missed(node, campaign));

        var decided = await Decided(node);
        Assert.Equal((MissedCallStates.Refused, "The provider's records show another call under this id."), (decided.State, decided.Reason));
        Assert.Equal(0, await LeadsOf(node));
    }

    [Theory]
    [InlineData(7200, 0, "at another time"), InlineData(-600, 0, "at another time"), InlineData(0, 40, "somebody talked")]
    public async Task An_old_call_and_one_in_which_somebody_talked_make_nobody_ring(int age, int talked, string reason)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node, age: TimeSpan.FromSeconds(age), talk: TimeSpan.FromSeconds(talked));

        await node.Publish(Missed(node, campaign));

        var decided = await Decided(node);
        Assert.Equal(MissedCallStates.Refused, decided.State);
        Assert.Contains(reason, decided.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await LeadsOf(node));
    }

    [Fact]
    public async Task Two_calls_that_the_records_do_not_show_are_looked_up_no_oftener_than_the_minute_allows()
    {
        var (node, campaign, _) = await ACampaign(("Pacer:MissedCallLooksPerMinute", "2"));
        await using var __ = node;
        await node.Publish(Missed(node, campaign, "forged-1"));
        await node.Publish(Missed(node, campaign, "forged-2"));
        await node.Until(async db => await db.MissedCalls.SumAsync(m => m.Looks) == 2, "both are looked up", TimeSpan.FromSeconds(1));
        var first = await node.Ask(db => db.MissedCalls.MinAsync(m => m.LookedAt));   // whose minute is over first

        await node.Until(async db => await db.MissedCalls.SumAsync(m => m.Looks) > 2, "one is again", TimeSpan.FromSeconds(1));

        Assert.True(await node.Ask(db => db.MissedCalls.MaxAsync(m => m.LookedAt)) - first >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Records_that_are_late_are_waited_for()
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        await node.Publish(Missed(node, campaign));
        await node.Until(db => db.MissedCalls.AnyAsync(m => m.Looks == 2), "it is looked up twice in vain", TimeSpan.FromSeconds(5));

        Recorded(node);

        Assert.Equal(MissedCallStates.Promised, (await Decided(node)).State);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Where_there_are_no_records_or_none_to_be_read_nobody_is_called_back(bool hasRecords)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node);
        (node.Provider.HasCallDetails, node.Provider.IsUnreadable) = (hasRecords, true);

        await node.Publish(Missed(node, campaign));

        var decided = await Decided(node);
        Assert.Equal(MissedCallStates.Refused, decided.State);
        Assert.Contains(hasRecords ? "could not be read" : "has no records", decided.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await LeadsOf(node));
    }

    [Fact]
    public async Task A_person_who_asked_not_to_be_called_is_not_called_back()
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        (await node.Http.PostAsJsonAsync("/api/v1/suppressions", new { number = Caller })).EnsureSuccessStatusCode();
        Recorded(node);

        await node.Publish(Missed(node, campaign));

        var decided = await Decided(node);
        Assert.Equal((MissedCallStates.Refused, "The person asked not to be called."), (decided.State, decided.Reason));
        Assert.Equal(0, await LeadsOf(node));
    }

    [Theory]
    [InlineData("+18765550123", "of JM and billed as international")]
    [InlineData("+449098790123", "premium-rate")]
    [InlineData("+870773111632", "the country code of a country")]
    public async Task A_missed_call_makes_nobody_ring_a_number_that_costs_more_than_it_seems(string number, string reason)
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        Recorded(node, number: number);

        await node.Publish(Missed(node, campaign, number: number));

        var decided = await Decided(node);
        Assert.Equal(MissedCallStates.Refused, decided.State);
        Assert.Contains(reason, decided.Reason);
        Assert.Equal(0, await LeadsOf(node, number));
    }

    [Fact]
    public async Task A_caller_whose_number_does_not_tell_when_they_may_be_called_waits_for_their_zone_and_is_called_back_in_it()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "office hours", purpose = "service", dnd = "consented", window = new { from = "10:00", to = "18:00" } });
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        Recorded(node, number: "+15555550123");   // by its number somewhere from the Caribbean to Guam

        await node.Publish(Missed(node, campaign, number: "+15555550123"));
        var decided = await Decided(node);
        var missed = (await node.Http.GetFromJsonAsync<JsonElement>("/api/v1/missed-calls")).EnumerateArray().Single();
        var night = new { timeZone = "america/halifax" };   // half past two
        var asked = await node.Http.PutAsJsonAsync($"/api/v1/leads/{decided.LeadId}/time-zone", night);
        var told = (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/leads/{decided.LeadId}/explain"));
        await node.Clock.TurnTo(new(2026, 1, 14, 13, 59, 0, TimeSpan.Zero));
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Any(p => p.Request.To == "+15555550123")), "it is called back in the morning");

        Assert.Equal(MissedCallStates.Promised, decided.State);
        Assert.StartsWith("Is called back once it is known when. The number may be in America/", decided.Reason, StringComparison.Ordinal);
        Assert.Equal("ZoneUnknown", missed.GetProperty("lead").GetProperty("reason").GetString());
        asked.EnsureSuccessStatusCode();
        Assert.Equal("OutsideWindow", told.GetProperty("reason").GetString());
        Assert.InRange(node.Provider.Originated.Single(p => p.Request.To == "+15555550123").At,
            new DateTimeOffset(2026, 1, 14, 14, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 14, 14, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task One_number_is_promised_so_many_call_backs_in_an_hour()
    {
        var (node, campaign, agent) = await ACampaign(("Pacer:CallBacksPerNumberAndHour", "1"));
        await using var __ = node;
        Recorded(node);
        await node.Publish(Missed(node, campaign));
        Assert.Equal(MissedCallStates.Promised, (await Decided(node)).State);

        Recorded(node, "in-2");
        await node.Publish(Missed(node, campaign, "in-2"));
        var second = await Decided(node, "in-2");
        await node.Clock.Turn(TimeSpan.FromHours(1));
        Recorded(node, "in-3");
        await node.Publish(Missed(node, campaign, "in-3"));

        Assert.Equal((MissedCallStates.Refused, "This person was promised a call-back 1 time within the hour already."), (second.State, second.Reason));
        Assert.Equal(MissedCallStates.Promised, (await Decided(node, "in-3")).State);
    }

    [Fact]
    public async Task A_campaign_promises_so_many_call_backs_in_an_hour_and_the_others_wait_with_a_reason()
    {
        var (node, campaign, _) = await ACampaign(("Pacer:CallBacksPerHour", "2"));
        await using var __ = node;
        foreach (var n in Enumerable.Range(0, 3))
        {
            Recorded(node, $"in-{n}", $"+91982507000{n}");
            await node.Publish(Missed(node, campaign, $"in-{n}", $"+91982507000{n}"));
        }
        await node.Until(async db => await db.MissedCalls.CountAsync(m => m.State == MissedCallStates.Promised) == 2
            && await db.MissedCalls.AnyAsync(m => m.State == MissedCallStates.Waiting && m.Reason.Contains("all that it may")), "two are promised and one waits",
            TimeSpan.FromSeconds(1));

        await node.Clock.Turn(TimeSpan.FromHours(1));

        await node.Until(async db => await db.MissedCalls.CountAsync(m => m.State == MissedCallStates.Promised) == 3, "the third has its turn", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_call_back_for_a_missed_call_waits_for_no_gap_and_for_the_next_day_where_the_person_has_had_all_that_a_day_allows()
    {
        var (node, campaign, agent) = await ACampaign();
        await using var __ = node;
        foreach (var turn in new[] { 1, 2 })   // within the gap of four hours, and up to the two calls that a day allows
        {
            Recorded(node, $"in-{turn}");
            await node.Publish(Missed(node, campaign, $"in-{turn}"));
            await node.Until(_ => Task.FromResult(node.Router.Offered.Count(l => l.Number == Caller) == turn), $"it is offered, time {turn}", TimeSpan.FromSeconds(1));
            var lead = node.Router.Offered.Last(l => l.Number == Caller);
            await node.Publish(node.Router.Dials(lead, campaign, agent));
            await node.Publish(lead.Ended(Outcomes.NoAnswer, node.Clock.GetUtcNow()));
            await node.Until(async db =>
                await db.Attempts.CountAsync(a => a.Number == Caller && a.State == CallStates.Ended) == turn, "it is over", TimeSpan.FromSeconds(1));
            await node.Clock.Turn(TimeSpan.FromHours(1));
        }

        Recorded(node, "in-3");
        await node.Publish(Missed(node, campaign, "in-3"));

        await node.Until(db =>
            db.Leads.AnyAsync(l => l.Number == Caller && l.Reason == LeadReasons.DailyCap && l.CallBackAt != null), "it waits for another day", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_missed_call_to_a_number_without_a_campaign_or_of_one_that_is_over_says_why_nobody_calls_back()
    {
        var (node, campaign, _) = await ACampaign();
        await using var __ = node;
        await node.Publish(Missed(node, null, "none"));
        Assert.Equal("The number that was called has no campaign that calls back.", (await Decided(node, "none")).Reason);
        (await node.Http.PostAsJsonAsync($"/api/v1/campaigns/{campaign}/stop", new { })).EnsureSuccessStatusCode();
        Recorded(node);

        await node.Publish(Missed(node, campaign));

        var decided = await Decided(node);
        Assert.Equal((MissedCallStates.Refused, MissedCallCodes.CampaignOver), (decided.State, decided.Code));
        Assert.StartsWith("The campaign that would call back is Stopped", decided.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Whom_nobody_calls_back_because_the_campaign_is_over_is_seen_in_the_list_at_the_campaign_and_at_the_lead(bool stopped)
    {
        await using var node = await PacerNode.Start();
        var ends = new { name = "ends", purpose = "service", dnd = "consented", endsAt = node.Clock.GetUtcNow().AddMinutes(1) };
        var campaign = await node.ACampaign(stopped ? Rules : ends);
        await node.WithLeads(campaign, [Caller]);
        if (stopped)
            (await node.Verb(campaign, "stop")).EnsureSuccessStatusCode();
        else
            await node.Clock.Turn(TimeSpan.FromMinutes(2));
        Recorded(node);

        await node.Publish(Missed(node, campaign));
        await Decided(node);

        var missed = (await node.Http.GetFromJsonAsync<JsonElement>("/api/v1/missed-calls?code=campaign-over")).EnumerateArray().Single();
        var lead = await node.Ask(db => db.Leads.Select(l => l.Id).SingleAsync());
        Assert.Contains(stopped ? "is Stopped" : "ended at 2026-01-14 06:31:00Z", missed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((lead, lead), (missed.GetProperty("leadId").GetGuid(), missed.GetProperty("lead").GetProperty("id").GetGuid()));
        Assert.Equal(1, (await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}")).GetProperty("missedSinceOver").GetInt32());
        Assert.Contains("not called back: The campaign", await node.Http.GetStringAsync($"/api/v1/leads/{lead}/trail"), StringComparison.Ordinal);
        Assert.Equal("[]", await node.Http.GetStringAsync("/api/v1/missed-calls?code=suppressed"));
    }

    [Fact]
    public async Task A_campaign_that_stays_open_calls_back_when_nothing_else_is_left_to_dial()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "call-backs", purpose = "service", dnd = "consented", keepOpen = true });
        await node.Started(campaign);
        await node.Until(async db => await db.Decisions.CountAsync() > 3, "it was looked at again and again", TimeSpan.FromSeconds(15));
        Assert.Equal(CampaignStates.Running, await node.Ask(db => db.Campaigns.Select(c => c.State).SingleAsync()));
        Recorded(node);

        await node.Publish(Missed(node, campaign));

        await node.Until(_ => Task.FromResult(node.Provider.Originated.Any(p => p.Request.To == Caller)), "the caller is called back");
    }

    [Fact]
    public async Task A_campaign_that_pauses_for_its_leads_hours_goes_on_for_a_caller_whose_hours_are_on()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "abroad", purpose = "service", dnd = "consented", timeZone = "America/New_York" });
        await node.WithLeads(campaign, ["+12125550123"]);   // half past one at night
        await node.Started(campaign);
        await node.Until(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "it pauses until the morning in New York");
        Recorded(node);

        await node.Publish(Missed(node, campaign));
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the caller in India is called back at noon");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.PauseReason == PauseReasons.OutsideWindow), "it pauses again", TimeSpan.FromSeconds(5));

        Assert.Equal(Caller, node.Provider.Originated.Single().Request.To);
        var until = await node.Ask(db => db.Campaigns.Select(c => c.PausedUntil).SingleAsync());
        Assert.Equal(new DateTimeOffset(2026, 1, 14, 14, 0, 0, TimeSpan.Zero), until);
    }
}
