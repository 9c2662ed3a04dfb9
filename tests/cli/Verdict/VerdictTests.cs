using FsCheck;
using FsCheck.Fluent;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Tests.Verdicts;

public class VerdictTests
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 4, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_run_in_which_ledger_and_record_agree_is_ok()
    {
        var run = new FakeRun(leads: 3);

        var verdict = run.Judge();

        Assert.True(verdict.Ok);
        Assert.Equal("verdict: ok leads=3 accounted=3 double_dials=0 lost_events=0", verdict.Line());
    }

    [Fact]
    public void A_lead_that_is_still_open_is_not_accounted_for()
    {
        var run = new FakeRun(leads: 3);
        run.Leads[1] = run.Leads[1] with { State = "Dialing" };

        AssertRed(run, FindingKinds.NotAccounted, run.Leads[1].Id);
        Assert.StartsWith("verdict: FAILED leads=3 accounted=2 double_dials=0 lost_events=0 not_accounted=", run.Judge().Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lead_that_the_ledger_forgot_is_not_accounted_for()
    {
        var run = new FakeRun(leads: 3);
        run.Leads.RemoveAt(2);

        Assert.Contains("not_accounted=2-of-3", run.Judge().Line(), StringComparison.Ordinal);
        Assert.False(run.Judge().Ok);
    }

    [Fact]
    public void A_lead_in_two_final_states_is_not_accounted_for()
    {
        var run = new FakeRun(leads: 3);
        run.Leads.Add(run.Leads[0] with { State = "Exhausted" });

        AssertRed(run, FindingKinds.NotAccounted, run.Leads[0].Id);
    }

    [Fact]
    public void One_attempt_placed_twice_is_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        run.Placed.Add(run.Placed[1] with { CallId = "again", PlacedAt = Ten.AddHours(1), EndedAt = Ten.AddHours(1).AddSeconds(20) });

        AssertRed(run, FindingKinds.DoubleDial, run.Calls[1].AttemptId);
    }

    [Fact]
    public void Two_calls_to_one_number_at_the_same_time_are_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        var second = run.AddAttempt(run.Leads[0], at: run.Placed[0].PlacedAt.AddSeconds(5));

        AssertRed(run, FindingKinds.DoubleDial, second);
        Assert.Equal(1, run.Judge().DoubleDials);
    }

    [Fact]
    public void Two_calls_to_one_number_one_after_the_other_are_a_redial()
    {
        var run = new FakeRun(leads: 3);
        run.AddAttempt(run.Leads[0], at: run.Placed[0].EndedAt!.Value.AddMinutes(5));

        Assert.True(run.Judge().Ok, run.Judge().Line());
    }

    [Fact]
    public void A_call_that_the_ledger_knows_nothing_of_is_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        var unknown = Guid.NewGuid();
        run.Placed.Add(run.Placed[0] with { CallId = "stray", AttemptId = unknown, PlacedAt = Ten.AddHours(1), EndedAt = Ten.AddHours(1).AddSeconds(9) });

        AssertRed(run, FindingKinds.DoubleDial, unknown);
    }

    [Fact]
    public void A_call_without_an_attempt_id_is_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        run.Placed.Add(new PlacedCall("anonymous", null, "+919999999999", Ten, Ten.AddSeconds(9), ["NoAnswer"], Answered: false));

        Assert.Contains("double_dialed=anonymous", run.Judge().Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_to_another_number_than_the_ledger_names_is_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        run.Placed[0] = run.Placed[0] with { Number = "+919812345678" };

        AssertRed(run, FindingKinds.DoubleDial, run.Calls[0].AttemptId);
    }

    [Fact]
    public void More_calls_to_a_lead_than_it_has_attempts_are_a_double_dial()
    {
        var run = new FakeRun(leads: 3);
        run.Placed.Add(run.Placed[0] with { CallId = "extra", AttemptId = null, PlacedAt = Ten.AddHours(1), EndedAt = Ten.AddHours(1).AddSeconds(9) });

        AssertRed(run, FindingKinds.DoubleDial, run.Leads[0].Id);
    }

    [Fact]
    public void An_attempt_that_never_ends_in_the_ledger_has_lost_its_events()
    {
        var run = new FakeRun(leads: 3);
        run.Calls[2] = run.Calls[2] with { State = "Submitted", Outcome = null };

        AssertRed(run, FindingKinds.LostEvent, run.Calls[2].AttemptId);
    }

    [Fact]
    public void An_attempt_that_was_never_placed_and_never_ended_has_lost_its_events()
    {
        var run = new FakeRun(leads: 3);
        run.Calls[2] = run.Calls[2] with { State = "Requested", Outcome = null };
        run.Placed.RemoveAt(2);

        AssertRed(run, FindingKinds.LostEvent, run.Calls[2].AttemptId);
    }

    [Fact]
    public void Another_outcome_than_the_true_one_is_a_lost_event()
    {
        var run = new FakeRun(leads: 3);
        run.Calls[0] = run.Calls[0] with { Outcome = "Busy", AnsweredAt = null };

        AssertRed(run, FindingKinds.LostEvent, run.Calls[0].AttemptId);
    }

    [Fact]
    public void An_answer_that_the_ledger_does_not_show_is_a_lost_event()
    {
        var run = new FakeRun(leads: 3);
        run.Placed[0] = run.Placed[0] with { Outcomes = ["Completed", "NoAnswer"] };
        run.Calls[0] = run.Calls[0] with { Outcome = "NoAnswer", AnsweredAt = null };

        AssertRed(run, FindingKinds.LostEvent, run.Calls[0].AttemptId);
    }

    [Fact]
    public void An_answer_that_never_was_is_a_lost_event()
    {
        var run = new FakeRun(leads: 3);
        run.Placed[0] = run.Placed[0] with { Answered = false };

        AssertRed(run, FindingKinds.LostEvent, run.Calls[0].AttemptId);
    }

    [Fact]
    public void A_call_that_rang_and_is_booked_as_not_dialed_is_a_lost_event()
    {
        var run = new FakeRun(leads: 3);
        run.Calls[0] = run.Calls[0] with { Dialed = false };

        AssertRed(run, FindingKinds.LostEvent, run.Calls[0].AttemptId);
    }

    [Fact]
    public void More_requests_in_a_minute_than_the_account_allows_fail_the_run()
    {
        var run = new FakeRun(leads: 3) { Peak = 201 };

        var verdict = run.Judge();

        Assert.False(verdict.Ok);
        Assert.EndsWith(" budget=201/200", verdict.Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_ids_are_cut_so_that_the_verdict_stays_one_line()
    {
        var run = new FakeRun(leads: 50);
        for (var i = 0; i < run.Leads.Count; i++)
            run.Leads[i] = run.Leads[i] with { State = "Waiting" };

        var line = run.Judge().Line();

        Assert.EndsWith(",+30", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void No_telephone_number_is_in_the_line_or_the_findings()
    {
        var run = new FakeRun(leads: 3);
        run.Placed[0] = run.Placed[0] with { Number = "+919812345678" };
        run.Leads[1] = run.Leads[1] with { State = "Dialing" };

        var verdict = run.Judge();

        Assert.DoesNotContain("+91", verdict.Line() + string.Concat(verdict.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ledger_alone_is_judged_where_there_is_no_record()
    {
        var run = new FakeRun(leads: 3);
        Assert.Equal("verdict: ok leads=3 accounted=3 double_dials=0 lost_events=0 source=ledger", Judge.OfLedgerAlone(run.Ledger).Line());

        run.Calls[0] = run.Calls[0] with { Outcome = "Unknown" };
        run.Calls[2] = run.Calls[2] with { ProviderCallId = run.Calls[1].ProviderCallId };

        var verdict = Judge.OfLedgerAlone(run.Ledger);
        Assert.Equal((1, 1), (verdict.LostEvents, verdict.DoubleDials));
    }

    [Fact]
    public void Whatever_single_call_is_repeated_or_dropped_from_the_ledger_the_verdict_is_red()
    {
        Prop.ForAll(Gen.Choose(0, 39).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (index, repeat) =>
        {
            var run = new FakeRun(leads: 40);
            if (repeat)
                run.Placed.Add(run.Placed[index]);
            else
                run.Calls.RemoveAt(index);
            return !run.Judge().Ok;
        }).QuickCheckThrowOnFailure();
    }

    private static void AssertRed(FakeRun run, string kind, Guid id)
    {
        var verdict = run.Judge();

        Assert.False(verdict.Ok);
        Assert.Contains(verdict.Findings, finding => finding.Kind == kind && finding.Id == id.ToString());
        Assert.StartsWith("verdict: FAILED", verdict.Line(), StringComparison.Ordinal);
        Assert.Contains(id.ToString(), verdict.Line(), StringComparison.Ordinal);
    }

    /// <summary>A faultless run in which every lead was called once and talked; tests then falsify a part of it.</summary>
    private sealed class FakeRun
    {
        private readonly int _imported;

        public FakeRun(int leads)
        {
            _imported = leads;
            for (var i = 0; i < leads; i++)
            {
                Leads.Add(new LedgerLead(Guid.NewGuid(), $"+9198000{i:D5}", "Completed"));
                AddAttempt(Leads[i], Ten.AddSeconds(i));
            }
        }

        public List<LedgerLead> Leads { get; } = [];
        public List<LedgerCall> Calls { get; } = [];
        public List<PlacedCall> Placed { get; } = [];
        public int Peak { get; init; } = 200;

        public Ledger Ledger => new(_imported, Leads, Calls);

        public Guid AddAttempt(LedgerLead lead, DateTimeOffset at)
        {
            var attempt = Guid.NewGuid();
            var call = Guid.NewGuid().ToString("N");
            Calls.Add(new(attempt, lead.Id, lead.Number, "Ended", "Completed", call, at, at.AddSeconds(8), at.AddSeconds(40), Dialed: true));
            Placed.Add(new(call, attempt, lead.Number, at, at.AddSeconds(40), ["Completed"], Answered: true));
            return attempt;
        }

        public Verdict Judge() => Outdial.Cli.Verdicts.Judge.Of(Ledger, new ProviderRecord(Placed, Peak, ConnectBudget: 200));
    }
}
