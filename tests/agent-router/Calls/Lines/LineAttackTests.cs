using System.Net;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>What somebody who has an address of the account, and knows phones and numbers, must not get from the router.</summary>
public sealed class LineAttackTests
{
    private static readonly CallbackPurpose[] Purposes = Enum.GetValues<CallbackPurpose>();

    [Fact]
    public async Task A_token_of_any_other_purpose_learns_no_number_and_changes_nothing()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.ALine(campaign);
        await node.ADid(new { mode = "flow", flow = "926", campaignId = campaign });
        await node.AFreeAgent(campaign, 2);
        var query = $"?CallSid={line.CallSid}&CallFrom={Uri.EscapeDataString(line.Phone)}";
        var caller = $"?CallSid=in-1&CallFrom=09825077777&CallTo=0{PhoneFloor.Did[3..]}";

        foreach (var purpose in Purposes)
        {
            var token = node.TokenOf(purpose, line.LineId);
            if (purpose != CallbackPurpose.DialWhom)
            {
                Assert.Equal(HttpStatusCode.Forbidden, (await node.Provider.GetAsync($"/dialwhom/exotel/{token}{query}")).StatusCode);
                Assert.Equal(HttpStatusCode.Forbidden, (await node.Provider.GetAsync($"/dialwhom/exotel/{token}{caller}")).StatusCode);
            }
            if (purpose != CallbackPurpose.Stay)
                Assert.Equal(HttpStatusCode.Forbidden, (await node.Provider.GetAsync($"/dialwhom/exotel/{token}/stay{query}")).StatusCode);
        }

