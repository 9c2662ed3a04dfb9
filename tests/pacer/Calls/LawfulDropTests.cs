using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

public sealed class LawfulDropTests
{
    private static readonly DateTimeOffset Answer = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("power", Outcomes.Completed, 1.9, null, false)]
    [InlineData("power", Outcomes.Completed, 2.0, "human", false)]
    [InlineData("power", Outcomes.Completed, 2.1, null, true)]            // connected, but late
    [InlineData("power", Outcomes.Abandoned, null, null, true)]
    [InlineData("power", Outcomes.Abandoned, null, "human", true)]
    [InlineData("power", Outcomes.Completed, null, null, true)]
    [InlineData("power", Outcomes.Unknown, null, null, true)]             // answered, and never seen connected
    [InlineData("power", Outcomes.MachineAnswered, null, null, false)]
    [InlineData("power", Outcomes.Abandoned, null, "machine_start", false)]
    [InlineData("power", Outcomes.Completed, 9.0, "fax", false)]
    [InlineData("progressive", Outcomes.Abandoned, null, null, true)]     // the agent's line broke
    [InlineData("progressive", Outcomes.Completed, null, null, false)]
    [InlineData("preview", Outcomes.Completed, 5.0, null, false)]
    [InlineData("notification", Outcomes.Abandoned, null, null, false)]
    [InlineData("notification", Outcomes.Completed, null, null, false)]
    public void Dropped_is_who_answered_in_person_and_heard_no_agent_in_time(
        string mode, string outcome, double? connectedAfter, string? by, bool dropped)
    {
        var call = Call(mode, outcome);
        call.AnsweredBy = by;
        call.ConnectedAt = connectedAfter is { } seconds ? Answer.AddSeconds(seconds) : null;

        Assert.Equal(dropped, LawfulDrop.Of(call, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(29.0, false)]   // of 30 s
    [InlineData(20.0, true)]
    [InlineData(0.0, true)]
    public void A_conversation_that_only_the_records_tell_of_is_taken_to_have_lasted_until_the_end(double talk, bool dropped)
    {
        var call = Call("power", Outcomes.Completed);
        (call.EndedAt, call.TalkTime) = (Answer.AddSeconds(30), TimeSpan.FromSeconds(talk));

        Assert.Equal(dropped, LawfulDrop.Of(call, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Who_did_not_answer_was_not_dropped()
    {
        var call = Call("power", Outcomes.NoAnswer);
        call.AnsweredAt = null;

        Assert.False(LawfulDrop.Of(call, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("human", true), InlineData("person", true), InlineData(null, true), InlineData("", true)]
    [InlineData("machine", false), InlineData("Machine_End_Beep", false), InlineData("fax", false), InlineData("voicemail", false)]
    public void Whoever_is_no_machine_is_a_person(string? by, bool person) => Assert.Equal(person, !AnsweredBy.IsMachine(by));

    [Fact]
    public async Task The_rule_reads_the_same_in_the_database()
    {
        await using var node = await PacerNode.Start();
        string[] words =
            ["human", "person", "", "machine", "Machine_End_Beep", "MACHINE", "fax", "FaxTone", "voicemail", "ivr", "IVR menu", "a machine", "notsure", "ımachine"];

        foreach (var word in words)
        {
            Assert.Equal(
                AnsweredBy.IsMachine(word), await node.Ask(db => db.Database.SqlQuery<bool>($"select {word} ~* {AnsweredBy.Machines} as \"Value\"").SingleAsync()));
        }
    }

    [Fact]
    public async Task The_count_over_rows_is_the_definition_over_calls_and_who_waits_past_the_limit_is_in_it()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(8, agents: 4);
        var at = node.Clock.GetUtcNow();
        foreach (var call in calls.Take(7))
            await node.Heard(call.Answered(at), CallStates.Answered);
        await node.Heard(calls[0].Connected(at.AddSeconds(1)), CallStates.Connected);
        await node.Heard(calls[0].Talked(at.AddSeconds(30)), CallStates.Ended);
        await node.Heard(calls[1].Connected(at.AddSeconds(5)), CallStates.Connected);   // late
        await node.Heard(calls[1].Talked(at.AddSeconds(30)), CallStates.Ended);
        await node.Heard(calls[2].Ended(Outcomes.Abandoned, at.AddSeconds(9)), CallStates.Ended);
        await node.Heard(calls[3].Ended(Outcomes.MachineAnswered, at.AddSeconds(9)), CallStates.Ended);
        await node.Heard(calls[4].Ended(Outcomes.Abandoned, at.AddSeconds(9)) with { AnsweredBy = "fax" }, CallStates.Ended);
        await node.Heard(calls[7].Ended(Outcomes.Busy, at), CallStates.Ended);

        // Calls 5 and 6 still wait.
        var soon = await Count(node, campaign, at.AddSeconds(2));
        var late = await Count(node, campaign, at.AddSeconds(2.5));

        var rows = await node.Ask(db => db.Attempts.AsNoTracking().Where(a => a.State == CallStates.Ended).ToListAsync());
        Assert.Equal(rows.Count(r => LawfulDrop.Of(r, TimeSpan.FromSeconds(2))), soon.Drops.Drops);
        Assert.Equal((5, 2, 0), (soon.Drops.Answers, soon.Drops.Drops, soon.Drops.StillWaiting));
        Assert.Equal((5, 4, 2), (late.Drops.Answers, late.Drops.Drops, late.Drops.StillWaiting));
    }

    [Fact]
    public async Task A_late_word_of_the_connection_takes_the_drop_back()
    {
        await using var node = await PacerNode.Start();
        var (_, calls) = await node.PowerCalls(1, agents: 1);
        var at = node.Clock.GetUtcNow();
        await node.Heard(calls[0].Answered(at), CallStates.Answered);
        await node.Heard(calls[0].Talked(at.AddSeconds(30)), CallStates.Ended);
        Assert.True(await node.Ask(db => db.Attempts.Select(a => a.Dropped).SingleAsync()));

        await node.Publish(calls[0].Connected(at.AddSeconds(1)));

        await node.Until(db => db.Attempts.AnyAsync(a => !a.Dropped && a.ConnectedAt != null), "the row follows");
    }

    private static Task<PowerFloor> Count(PacerNode node, Guid campaign, DateTimeOffset now) => node.Ask(async db =>
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PowerFloors>()
            .Count(await db.Campaigns.SingleAsync(c => c.CorrelationId == campaign), now, CancellationToken.None);
    });

    private static Attempt Call(string mode, string outcome) => new()
    {
        Mode = mode,
        Account = "a",
        Number = "n",
        CallerId = "c",
        TimeZone = "UTC",
        Flow = "f",
        AnsweredAt = Answer,
        Outcome = outcome,
    };
}
