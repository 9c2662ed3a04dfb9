using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Hopper;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Pacer.Waiting;

namespace Outdial.Pacer.Tests.Hopper;

public sealed class HopperWordsTests
{
    private static readonly DateTimeOffset Night = new(2026, 1, 14, 0, 0, 0, TimeSpan.Zero);   // 05:30 in India
    private static readonly AgentCounts Four = new(4, 2, 2, 0);

    private static string Say(DateTimeOffset now, AgentCounts agents, params WaitingLeads[] waiting) =>
        HopperWords.Sentence(0, CampaignStates.Running, null, agents, WaitingWords.Told(waiting, now), now);

    private static WaitingLeads Some(string reason, int count, DateTimeOffset at) =>
        new() { Reason = reason, Where = "GJ", TimeZone = "Asia/Kolkata", NextAt = at, LastAt = at, Count = count };

    [Fact]
    public void At_night_the_leads_wait_for_the_morning_of_their_circle() => Assert.Equal(
        "0 in hopper: 312 leads wait for 09:00 in GJ, 5 had all the calls of a day and may be called again from 09:00 UTC",
        Say(Night, Four, Some(LeadReasons.OutsideWindow, 312, Night.AddHours(3.5)), Some(LeadReasons.DailyCap, 5, Night.AddHours(9))));

    [Fact]
    public void By_day_the_reason_is_the_leads_own() => Assert.Equal(
        "0 in hopper: 8 leads wait for their redial, from 06:35 UTC",
        Say(PacerNode.Noon, Four, Some(LeadReasons.RedialDelay, 8, PacerNode.Noon.AddMinutes(5))));

    [Fact]
    public void Each_reason_is_counted_once_with_its_first_and_last() => Assert.Equal(
        "0 in hopper: 2 leads are due and come as agents take them, 9 wait for their redial, the first from 06:32 UTC, the last from 06:50 UTC",
        Say(PacerNode.Noon, Four, Some(LeadReasons.RedialDelay, 8, PacerNode.Noon.AddMinutes(20)),
            Some(LeadReasons.RedialDelay, 1, PacerNode.Noon.AddMinutes(2)) with { Where = "KA" }, Some(LeadReasons.InQueue, 2, PacerNode.Noon)));

    [Fact]
    public void Leads_that_could_be_dialed_wait_for_agents() => Assert.Equal(
        "0 in hopper: 1 lead could be dialed and no agent is signed in",
        Say(PacerNode.Noon, new(0, 0, 0, 0), Some(LeadReasons.InQueue, 1, PacerNode.Noon)));

    [Fact]
    public void A_persons_pause_is_the_reason_of_all() => Assert.Equal(
        "2 in hopper: the campaign is paused (Person)",
        HopperWords.Sentence(2, CampaignStates.Paused, PauseReasons.Person, Four, [Some(LeadReasons.InQueue, 9, Night)], Night));

    [Fact]
    public async Task The_hopper_of_a_campaign_is_counted_from_rows_and_told_in_a_sentence()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(new { name = "agents", purpose = "service", dnd = "consented", mode = "progressive" });
        await node.WithLeads(campaign, 12);
        await node.WithAgents(campaign, 2);
        await node.Started(campaign);
        await node.Until(_ => Task.FromResult(node.Router.Offered.Count == 4), "four are offered");

        var hopper = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{campaign}/hopper");

        Assert.Equal((4, 4), (hopper.GetProperty("count").GetInt32(), hopper.GetProperty("target").GetInt32()));
        Assert.Equal("4 in hopper: 8 leads are due and come as agents take them", hopper.GetProperty("text").GetString());
        var waiting = Assert.Single(hopper.GetProperty("waiting").EnumerateArray());
        Assert.Equal(("InQueue", 8), (waiting.GetProperty("reason").GetString(), waiting.GetProperty("count").GetInt32()));
        var other = await node.ACampaign();
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"/api/v1/campaigns/{other}/hopper")).StatusCode);
    }
}
