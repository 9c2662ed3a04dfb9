using System.Net;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Calls.Customers;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls;

/// <summary>
/// What forged callers and forged customers must not get: agents' phones without end, rows without end, somebody else's conversation.
/// </summary>
public sealed class CallerAttackTests
{
    private static readonly Dictionary<string, string?> Limits = new() { ["Router:InboundPerCallerAndHour"] = "3", ["Router:InboundPerMinute"] = "20" };

    [Fact]
    public async Task A_flood_of_forged_callers_ends_in_a_limit_and_not_in_rows()
    {
        await using var node = await RouterNode.Start(settings: Limits);
        using var refused = new Nodes.Counted(node, "outdial.inbound.refused");
        var campaign = await node.ACampaign();
        await node.ADid(new { mode = "flow", flow = "926", campaignId = campaign });

        await Task.WhenAll(Enumerable.Range(1, 100).Select(n => Caller.Of(node, n, PhoneFloor.Did).Ask()));

        Assert.Equal(20, await Calls(node));
        Assert.Equal(80, refused.Sum);
        await node.Clock.Turn(TimeSpan.FromMinutes(1));
        await Caller.Of(node, 200, PhoneFloor.Did).Ask();
        Assert.Equal(21, await Calls(node));
    }

    [Fact]
    public async Task One_number_is_taken_in_so_many_times_an_hour_and_a_known_call_goes_on()
    {
        await using var node = await RouterNode.Start(settings: Limits);
        var campaign = await node.ACampaign();
        await node.ADid(new { mode = "flow", flow = "926", campaignId = campaign });
        var first = Caller.Of(node, 1, PhoneFloor.Did);
        Assert.Empty(await first.Ask());
        foreach (var _ in Enumerable.Range(0, 9))
            await Caller.Of(node, 1, PhoneFloor.Did).Ask();

        Assert.Equal(3, await Calls(node));
        Assert.Equal(HttpStatusCode.Redirect, await Caller.Of(node, 1, PhoneFloor.Did).Stay());
        await node.AFreeAgent(campaign, 1);
        Assert.Equal([Floor.PhoneOf(1)], await first.Ask());   // who was taken in goes on
        await node.AFreeAgent(campaign, 2);
        Assert.Equal([Floor.PhoneOf(2)], await Caller.Of(node, 2, PhoneFloor.Did).Ask());   // others are taken in
    }

    [Fact]
    public async Task Callers_who_withhold_their_number_are_not_one_caller_and_who_is_beyond_a_limit_gets_the_numbers_fallback()
    {
        await using var node = await RouterNode.Start(settings: Limits);
        await node.ADid(new { mode = "flow", flow = "926", campaignId = await node.ACampaign(), fallbackNumber = "+918040009999" });
        foreach (var n in Enumerable.Range(0, 5))
            await node.Provider.GetAsync($"/dialwhom/exotel/{node.Token}?CallSid=withheld-{n}&CallFrom=anonymous&CallTo=0{PhoneFloor.Did[3..]}");
        Assert.Equal(5, await Calls(node));
        await Task.WhenAll(Enumerable.Range(1, 15).Select(n => Caller.Of(node, n, PhoneFloor.Did).Ask()));

        Assert.Equal(["+918040009999"], await Caller.Of(node, 99, PhoneFloor.Did).Ask());
        Assert.Equal(20, await Calls(node));
    }

    [Fact]
    public async Task The_number_of_a_customer_who_is_being_called_draws_no_agent_before_the_provider_has_named_the_call()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Power });
        var agent = await node.AFreeAgent(campaign, 1);
        var lead = node.ALead(1);
        await node.IsHandled(Placed(node, campaign, lead));
        var forged = new Caller(node, lead.Number, PhoneFloor.Did, "forged");

        Assert.Empty(await forged.Ask());
        Assert.Equal(HttpStatusCode.OK, await forged.Stay());   // it may be the customer: kept waiting
        Assert.Equal(AgentStates.Ready, (await node.SessionOf(agent)).State);

        await node.IsHandled(Named(node, campaign, lead, "the-call"));
        Assert.Empty(await forged.Ask());
        Assert.Equal([Floor.PhoneOf(1)], await (forged with { CallSid = "the-call" }).Ask());
    }

    [Fact]
    public async Task A_customer_whose_request_was_never_answered_is_known_by_what_we_signed_for_the_attempt()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Power });
        await node.AFreeAgent(campaign, 1);
        var lead = node.ALead(1);
        await node.IsHandled(Placed(node, campaign, lead));
        var customer = new Caller(node, lead.Number, PhoneFloor.Did, "the-call");

        Assert.Equal(HttpStatusCode.OK, await customer.Stay(lead.AttemptId.ToString()));
        Assert.Empty(await customer.Ask());
        Assert.Equal(HttpStatusCode.OK, await customer.Stay(node.Echo(lead.AttemptId)));
        Assert.Equal([Floor.PhoneOf(1)], await customer.Ask());
    }

    [Fact]
    public async Task A_second_call_for_a_customer_is_refused_and_counted()
    {
        await using var node = await RouterNode.Start();
        using var strangers = new Nodes.Counted(node, "outdial.router.strangers");
        var campaign = await node.ACampaign(c => c with { Mode = CampaignModes.Power });
        await node.AFreeAgent(campaign, 1);
        var lead = node.ALead(1);
        await node.IsHandled(Placed(node, campaign, lead));
        await node.IsHandled(Named(node, campaign, lead, "the-call"));
        var forged = new Caller(node, lead.Number, PhoneFloor.Did, "forged");

        Assert.Equal(HttpStatusCode.Redirect, await forged.Stay(node.Echo(lead.AttemptId)));

        Assert.Equal("the-call", await node.Ask(db => db.Set<CustomerCall>().Select(c => c.ProviderCallId).SingleAsync()));
        Assert.Equal(1, strangers.Sum);
    }

    private static Task<int> Calls(RouterNode node) => node.Ask(db => db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from inbound_calls").SingleAsync());

    private static CustomerCallPlaced Placed(RouterNode node, Guid campaign, OfferedLead lead) =>
        new() { EventId = Guid.NewGuid(), CampaignId = campaign, Account = "default", Lead = lead, OccurredAt = node.Clock.GetUtcNow() };

    private static CallOriginated Named(RouterNode node, Guid campaign, OfferedLead lead, string call) => new()
    {
        EventId = Guid.NewGuid(),
        AttemptId = lead.AttemptId,
        CampaignId = campaign,
        Account = "default",
        ProviderCallId = call,
        OccurredAt = node.Clock.GetUtcNow(),
        ReceivedAt = node.Clock.GetUtcNow(),
    };
}
