using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Views;
using Spectre.Console;

namespace Outdial.Cli.Tests.Views;

public class ProgressViewTests
{
    [Theory, InlineData(80), InlineData(140)]
    public void The_picture_keeps_to_the_width_of_the_terminal_and_tells_everything(int width)
    {
        var picture = Render(Snapshot(), width);

        Assert.All(picture.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
        foreach (var part in new[] { "Demo", "Running", "10:04:10 IST", "completed 420", "waiting 300", "1100 made", "187 of 200", "41.2 %", "low completion rate 1",
            "hung reply 2", "61 %" })
            Assert.Contains(part, picture, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_is_shown_with_its_reason_and_explanation()
    {
        var running = Snapshot();
        var paused = running with { Campaign = running.Campaign with { State = "Paused", PauseReason = "ProviderDown", PauseExplanation = "ten requests failed [in a row]" } };

        var picture = Render(paused, 100);

        Assert.Contains("provider down ten requests failed [in a row]", picture, StringComparison.Ordinal);
        Assert.EndsWith("  paused: provider down", ProgressView.Line(paused), StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_tells_the_state_in_one_line()
    {
        Assert.Equal(
            "10:04:10 IST  running     610/1000 leads done   90 open  187/min  41.2 % completed", ProgressView.Line(Snapshot()));
    }

    [Fact]
    public void While_nothing_is_dialed_the_line_and_the_picture_tell_what_it_waits_for()
    {
        var idle = Snapshot() with { Waits = "waiting for the redial of 12 leads, next at 10:40 IST" };

        Assert.EndsWith("completed  waiting for the redial of 12 leads, next at 10:40 IST", ProgressView.Line(idle), StringComparison.Ordinal);
        Assert.Contains("waiting for the redial of 12 leads, next at 10:40 IST", Render(idle, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_for_the_calling_hours_tells_until_when_and_a_long_one_what_can_be_done()
    {
        var running = Snapshot();
        ProgressSnapshot Until(string instant) => running with
        {
            Campaign = running.Campaign with { State = "Paused", PauseReason = "OutsideWindow", PauseExplanation = $"the next calling hour begins at {instant}" },
        };

        Assert.EndsWith("  paused: outside window until Tue 09:00 IST", ProgressView.Line(Until("2026-01-06 03:30:00Z")), StringComparison.Ordinal);
        Assert.EndsWith("  paused: outside window until 10:10 IST", ProgressView.Line(Until("2026-01-05 04:40:00Z")), StringComparison.Ordinal);
        Assert.Equal("Everybody who is left is outside their calling hours; the next begins at Tue 09:00 IST, 22 h 55 min from now on the run's clock and 45 min 51 s "
            + "on yours. It goes on by itself then; Ctrl-C ends it, and with --speed 600 the wait is 2 min 17 s.", Until("2026-01-06 03:30:00Z").Advice);
        Assert.Null(Until("2026-01-05 04:40:00Z").Advice);
        Assert.Null(running.Advice);
    }

    [Theory]
    [InlineData(0, 187), InlineData(30, 187), InlineData(180, 300), InlineData(600, 90)]
    public void The_pace_of_a_line_is_that_since_the_line_before_where_a_fast_clock_let_minutes_pass(int secondsBefore, long expected)
    {
        var now = Snapshot();
        var before = now with
        {
            At = now.At.AddSeconds(-secondsBefore),
            Campaign = now.Campaign with { Progress = now.Campaign.Progress! with { Attempts = 200 } },
        };

        Assert.Equal(expected, now.PaceSince(before));
        Assert.Contains($"{expected,3}/min", ProgressView.Line(now, before), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_of_a_run_is_small_and_has_its_columns_where_the_others_have_them()
    {
        var early = Snapshot() with { Campaign = Snapshot().Campaign with { Progress = new(1000, 997, new Dictionary<string, long>(), 3, 3, 3) } };

        var lines = new[] { ProgressView.Line(early), ProgressView.Line(Snapshot()) };

        Assert.Equal(lines[0].IndexOf("/1000", StringComparison.Ordinal), lines[1].IndexOf("/1000", StringComparison.Ordinal));
        Assert.Equal(lines[0].IndexOf("/min", StringComparison.Ordinal), lines[1].IndexOf("/min", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void A_text_of_the_platform_is_shown_in_the_one_zone_of_the_picture()
    {
        var running = Snapshot();
        var paused = running with { Campaign = running.Campaign with { State = "Paused", PauseReason = "OutsideWindow", PauseExplanation = "the next calling hour begins at 2026-01-06 03:30:00Z" } };

        Assert.Contains("begins at 2026-01-06 09:00:00 IST", Render(paused, 120), StringComparison.Ordinal);
    }

    [Theory, InlineData(80), InlineData(140)]
    public void A_floor_of_ninety_agents_is_shown_by_state_with_its_hopper_and_keeps_to_the_width(int width)
    {
        var floor = new FloorSnapshot(
            new Dictionary<string, int> { ["OnCall"] = 41, ["Dialing"] = 22, ["Ready"] = 7, ["WrapUp"] = 18, ["Paused"] = 2 }, 0, 60, "312 leads wait for 09:00 in GJ");

        var picture = Render(Snapshot() with { Floor = floor }, width);

        Assert.All(picture.Split('\n'), line => Assert.True(line.TrimEnd().Length <= width, line));
        foreach (var part in new[] { "on call 41", "wrap up 18", "0 of 60", "312 leads wait for 09:00 in GJ" })
            Assert.Contains(part, picture, StringComparison.Ordinal);
        Assert.Contains("41 talk,  7 ready, 0 in the hopper", ProgressView.Line(Snapshot() with { Floor = floor }), StringComparison.Ordinal);
    }

    private static string Render(ProgressSnapshot snapshot, int width)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = width;
        console.Write(ProgressView.Render(snapshot, width));
        return text.ToString();
    }

    private static ProgressSnapshot Snapshot()
    {
        var at = DemoClock.MondayMorning.AddSeconds(250);
        var states = new Dictionary<string, long> { ["Waiting"] = 300, ["Dialing"] = 90, ["Completed"] = 420, ["Exhausted"] = 190 };
        var campaign = new CampaignStatus(
            Guid.NewGuid(), "Demo, sample leads", "Running", null, null, new LastDecision(at, 12, "12 calls: the account's budget leaves 12 of 200 in this minute, 300 leads are due"),
            new CampaignProgress(1000, 390, states, 90, 1100, 187));
        var report = new CampaignReport
        {
            Totals = new ReportSums { Attempts = 1100, Open = 90, Dialed = 1000, Completed = 412, CompletionRate = 0.412 },
            Retries = new ReportRetries(320, 90),
            ByCircle = [new ReportGroup { Key = "GJ", Dialed = 120, Completed = 66, CompletionRate = 0.55 }],
            Pauses = [new ReportPause("LowCompletionRate", "38 % over the last 100 calls", true, at.AddMinutes(-3), at.AddMinutes(-1))],
        };
        return new(at, 30, TimeSpan.FromSeconds(8), campaign, report, 200, new Dictionary<string, int> { ["hungReply"] = 2, ["drop"] = 5, ["reorder"] = 0 });
    }
}
