using Outdial.Cli.Api;

namespace Outdial.Cli.Tests.Verdicts;

public class SimulatorRecordTests
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 4, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("completed", "Answered", "Completed", false, "Completed")]
    [InlineData("completed", "Answered", "Completed", true, "MachineAnswered,Completed")]
    [InlineData("completed", "Answered", "ClientHangup", false, "Abandoned,Completed")]
    [InlineData("busy", "Busy", null, false, "Busy")]
    [InlineData("no-answer", "NoAnswer", null, false, "NoAnswer")]
    [InlineData("failed", "SwitchedOff", null, false, "Unreachable")]
    [InlineData("failed", "NonExistent", null, false, "InvalidNumber,Unreachable")]
    [InlineData(null, null, null, false, "")]
    public void The_simulators_words_become_the_outcomes_that_the_ledger_may_show(
        string? outcome, string? cause, string? flow, bool machine, string expected)
    {
        var call = new SimulatorCall("sid", "+919800000001", outcome, cause, flow, Ten, null, Ten.AddSeconds(9), machine);

        var placed = Assert.Single(SimulatorRecord.Read([new SimulatorLine(Ten, true, 200, null, call)], 200).Calls);

        Assert.Equal(expected, string.Join(',', placed.Outcomes));
    }

    [Theory]
    [InlineData("Completed", true, 0, "Completed")]
    [InlineData("Voicemail", true, 0, "Completed")]
    [InlineData("Completed", false, 0, "Completed,Abandoned,MachineAnswered")]
    [InlineData("Completed", true, 900, "Completed,Abandoned,MachineAnswered")]
    public void A_flow_that_went_on_after_nobody_picked_up_is_known_to_have_only_where_it_was_told_in_time(
        string flow, bool delivered, int late, string expected)
    {
        var call = new SimulatorCall("sid", "+919800000001", "completed", "Answered", flow, Ten, Ten, Ten.AddSeconds(90), false)
        {
            Callbacks = [new("passthru", "incomplete", Ten.AddSeconds(40), true, null), new("passthru", "end", Ten.AddSeconds(90 + late), delivered, null)],
        };

        var placed = Assert.Single(SimulatorRecord.Read([new SimulatorLine(Ten, true, 200, null, call)], 200).Calls);

        Assert.Equal(expected, string.Join(',', placed.Outcomes));
    }

    [Fact]
    public void A_refused_request_is_no_call_and_counts_against_the_budget()
    {
        var record = SimulatorRecord.Read([new SimulatorLine(Ten, false, 429, Guid.NewGuid().ToString(), null)], 200);

        Assert.Empty(record.Calls);
        Assert.Equal(1, record.PeakConnectsPerMinute);
    }

    [Fact]
    public void The_peak_is_over_any_sixty_seconds_not_over_calendar_minutes()
    {
        int[] seconds = [0, 50, 55, 59, 61, 65, 109, 110, 115, 180];
        var lines = seconds.Select(s => new SimulatorLine(Ten.AddSeconds(s), true, 200, null, null)).ToList();

        Assert.Equal(6, SimulatorRecord.Read(lines, 200).PeakConnectsPerMinute);
    }
}
