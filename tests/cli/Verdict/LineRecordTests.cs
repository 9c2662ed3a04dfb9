using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Tests.Verdicts;

/// <summary>The judge must see through an agent's line to the people that were dialed over it.</summary>
public class LineRecordTests
{
    private const string Line = "line-1", Lead = "+916638192852", Agent = "+919740005110";
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 4, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_lead_dialed_once_for_its_attempt_is_accounted_for()
    {
        var ledger = Ledger(Call(0, "Completed", answered: true));

        Assert.True(Verdict(ledger, Leg(0, "completed")).Ok);
    }

    [Fact]
    public void A_lead_dialed_twice_for_one_attempt_is_dialed_twice()
    {
        var ledger = Ledger(Call(0, "NoAnswer"));

        var verdict = Verdict(ledger, Leg(0, "no-answer"), Leg(60, "no-answer"));

        Assert.False(verdict.Ok);
        Assert.True(verdict.DoubleDials > 0);
    }

    [Fact]
    public void Two_attempts_over_one_line_take_its_dialings_in_order()
    {
        var ledger = Ledger(Call(0, "NoAnswer"), Call(300, "Completed", answered: true));

        Assert.True(Verdict(ledger, Leg(0, "no-answer"), Leg(301, "completed")).Ok);
    }

    [Fact]
    public void A_dialing_belongs_to_the_attempt_of_its_time_and_not_to_an_earlier_one_that_was_never_dialed()
    {
        var ledger = Ledger(Call(0, "Unknown"), Call(300, "Completed", answered: true));

        Assert.True(Verdict(ledger, Leg(301, "completed")).Ok);
    }

    [Fact]
    public void Two_dialings_of_one_person_at_one_time_are_found_whatever_the_lines()
    {
        var ledger = Ledger(Call(0, "NoAnswer"), Call(1, "NoAnswer") with { ProviderCallId = "line-2" });
        SimulatorLine[] lines = [OfLine(Line, Leg(0, "no-answer")), OfLine("line-2", Leg(1, "no-answer"))];

        Assert.Equal(1, Judge.Of(ledger, LineRecord.Read(lines, ledger, 200)).DoubleDials);
    }

    [Fact]
    public void An_answered_dialing_that_the_ledger_does_not_show_as_completed_is_lost()
    {
        var ledger = Ledger(Call(0, "NoAnswer"));

        Assert.Equal(1, Verdict(ledger, Leg(0, "completed")).LostEvents);
    }

    [Fact]
    public void What_no_callback_could_tell_is_not_held_against_the_ledger()
    {
        var ledger = Ledger(Call(0, "NoAnswer"));
        var untold = OfLine(Line, Leg(0, "completed"));

        Assert.True(Judge.Of(ledger, LineRecord.Read([untold with { Call = untold.Call! with { Callbacks = [] } }], ledger, 200)).Ok);
    }

    [Fact]
    public void The_late_copy_of_a_late_callback_is_late_too()
    {
        var ledger = Ledger(Call(0, "NoAnswer"));
        var line = OfLine(Line, Leg(0, "completed"));
        var late = new SimulatorCallback("dialed", "completed", Ten.AddMinutes(8), true, 0);

        Assert.True(Judge.Of(ledger, LineRecord.Read([line with { Call = line.Call! with { Callbacks = [late] } }], ledger, 200)).Ok);
    }

    [Fact]
    public void An_answer_in_the_ledger_without_any_dialing_is_found()
    {
        var ledger = Ledger(Call(0, "Completed", answered: true));

        Assert.Equal(1, Verdict(ledger).LostEvents);
    }

    [Fact]
    public void A_lead_that_came_back_undialed_rang_nobody_and_is_not_missed()
    {
        var ledger = Ledger(Call(0, "Canceled") with { Dialed = false, ProviderCallId = null }, Call(60, "Completed", answered: true));

        Assert.True(Verdict(ledger, Leg(60, "completed")).Ok);
    }

    private static Verdict Verdict(Ledger ledger, params SimulatorLeg[] legs) =>
        Judge.Of(ledger, LineRecord.Read([OfLine(Line, legs)], ledger, 200));

    private static Ledger Ledger(params LedgerCall[] calls) => new(1, [new(Guid.Empty, Lead, "Completed")], calls);

    private static LedgerCall Call(int second, string outcome, bool answered = false) => new(
        Guid.NewGuid(), Guid.Empty, Lead, "Ended", outcome, Line, Ten.AddSeconds(second), answered ? Ten.AddSeconds(second + 9) : null,
        Ten.AddSeconds(second + 30), true);

    private static SimulatorLeg Leg(int second, string status) => new(
        Lead, Ten.AddSeconds(second), status == "completed" ? Ten.AddSeconds(second + 9) : null, Ten.AddSeconds(second + 30), status, null);

    private static SimulatorLine OfLine(string sid, params SimulatorLeg[] legs) => new(
        Ten, true, 200, Guid.NewGuid().ToString(),
        new SimulatorCall(sid, Agent, "completed", null, "Completed", Ten, Ten, Ten.AddHours(1), false)
        {
            Kind = "line",
            Legs = legs,
            Callbacks = [.. legs.Select((_, index) => new SimulatorCallback("dialed", "completed", legs[index].EndedAt!.Value, true, index))],
        });
}
