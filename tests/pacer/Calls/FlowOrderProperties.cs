using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>
/// Law 4 and law 11: flows of random steps, their words in random order, doubled and dropped, against a model of what really happened and of what is
/// still known of it when words are lost.
/// </summary>
public sealed class FlowOrderProperties
{
    private enum Kind { Greeting, Vain, HangUp, Talk, Message }

    /// <summary>What happened in a flow, step by step.</summary>
    private sealed record Happened(IReadOnlyList<(Kind Kind, int Seconds)> Steps)
    {
        /// <summary>Greetings, Connects that ring in vain, and perhaps one that talks, a message, or a lead who leaves.</summary>
        public static Happened Random(Random dice)
        {
            var steps = new List<(Kind, int)>();
            for (var n = dice.Next(4); n > 0; n--)
                steps.Add((dice.Next(3) == 0 ? Kind.Greeting : Kind.Vain, dice.Next(5, 31)));
            for (var talks = dice.Next(3); talks > 0; talks--)
                steps.Add((Kind.Talk, dice.Next(1, 200)));
            if (dice.Next(4) == 0)
                steps.Add((Kind.Message, dice.Next(3, 21)));
            else if (dice.Next(4) == 0)
                steps.Add((Kind.HangUp, dice.Next(1, 10)));
            return new(steps);
        }

        public int Talk => Steps.Where(s => s.Kind == Kind.Talk).Select(s => s.Seconds).DefaultIfEmpty().Max();
    }

    /// <summary>One word about the call, and what it lets one know of what happened.</summary>
    private sealed record Word(object Event, int Talk = 0, string? Recording = null, bool Message = false, bool InVain = false);

    private static IEnumerable<Word> Words(FakeProviders.Placed call, Happened flow, DateTimeOffset answered, Random dice)
    {
        var at = answered;
        yield return new(call.Answered(answered));
        foreach (var (kind, seconds) in flow.Steps)
        {
            at = at.AddSeconds(seconds + 1);
            var recording = $"https://recordings.example/{call.ProviderCallId}/{kind}-{seconds}.mp3";
            yield return kind switch
            {
                Kind.Vain or Kind.HangUp => new(call.Step(Outcomes.Abandoned, at), InVain: true),
                Kind.Talk => new(call.ConnectedFor(seconds, at) with { RecordingUrl = recording }, seconds, recording),
                Kind.Message => new(call.Step(Outcomes.Completed, at) with { RecordingUrl = recording }, Recording: recording, Message: true),
                _ => new(call.Answered(at)),
            };
        }
        var told = call.Ended(Outcomes.Completed, at.AddSeconds(2));
        var dialed = flow.Steps.Any(s => s.Kind is Kind.Vain or Kind.HangUp);
        yield return dice.Next(3) switch
        {
            0 => new(told),   // the four fields: over, and it had been answered
            // About whoever was dialed last: the lead had picked up.
            1 when dialed && flow.Talk == 0 => new(told with { Outcome = AboutAnother[dice.Next(AboutAnother.Length)] }, InVain: true),
            _ => Whole(),
        };
        var inVain = dialed && flow.Talk == 0 && dice.Next(2) == 0 ? Outcomes.Abandoned : null;
        if (dice.Next(2) == 0)
            yield return new(call.Detailed(at.AddMinutes(3), talk: flow.Talk) with { InVain = inVain }, flow.Talk, InVain: inVain is not null);

        Word Whole() =>
            flow.Talk > 0 ? new(told with { TalkTime = TimeSpan.FromSeconds(flow.Talk) }, flow.Talk)
            : dialed ? new(told with { Outcome = Outcomes.Abandoned, TalkTime = TimeSpan.Zero }, InVain: true)
            : new(told with { TalkTime = TimeSpan.Zero });
    }

    private static readonly string[] AboutAnother =
        [Outcomes.NoAnswer, Outcomes.Busy, Outcomes.Rejected, Outcomes.Unreachable, Outcomes.Canceled, Outcomes.InvalidNumber, Outcomes.Barred,
            Outcomes.NetworkFailure];

    private static string Outcome(IReadOnlyList<Word> known, string mode) =>
        known.Any(w => w.Talk > 0) ? Outcomes.Completed
        : Mistaken(known) is { } mistaken ? mistaken
        : mode == CampaignModes.Power ? Outcomes.Abandoned
        : known.Any(w => w.Message) ? Outcomes.Completed
        : known.Any(w => w.InVain) ? Outcomes.Abandoned
        : Outcomes.Completed;

    /// <summary>
    /// The outcome of a final word that nobody can know to be about another than the lead: no word that is left tells that the lead picked up.
    /// </summary>
    private static string? Mistaken(IReadOnlyList<Word> known) =>
        known.Any(w => w.Event is CallAnswered or CallConnected or CallTerminated { Step: true } or CallDetailed { InVain: not null }) ? null
        : known.Select(w => w.Event).OfType<CallTerminated>().Select(e => e.Outcome).FirstOrDefault(AboutAnother.Contains);

