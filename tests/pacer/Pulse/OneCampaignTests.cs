using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Pulse;

/// <summary>What is wrong with one campaign stops no other.</summary>
public sealed class OneCampaignTests
{
    private static readonly DateTimeOffset Noon = PacerNode.Noon;

    private static async Task<(Guid Broken, Guid Good)> ABrokenOneAndAGoodOne(PacerNode node, FormattableString breakIt)
    {
        var broken = await node.ACampaign();
        await node.WithLeads(broken, ["+919825010001"]);
        await node.Started(broken);
        await node.Ask(db => db.Database.ExecuteSqlAsync(breakIt));   // before the clock turns, and with it the first look
        var good = await node.ACampaign(new { name = "good", purpose = "service", dnd = "consented" });
        await node.WithLeads(good, ["+919825010002"]);
        await node.Started(good);
        return (broken, good);
    }

    [Fact]
    public async Task A_look_that_fails_is_put_off_for_a_minute_and_the_other_campaigns_are_dialed()
    {
        await using var node = await PacerNode.Start();
        var (broken, _) = await ABrokenOneAndAGoodOne(
            node, $$"""update campaigns set rules = jsonb_set(rules, '{timeZone}', '"Nowhere/Never"')""");

        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "the good one is dialed");
        await node.Until(db => db.Pulses.AnyAsync(p => p.CampaignId == broken && p.LastCode == "Failed"), "the broken one is put off");

        var pulse = await node.Ask(db => db.Pulses.AsNoTracking().SingleAsync(p => p.CampaignId == broken));
        Assert.Equal("+919825010002", node.Provider.Originated.Single().Request.To);
        Assert.Equal(pulse.LastAt!.Value.AddMinutes(1), pulse.NextAt);
        Assert.Contains("failed when it looked at this campaign (", pulse.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_whose_account_is_configured_no_more_decides_nothing_and_says_so()
    {
        await using var node = await PacerNode.Start();
        var (gone, _) = await ABrokenOneAndAGoodOne(node, $"update campaigns set account = 'old'");

        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 1), "the other is dialed");
        await node.Until(db => db.Pulses.AnyAsync(p => p.CampaignId == gone && p.LastAt != null), "the one without an account is looked at");

        var view = await node.Http.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{gone}");
        Assert.Equal("+919825010002", node.Provider.Originated.Single().Request.To);
        Assert.Equal("NoAccount", view.GetProperty("lastDecision").GetProperty("code").GetString());
        Assert.Contains("there is no provider account 'old' any more (configured are: default)",
            view.GetProperty("lastDecision").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"minimumGap":"9999999.00:00:00"}""", "minimumGap")]
    [InlineData("""{"minimumGap":"-00:00:01"}""", "minimumGap")]
    [InlineData("""{"minimumGap":"366.00:00:01"}""", "minimumGap")]
    [InlineData("""{"redial":{"Abandoned":{"after":"10675199.02:48:05.4775807","times":0}}}""", "redial.Abandoned.after")]
    [InlineData("""{"redial":{"Busy":{"after":"00:05:00","times":101}}}""", "redial.Busy.times")]
    [InlineData("""{"completion":{"floor":0.4,"coolOff":"367.00:00:00"}}""", "completion.coolOff")]
    [InlineData("""{"redial":{"Completed":{"after":"00:05:00","times":1}}}""", "redial")]
    public async Task A_duration_beyond_a_year_or_a_redial_that_never_comes_is_refused_by_the_name_of_its_field(string rules, string field)
    {
        await using var node = await PacerNode.Start();
        var document = JsonSerializer.Deserialize<Dictionary<string, object>>(rules)!;
        (document["name"], document["purpose"]) = ("x", "service");

        var answer = await node.Http.PostAsJsonAsync("/api/v1/campaigns", document);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_duration_that_was_stored_when_any_was_taken_holds_as_the_longest()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $$$$"""
            update campaigns set rules = rules || '{"minimumGap":"9999999.00:00:00","completion":{"coolOff":"10675199.02:48:05.4775807"},
              "redial":{"Abandoned":{"after":"10675199.02:48:05.4775807","times":0}}}'::jsonb
            """));

        var rules = (await node.Ask(db => db.Campaigns.AsNoTracking().SingleAsync(c => c.CorrelationId == campaign))).Rules;

        Assert.Equal(
            (TimeSpan.FromDays(366), TimeSpan.FromDays(366), TimeSpan.FromDays(366)), (rules.MinimumGap, rules.Completion.CoolOff, rules.CoolDown));
    }

    [Fact]
    public void No_delay_is_too_long_to_be_added_to_an_instant()
    {
        var rules = new CampaignRules
        {
            MinimumGap = TimeSpan.MaxValue,
            Redial =
                new Dictionary<string, RedialRule> { [Outcomes.Busy] = new(TimeSpan.MaxValue, 1), [Outcomes.Abandoned] = new(TimeSpan.MaxValue, 0) },
        };
        var facts = new LeadFacts
        {
            TimeZone = "Asia/Kolkata",
            Law = [],
            Tries = 1,
            LastOutcome = Outcomes.Busy,
            Suppressed = false,
            MetadataKnown = true,
            Dnd = false,
            MetadataAsOf = null,
            PersonBusy = false,
            PersonTries = [],
            PersonLastCallEnded = null,
        };

        var again = RedialPolicy.Next(Outcomes.Busy, 1, 0, Noon, null, "Asia/Kolkata", rules);
        var wished = RedialPolicy.Next(Outcomes.NoAnswer, 1, 0, Noon, TimeSpan.MaxValue, "Asia/Kolkata", new());
        var gap = LastLook.Check(facts with { PersonLastCallEnded = Noon }, rules, Noon);
        var coolDown = LastLook.Check(facts with { PersonLastAbandoned = Noon }, rules, Noon);

        Assert.Equal(Noon.AddDays(366), Assert.IsType<AfterAttempt.Again>(again).DueAt);
        Assert.Equal(Noon.AddDays(366), Assert.IsType<AfterAttempt.Again>(wished).DueAt);
        Assert.Equal(Noon.AddDays(366), Assert.IsType<LookVerdict.Hold>(gap).Until);
        Assert.Equal(Noon.AddDays(366), Assert.IsType<LookVerdict.Hold>(coolDown).Until);
    }
}