        Assert.Equal(HopperStates.Waiting, (await node.Row(lead)).State);
        Assert.Equal(AgentStates.CallingAgent, (await line.Session()).State);
        Assert.Empty(await node.Ask(db => db.Database.SqlQuery<Guid>($"select id as \"Value\" from inbound_calls").ToListAsync()));
    }

    [Fact]
    public async Task Whoever_sends_the_phone_of_an_agent_who_is_being_called_learns_no_number_and_is_not_taken_for_the_line()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var leads = Enumerable.Range(1, 25).Select(n => node.ALead(n)).ToArray();
        await node.Offered(campaign, leads);
        var line = await node.SignedIn(await node.AnAgent(campaign), opens: false);

        foreach (var attempt in Enumerable.Range(0, 25))
            Assert.Null(await (line with { CallSid = $"forged-{attempt}" }).Ask(attempt == 0 ? null : leads[attempt - 1].Number));

        Assert.Equal(25, await node.Ask(db => db.Hopper.CountAsync(h => h.State == HopperStates.Waiting)));
        Assert.Equal((AgentStates.CallingAgent, (string?)null), ((await line.Session()).State, (await line.Session()).LineCallId));
        await line.IsOpened();   // now the provider says which call it is
        Assert.NotNull(await line.Ask());
    }

    [Fact]
    public async Task A_second_call_for_a_line_is_refused_counted_and_told_once()
    {
        await using var node = await RouterNode.Start();
        using var strangers = new Nodes.Counted(node, "outdial.router.strangers");
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Offered(campaign, node.ALead(2));
        var forged = line with { CallSid = "forged" };

        Assert.Null(await forged.Ask(lead.Number));
        Assert.Null(await forged.Ask(lead.Number));
        Assert.Equal(HttpStatusCode.Redirect, await forged.Stay());
        Assert.Equal(HttpStatusCode.Redirect, await forged.Stay(node.Echo(line.LineId)));

        var session = await line.Session();
        Assert.Equal((AgentStates.Dialing, line.CallSid, lead.AttemptId), (session.State, session.LineCallId, session.AttemptId!.Value));
        Assert.True(strangers.Sum >= 2);
        var told = Assert.Single(await node.Ask(db => db.Audit.Where(a => a.Action == "stranger").ToListAsync()));
        Assert.Equal((line.AgentId, line.SessionId), (told.AgentId!.Value, told.SessionId!.Value));
    }

    [Fact]
    public async Task A_question_waits_for_the_answer_to_our_order_and_gets_its_lead_then()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:WaitForCallId"] = "00:00:04" });
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.SignedIn(await node.AnAgent(campaign), opens: false);

        var question = line.Ask();
        await line.IsOpened();

        Assert.Equal(lead.Number, await question);
    }

    [Fact]
    public async Task A_line_whose_order_was_never_answered_is_known_by_what_we_signed_for_it_and_by_nothing_like_it()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.SignedIn(await node.AnAgent(campaign), opens: false);

        Assert.Equal(HttpStatusCode.OK, await line.Stay(line.LineId.ToString()));   // the bare id: kept waiting, not believed
        Assert.Equal(HttpStatusCode.OK, await line.Stay(node.Echo(Guid.CreateVersion7())));
        Assert.Null(await line.Ask());
        Assert.Equal(HttpStatusCode.OK, await line.Stay(node.Echo(line.LineId)));

        Assert.Equal(lead.Number, await line.Ask());
    }

    [Fact]
    public async Task The_providers_answer_to_our_order_overrules_a_call_that_came_before_it()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.SignedIn(await node.AnAgent(campaign), opens: false);
        var forged = line with { CallSid = "forged" };
        Assert.Equal(HttpStatusCode.OK, await forged.Stay(node.Echo(line.LineId)));   // somebody has seen what we gave along
        Assert.Equal(lead.Number, await forged.Ask());

        await line.IsOpened();

        Assert.Null(await forged.Ask());
        Assert.Equal(lead.Number, await line.Ask());
        await node.IsHandled(line.Popup(PopupStages.Answered, lead.Number));   // and what the true line is told of its lead is known
        await line.Until(AgentStates.OnCall);
        Assert.Single(await node.Ask(db => db.Audit.Where(a => a.Action == "stranger").ToListAsync()));
    }

    [Fact]
    public async Task Asking_for_the_next_lead_without_dialing_the_last_learns_fewer_than_six_numbers_in_twenty_seconds()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:NextLeadAfter"] = "00:00:05" });
        var campaign = await node.ACampaign();
        await node.Offered(campaign, [.. Enumerable.Range(1, 30).Select(n => node.ALead(n))]);
        var line = await node.ALine(campaign);
        var learned = new HashSet<string>();

        string? last = null;
        for (var tenth = 0; tenth <= 200; tenth++)
        {
            // Claims each time to have dialed the number it was given, at a time as late as may be.
            if (await line.Ask(last, node.Clock.GetUtcNow().AddSeconds(200 + tenth)) is { } number)
                learned.Add(last = number);
            await node.Clock.Turn(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(learned.Count, 1, 5);
    }

    [Fact]
    public async Task The_true_lines_own_words_about_its_lead_do_not_open_the_hopper_to_somebody_who_asks_in_its_name()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:NextLeadAfter"] = "00:00:05" });
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Offered(campaign, [.. Enumerable.Range(2, 20).Select(n => node.ALead(n))]);
        var learned = new HashSet<string>();

        foreach (var stage in new[] { PopupStages.Dial, PopupStages.Ringing, PopupStages.Answered, PopupStages.Terminal, "gossip" })
        {
            await node.Clock.Turn(TimeSpan.FromSeconds(1));
            await node.IsHandled(line.Popup(stage, lead.Number));
            await node.Clock.Turn(TimeSpan.FromSeconds(1));
            if (await line.Ask(learned.LastOrDefault() ?? lead.Number, node.Clock.GetUtcNow().AddMinutes(4)) is { } number)
                learned.Add(number);
        }

        Assert.InRange(learned.Count, 0, 3);   // in ten seconds: one at once, and one after each five
    }

    [Fact]
    public async Task A_question_that_claims_to_be_of_tomorrow_does_not_make_the_true_lines_questions_old()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        Assert.Null(await line.Ask(at: node.Clock.GetUtcNow().AddMinutes(4)));
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        await node.Clock.Turn(TimeSpan.FromSeconds(5));

        Assert.Equal(lead.Number, await line.Ask());
    }

    [Fact]
    public async Task A_line_that_dials_gets_its_next_lead_at_once()
    {
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?> { ["Router:NextLeadAfter"] = "00:00:05" });
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        var next = node.ALead(2);
        await node.Offered(campaign, next);
        await node.Clock.Turn(TimeSpan.FromSeconds(1));
        await node.IsHandled(line.Passthru(lead.Number, Outcomes.Busy));
        await node.Clock.Turn(TimeSpan.FromSeconds(1));

        Assert.Equal(next.Number, await line.Ask(lead.Number));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_number_that_nobody_said_was_dialed_is_told_as_asked_for_in_vain(bool named)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Clock.Turn(TimeSpan.FromSeconds(40));

        await line.Ask(named ? lead.Number : null);
        await node.Until(_ => Task.FromResult(node.Heard.Of<CallTerminated>().Count == 1), "it is settled");

        var told = node.Heard.Of<CallTerminated>().Single();
        Assert.Equal((Outcomes.Unknown, true), (told.Outcome, told.InVain));   // that the question names it as dialed is no word of the provider's
    }

    [Fact]
    public async Task The_end_of_another_call_at_a_lines_address_signs_nobody_out()
    {
        await using var node = await RouterNode.Start();
        using var strangers = new Nodes.Counted(node, "outdial.router.strangers");
        var (line, _) = await node.ADialingLine(await node.ACampaign());
        var other = await node.ALine(await node.ACampaign(), 2);

        await node.IsHandled(line.Ended() with { ProviderCallId = "another" });                            // of this line's address, another call
        await node.IsHandled(other.Ended() with { ProviderCallId = line.CallSid, LineId = other.LineId });   // of another's address, this line's call
        await node.IsHandled(line.Ended() with { LineId = null });                                           // of no line at all

        Assert.Equal((AgentStates.Dialing, AgentStates.CallingAgent), ((await line.Session()).State, (await other.Session()).State));
        Assert.Equal(2, strangers.Sum);
        await node.IsHandled(line.Ended());
        Assert.Equal(AgentStates.Ended, (await line.Session()).State);
    }

    [Fact]
    public async Task A_revoked_address_asks_for_nobody_and_the_new_one_does()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.ALine(campaign);
        var old = await node.Addresses();
        await old.Delete("dialWhom");
        var query = $"?CallSid={line.CallSid}&CallFrom={Uri.EscapeDataString(line.Phone)}";

        Assert.Equal(HttpStatusCode.Forbidden, (await node.Provider.GetAsync(old.DialWhom + query)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync(old.Stay + query)).StatusCode);   // each by itself
        var fresh = await node.Addresses();
        Assert.NotEqual(old.DialWhom, fresh.DialWhom);
        Assert.Contains(lead.Number, await node.Provider.GetStringAsync(fresh.DialWhom + query), StringComparison.Ordinal);
        Assert.NotNull((await node.Addresses()).LastUsedOf("dialWhom"));
    }

    [Fact]
    public async Task A_rotated_address_works_until_its_overlap_is_over()
    {
        await using var node = await RouterNode.Start();
        var old = await node.Addresses();
        await old.Rotate("dialWhom", "1.00:00:00");
        var fresh = await node.Addresses();

        Assert.NotEqual(old.DialWhom, fresh.DialWhom);
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync(old.DialWhom)).StatusCode);
        await node.Clock.Turn(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await node.Provider.GetAsync(old.DialWhom)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync(fresh.DialWhom)).StatusCode);
    }

    [Fact]
    public async Task A_revocation_at_one_router_holds_at_the_other_after_its_next_reading()
    {
        await using var one = await RouterNode.Start();
        await using var other = await RouterNode.Start(one.Database);
        var old = await one.Addresses();
        Assert.Equal(HttpStatusCode.OK, (await other.Provider.GetAsync(old.DialWhom)).StatusCode);

        await old.Delete("dialWhom");

        await other.Until(
            async _ => (await other.Provider.GetAsync(old.DialWhom)).StatusCode == HttpStatusCode.Forbidden, "the other router refuses it");
    }
}