    private static string? Recording(IReadOnlyList<Word> known) =>
        known.Where(w => w.Recording is not null).OrderByDescending(w => w.Talk).ThenBy(w => w.Recording, StringComparer.Ordinal)
            .FirstOrDefault()?.Recording;

    /// <summary>Some steps are lost, the answer, the final word and the details among them only as told; the rest is doubled and shuffled.</summary>
    private static (List<Word> Known, Word[] Told) Mangled(List<Word> words, Random dice, double lost)
    {
        var known = words.Where(w => w.Event is CallTerminated { Step: false } || dice.NextDouble() >= lost).ToList();
        Word[] told = [.. known, .. known.Where(_ => dice.Next(2) == 0)];
        dice.Shuffle(told);
        return (known, told);
    }

    [Fact]
    public void The_outcome_the_talk_and_the_recording_follow_from_what_was_told_whatever_the_order() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var dice = new Random(seed);
            var mode = dice.Next(2) == 0 ? CampaignModes.Notification : CampaignModes.Power;
            var flow = Happened.Random(dice);
            var words = Words(A.Call, flow, PacerNode.Noon, dice).ToList();
            var (known, told) = Mangled(words, dice, lost: dice.Next(2) == 0 ? 0 : 0.4);

            var call = new Attempt { Account = "a", Mode = mode, Number = "n", CallerId = "c", TimeZone = "UTC", Flow = "f" };
            foreach (var word in told)
                call.Learn(word.Event);

            Assert.Equal(Outcome(known, mode), FinalWord.Outcome(call));
            Assert.Equal(known.Max(w => w.Talk), call.TalkTime?.TotalSeconds ?? 0);
            Assert.Equal(Recording(known), call.RecordingUrl);
            if (known.Count == words.Count && (flow.Talk > 0 || mode == CampaignModes.Power))
                Assert.Equal(flow.Talk > 0 ? Outcomes.Completed : Outcomes.Abandoned, FinalWord.Outcome(call));   // what really happened
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private const int Leads = 30;

    [Theory, InlineData(5, 0.0), InlineData(6, 0.4)]
    public async Task Laws_4_5_and_11_the_ledger_and_its_leads_end_as_the_flows_did_whatever_the_order_of_their_words(int seed, double lost)
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, Leads);
        await node.Started(campaign);
        await node.Until(async db => await db.Attempts.CountAsync(a => a.State == CallStates.Submitted) == Leads, "every lead is dialed");
        (await node.Verb(campaign, "pause")).EnsureSuccessStatusCode();
        var dice = new Random(seed);
        var (expected, told) = (new Dictionary<string, (string Outcome, int Talk, string? Recording, string Lead)>(), new List<object>());
        foreach (var call in node.Provider.Originated.OrderBy(p => p.Request.To, StringComparer.Ordinal))
        {
            var (known, words) = Mangled([.. Words(call, Happened.Random(dice), PacerNode.Noon.AddMinutes(10), dice)], dice, lost);
            var outcome = Outcome(known, CampaignModes.Notification);
            expected[call.Request.To] = (outcome, known.Max(w => w.Talk), Recording(known), outcome switch
            {
                Outcomes.Completed or Outcomes.Barred => outcome,
                Outcomes.InvalidNumber => "Invalid",
                _ => "Waiting",
            });
            told.AddRange(words.Select(w => w.Event));
        }
        var shuffled = told.ToArray();
        dice.Shuffle(shuffled);
        List<Guid> ids = [];
        foreach (var said in shuffled)
        {
            ids.Add(Guid.NewGuid());
            await node.Publish(said, ids[^1]);
        }
        await node.Until(
            db => db.Database.SqlQuery<bool>($"select count(distinct message_id) = {ids.Count} as \"Value\" from inbox_messages where message_id = any({ids})").SingleAsync(),
            "every word is handled", TimeSpan.Zero);

        var rows = await node.Ask(db =>
            (from a in db.Attempts join l in db.Leads on a.LeadId equals l.Id select new { a, l }).AsNoTracking().ToListAsync());
        Assert.Equal(Leads, rows.Count);
        Assert.All(rows, row => Assert.Equal(
            expected[row.a.Number], (row.a.Outcome, (int)(row.a.TalkTime?.TotalSeconds ?? 0), row.a.RecordingUrl, row.l.State)));
        Assert.All(rows, row => Assert.Equal((1, 1, row.a.Outcome), (row.l.Tries, row.l.Attempts, row.l.LastOutcome)));
    }

    private static class A
    {
        public static FakeProviders.Placed Call { get; } = new(
            new(Guid.NewGuid(), "+919825010001", "+918040000002", "926", new Uri("http://127.0.0.1:9/"), TimeSpan.FromSeconds(30)), "sid-1", PacerNode.Noon);
    }
}
