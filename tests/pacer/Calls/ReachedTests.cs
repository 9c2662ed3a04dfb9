using System.Net;
using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>A machine is a machine, and whoever left at once was not reached: whoever told it, and whenever.</summary>
public sealed class ReachedTests
{
    private static readonly object Rules = new
    {
        name = "test",
        purpose = "service",
        dnd = "consented",
        reachedAfter = "00:00:05",
        minimumGap = "00:00:01",
        redial = new Dictionary<string, object>
        {
            [Outcomes.MachineAnswered] = new { after = "00:10:00", times = 1 },
            [Outcomes.Abandoned] = new { after = "00:12:00", times = 1 },
        },
    };

    [Theory]
    [InlineData(CampaignModes.Notification, Outcomes.Completed, 12, Outcomes.MachineAnswered)]
    [InlineData(CampaignModes.Notification, Outcomes.Completed, null, Outcomes.MachineAnswered)]
    [InlineData(CampaignModes.Notification, Outcomes.Abandoned, null, Outcomes.MachineAnswered)]
    [InlineData(CampaignModes.Notification, Outcomes.NoAnswer, null, Outcomes.NoAnswer)]
    [InlineData(CampaignModes.Triggered, Outcomes.Completed, 12, Outcomes.MachineAnswered)]
    [InlineData(CampaignModes.Power, Outcomes.Completed, 12, Outcomes.Completed)]   // an agent talked with whoever it was
    [InlineData(CampaignModes.Power, Outcomes.Abandoned, null, Outcomes.MachineAnswered)]
    [InlineData(CampaignModes.Progressive, Outcomes.Completed, 12, Outcomes.Completed)]   // the router has weighed it
    public void A_machine_that_the_records_tell_of_overrules_the_final_word_where_no_agent_was_reached(
        string mode, string told, int? talk, string outcome)
    {
        var call = ACall(mode);

        call.Learn(The.Ended(told, PacerNode.Noon.AddSeconds(40)));
        call.Learn(The.Detailed(PacerNode.Noon.AddMinutes(2), talk) with { AnsweredBy = "machine_end_beep" });

        Assert.Equal(outcome, FinalWord.Outcome(call));
    }

    [Theory]
    [InlineData(null, null, null, Outcomes.Completed)]   // nobody told how long
    [InlineData(null, null, 2, Outcomes.Abandoned)]
    [InlineData(null, 2, null, Outcomes.Abandoned)]
    [InlineData(2, null, null, Outcomes.Abandoned)]
    [InlineData(2, null, 9, Outcomes.Completed)]   // the records know better than what we saw
    [InlineData(9, null, 2, Outcomes.Abandoned)]
    [InlineData(null, 5, 5, Outcomes.Completed)]
    [InlineData(null, null, 0, Outcomes.Abandoned)]
    public void A_person_who_hung_up_before_the_campaign_counts_it_as_reached_was_not_reached(int? seen, int? talk, int? recorded, string outcome)
    {
        var call = ACall(CampaignModes.Notification, reachedAfter: 5);
        var over = PacerNode.Noon.AddSeconds(40);

        if (seen is { } seconds)
            call.Learn(The.Answered(over.AddSeconds(-seconds)));
        call.Learn(The.Ended(Outcomes.Completed, over));
        call.Learn(The.Detailed(over.AddMinutes(2), talk) with { Duration = recorded is { } d ? TimeSpan.FromSeconds(d) : null });

        Assert.Equal(outcome, FinalWord.Outcome(call));
    }

    [Fact]
    public void Law_4_who_picked_up_and_the_outcome_are_the_same_in_whatever_order_and_however_often_it_is_told() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var dice = new Random(seed);
            string?[] who = [null, "human", "machine", "fax", "unknown"];
            var over = PacerNode.Noon.AddSeconds(dice.Next(20, 60));
            object[] words =
            [
                The.Answered(over.AddSeconds(-dice.Next(1, 12))) with { AnsweredBy = Any() },
                The.Ended(dice.Next(2) == 0 ? Outcomes.Completed : Outcomes.MachineAnswered, over) with { AnsweredBy = Any() },
                The.Detailed(over.AddMinutes(2), dice.Next(2) == 0 ? dice.Next(12) : null) with { AnsweredBy = Any(), Duration = Seconds() },
                The.Detailed(over.AddMinutes(5), dice.Next(2) == 0 ? dice.Next(12) : null) with { AnsweredBy = Any(), Duration = Seconds() },
            ];
            var inOrder = ACall(CampaignModes.Notification, 5);
            foreach (var word in words)
                inOrder.Learn(word);
            object[] twice = [.. words, .. words];
            dice.Shuffle(twice);

            var shuffled = ACall(CampaignModes.Notification, 5);
            foreach (var word in twice)
                shuffled.Learn(word);

            Assert.Equal((inOrder.AnsweredBy, FinalWord.Outcome(inOrder)), (shuffled.AnsweredBy, FinalWord.Outcome(shuffled)));

            string? Any() => who[dice.Next(who.Length)];
            TimeSpan? Seconds() => dice.Next(3) == 0 ? null : TimeSpan.FromSeconds(dice.Next(12));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Theory]
    [InlineData("human", "machine", Outcomes.MachineAnswered)]
    [InlineData("machine", "human", Outcomes.Completed)]
    [InlineData("machine", null, Outcomes.MachineAnswered)]
    public void Of_two_words_on_who_picked_up_that_of_the_records_stands(string atTheEnd, string? recorded, string outcome)
    {
        var call = ACall(CampaignModes.Notification);

        call.Learn(The.Detailed(PacerNode.Noon.AddMinutes(2), 20) with { AnsweredBy = recorded });
        var told = AnsweredBy.IsMachine(atTheEnd) ? Outcomes.MachineAnswered : Outcomes.Completed;
        call.Learn(The.Ended(told, PacerNode.Noon) with { AnsweredBy = atTheEnd });

        Assert.Equal(outcome, FinalWord.Outcome(call));
    }

    [Theory]
    [InlineData("machine", null, Outcomes.MachineAnswered, 10)]
    [InlineData("human", 2, Outcomes.Abandoned, 12)]
    public async Task A_campaign_waits_for_the_records_of_its_last_calls_and_dials_again_whom_they_show_not_to_have_been_reached(
        string who, int? seconds, string outcome, int minutes)
    {
        await using var node = await Waiting();
        var (call, campaign) = await Completed(node);
        var over = await node.Ask(db => db.Attempts.Select(a => a.EndHeardAt).SingleAsync());

        for (var copies = 0; copies < 2; copies++)
        {
            await node.Publish(call.Detailed(node.Clock.GetUtcNow(), seconds) with
            {
                AnsweredBy = who,
                Duration = TimeSpan.FromSeconds(seconds ?? 30),
            });
        }
        await node.Until(db => db.Attempts.AnyAsync(a => a.Outcome == outcome), "the outcome is corrected", TimeSpan.Zero);

        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal(("Waiting", outcome, over!.Value.AddMinutes(minutes), 1), (lead.State, lead.LastOutcome, lead.DueAt, lead.Tries));
        Assert.Contains("by the provider's records", await node.Ask(db => db.Trail.Where(t => t.Kind == "corrected").Select(t => t.Text).SingleAsync()));
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 2 && a.State == CallStates.Submitted), "it is dialed again");
        Assert.True(await node.Ask(db => db.Campaigns.AnyAsync(c => c.CorrelationId == campaign && c.State == CampaignStates.Running)));
        Assert.Equal(2, node.Provider.Originated.Count);
    }

    [Fact]
    public async Task A_campaign_whose_last_records_never_come_completes_without_them()
    {
        await using var node = await Waiting();
        await Completed(node);

        await node.Clock.Turn(TimeSpan.FromMinutes(3));
        Assert.Equal(CampaignStates.Running, await node.Ask(db => db.Campaigns.Select(c => c.State).SingleAsync()));
        await node.Until(db => db.Campaigns.AnyAsync(c => c.State == CampaignStates.Completed), "the campaign completes");
    }

    [Fact]
    public async Task A_machine_that_is_learned_of_after_the_next_call_corrects_its_own_call_alone()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign(Rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "it is dialed");
        var first = node.Provider.Originated.Single();
        await node.Publish(first.Ended(Outcomes.Abandoned, node.Clock.GetUtcNow()));
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 2 && a.State == CallStates.Submitted), "it is dialed again");
        await node.Publish(node.Provider.Originated.Last().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "it is reached", TimeSpan.Zero);

        await node.Publish(first.Detailed(node.Clock.GetUtcNow(), 20) with { AnsweredBy = "machine" });
        await node.Until(db => db.Attempts.AnyAsync(a => a.AttemptNumber == 1 && a.Outcome == Outcomes.MachineAnswered), "the first is corrected",
            TimeSpan.Zero);

        var lead = await node.Ask(db => db.Leads.AsNoTracking().SingleAsync());
        Assert.Equal(("Completed", Outcomes.Completed, 2), (lead.State, lead.LastOutcome, lead.Tries));
    }

    [Theory]
    [InlineData("notification", "-00:00:01")]
    [InlineData("notification", "01:00:01")]
    [InlineData("power", "00:00:05")]
    public async Task A_minimum_that_cannot_hold_is_refused_by_name(string mode, string reachedAfter)
    {
        await using var node = await PacerNode.Start();

        var answer = await node.Http.PostAsJsonAsync("/api/v1/campaigns", new { name = "n", purpose = "service", mode, reachedAfter });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'reachedAfter'", await answer.Content.ReadAsStringAsync());
    }

    private static Task<PacerNode> Waiting() => PacerNode.Start(settings: new Dictionary<string, string?> { ["Pacer:RecordsWait"] = "00:05:00" });

    private static async Task<(FakeProviders.Placed Call, Guid Campaign)> Completed(PacerNode node)
    {
        var campaign = await node.ACampaign(Rules);
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        await node.Until(db => db.Attempts.AnyAsync(a => a.State == CallStates.Submitted), "it is dialed");
        var call = node.Provider.Originated.Single();
        await node.Publish(call.Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "it is taken for reached", TimeSpan.Zero);
        await node.Clock.Turn(TimeSpan.FromMinutes(1));
        return (call, campaign);
    }

    private static FakeProviders.Placed The { get; } = new(
        new(Guid.NewGuid(), "+919825010001", "+918040000002", "926", new Uri("http://127.0.0.1:9/"), TimeSpan.FromSeconds(30)), "sid-1", PacerNode.Noon);

    private static Attempt ACall(string mode, int? reachedAfter = null) => new()
    {
        Account = "a",
        Mode = mode,
        Number = "n",
        CallerId = "c",
        TimeZone = "UTC",
        Flow = "f",
        ReachedAfter = reachedAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        RequestedAt = PacerNode.Noon,
    };
}
